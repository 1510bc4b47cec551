"""A GTFS feed cut to a territory: the stops around, what passes there, and nothing else."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pandas as pd
import shapely

from territory.errors import UnreadableFile
from territory.io.transit import DAMAGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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


def cut_transit(path: Path, area: Area, target: Path) -> int:
    """
    Write the stops within the margin of `area` as a smaller feed to `target`.

    The passages, trips, routes and days that concern them follow; timetables are read by parts.
    Stations are kept with their stops. Returns how many stops; raises UnreadableFile (French).
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
    here = set(tables["stops.txt"]["stop_id"])
    passing = [part[part["stop_id"].isin(here)] for part in _parts(feed, "stop_times.txt")]
    tables["stop_times.txt"] = pd.concat(passing)
    for name, column, before in _FOLLOWING:
        if name not in feed.namelist():
            continue
        whole = pd.concat(list(_parts(feed, name)))
        known = column in whole and column in tables[before]
        tables[name] = whole[whole[column].isin(set(tables[before][column]))] if known else whole
    return tables


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
