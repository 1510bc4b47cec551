"""frequencies.txt: a run told once that goes every so many minutes, written out run by run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.io.passages import seconds_of
from territory.io.transit import feed_members, feed_parts, feed_table
from territory.model.issues import Issue

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_COLUMNS = ["trip", "start_s", "end_s", "headway_s", "first_s"]
_NEEDED = ("trip_id", "start_time", "end_time", "headway_secs")
SHORTEST_S = 30  # a vehicle more often than that is a mistake, and would fill the memory
LONGEST_S = 48 * 3600


def read_frequencies(path: Path, trip_ids: pd.Index, issues: list[Issue]) -> pd.DataFrame:
    """
    Return trip (position in `trip_ids`), start_s, end_s, headway_s, first_s.

    `first_s` is when the run leaves its first stop as told, wherever that stop lies. No row without
    frequencies.txt.
    Lines that cannot be (headway under SHORTEST_S, no time, end before start) are added to
    `issues`. Raises UnreadableFile (French).
    """
    if "frequencies.txt" not in feed_members(path):
        return pd.DataFrame(columns=_COLUMNS, dtype="int64")
    raw = feed_table(path, "frequencies.txt", _NEEDED)
    headway = pd.to_numeric(raw["headway_secs"], errors="coerce").to_numpy(float, na_value=np.nan)
    rows = pd.DataFrame(
        {
            "trip": trip_ids.get_indexer(raw["trip_id"]),
            "start_s": seconds_of(raw["start_time"]),
            "end_s": seconds_of(raw["end_time"]),
            "headway_s": headway,
        }
    )
    sound = rows["headway_s"].ge(SHORTEST_S) & rows["start_s"].lt(rows["end_s"])
    sound &= rows["end_s"].le(LONGEST_S)
    if not sound.all():
        problem = f"frequencies.txt : {int((~sound).sum())} lignes impossibles."
        line = int(rows.index[~sound][0]) + 2
        issues.append(Issue("E-FREQUENCE", path.name, problem, "Lignes ignorées.", line))
    kept = rows[sound & rows["trip"].ge(0)]
    first = kept["trip"].map(_first_departures(path, trip_ids, kept["trip"]))
    kept = kept.assign(first_s=first)[first.notna()].astype("int64")
    return kept.sort_values(_COLUMNS, ignore_index=True)


def _first_departures(path: Path, trip_ids: pd.Index, trips: pd.Series) -> pd.Series:
    """Return when each of `trips` leaves its first timed stop, seconds, by position."""
    wanted = trip_ids[np.unique(trips)]
    earliest = []
    for part in feed_parts(path, "stop_times.txt", ("trip_id", "departure_time")):
        own = part[part["trip_id"].isin(wanted)]
        seconds = pd.Series(seconds_of(own["departure_time"]), index=own["trip_id"])
        earliest.append(seconds.groupby(level=0).min())
    found = pd.concat(earliest).groupby(level=0).min().dropna()
    return found.set_axis(trip_ids.get_indexer(found.index))


def repeated(
    passages: pd.DataFrame, repeats: pd.DataFrame
) -> tuple[NDArray[np.int64], pd.DataFrame]:
    """
    Return the passages with repeated runs written out, runs renumbered from 0.

    The first array [runs] is the trip each run comes from. A run starts at start_s, then every
    headway_s, before end_s; its own times only give how long it takes.
    """
    own = passages[~passages["trip"].isin(repeats["trip"])]
    plain = own["trip"].unique().astype(np.int64)
    starts = [
        (trip, start, told_s)
        for trip, first, end, every, told_s in repeats.itertuples(index=False)
        for start in range(first, end, every)
    ]
    copies = pd.DataFrame(
        starts, columns=["trip", "start_s", "first_s"], dtype="int64"
    ).drop_duplicates()
    copies["run"] = np.arange(len(copies)) + len(plain)
    told = passages[passages["trip"].isin(repeats["trip"])]
    copied = copies.merge(told, on="trip").sort_values(["run", "rank"])
    shift = copied["start_s"] - copied["first_s"]
    copied = copied.assign(
        arrive_s=copied["arrive_s"] + shift, depart_s=copied["depart_s"] + shift, trip=copied["run"]
    )
    numbered = own.assign(trip=np.searchsorted(plain, own["trip"]))
    rows = pd.concat([numbered, copied[list(passages.columns)]], ignore_index=True)
    runs, numbers = np.unique(rows["trip"], return_inverse=True)  # a told trip may have no passage
    origins = np.concatenate([plain, copies["trip"].to_numpy(np.int64)])[runs]
    whole = dict.fromkeys(("trip", "rank", "stop", "arrive_s", "depart_s"), "int32")
    return origins, rows.assign(trip=numbers).astype(whole)
