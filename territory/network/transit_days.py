"""Which days of a feed are usual: the weeks without a holiday in which most vehicles run."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.model.timetable import DAY_TYPES, SATURDAY, SUNDAY, WORKDAY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from numpy.typing import NDArray

    from territory.model.timetable import Timetable

FULL = 0.95  # a week with this share of the runs of the fullest one is usual too
_TYPE_OF = (*[WORKDAY] * 5, SATURDAY, SUNDAY)
_DAY_S = 86_400


def usual_days(
    timetable: Timetable, holiday: Callable[[date], bool]
) -> Mapping[str, tuple[date, ...]]:
    """
    Return the usual days of each of DAY_TYPES, sorted; `holiday` tells public holidays.

    Weeks run from Monday to Sunday. Those that the feed covers whole are compared (all of them when
    it covers none), without those that hold a public holiday (unless all do): the one with most
    runs, and those with at least FULL of its runs, are usual. School holidays, where fewer vehicles
    run, leave by that rule.
    """
    per_service = timetable.trips["service_id"].value_counts()
    runs = timetable.days.assign(runs=timetable.days["service_id"].map(per_service).fillna(0))
    by_day = runs.groupby("on")["runs"].sum()
    whole = by_day.reindex(_whole_weeks(by_day.index), fill_value=0)
    monday = whole.index - pd.to_timedelta(whole.index.day_of_week, unit="D")
    free = pd.Series([not holiday(d.date()) for d in whole.index], index=whole.index)
    quiet = free.groupby(monday).all()
    weeks = whole.groupby(monday).sum()
    weeks = weeks[quiet] if quiet.any() else weeks
    full = weeks.index[weeks >= FULL * weeks.max()]
    days = [d.date() for d in whole.index[monday.isin(full)]]
    return {kind: tuple(d for d in days if _TYPE_OF[d.weekday()] == kind) for kind in DAY_TYPES}


def running(
    timetable: Timetable, days: tuple[date, ...]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """
    Return the runs of `days`: trip, kind of day, shift_s [m], and days of each kind [kinds].

    Days on which the same services run are one kind. A run of the day before that goes past
    midnight is there too, its shift being minus one day.
    """
    late = timetable.passages.groupby("trip")["depart_s"].max() >= _DAY_S
    services = {on.date(): frozenset(g) for on, g in timetable.days.groupby("on")["service_id"]}
    nightly = frozenset(timetable.trips["service_id"][late[late].index])
    signs = [
        (services.get(d, frozenset()), services.get(_before(d), frozenset()) & nightly)
        for d in days
    ]
    kinds = sorted(set(signs), key=signs.index)
    rows = [_runs_of(timetable, *sign, late.to_numpy()) for sign in kinds]
    trip, shift = (
        np.concatenate([r[k] for r in rows]) if rows else np.empty(0, np.int64) for k in (0, 1)
    )
    kind = np.repeat(np.arange(len(kinds)), [len(r[0]) for r in rows])
    return trip, kind, shift, np.array([signs.count(s) for s in kinds], np.int64)


def _runs_of(
    timetable: Timetable, today: frozenset[str], night: frozenset[str], late: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    service = timetable.trips["service_id"]
    now = np.flatnonzero(service.isin(today))
    left = np.flatnonzero(service.isin(night).to_numpy() & late)
    shift = np.concatenate([np.zeros(len(now), np.int64), np.full(len(left), -_DAY_S)])
    return np.concatenate([now, left]), shift


def _before(day: date) -> date:
    return day - timedelta(days=1)


def _whole_weeks(days: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """Return every day of the whole weeks of a feed, of all its weeks when none is whole."""
    span = pd.date_range(days.min(), days.max())
    monday = span - pd.to_timedelta(span.day_of_week, unit="D")
    sizes = pd.Series(monday).value_counts()
    whole = sizes.index[sizes == len(_TYPE_OF)]
    return span[monday.isin(whole)] if len(whole) else span
