"""National layers and tables cut to a territory, by parts: never a whole country in memory."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from territory.errors import UnreadableFile
from territory.fetch.area import of_communes
from territory.fetch.checks import form_of, separator_of
from territory.io.atomic import write_text
from territory.io.crs import to_metric
from territory.io.layers import CELL_IDS, choose_layer, clean_codes, column_of, padded
from territory.io.population import CELL_ID, SIDE_M
from territory.io.privacy import is_guarded

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import geopandas as gpd

    from territory.fetch.area import Area
    from territory.fetch.sources import Source

_ROWS = 100_000
_LARGE_BYTES = 100_000_000
_DEGREES = 4326
_LONGITUDES, _LATITUDES = ("longitude", "lon", "lng"), ("latitude", "lat")


def cut_outlines(path: Path, source: Source, codes: frozenset[str], target: Path) -> int:
    """
    Write the communes `codes` of a layer to `target` (GeoJSON, EPSG:4326).

    Of a national file only the wanted features are ever read. Returns how many; raises
    UnreadableFile, UnknownKind or DataProblem (French).
    """
    if path.stat().st_size > _LARGE_BYTES:
        frame = _large(path, source, where=_where(path, source, codes))
    else:
        frame = choose_layer(path, None, {source.kind})
        code = column_of(frame, source.commune_columns)
        wanted = padded(clean_codes(frame[code]), 5).isin(codes) if code else slice(None)
        frame = frame[wanted]
    return _write_layer(frame, source, target)


def cut_layer(path: Path, source: Source, area: Area, target: Path) -> int:
    """
    Write what a layer holds within the margin of `area` to `target` (GeoJSON, EPSG:4326).

    Features are kept whole, with their values, but for columns that name or reach people. Returns
    how many; raises UnreadableFile, UnknownKind or DataProblem (French).
    """
    large = path.stat().st_size > _LARGE_BYTES
    frame = _large(path, source, area=area) if large else choose_layer(path, None, {source.kind})
    metric, _ = to_metric(frame, file=source.label, epsg=area.epsg)
    boxes = shapely.box(*metric.bounds.to_numpy().T)
    near = metric.index[shapely.intersects(area.around, boxes)]
    degrees = frame.crs is not None and frame.crs.equals(_DEGREES)
    return _write_layer((frame if degrees else metric).loc[near], source, target)


def _where(path: Path, source: Source, codes: frozenset[str]) -> str:
    names = {str(f).lower(): str(f) for f in pyogrio.read_info(path)["fields"]}
    code = next((names[c] for c in source.commune_columns if c in names), "code")
    listed = ", ".join(f"'{c}'" for c in sorted(codes))
    return f'"{code}" IN ({listed})'


def _large(
    path: Path, source: Source, *, where: str | None = None, area: Area | None = None
) -> gpd.GeoDataFrame:
    """Return the features wanted of a file too large for memory: GDAL passes over the others."""
    try:
        declared = pyogrio.read_info(path)["crs"]
        epsg = CRS.from_user_input(declared).to_epsg() if declared else None
        box = area.in_crs(epsg).bounds if area is not None and epsg else None
        frame = pyogrio.read_dataframe(path, where=where, bbox=box, datetime_as_string=True)
    except (pyogrio.errors.DataSourceError, CRSError, ValueError) as error:
        raise _unreadable(source) from error
    frame.columns = [str(c).lower() for c in frame.columns]
    return frame


def _write_layer(frame: gpd.GeoDataFrame, source: Source, target: Path) -> int:
    layer = _without_people(frame)
    if layer.crs is None or not layer.crs.equals(_DEGREES):
        layer = to_metric(layer, file=source.label)[0].to_crs(_DEGREES)
    text = layer.to_json(drop_id=True, na="null", ensure_ascii=False, default=_plain)
    write_text(target, text + "\n")
    return len(layer)


def cut_table(
    path: Path, source: Source, area: Area | None, target: Path, codes: frozenset[str]
) -> int:
    """
    Write the rows of a table (CSV or Parquet) that concern the territory to `target` (CSV).

    A row is kept when its commune is one of `codes` or, with an `area`, when its point or its
    200 m square lies within the margin. Read by parts; columns that name or reach people are left
    out. Returns how many rows; raises UnreadableFile (French).
    """
    separator = "," if form_of(path) == "parquet" else separator_of(path)
    kept, header = [], None
    try:
        for part in _parts(path, separator):
            rows = part[_concerned(part, source, area, codes)].pipe(_without_people)
            header = rows.columns if header is None else header
            kept += [rows] if len(rows) else []
    except (UnicodeDecodeError, ValueError, csv.Error, pa.ArrowException) as error:
        raise _unreadable(source) from error
    table = pd.concat(kept) if kept else pd.DataFrame(columns=header)
    write_text(target, table.to_csv(index=False, sep=separator, lineterminator="\n"))
    return len(table)


def _parts(path: Path, separator: str) -> Iterator[pd.DataFrame]:
    if form_of(path) == "parquet":
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_ROWS):
                yield batch.to_pandas().map(_text)
        return
    options: dict[str, Any] = {
        "sep": separator, "dtype": "string", "keep_default_na": False, "chunksize": _ROWS,
    }  # fmt: skip
    with pd.read_csv(path, encoding=_encoding(path), **options) as parts:
        yield from parts


def _encoding(path: Path) -> str:
    """Return UTF-8, or Windows-1252 when some byte of the file cannot be UTF-8."""
    try:
        with path.open(encoding="utf-8") as stream:
            while stream.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _concerned(
    part: pd.DataFrame, source: Source, area: Area | None, codes: frozenset[str]
) -> pd.Series:
    named = {str(c).strip().lower(): c for c in part.columns}
    here = pd.Series(False, index=part.index)
    code = next((named[c] for c in source.commune_columns if c in named), None)
    if code is not None:
        here |= of_communes(part[code], codes)
    if area is None or not source.margin:
        return here
    cell = next((named[c] for c in CELL_IDS if c in named), None)
    lon, lat = (next((named[c] for c in names if c in named), None)
                for names in (_LONGITUDES, _LATITUDES))  # fmt: skip
    if cell is not None:
        here |= _squares_near(part[cell], area)
    elif lon is not None and lat is not None:
        x, y = _numbers(part[lon]), _numbers(part[lat])
        here |= shapely.contains_xy(area.around_degrees, x, y)
    return here


def _squares_near(ids: pd.Series, area: Area) -> pd.Series:
    """Return which 200 m squares have their middle within the margin, from their ids."""
    parts = clean_codes(ids).str.extract(CELL_ID)
    near = pd.Series(False, index=ids.index)
    for system in parts[0].dropna().unique():
        of_it = parts[0].eq(system).fillna(value=False).astype(bool)
        north, east = (pd.to_numeric(parts.loc[of_it, c]).astype("float64") for c in (2, 3))
        half = SIDE_M / 2
        near[of_it] = shapely.contains_xy(area.in_crs(int(system)), east + half, north + half)
    return near


def _numbers(values: pd.Series) -> pd.Series:
    text = values.astype("string").str.replace(",", ".", regex=False)
    return pd.to_numeric(text, errors="coerce").astype("Float64").astype("float64")


def _without_people(table: pd.DataFrame) -> pd.DataFrame:
    return table[[c for c in table.columns if not is_guarded(str(c))]]


def _text(value: object) -> str:
    """Return a Parquet value as a CSV cell: lists as JSON, nothing for what is missing."""
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124 - NaN
        return ""
    plain = _plain(value)
    return json.dumps(plain, ensure_ascii=False) if isinstance(plain, list) else str(value)


def _plain(value: object) -> object:
    """Return an array as a list, and anything else JSON does not know as text."""
    if hasattr(value, "tolist"):
        return value.tolist()
    return str(value)


def _unreadable(source: Source) -> UnreadableFile:
    return UnreadableFile(
        f"{source.label} : le fichier reçu est abîmé, ses lignes ne peuvent pas être lues."
    )
