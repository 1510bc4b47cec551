"""The usual services of a feed: how often one may board, and how long it rides, hop by hop."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.model.tables import conform
from territory.model.timetable import DAY_TYPES, PERIODS, SERVICES, TRANSPORT
from territory.network.transit_days import running, usual_days
from territory.network.transit_groups import Group, common_runs, hops

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from territory.model.timetable import Timetable

    Days = Mapping[str, tuple[date, ...]]
    Window = tuple[float, float]

LATER_S = 7200.0  # how far after a period its late comers look for a departure
AT_ONCE = 500_000  # runs looked at together, to bound the memory
_HOP = ["group", "rank"]
_NO_BOARDING, _NO_LEAVING = 2, 1  # bits of a coded stop, beside the stop itself
_BITS = 4


@dataclass(frozen=True, slots=True, eq=False)
class _Runs:
    """Patterns (coded stops); pattern, first and last seconds of each trip [trips]; every hop."""

    patterns: list[tuple[int, ...]]
    pattern_of: NDArray[np.int64]
    first_s: NDArray[np.float64]
    last_s: NDArray[np.float64]
    hops: pd.DataFrame


def usual_services(
    timetable: Timetable,
    holiday: Callable[[date], bool],
    *,
    periods: Mapping[str, tuple[int, int]] = PERIODS,
) -> pd.DataFrame:
    """
    Return the usual services of a feed (SERVICES) for each kind of day and period of the day.

    `periods`: minutes after midnight, first included, last not. On one day the headway of a hop is
    twice the mean wait of who comes at any moment of the period (`headways`): that of an even
    service is its interval. The usual one is the median of the usual days (`usual_days`), a day
    without departure counting as endless; NA when that is. Lines that run together are one group
    (`common_runs`) and are waited for as one. Independent of the order of rows.
    """
    runs, days = _runs(timetable), usual_days(timetable, holiday)
    tables = [
        _slot(timetable, runs, days[kind], (60.0 * first, 60.0 * last)).assign(
            day_type=kind, period=period
        )
        for kind in DAY_TYPES
        for period, (first, last) in periods.items()
    ]
    table = pd.concat([t for t in tables if len(t)] or tables[:1], ignore_index=True)
    table.index = pd.Index(_service_ids(table), dtype="object")
    return conform(table, SERVICES)


def headways(key: NDArray[np.int64], depart_s: NDArray[np.float64], window: Window) -> pd.Series:
    """
    Return the headway of each key in seconds: twice the mean wait of who comes within `window`.

    `key`, `depart_s` [m]: departures, none before `window` (seconds), those after it being what
    late comers wait for; without any, they wait as if the window came again. A key without
    departure within the window is left out. A departure more never makes a headway longer.
    """
    start, end = window
    inside = depart_s < end
    later = pd.Series(depart_s[~inside]).groupby(key[~inside]).min()
    order = np.lexsort((depart_s[inside], key[inside]))
    key, at = key[inside][order], depart_s[inside][order]
    gap = pd.Series(np.diff(at, prepend=start)).where(np.diff(key, prepend=-1) == 0, at - start)
    of = pd.Series(at).groupby(key)
    first, last = of.first(), of.last()
    comes = later.reindex(first.index).fillna(np.inf).clip(upper=first + (end - start))
    squares = (gap**2).groupby(key).sum() + (comes - last) ** 2 - (comes - end) ** 2
    return squares / (end - start)


def _runs(timetable: Timetable) -> _Runs:
    rows = timetable.passages
    same = rows["trip"].eq(rows["trip"].shift(-1))
    first = ~rows["trip"].eq(rows["trip"].shift())
    code = rows["stop"].astype("int64") * _BITS
    code += np.where(rows["board"] | ~same, 0, _NO_BOARDING)
    code += np.where(rows["alight"] | first, 0, _NO_LEAVING)
    stops = code.groupby(rows["trip"]).agg(tuple)
    patterns = sorted(set(stops))
    number = {stops: k for k, stops in enumerate(patterns)}
    table = pd.DataFrame(
        {
            "trip": rows["trip"].astype("int64"),
            "position": rows["rank"].astype("int64"),
            "depart_s": rows["depart_s"].astype(float),
            "ride_s": rows["arrive_s"].shift(-1) - rows["depart_s"],
            "dwell_s": (rows["depart_s"] - rows["arrive_s"]).shift(-1),
        }
    )
    at = rows.groupby("trip")["depart_s"].agg(["first", "last"]).to_numpy(float)
    return _Runs(patterns, stops.map(number).to_numpy(np.int64), at[:, 0], at[:, 1], table[same])


def _slot(
    timetable: Timetable, runs: _Runs, days: tuple[date, ...], window: Window
) -> pd.DataFrame:
    """Return the services of one kind of day and one period."""
    going, sizes = _going(timetable, runs, days, window)
    if going.empty:
        return pd.DataFrame(columns=SERVICES.names())
    known = np.sort(going["pattern"].unique())
    groups = common_runs([runs.patterns[p] for p in known])
    spots = pd.DataFrame([*hops(groups)], columns=[*_HOP, "pattern", "position"])
    spots["pattern"] = known[spots["pattern"]]
    parts = [_figures(some, going, sizes, window) for some in _batches(spots, going)]
    table = pd.concat(parts).reset_index()
    return _named(table, groups, timetable, _names(timetable, going, known))


def _batches(spots: pd.DataFrame, going: pd.DataFrame) -> list[pd.DataFrame]:
    """Split the hops of the groups, whole groups together, so that each part meets few runs."""
    met = going.groupby(["pattern", "position"]).size()
    keys = pd.MultiIndex.from_frame(spots[["pattern", "position"]])
    batch = met.reindex(keys).fillna(0).cumsum().to_numpy() // AT_ONCE
    first = pd.Series(batch).groupby(spots["group"].to_numpy()).transform("first")
    return [some for _, some in spots.groupby(first.to_numpy())]


def _figures(
    spots: pd.DataFrame, going: pd.DataFrame, sizes: NDArray[np.int64], window: Window
) -> pd.DataFrame:
    """Return ride_s, dwell_s, headway_min and departures of each hop, by group and rank."""
    rows = spots.merge(going, on=["pattern", "position"])
    table = rows.groupby(_HOP)[["ride_s", "dwell_s"]].median()
    return table.join(_boarding(rows[rows["soon"]], table.index, sizes, window))


def _going(
    timetable: Timetable, runs: _Runs, days: tuple[date, ...], window: Window
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """
    Return the hops of the patterns that go in `window`, and how many days each kind of day has.

    `soon`: leaves within the window or the two hours after, for which late comers wait.
    """
    trip, kind, shift, sizes = running(timetable, days)
    near = runs.last_s[trip] + shift >= window[0]
    near &= runs.first_s[trip] + shift < window[1] + LATER_S
    some = pd.DataFrame({"trip": trip, "kind": kind, "shift": shift})[near]
    rows = some.merge(runs.hops, on="trip")
    rows["depart_s"] += rows["shift"]
    rows["pattern"] = runs.pattern_of[rows["trip"]]
    inside = rows["depart_s"].between(*window, inclusive="left")
    rows["soon"] = rows["depart_s"].between(window[0], window[1] + LATER_S, inclusive="left")
    there = inside.groupby([rows["trip"], rows["kind"], rows["shift"]]).transform("any")
    there |= rows["soon"] & inside.groupby(rows["pattern"]).transform("any")
    return rows[there], sizes


def _boarding(
    rows: pd.DataFrame, index: pd.MultiIndex, sizes: NDArray[np.int64], window: Window
) -> pd.DataFrame:
    """Return headway_min and departures of each hop: medians over the days."""
    cell = index.get_indexer(pd.MultiIndex.from_frame(rows[_HOP])) * len(sizes)
    cell = cell + rows["kind"].to_numpy()
    each = np.full(len(index) * len(sizes), np.inf)
    found = headways(cell, rows["depart_s"].to_numpy(), window)
    each[found.index] = found
    within = rows["depart_s"].to_numpy() < window[1]
    count = np.bincount(cell[within], minlength=len(each))
    by_day = [np.repeat(v.reshape(-1, len(sizes)), sizes, axis=1) for v in (each, count)]
    headway = np.median(by_day[0], axis=1) / 60
    data = {
        "headway_min": np.where(np.isfinite(headway), headway, np.nan),
        "departures": np.median(by_day[1], axis=1),
    }
    return pd.DataFrame(data, index=index)


def _named(
    table: pd.DataFrame,
    groups: Sequence[Group],
    timetable: Timetable,
    names: Sequence[tuple[Counter[tuple[str, str]], Counter[str]]],
) -> pd.DataFrame:
    """Add stops, lines, directions and modes to hops numbered by group and rank."""
    ranks = [*zip(table["group"], table["rank"], strict=True)]
    ends = np.array([groups[g].stops[r : r + 2] for g, r in ranks])
    stop = np.array(timetable.stop_ids, dtype=object)[ends // _BITS]
    told = [_told(group, names) for group in groups]
    lines, directions, modes = (np.array([t[k] for t in told], dtype=object) for k in range(3))
    group = table["group"].to_numpy()
    return table.assign(
        group_id=[f"{g:05d}" for g in group],
        from_stop=stop[:, 0],
        to_stop=stop[:, 1],
        lines=lines[group],
        directions=directions[group],
        mode=modes[group],
        headway_min=table["headway_min"].where(ends[:, 0] & _NO_BOARDING == 0),
        may_leave=ends[:, 1] & _NO_LEAVING == 0,
    )


def _names(
    timetable: Timetable, going: pd.DataFrame, known: NDArray[np.int64]
) -> list[tuple[Counter[tuple[str, str]], Counter[str]]]:
    """Return, for each pattern, how many runs each (line, direction) and each mode has."""
    runs = going.drop_duplicates(["trip", "kind", "shift"])
    told = timetable.trips.iloc[runs["trip"]]
    place = np.searchsorted(known, runs["pattern"])
    names = [(Counter[tuple[str, str]](), Counter[str]()) for _ in known]
    for k, line, direction, mode in zip(
        place, told["line"], told["direction"], told["mode"], strict=True
    ):
        names[k][0][line, direction] += 1
        names[k][1][mode] += 1
    return names


def _told(
    group: Group, names: Sequence[tuple[Counter[tuple[str, str]], Counter[str]]]
) -> tuple[str, str, str]:
    """Return the lines, the most usual direction of each, and the mode if all have the same."""
    counts, modes = Counter[tuple[str, str]](), set[str]()
    for pattern in sorted({p for p, _ in group.spots}):
        counts.update(names[pattern][0])
        modes.update(names[pattern][1])
    usual: dict[str, str] = {}
    for (line, direction), _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        usual.setdefault(line, direction)
    lines = sorted(usual)
    mode = modes.pop() if len(modes) == 1 else TRANSPORT
    return "|".join(lines), "|".join(usual[line] for line in lines), mode


def _service_ids(table: pd.DataFrame) -> list[str]:
    keys = zip(table["day_type"], table["period"], table["group_id"], table["rank"], strict=True)
    return [f"{day}-{period}-{group}-{int(rank):03d}" for day, period, group, rank in keys]
