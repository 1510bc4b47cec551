"""
Visits that were made, as the learning of yields reads them: where, when, how, how many people.

Yield of a visit: people informed. Never told by worker: who went only says alone or in a pair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.access import AFTERNOON_MIN, HALF_DAYS
from territory.analysis.effort import MONTH_DAYS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    Told = Mapping[str, list[str | None]]

ALONE, PAIR, STAND = "seul", "binome", "stand"
SEASONS = ("hiver", "printemps", "ete", "automne")
WEEKDAYS = ("semaine", "semaine", "mercredi", "semaine", "semaine", "samedi", "dimanche")
OUTINGS = ("maraude", "tour_de_rue", "pied_immeuble", "porte_a_porte", "intervention")
STANDS = ("evenement",)
HALF_LIFE_MONTHS = 24.0  # a season is seen once a year: forgetting faster forgets the seasons
CONTEXT = ("place_id", "kind", "slot", "season", "mode", "market")
_HOUR, _WINTER = 60.0, 12


def made_visits(
    activities: pd.DataFrame,
    places: pd.DataFrame,
    *,
    reference: date,
    market: pd.Series | None = None,
    half_life_months: float = HALF_LIFE_MONTHS,
) -> pd.DataFrame:
    """
    Return the realised outings and stands up to `reference` whose place is known and kept a kind.

    `activities` keeps tables.ACTIVITIES and `places` tables.PLACES; `market` on activity_id says
    whether a market stood there at that time (None, NA: not known). Columns on activity_id: those
    of CONTEXT (text; NA unknown), `hours` spent (NA unknown), `informed` people (NA = not counted,
    never 0), `weight` 2^(-age / half-life): what an old visit still says.
    """
    on = activities["on"]
    kept = (activities["state"] == "realise") & activities["kind"].isin(OUTINGS + STANDS)
    kept &= (on <= pd.Timestamp(reference)) & activities["place_id"].isin(places.index)
    done = activities[kept.fillna(value=False).astype(bool)].sort_index()
    age = (pd.Timestamp(reference) - done["on"]).dt.days / MONTH_DAYS
    told = {
        "place_id": done["place_id"].astype("object"),
        "kind": done["place_id"].map(places["kind"]).astype("object"),
        "slot": slots(done["on"], done["start_min"]),
        "season": seasons(done["on"]),
        "mode": _modes(done),
        "market": _markets(market, done.index),
        "hours": _hours(done),
        "informed": done["n_informed"].astype("Float64").astype(float),
        "weight": 0.5 ** (age / half_life_months),
    }
    return pd.DataFrame(told, index=done.index)


def slots(on: pd.Series, start_min: pd.Series) -> pd.Series:
    """
    Return « matin semaine », « apres-midi mercredi »...: half-day and class of day; NA unknown.

    `on` are days, `start_min` minutes after midnight. Wednesday stands apart: no school, and
    markets.
    """
    named = [
        f"{HALF_DAYS[int(start >= AFTERNOON_MIN)]} {WEEKDAYS[day.weekday()]}"
        if pd.notna(start) and pd.notna(day)
        else pd.NA
        for day, start in zip(on, start_min, strict=True)
    ]
    return pd.Series(named, index=on.index, dtype="object")


def seasons(on: pd.Series) -> pd.Series:
    """Return the season of each day of `on`, whole months: winter is December to February."""
    return (on.dt.month % _WINTER // 3).map(dict(enumerate(SEASONS))).astype("object")


def told(table: pd.DataFrame) -> Told:
    """Return the columns of CONTEXT of `table` as lists of texts [n], None where not known."""
    return {
        name: [t if isinstance(t, str) else None for t in table[name].to_list()]
        if name in table
        else [None] * len(table)
        for name in CONTEXT
    }


def levels(context: Told, names: Sequence[str]) -> list[str | None]:
    """Return one text a row of `context`, its `names` joined; None when one is not known."""
    if len(names) == 1:
        return context[names[0]]
    if not names:
        return [""] * len(context[CONTEXT[0]])
    rows = zip(*(context[name] for name in names), strict=True)
    return [None if None in row else "|".join(row) for row in rows]


def _modes(done: pd.DataFrame) -> pd.Series:
    workers = done["agents"].str.split("|").map(len, na_action="ignore")
    modes = (workers > 1).map({True: PAIR, False: ALONE}).astype("object").where(workers.notna())
    return modes.mask(done["kind"].isin(STANDS), STAND)


def _markets(market: pd.Series | None, index: pd.Index) -> pd.Series:
    if market is None:
        return pd.Series(pd.NA, index=index, dtype="object")
    return market.reindex(index).map({True: "marche", False: "sans"}, na_action="ignore")


def _hours(done: pd.DataFrame) -> pd.Series:
    span = (done["end_min"] - done["start_min"]).astype("Float64").astype(float) / _HOUR
    hours = done["hours"].astype(float).fillna(span)
    return hours.where(hours > 0)
