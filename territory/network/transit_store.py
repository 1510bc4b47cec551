"""The runs of feeds as tables to store, and one day of them: the real one, or the usual one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from territory.model.timetable import DAY_TYPES, SATURDAY, SUNDAY, WORKDAY, Timetable
from territory.network.transit_runs import DayHops, day_hops, together

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RUN_TABLES = ("transit_runs", "transit_passages", "transit_days", "transit_usual")
_SATURDAY = 6
_NEVER = date(1900, 1, 1)  # no vehicle ran


def run_tables(
    feeds: Sequence[tuple[Timetable, Mapping[str, tuple[date, ...]]]], stops: pd.Index
) -> dict[str, pd.DataFrame]:
    """
    Return RUN_TABLES of timetables and their usual days by DAY_TYPES; `feed` counts from 0.

    `stops` are the stops of them all, with « 0: » before those of the first feed when there are
    several; `stop` of transit_passages is a position there.
    """
    several = len(feeds) > 1
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in RUN_TABLES}
    for k, (table, usual) in enumerate(feeds):
        place = stops.get_indexer([f"{k}:{s}" if several else s for s in table.stop_ids])
        days = [(kind, pd.Timestamp(on)) for kind in DAY_TYPES for on in usual.get(kind, ())]
        passages = table.passages.assign(stop=place[table.passages["stop"]])
        usual_table = pd.DataFrame(days, columns=["day_type", "on"])
        for name, part in zip(RUN_TABLES, (table.trips, passages, table.days, usual_table),
                              strict=True):  # fmt: skip
            parts[name].append(part.assign(feed=k))
    return {name: pd.concat(p, ignore_index=True) for name, p in parts.items() if p}


def week_hops(
    tables: Mapping[str, pd.DataFrame], days: Sequence[date], kinds: Mapping[date, str]
) -> tuple[dict[date, DayHops], tuple[date, ...]]:
    """
    Return what runs on each of `days`, and the days that stand for those no feed covers.

    `tables` are those of `run_tables`, `kinds` the DAY_TYPES of `days`. For a day that a feed does
    not cover, its last usual day of the same weekday stands, else the last of the same type, else
    nothing runs.
    """
    feeds = {k: _feed(tables, k) for k in sorted(tables["transit_runs"]["feed"].unique())}
    found: dict[date, DayHops] = {}
    known: dict[tuple[date | None, ...], DayHops] = {}
    stand_in: set[date] = set()
    for on in days:
        read = tuple(_day_of(tables, k, on, kinds[on]) for k in feeds)
        stand_in |= {day for day in read if day not in {None, on}}
        if read not in known:
            pairs = zip(feeds.values(), read, strict=True)
            known[read] = together([day_hops(feed, day or _NEVER) for feed, day in pairs])
        found[on] = known[read]
    return found, tuple(sorted(stand_in))


def day_type(on: date, *, holiday: bool) -> str:
    """Return the DAY_TYPES of a day: public holidays are Sundays."""
    if holiday or on.isoweekday() > _SATURDAY:
        return SUNDAY
    return SATURDAY if on.isoweekday() == _SATURDAY else WORKDAY


def _day_of(tables: Mapping[str, pd.DataFrame], feed: int, on: date, kind: str) -> date | None:
    """Return the day of a feed to read for `on`."""
    days = tables["transit_days"]
    own = days.loc[days["feed"] == feed, "on"]
    if len(own) and own.min() <= pd.Timestamp(on) <= own.max():
        return on
    usual = tables["transit_usual"]
    alike = usual.loc[(usual["feed"] == feed) & (usual["day_type"] == kind), "on"]
    same = alike[alike.dt.day_of_week == on.weekday()] if len(alike) else alike
    best = same if len(same) else alike
    return best.max().date() if len(best) else None


def _feed(tables: Mapping[str, pd.DataFrame], feed: int) -> Timetable:
    runs, passages, days = (
        t[t["feed"] == feed].reset_index(drop=True) for t in (tables[n] for n in RUN_TABLES[:3])
    )
    return Timetable((), runs, passages, days, pd.DataFrame())
