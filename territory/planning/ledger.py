"""What each worker has carried in the weeks before, and what would be a fair share of the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.planning.calendar import OUTINGS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

COUNTED = (*OUTINGS, "pied_immeuble", "visite_partenaire", "porte_a_porte")
USUAL_HOURS = 35.0  # of a worker whose contract nobody wrote
EVENING_MIN = 17 * 60 + 30
UNTIMED_H = 2.0  # an outing whose hours nobody wrote


def ledger(
    activities: pd.DataFrame,
    team: pd.DataFrame,
    places: pd.DataFrame,
    before: date,
    *,
    weeks: int,
    difficult_kinds: Sequence[str] = (),
) -> pd.DataFrame:
    """
    Return what each worker of `team` did in the `weeks` before the day `before`.

    Columns on agent_code, sorted: hours of outings (each of a pair carries all of them), evenings
    and difficult (outings that end after 17 h 30, or go to a place of `difficult_kinds`), share
    (0-1, of the hours of contract; 35 when unknown). Activities cancelled, put off or only planned
    do not count. An outing without hours counts for two.
    """
    outings = _outings(activities, before, weeks)
    kinds = places["kind"].reindex(outings["place_id"]).to_numpy()
    outings = outings.assign(
        lasts=lasting(outings),
        evening=(outings["end_min"].astype("Float64") > EVENING_MIN).fillna(value=False),
        difficult=pd.Series(kinds, index=outings.index).isin(list(difficult_kinds)),
    )
    each = outings.assign(agent=outings["agents"].fillna("").str.split("|")).explode("agent")
    each = each.assign(agent=each["agent"].str.strip())
    sums = each.groupby("agent")[["lasts", "evening", "difficult"]].sum()
    codes = sorted(str(code) for code in team.index[team["role"].ne("partenaire").fillna(True)])
    table = sums.reindex(codes).fillna(0.0).astype(float)
    hours = team["weekly_hours"].reindex(codes).astype(float).fillna(USUAL_HOURS)
    table["share"] = hours / hours.sum() if codes else hours
    return table.rename(columns={"lasts": "hours", "evening": "evenings"}).rename_axis("agent_code")


def _outings(activities: pd.DataFrame, before: date, weeks: int) -> pd.DataFrame:
    last = pd.Timestamp(before)
    done = activities["state"].eq("realise").fillna(value=False).astype(bool)
    recent = (activities["on"] < last) & (activities["on"] >= last - pd.Timedelta(weeks=weeks))
    return activities[done & recent & activities["kind"].isin(COUNTED)]


def lasting(outings: pd.DataFrame) -> pd.Series:
    """Return the hours of outings (ACTIVITIES): by the clock, else as written, else two."""
    timed = (outings["end_min"].astype("Float64") - outings["start_min"].astype("Float64")) / 60
    return timed.fillna(outings["hours"].astype("Float64")).fillna(UNTIMED_H).astype(float)


def dues(carried: pd.DataFrame, hours_week: float) -> dict[str, float]:
    """
    Return the hours of outings each worker should have this week for all to come out even.

    `carried` is a `ledger`; `hours_week` hours of outings the whole team may have this week. Debts
    are carried over: somebody absent for a week catches up in the next ones. Never below 0.
    """
    total = float(carried["hours"].sum()) + hours_week
    owed = (carried["share"] * total - carried["hours"]).clip(lower=0.0)
    scale = hours_week / float(owed.sum()) if owed.sum() > 0 else 0.0
    return {str(code): float(hours) * min(scale, 1.0) for code, hours in owed.items()}


def gini(values: Mapping[str, float] | pd.Series) -> float:
    """Return the Gini index of non-negative values, 0 when all are equal or nothing is there."""
    ordered = pd.Series(values, dtype=float).sort_values().to_numpy()
    total, n = ordered.sum(), len(ordered)
    if n == 0 or total <= 0:
        return 0.0
    ranks = range(1, n + 1)
    return (
        float(2 * sum(k * v for k, v in zip(ranks, ordered, strict=True)) / (n * total))
        - (n + 1) / n
    )
