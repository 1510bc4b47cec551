"""Small valid files of what lies beside the streets: relief, areas to avoid, timetables."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from rasterio.io import MemoryFile
from rasterio.transform import Affine
from shapely.geometry import box

from territory.io.heights import read_heights
from territory.io.hindrances import read_avoided
from territory.io.timetable import read_timetable
from territory.io.transit import read_stops

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Seed = tuple[str, bytes, Callable[[Path], object]]

LEFT, BOTTOM, SIDE, CELL_M = 660_000, 6_866_000, 6, 50
_TABLES = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nA,R,http://x,Europe/Paris\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nS1,Gare,48.9,2.48\nS2,Pont,48.91,2.49\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_type\nL1,A,1,3\n",
    "trips.txt": "route_id,service_id,trip_id,trip_headsign\nL1,W,T1,Pont\nL1,W,T2,Pont\n",
    "stop_times.txt": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "T1,08:00:00,08:00:00,S1,1\nT1,08:09:00,08:09:00,S2,2\n"
        "T2,25:10:00,25:10:00,S1,1\nT2,25:19:00,25:19:00,S2,2\n"
    ),
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "W,1,1,1,1,1,0,0,20240101,20240301\n"
    ),
    "calendar_dates.txt": "service_id,date,exception_type\nW,20240214,2\n",
    "frequencies.txt": "trip_id,start_time,end_time,headway_secs\nT1,07:00:00,09:00:00,600\n",
    "transfers.txt": "from_stop_id,to_stop_id,transfer_type,min_transfer_time\nS1,S2,2,120\n",
}


def ground_seeds() -> dict[str, Seed]:
    """Return name -> (file name, valid content, reader)."""
    return {
        "relief (ASCII)": ("r.asc", _ascii_grid(), _heights),
        "relief (GeoTIFF)": ("r.tif", _geotiff(), _heights),
        "secteurs à éviter (GeoJSON)": ("e.geojson", _drawing(), read_avoided),
        "horaires (GTFS)": ("h.zip", _timetable(), _services),
    }


def _rows() -> np.ndarray:
    return 50 + np.arange(SIDE * SIDE, dtype=np.float32).reshape(SIDE, SIDE)


def _ascii_grid() -> bytes:
    head = f"ncols {SIDE}\nnrows {SIDE}\nxllcorner {LEFT}\nyllcorner {BOTTOM}\ncellsize {CELL_M}\n"
    rows = "\n".join(" ".join(f"{z:.1f}" for z in row) for row in _rows())
    return f"{head}NODATA_value -9999\n{rows}\n".encode()


def _geotiff() -> bytes:
    place = Affine(CELL_M, 0, LEFT, 0, -CELL_M, BOTTOM + SIDE * CELL_M)
    form = {"driver": "GTiff", "width": SIDE, "height": SIDE, "count": 1, "dtype": "float32"}
    with MemoryFile() as memory:
        with memory.open(**form, crs="EPSG:2154", transform=place) as grid:
            grid.write(_rows(), 1)
        content: bytes = memory.read()
    return content


def _drawing() -> bytes:
    ring = [[[2.48, 48.9], [2.49, 48.9], [2.49, 48.91], [2.48, 48.9]]]
    area = {"type": "Feature", "properties": {"eviter": "oui"},
            "geometry": {"type": "Polygon", "coordinates": ring}}  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": [area]}).encode()


def _timetable() -> bytes:
    """Return a feed whose members are unpacked, so that damage reaches the tables."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as feed:
        for name, text in _TABLES.items():
            feed.writestr(name, text)
    return content.getvalue()


def _heights(path: Path) -> object:
    town = box(LEFT, BOTTOM, LEFT + SIDE * CELL_M, BOTTOM + SIDE * CELL_M)
    grid, reports = read_heights([path], inside=town, margin_m=50)
    return grid, reports[0]


def _services(path: Path) -> object:
    stops, _ = read_stops(path)
    return read_timetable(path, stops)
