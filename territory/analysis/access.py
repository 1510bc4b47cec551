"""What people can walk to, and when: permanences and structures, by half-day of the week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.access_catchment import catchment_access, gaussian, opportunities, within
from territory.model.walks import Walks, walks_of

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

__all__ = ["catchment_access", "cell_access", "current", "minutes_when", "open_slots"]
__all__ += ["slot_access", "slot_names", "weekly_permanences"]

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
HALF_DAYS = ("matin", "apres-midi")
AFTERNOON_MIN = 12 * 60 + 30
STAY_MIN = 30  # open less than that in a half-day is not being open then
COUNTED_MIN = (10, 15, 20)  # limits within which structures are counted
KEYS = ["place_id", "weekday", "half_day", "start_min", "end_min"]


def current(availability: pd.DataFrame, today: date) -> pd.DataFrame:
    """
    Return the rows of `availability` (tables.AVAILABILITY) that hold in the week from `today` on.

    A permanence that has ended, or that only begins later, serves nobody now.
    """
    first, last = pd.Timestamp(today), pd.Timestamp(today) + pd.Timedelta(days=6)
    over = availability["to_on"].lt(first).fillna(value=False)
    later = availability["from_on"].gt(last).fillna(value=False)
    return availability[~(over | later).astype(bool)]


def weekly_permanences(availability: pd.DataFrame) -> pd.DataFrame:
    """
    Return the permanences of a week, one row for a place, day and time (`tables.AVAILABILITY` in).

    Columns on permanence_id: place_id, weekday (0 Monday), half_day (matin, apres-midi), start_min,
    end_min (minutes after midnight), weeks (toutes, paire, impaire), agents (codes joined by |).
    Dated or unplaced rows are left out.
    """
    rows = availability[availability["kind"] == "permanence"]
    rows = rows.dropna(subset=["place_id", "weekday", "start_min", "end_min"])
    half = np.where(rows["start_min"].astype(int) < AFTERNOON_MIN, *HALF_DAYS)
    rows = rows.assign(half_day=pd.Series(half, index=rows.index, dtype="string"))
    rows = rows.assign(weeks=rows["weeks"].fillna("toutes"))
    groups = rows.groupby(KEYS, sort=True)
    table = groups.agg(weeks=("weeks", _weeks), agents=("agent_code", _agents)).reset_index()
    table["place_id"] = table["place_id"].astype("string")
    table[["weeks", "agents"]] = table[["weeks", "agents"]].astype("string")
    table[["weekday", "start_min", "end_min"]] = table[["weekday", "start_min", "end_min"]].astype(
        "int64"
    )
    names = [
        f"{p}-{d}-{s:04d}-{e:04d}"
        for p, d, s, e in table[["place_id", "weekday", "start_min", "end_min"]].itertuples(
            index=False
        )
    ]
    return table.set_axis(pd.Index(names, name="permanence_id", dtype="object")).sort_index()


def _weeks(values: pd.Series) -> str:
    found = set(values)
    return str(found.pop()) if len(found) == 1 else "toutes"


def _agents(values: pd.Series) -> str:
    return "|".join(sorted(set(values.dropna())))


def cell_access(  # noqa: PLR0913 - the limits stay visible
    minutes: pd.DataFrame | Walks,
    permanences: pd.DataFrame,
    places: pd.DataFrame,
    *,
    near_min: float = 10,
    far_min: float = 15,
    half_min: float = 10,
    cut_min: float = 25,
) -> pd.DataFrame:
    """
    Say what each cell has in reach on foot; `minutes` [cell_id x place_id], inf = out of reach.

    `permanences` are those of `weekly_permanences`, `places` keeps tables.PLACES, limits are
    minutes on foot. Columns on cell_id: minutes_permanence (inf = none in reach),
    permanence_place_id (NA then), structures_near and structures_far (how many fixed places, not
    inactive, within `near_min`, `far_min`), slots_near (weekly half-days with a permanence within
    `far_min`), structures_10, structures_15, structures_20 (within so many minutes),
    structures_soft (each counts 1 at the door, 1/2 at `half_min`, 0 beyond `cut_min`).
    """
    ordered = _by_cell(minutes)
    walk = _to_hosts(ordered, set(permanences["place_id"]))
    least, which = walk.least()
    fixed = places["fixed_point"].fillna(value=True) & places["status"].ne("inactive").fillna(
        value=True
    )
    open_ = ordered.destinations.isin(places.index[fixed.astype(bool)])
    doors = ordered.among(destinations=ordered.destinations[open_])
    slots = slot_access(ordered, permanences)
    table = {
        "minutes_permanence": least,
        "permanence_place_id": _named(walk, which),
        "structures_near": doors.within(near_min).counts,
        "structures_far": doors.within(far_min).counts,
        "slots_near": (slots <= far_min).sum(axis="columns").astype("int64"),
    }
    each = np.ones(len(doors.destinations))
    for limit in COUNTED_MIN:
        counted = opportunities(each, doors, weight=within(limit))
        table[f"structures_{limit}"] = counted.astype("int64")
    table["structures_soft"] = opportunities(each, doors, weight=gaussian(half_min, cut_min))
    return pd.DataFrame(table, index=ordered.origins)


def _named(walk: Walks, which: NDArray[np.int64]) -> pd.Series:
    """Return the name [cell_id] of the destination at each position, NA for -1."""
    names = pd.Series(pd.NA, index=walk.origins, dtype="string")
    names.iloc[which >= 0] = walk.destinations.to_numpy(object)[which[which >= 0]]
    return names


def _by_cell(minutes: pd.DataFrame | Walks) -> Walks:
    """Return the walks from cells, sorted by cell_id."""
    walks = walks_of(minutes)
    return walks.among(walks.origins.sort_values().rename("cell_id"))


def _to_hosts(walks: Walks, hosts: set[str]) -> Walks:
    return walks.among(destinations=pd.Index(sorted(hosts & set(walks.destinations)), dtype=object))


def slot_names() -> list[str]:
    """Return the half-days of a week in order: « lundi matin », « lundi apres-midi »..."""
    return [f"{day} {half}" for day in DAYS for half in HALF_DAYS]


def slot_access(minutes: pd.DataFrame | Walks, permanences: pd.DataFrame) -> pd.DataFrame:
    """
    Return minutes [cell_id x half-day] to the nearest permanence open then, inf = none in reach.

    `minutes` [cell_id x place_id] are minutes on foot, `permanences` those of `weekly_permanences`.
    Columns are those of `slot_names`, every week counted alike. A permanence counts for each
    half-day of `open_slots`.
    """
    hosts: dict[str, set[str]] = {name: set() for name in slot_names()}
    for row in permanences.itertuples():
        for name in open_slots(row.weekday, row.start_min, row.end_min):
            hosts[name].add(row.place_id)
    ordered = _by_cell(minutes)
    slots = {name: _to_hosts(ordered, then).least()[0] for name, then in hosts.items()}
    return pd.DataFrame(slots, index=ordered.origins)


def open_slots(weekday: int, start_min: int, end_min: int) -> list[str]:
    """
    Return the half-days in which a span is open: the one it starts in, the next from 30 min on.

    `weekday` is 0 on Monday, times are minutes after midnight; the afternoon begins at 12:30.
    """
    halves = [HALF_DAYS[int(start_min >= AFTERNOON_MIN)]]
    if start_min < AFTERNOON_MIN and end_min - AFTERNOON_MIN >= STAY_MIN:
        halves.append(HALF_DAYS[1])
    return [f"{DAYS[int(weekday)]} {half}" for half in halves]


def minutes_when(
    minutes: pd.DataFrame | Walks,
    permanences: pd.DataFrame,
    *,
    weekday: int,
    from_min: int = 0,
    to_min: int = 24 * 60,
) -> pd.Series:
    """
    Return minutes [cell_id] to the nearest permanence for somebody free only then, inf = none.

    Free on `weekday` (0 Monday) between two times (minutes after midnight): a permanence counts
    when it is open 30 minutes at least in that time. `minutes` [cell_id x place_id] on foot.
    """
    starts = permanences["start_min"].clip(lower=from_min)
    stay = permanences["end_min"].clip(upper=to_min) - starts
    hosts = permanences.loc[(permanences["weekday"] == weekday) & (stay >= STAY_MIN), "place_id"]
    ordered = _by_cell(minutes)
    least = _to_hosts(ordered, set(hosts)).least()[0]
    return pd.Series(least, index=ordered.origins, name="minutes")
