"""Small GTFS feeds told in a few words: runs of lines along named stops."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import numpy as np

from territory.io.timetable import read_timetable
from territory.io.transit import read_stops

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import geopandas as gpd

    from territory.model.issues import ReadReport
    from territory.model.timetable import Timetable

LETTERS = "ABCDEFGH"
# Four whole weeks of 2026 without a holiday, Monday 1 to Sunday 28 June.
WORKDAYS = ("S,1,1,1,1,1,0,0,20260601,20260628",)
EVERY_DAY = ("S,1,1,1,1,1,1,1,20260601,20260628",)
CALENDAR = "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date"
Run = tuple[str, str, str, list[tuple[str, str]]]  # trip, line, service, (stop, time)


def run(trip: str, line: str, *times: str, service: str = "S") -> Run:
    """A run « A8:00 », « B8:10 », « C- » (no time) of a line."""
    return trip, line, service, [(t[0], t[1:] if t[1:] != "-" else "") for t in times]


def every(minutes: int, line: str, stops: str, *, hop: int = 5, first: int = 0) -> list[Run]:
    """Runs of `line` along `stops`, `hop` minutes each, from 6:00 plus `first` minutes to 23:59."""
    starts = range(6 * 60 + first, 24 * 60, minutes)
    return [
        run(f"{line}{start}", line, *(f"{s}{clock(start + hop * k)}" for k, s in enumerate(stops)))
        for start in starts
    ]


def clock(minutes: float) -> str:
    """Return minutes as HH:MM:SS, past 24 hours when need be."""
    return f"{int(minutes // 60):02d}:{int(minutes % 60):02d}:00"


def write_feed(
    path: Path,
    runs: Iterable[Run],
    *,
    calendar: Sequence[str] | None = WORKDAYS,
    dates: Sequence[str] | None = None,
    shuffle: int | None = None,
    **files: str,
) -> Path:
    """Write a feed; stops A..H stand on one parallel, 0.01 degree apart."""
    runs = list(runs)
    lines = sorted({line for _, line, _, _ in runs})
    rows = [
        f"{trip},{stop},{time},{time},{k}"
        for trip, _, _, times in runs
        for k, (stop, time) in enumerate(times)
    ]
    texts = {
        "stops": ["stop_id,stop_name,stop_lat,stop_lon", *map(_stop, LETTERS)],
        "routes": ["route_id,route_short_name,route_type", *(f"r{n},{n},0" for n in lines)],
        "trips": ["route_id,trip_id,service_id", *(f"r{n},{t},{s}" for t, n, s, _ in runs)],
        "stop_times": ["trip_id,stop_id,arrival_time,departure_time,stop_sequence", *rows],
    }
    texts |= {} if calendar is None else {"calendar": [CALENDAR, *calendar]}
    if dates is not None:
        texts["calendar_dates"] = ["service_id,date,exception_type", *dates]
    if shuffle is not None:
        for rows_of in texts.values():
            order = np.random.default_rng(shuffle).permutation(len(rows_of) - 1) + 1
            rows_of[1:] = [rows_of[k] for k in order]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in ({k: "\n".join(v) + "\n" for k, v in texts.items()} | files).items():
            archive.writestr(f"{name}.txt", content)
    return path


def read_feed(path: Path, epsg: int = 2154) -> tuple[Timetable, ReadReport, gpd.GeoDataFrame]:
    """Read a feed as the steps do: stops, then what stops there."""
    stops, _ = read_stops(path, epsg=epsg)
    return *read_timetable(path, stops), stops


def _stop(letter: str) -> str:
    return f"{letter},Arrêt {letter},48.9,{2.4 + LETTERS.index(letter) / 100:.2f}"
