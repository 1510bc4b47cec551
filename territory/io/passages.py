"""stop_times.txt to compact rows: a run, its stops in order, seconds of arrival and departure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.errors import UnreadableFile
from territory.io.transit import feed_parts
from territory.model.issues import Issue

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_NEEDED = ("trip_id", "stop_id", "arrival_time", "departure_time", "stop_sequence")
_TIME = r"^\s*(\d{1,3}):([0-5]?\d):([0-5]?\d)\s*$"
_NEVER = "1"  # pickup_type, drop_off_type: nobody may board, nobody may leave


def read_passages(path: Path, trip_ids: pd.Index, stop_ids: pd.Index) -> pd.DataFrame:
    """
    Return the passages of the known trips at the known stops, sorted by trip and stop_sequence.

    `trip_ids` and `stop_ids` are sorted and unique; `trip` and `stop` are positions among them.
    Columns: trip, stop, sequence, line (of the file), arrive_s, depart_s (float, NA = no time),
    board, alight. Read by parts, kept compact. Raises UnreadableFile (French).
    """
    parts = [
        _compact(part, trip_ids, stop_ids) for part in feed_parts(path, "stop_times.txt", _NEEDED)
    ]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"trip": []})
    if rows.empty:
        raise UnreadableFile(
            f"« {path.name} » : aucun passage aux arrêts du territoire. Vérifiez que le fichier "
            "couvre vos communes."
        )
    rows = rows.sort_values(["trip", "sequence", "line"], ignore_index=True)
    return rows[~rows.duplicated(["trip", "sequence"])].reset_index(drop=True)


def sound_passages(raw: pd.DataFrame, path: Path, issues: list[Issue]) -> pd.DataFrame:
    """
    Return the runs that can be followed: trip, rank, stop, arrive_s, depart_s, board, alight.

    Times are whole seconds. Untimed stops get one in proportion to their place; those before the
    first or after the last timed stop are dropped; runs that go backwards in time, or have one
    stop, are left out. What is dropped is added to `issues`.
    """
    timed = _both_times(raw)
    rows = _interpolated(timed[_between_timed(timed)].reset_index(drop=True))
    lost = len(raw) - len(rows)
    backwards = _backwards(rows)
    if len(backwards):
        first = int(rows.loc[rows["trip"].isin(backwards), "line"].min())
        problem = f"stop_times.txt : {len(backwards)} courses dont les heures reculent."
        issues.append(Issue("E-HEURE", path.name, problem, "Courses ignorées.", first))
    rows = rows[~rows["trip"].isin(backwards)]
    rows = rows[rows.groupby("trip")["stop"].transform("size") > 1].reset_index(drop=True)
    if lost:
        note = f"stop_times.txt : {lost} passages sans heure en bout de course, non gardés."
        issues.append(Issue("W-HEURE", path.name, note))
    rank = rows.groupby("trip").cumcount().astype("int32")
    columns = ["trip", "rank", "stop", "arrive_s", "depart_s", "board", "alight"]
    return rows.assign(rank=rank)[columns]


def seconds_of(times: pd.Series) -> NDArray[np.float64]:
    """Return « 25:10:00 » as 90600 seconds [n] after midnight, NaN for what is no time."""
    codes, known = pd.factorize(times)
    parts = pd.Series(known, dtype="string").str.extract(_TIME)
    values = parts.astype("Float64").to_numpy(float, na_value=np.nan) @ [3600.0, 60.0, 1.0]
    seconds: NDArray[np.float64] = np.append(values, np.nan)[codes]  # code -1 is NA: the last one
    return seconds


def _compact(part: pd.DataFrame, trip_ids: pd.Index, stop_ids: pd.Index) -> pd.DataFrame:
    sequence = pd.to_numeric(part["stop_sequence"], errors="coerce")
    data = {
        "trip": trip_ids.get_indexer(part["trip_id"]).astype("int32"),
        "stop": stop_ids.get_indexer(part["stop_id"]).astype("int32"),
        "sequence": sequence.to_numpy(float, na_value=np.nan),
        "line": part.index.to_numpy(np.int64) + 2,
        "arrive_s": seconds_of(part["arrival_time"]),
        "depart_s": seconds_of(part["departure_time"]),
        "board": _allowed(part, "pickup_type"),
        "alight": _allowed(part, "drop_off_type"),
    }
    rows = pd.DataFrame(data)
    return rows[(rows["trip"] >= 0) & (rows["stop"] >= 0) & np.isfinite(rows["sequence"])]


def _allowed(part: pd.DataFrame, name: str) -> NDArray[np.bool_]:
    if name not in part:
        return np.ones(len(part), bool)
    allowed: NDArray[np.bool_] = part[name].ne(_NEVER).fillna(value=True).to_numpy(bool)
    return allowed


def _both_times(rows: pd.DataFrame) -> pd.DataFrame:
    arrive, depart = rows["arrive_s"], rows["depart_s"]
    return rows.assign(arrive_s=arrive.fillna(depart), depart_s=depart.fillna(arrive))


def _between_timed(rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which rows have a timed one at or before them, and at or after them, in their run."""
    trip = rows["trip"]
    before = rows["depart_s"].notna().groupby(trip).cummax()
    after = rows["depart_s"].notna()[::-1].groupby(trip[::-1]).cummax()[::-1]
    both: NDArray[np.bool_] = (before & after).to_numpy(bool)
    return both


def _interpolated(rows: pd.DataFrame) -> pd.DataFrame:
    """Fill untimed rows; the ends of every run are timed, so nothing leaks from run to run."""
    at = np.arange(len(rows))
    known = rows["depart_s"].notna().to_numpy()
    if known.all() or not known.any():
        return rows.astype({"arrive_s": "int32", "depart_s": "int32"})
    leave, reach = (rows[c].to_numpy()[known] for c in ("depart_s", "arrive_s"))
    before = np.searchsorted(at[known], at, side="right") - 1
    after = np.minimum(before + 1, known.sum() - 1)
    start, end = at[known][before], at[known][after]
    share = (at - start) / np.maximum(end - start, 1)
    between = np.rint(leave[before] + share * (reach[after] - leave[before]))
    filled = {c: np.where(known, rows[c], between) for c in ("arrive_s", "depart_s")}
    return rows.assign(**filled).astype({"arrive_s": "int32", "depart_s": "int32"})


def _backwards(rows: pd.DataFrame) -> NDArray[np.int32]:
    """Return the trips where a vehicle leaves before it arrives, or arrives before it left."""
    same = rows["trip"].eq(rows["trip"].shift())
    early = (rows["arrive_s"] < rows["depart_s"].shift(fill_value=0)) & same
    faulty: NDArray[np.int32] = rows.loc[
        early | (rows["depart_s"] < rows["arrive_s"]), "trip"
    ].unique()
    return faulty
