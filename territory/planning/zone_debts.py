"""Presence in each zone beside its need, over weeks: what is owed to zones, how long they rest."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from territory.planning.joint import OUTINGS
from territory.planning.ledger import COUNTED, gini, lasting
from territory.planning.rule_effects import Shut

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from territory.model.results import Gap
    from territory.model.week_results import WeekPlan

NEAR_M = 200.0  # an outing whose point lies as far outside of a zone was there
USUAL_H = 1.5  # hours in one zone: a debt of one outing
MOST_OWED = 3.0  # outings: an older debt weighs no more


def zone_presence(
    gaps: Sequence[Gap],
    cells: gpd.GeoDataFrame,
    activities: gpd.GeoDataFrame,
    before: date,
    *,
    weeks: int,
    last_week: WeekPlan | None = None,
) -> pd.DataFrame:
    """
    Return how much each zone of `gaps` saw of the team in the `weeks` before the day `before`.

    `cells` (CELLS) and `activities` (ACTIVITIES) are in one metric CRS; an outing belongs to the
    zone at whose cells its point lies, 200 m away at most. Columns on zone_id, sorted: target
    (people in need), hours (of rounds in the streets done; a pair is present once), owed_h (hours
    short of the share of its need, below 0: in excess), last (day of the last outing, done or
    planned, in the plan of `last_week` too; NaT: none known).
    """
    outings = _outings(gaps, cells, activities, before)
    since = pd.Timestamp(before) - pd.Timedelta(weeks=weeks)
    done = outings["state"].eq("realise").fillna(value=False) & outings["kind"].isin(OUTINGS)
    recent = outings[done.astype(bool) & (outings["on"] >= since)]
    hours = lasting(recent).groupby(recent["zone_id"]).sum()
    target = pd.Series({g.zone_id: g.target for g in gaps}, dtype=float).sort_index()
    table = pd.DataFrame({"target": target.clip(lower=0.0)}).rename_axis("zone_id")
    table["hours"] = hours.reindex(table.index).fillna(0.0).astype(float)
    whole = table["target"].sum()
    share = table["target"] / whole if whole > 0 else table["target"]
    table["owed_h"] = share * table["hours"].sum() - table["hours"]
    told = pd.Series(_told(last_week, before), dtype="datetime64[ns]")
    days = pd.concat([outings.groupby("zone_id")["on"].max(), told])
    table["last"] = days.groupby(level=0).max().reindex(table.index).astype("datetime64[ns]")
    return table


def _outings(
    gaps: Sequence[Gap], cells: gpd.GeoDataFrame, activities: gpd.GeoDataFrame, before: date
) -> pd.DataFrame:
    """Return the outings before a day that were not called off, each with its `zone_id`."""
    held = activities["kind"].isin(COUNTED) & ~activities["state"].isin(["annule", "reporte"])
    held &= (activities["on"] < pd.Timestamp(before)) & activities.geometry.notna()
    owner = pd.Series(
        {c: g.zone_id for g in sorted(gaps, key=_by_rank) for c in g.cells}, dtype=str
    )
    shapes = gpd.GeoDataFrame({"zone_id": owner}, geometry=cells.geometry.reindex(owner.index))
    near = activities[held].sjoin_nearest(shapes.dropna(), max_distance=NEAR_M)
    near = near.rename_axis("activity_id").sort_values(["activity_id", "zone_id"])
    return pd.DataFrame(near[~near.index.duplicated()])


def _by_rank(gap: Gap) -> tuple[int, str]:
    return -gap.rank, gap.zone_id  # a cell of two zones is of the first


def _told(plan: WeekPlan | None, before: date) -> dict[str, pd.Timestamp]:
    """Return the last day of each zone in a plan: also of those that nobody has debriefed yet."""
    sessions = [] if plan is None else [s for s in plan.sessions if not s.fixed and s.on < before]
    return {
        stop.zone_id: pd.Timestamp(s.on)
        for s in sorted(sessions, key=lambda s: s.on)
        for stop in s.stops
        if stop.zone_id is not None
    }


def resting(presence: pd.DataFrame | None, monday: date, apart: int) -> dict[str, Shut]:
    """Return the zones shut in a week until `apart` days after their last outing before it."""
    days = pd.Series(dtype=object) if presence is None else presence["last"].dropna()
    found = {}
    for zone, last in days.items():
        until = last.date() + timedelta(days=apart)
        if until > monday:
            reason = f"Dernière sortie dans la zone le {last:%d/%m/%Y} : "
            found[str(zone)] = Shut(until, f"{reason}{apart} jours d’écart sont demandés.")
    return found


def with_debts(
    worth: Mapping[str, float], presence: pd.DataFrame | None, people: float
) -> dict[str, float]:
    """
    Return what going to each zone is worth: `people` more for each outing owed, never below 0.

    Less as well where there was too much. Three outings count at most, either way.
    """
    if presence is None:
        return dict(worth)
    owed = (presence["owed_h"] / USUAL_H).clip(-MOST_OWED, MOST_OWED)
    return {z: max(w + people * float(owed.get(z, 0.0)), 0.0) for z, w in worth.items()}


def presence_gini(presence: pd.DataFrame) -> float:
    """Return the Gini index (0-1) of hours of presence for each person in need, by zone."""
    needy = presence[presence["target"] > 0]
    return gini(needy["hours"] / needy["target"])


def presence_notes(presence: pd.DataFrame | None, weeks: int) -> tuple[str, ...]:
    """Return the French sentence on how even presence was, none when nothing was done yet."""
    if presence is None or presence["hours"].sum() <= 0:
        return ()
    said = f"{presence_gini(presence):.2f}".replace(".", ",")
    least = _named_least(presence)
    return (
        f"Présence par habitant à toucher, {weeks} semaines passées : indice de Gini {said} "
        f"entre {len(presence)} zones (0 : égale partout){least}.",
    )


def _named_least(presence: pd.DataFrame) -> str:
    never: Iterable[str] = presence.index[presence["hours"] <= 0]
    count = len(list(never))
    return f" ; {count} sans aucun tour de rue" if count else ""
