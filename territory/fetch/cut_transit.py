"""A GTFS feed cut to a territory: the stops around, what passes there, and nothing else."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from territory.errors import UnreadableFile
from territory.io.passages import seconds_of
from territory.io.transit import DAMAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from territory.fetch.area import Area

_ROWS = 500_000
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest date a zip can hold: same content, same bytes
# file: (its column, the column of which file kept before it must be found there)
_FOLLOWING = (
    ("trips.txt", "trip_id", "stop_times.txt"),
    ("routes.txt", "route_id", "trips.txt"),
    ("calendar.txt", "service_id", "trips.txt"),
    ("calendar_dates.txt", "service_id", "trips.txt"),
    ("agency.txt", "agency_id", "routes.txt"),
)
_FREQUENCIES, _TRANSFERS = "frequencies.txt", "transfers.txt"
_LINKED = (("stop_id", "stops.txt"), ("trip_id", "trips.txt"), ("route_id", "routes.txt"))


def cut_transit(path: Path, area: Area, target: Path) -> int:
    """
    Write the stops within the margin of `area` as a smaller feed to `target`.

    The passages, trips, frequencies, routes and days that concern them follow, and the transfers
    among what is kept; timetables are read by parts. Stations are kept with their stops. Returns
    how many stops; raises UnreadableFile (French).
    """
    try:
        with zipfile.ZipFile(path) as feed:
            tables = _tables(feed, area)
    except DAMAGE as error:
        raise UnreadableFile(
            "Transports (GTFS) : le fichier reçu est abîmé. Téléchargez-le de nouveau."
        ) from error
    with zipfile.ZipFile(target, "w") as cut:
        for name in sorted(tables):
            text = tables[name].to_csv(index=False, lineterminator="\n")
            cut.writestr(zipfile.ZipInfo(name, _EPOCH), text, zipfile.ZIP_DEFLATED)
    target.chmod(0o600)
    return len(tables["stops.txt"])


def _tables(feed: zipfile.ZipFile, area: Area) -> dict[str, pd.DataFrame]:
    tables = {"stops.txt": _stops(feed, area)}
    here, given = set(tables["stops.txt"]["stop_id"]), set(feed.namelist())
    repeats = pd.concat(list(_parts(feed, _FREQUENCIES))) if _FREQUENCIES in given else None
    often = set() if repeats is None else set(repeats["trip_id"])
    passing, whole_runs = [], []
    for part in _parts(feed, "stop_times.txt"):
        passing.append(part[part["stop_id"].isin(here)])
        whole_runs.append(part[part["trip_id"].isin(often)] if often else part[:0])
    tables["stop_times.txt"] = pd.concat(passing)
    for name, column, before in _FOLLOWING:
        if name not in given:
            continue
        whole = pd.concat(list(_parts(feed, name)))
        known = column in whole and column in tables[before]
        tables[name] = whole[whole[column].isin(set(tables[before][column]))] if known else whole
    if repeats is not None:
        tables[_FREQUENCIES] = _frequencies(repeats, pd.concat(whole_runs), here)
    if _TRANSFERS in given:
        tables[_TRANSFERS] = _transfers(pd.concat(list(_parts(feed, _TRANSFERS))), tables)
    return tables


def _frequencies(repeats: pd.DataFrame, runs: pd.DataFrame, here: set[str]) -> pd.DataFrame:
    """
    Return the frequencies of the trips that stop `here`, from their first stop kept.

    They tell when the whole run leaves its first stop: cut before, it would pass too early.
    """
    leave = pd.Series(seconds_of(runs["departure_time"]), index=runs.index)
    timed = runs.assign(rank=pd.to_numeric(runs["stop_sequence"]), leave=leave).dropna()
    timed = timed.sort_values("rank", kind="stable")
    first, kept = (t.groupby("trip_id")["leave"].first() for t in (timed, _at(timed, here)))
    rows = repeats[repeats["trip_id"].isin(set(_at(runs, here)["trip_id"]))]
    later = rows["trip_id"].map(kept - first).fillna(0.0).to_numpy(float)
    moved = {
        name: _clock(rows[name], seconds_of(rows[name]) + later)
        for name in ("start_time", "end_time")
    }
    return rows.assign(**moved)


def _at(passages: pd.DataFrame, here: set[str]) -> pd.DataFrame:
    return passages[passages["stop_id"].isin(here)]


def _clock(written: pd.Series, seconds: NDArray[np.float64]) -> list[str]:
    """Return seconds as « 25:10:00 », as `written` what was no time."""
    return [
        text if np.isnan(s) else f"{int(s) // 3600:02d}:{int(s) // 60 % 60:02d}:{int(s) % 60:02d}"
        for text, s in zip(written, seconds, strict=True)
    ]


def _transfers(whole: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the transfers whose every named stop, trip and route is kept; a blank names none."""
    kept = pd.Series(data=True, index=whole.index)
    for name, table in _LINKED:
        for column in {f"from_{name}", f"to_{name}"} & set(whole):
            kept &= whole[column].isin({"", *tables[table][name]})
    return whole[kept]


def _stops(feed: zipfile.ZipFile, area: Area) -> pd.DataFrame:
    stops = pd.concat(list(_parts(feed, "stops.txt")))
    lon, lat = (
        pd.to_numeric(stops[c], errors="coerce").astype("Float64").astype("float64")
        for c in ("stop_lon", "stop_lat")
    )
    near = pd.Series(shapely.contains_xy(area.around_degrees, lon, lat), index=stops.index)
    if "parent_station" in stops:
        near |= stops["stop_id"].isin(set(stops.loc[near, "parent_station"]) - {""})
    return stops[near]


def _parts(feed: zipfile.ZipFile, name: str) -> Iterator[pd.DataFrame]:
    with (
        feed.open(name) as stream,
        pd.read_csv(
            stream,
            dtype="string",
            keep_default_na=False,
            chunksize=_ROWS,
            encoding="utf-8-sig",
            skipinitialspace=True,
        ) as parts,
    ):
        yield from (part.rename(columns=lambda c: str(c).strip()) for part in parts)
