"""Products 35 and 45: counts of walkers; where people walk, by street and period of the week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.drawing_places import drawing_places
from territory.analysis.passage import LIMIT_MIN, passage_table, purpose_loads
from territory.analysis.passage_calibration import NEAR_M, calibrate
from territory.io.attractors import ATTRACTORS, read_attractors
from territory.io.products import Computed, Product, step
from territory.io.transit import read_stops
from territory.model.french_calendar import calendar_of
from territory.model.jsonable import to_json
from territory.model.tables import empty_table
from territory.model.walking import PURPOSES
from territory.network.walk import network_from_tables

if TYPE_CHECKING:
    import geopandas as gpd

    from territory.pipeline.workspace import Territory

_KINDS = ("streets", "transit")
_AROUND_M = 2000.0  # as far as streets are kept: people walk across the border too


def passage_step(
    territory: Territory, ground: Product, places: Product, counts: Product, walk: Product
) -> Product:
    """
    45: walkers per hour on each segment, by period of the week; relative until counts calibrate it.

    Tables passage (`passage_table`) and purpose_loads on segment_id; facts purposes: what each
    rests on, and calibration (`Calibration`). Raises UnreadableFile when a received file is
    damaged, WrongUsage when product 40 does not hold together.
    """

    def compute() -> Computed:
        network, segments = network_from_tables(dict(walk.tables)), walk.tables["segments"]
        mapped, stops = _received(territory, ground.tables["communes"])
        snap_max_m = territory.settings.walk.snap_max_m
        drawn = drawing_places(
            network, places.tables["places"], mapped, stops, snap_max_m=snap_max_m
        )
        loads, known = purpose_loads(network, segments, ground.tables["cells"], drawn)
        calendar = calendar_of(territory.settings.ground.communes)
        found = calibrate(loads, segments, counts.tables["walker_counts"], calendar)
        coefficients = found.coefficients
        passage = passage_table(loads, segments["length_m"], coefficients=coefficients)
        tables = {"passage": passage, "purpose_loads": loads}
        purposes = [to_json(k) for k in known]
        return tables, {"purposes": purposes, "calibration": to_json(found)}

    settings = {"purposes": to_json(PURPOSES), "limit_min": LIMIT_MIN, "near_m": NEAR_M}
    inputs = (ground, places, counts, walk)
    hashes = {p.name: p.digest for p in inputs} | territory.raw.hashes(_KINDS)
    return step(territory.processed, "45_passage", compute, settings=settings, inputs=hashes)


def _received(
    territory: Territory, communes: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame | None]:
    """Return what street files say beside streets, and the stops of timetables, near by."""
    epsg = territory.settings.ground.epsg
    inside = communes.geometry.union_all().buffer(_AROUND_M)
    read = [read_attractors(p, epsg=epsg, inside=inside) for p, _ in territory.raw.of("streets")]
    feeds = [read_stops(p, epsg=epsg, inside=inside)[0] for p, _ in territory.raw.of("transit")]
    return _together(read, epsg), (_together(feeds, epsg) if feeds else None)


def _together(tables: list[gpd.GeoDataFrame], epsg: int) -> gpd.GeoDataFrame:
    """Stack tables; what several files tell under one identifier counts once."""
    full = [t for t in tables if len(t)]
    if not full:
        return empty_table(ATTRACTORS, epsg=epsg)
    table = pd.concat(full)
    return table[~table.index.duplicated()].sort_index()
