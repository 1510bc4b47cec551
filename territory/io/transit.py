"""Public transport feeds (GTFS): recognised by their content; their stops as a table of points."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from territory.errors import UnreadableFile
from territory.model.issues import Issue, ReadReport
from territory.model.tables import COUNT, POINT, TEXT, Column, TableContract, conform

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO

    from shapely.geometry.base import BaseGeometry

DEGREES = 4326
# What a zip or a table inside it raises when damaged, protected or packed in an unknown way.
DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, KeyError, ValueError, OSError,
)  # fmt: skip
NEEDED = ("stops.txt", "routes.txt", "trips.txt", "stop_times.txt")
_COLUMNS = ("stop_id", "stop_lat", "stop_lon")
ROWS = 500_000  # read at once: a timetable may hold tens of millions
_STOP, _STATION = 0, 1

STOPS = TableContract(
    "stops",
    "stop_id",
    (
        Column("name", TEXT, "name of the stop; NA when the feed has none"),
        Column("kind", TEXT, "arret or station"),
        Column("station_id", TEXT, "station the stop belongs to; NA when it stands alone"),
        Column("passages", COUNT, "rows of the timetable at this stop, all days together"),
    ),
    POINT,
)


def is_transit(path: Path) -> bool:
    """Whether `path` is a zip holding the files every GTFS feed has."""
    try:
        with zipfile.ZipFile(path) as archive:
            return set(NEEDED) <= set(archive.namelist())
    except DAMAGE:
        return False


def stop_columns(path: Path) -> tuple[tuple[str, ...], int]:
    """Return the columns of `stops.txt` in lower case and its number of rows; UnreadableFile."""
    stops = _table(path, "stops.txt")
    return tuple(str(c).lower() for c in stops.columns), len(stops)


def feed_members(path: Path) -> set[str]:
    """Return the names of the files in a feed; UnreadableFile (French) when it is no zip."""
    try:
        with zipfile.ZipFile(path) as archive:
            return set(archive.namelist())
    except DAMAGE as error:
        raise unreadable_feed(path) from error


def feed_table(path: Path, member: str, needed: tuple[str, ...] = ()) -> pd.DataFrame:
    """
    Return a whole file of a feed as text, names of columns in lower case; for the small ones.

    Raises UnreadableFile (French) when it cannot be read or one of the `needed` columns is missing.
    """
    return _needing(_table(path, member), path, member, needed)


def feed_parts(path: Path, member: str, needed: tuple[str, ...]) -> Iterator[pd.DataFrame]:
    """
    Yield a file of a feed as text by parts of ROWS lines, whatever its length.

    Raises UnreadableFile (French) when it cannot be read or one of the `needed` columns is missing.
    """
    try:
        with (
            zipfile.ZipFile(path) as archive,
            archive.open(member) as stream,
            pd.read_csv(
                stream, dtype="string", chunksize=ROWS, encoding="utf-8-sig", skipinitialspace=True
            ) as parts,
        ):
            for part in parts:
                yield _needing(part, path, member, needed)
    except DAMAGE as error:
        raise unreadable_feed(path) from error


def read_stops(
    path: Path, *, epsg: int = 2154, inside: BaseGeometry | None = None
) -> tuple[gpd.GeoDataFrame, ReadReport]:
    """
    Return the stops and stations of a GTFS feed (STOPS, points in EPSG:`epsg`) and the report.

    Entrances, generic nodes and boarding areas are left out; so is what lies outside `inside`
    (EPSG:`epsg`), counted apart. A stop without usable coordinates is refused with its line, an
    identifier met twice keeps its first row. Raises UnreadableFile (French).
    Format: GTFS reference, stops.txt.
    """
    raw = feed_table(path, "stops.txt", _COLUMNS)
    kind = pd.to_numeric(_column(raw, "location_type"), errors="coerce").fillna(_STOP)
    raw = raw.assign(kind=kind)[kind.isin([_STOP, _STATION])]
    placed, issues = _placed(raw, path.name, epsg)
    near = placed if inside is None else placed[_within(placed, inside)]
    table = _stops_table(near, _passages(path), epsg)
    if len(near) < len(placed):
        note = f"arrêts hors du territoire, non gardés : {len(placed) - len(near)}."
        issues.append(Issue("I-HORS", path.name, note))
    read = len(raw) - (len(placed) - len(near))
    return table, ReadReport(path.name, "transit", read, len(table), tuple(issues))


def _stops_table(stops: gpd.GeoDataFrame, passages: pd.Series, epsg: int) -> gpd.GeoDataFrame:
    keyed = stops.set_index("stop_id")
    parent = _column(keyed, "parent_station")
    table = pd.DataFrame(
        {
            "name": _column(keyed, "stop_name"),
            "kind": np.where(keyed["kind"].eq(_STATION), "station", "arret"),
            "station_id": parent.mask(parent.eq("")),
            "passages": passages.reindex(keyed.index).fillna(0).astype("int64"),
            "geometry": keyed.geometry,
        },
        index=keyed.index,
    )
    return conform(table, STOPS, epsg=epsg)


def _placed(raw: pd.DataFrame, file: str, epsg: int) -> tuple[gpd.GeoDataFrame, list[Issue]]:
    """Return the stops with a point in EPSG:`epsg`; the others are refused with their line."""
    lon, lat = (
        pd.to_numeric(raw[c], errors="coerce").astype("Float64").astype("float64")
        for c in ("stop_lon", "stop_lat")
    )
    sound = lon.between(-180, 180) & lat.between(-90, 90) & ((lon != 0) | (lat != 0))
    remedy = "Arrêt ignoré."
    issues = [
        Issue("E-COORD", file, "arrêt sans coordonnées utilisables.", remedy, int(i) + 2)
        for i in raw.index[~sound]
    ]
    twice = sound & raw["stop_id"].where(sound).duplicated()
    issues += [
        Issue(
            "E-DOUBLON", file, "arrêt déjà rencontré.", "La première ligne est gardée.", int(i) + 2
        )
        for i in raw.index[twice]
    ]
    kept = sound & ~twice
    points = gpd.points_from_xy(lon[kept], lat[kept], crs=DEGREES)
    return gpd.GeoDataFrame(raw[kept], geometry=points).to_crs(epsg), issues


def _within(stops: gpd.GeoDataFrame, inside: BaseGeometry) -> np.ndarray:
    points = stops.geometry
    return np.asarray(shapely.contains_xy(inside, points.x, points.y))


def _passages(path: Path) -> pd.Series:
    """Return how many rows of the timetable each stop has; read by parts, it may be very long."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("stop_times.txt") as stream:
            parts = pd.read_csv(
                stream, usecols=["stop_id"], dtype="string", chunksize=ROWS, encoding="utf-8-sig"
            )
            counts = [part["stop_id"].value_counts() for part in parts]
    except DAMAGE as error:
        raise unreadable_feed(path) from error
    return pd.concat(counts).groupby(level=0).sum() if counts else pd.Series(dtype="int64")


def _column(table: pd.DataFrame, name: str) -> pd.Series:
    if name in table:
        return table[name]
    return pd.Series(pd.NA, index=table.index, dtype="string")


def _table(path: Path, member: str) -> pd.DataFrame:
    try:
        with zipfile.ZipFile(path) as archive:
            raw: IO[bytes] = io.BytesIO(archive.read(member))
        return pd.read_csv(raw, dtype="string", encoding="utf-8-sig", skipinitialspace=True)
    except DAMAGE as error:
        raise unreadable_feed(path) from error


def _needing(table: pd.DataFrame, path: Path, member: str, needed: tuple[str, ...]) -> pd.DataFrame:
    if not isinstance(table.index, pd.RangeIndex):  # pandas took the first cells as names of rows
        raise UnreadableFile(
            f"« {path.name} » : dans {member}, des lignes ont plus de cases que l'en-tête."
        )
    named = table.rename(columns=lambda c: str(c).strip().lower())
    missing = [c for c in needed if c not in named]
    if missing:
        raise UnreadableFile(f"« {path.name} » : il manque {', '.join(missing)} dans {member}.")
    return named.loc[:, ~named.columns.duplicated()]


def unreadable_feed(path: Path) -> UnreadableFile:
    """Return the French refusal of a feed that cannot be read."""
    return UnreadableFile(
        f"« {path.name} » n'est pas un fichier GTFS lisible. Téléchargez-le de nouveau."
    )
