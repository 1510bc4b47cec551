"""Product 80: tours of the streets of each underserved zone, for mornings and for afternoons."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy
import shapely

from territory.analysis.routing.stretches import StretchRules, street_stretches
from territory.io.products import step
from territory.model.jsonable import to_json
from territory.model.tables import conform
from territory.model.tours import TOURS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from territory.analysis.routing.stretches import Stretch
    from territory.io.products import Computed, Product
    from territory.pipeline.workspace import Built, Territory


def with_rounds(built: Built) -> Built:
    """Return the products with number 80 beside them; raises as `step`."""
    rounds = _rounds_step(built)
    return replace(built, products={**built.products, rounds.name: rounds})


def _rounds_step(built: Built) -> Product:
    """80: table tours (TOURS) of the zones of step 60; facts without: zones without a street."""
    territory, gaps = built.territory, built.gaps
    cells = {g.zone_id: g.cells for g in gaps}

    def compute() -> Computed:
        tours, without = zone_tours(built, cells)
        return {"tours": tours}, {"without": list(without)}

    names = ("10_zones", "40_walk", "45_passage", "50_need", "60_gaps")
    inputs = {n: built.products[n].digest for n in names}
    settings = to_json(_rules(territory))
    return step(territory.processed, "80_rounds", compute, settings=settings, inputs=inputs)


def zone_tours(
    built: Built, cells: Mapping[str, Sequence[str]]
) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
    """Return the tours (TOURS, metric CRS) of zones given by their cells, and zones without any."""
    found = street_stretches(
        cells,
        built.table("cells"),
        built.table("need"),
        built.table("segments"),
        built.table("passage"),
        _rules(built.territory),
    )
    epsg = built.territory.settings.ground.epsg
    starts = np.array([tour.coords[0] for tour in found.tours], float).reshape(-1, 2)
    xy = built.table("graph_nodes")[["x", "y"]].to_numpy(float)
    _, nodes = scipy.spatial.cKDTree(xy).query(starts)
    rows = [_row(tour, int(node)) for tour, node in zip(found.tours, nodes, strict=True)]
    ids = [f"{t.zone_id}-{t.half_day}-{t.minutes}" for t in found.tours]
    columns = dict.fromkeys((*TOURS.names(), "geometry"))
    frame = pd.DataFrame(rows, index=ids, columns=list(columns))
    return conform(frame, TOURS, epsg=epsg), found.without


def _rules(territory: Territory) -> StretchRules:
    speed = territory.settings.walk.speed_kmh
    return StretchRules(walk_kmh=speed, seed=territory.settings.ground.seed)


def _row(tour: Stretch, node: int) -> dict[str, object]:
    return {
        "zone_id": tour.zone_id,
        "half_day": tour.half_day,
        "minutes": float(tour.minutes),
        "node": node,
        "seconds": tour.seconds,
        "value": tour.value,
        "bound": tour.bound,
        "streets": "|".join(tour.streets),
        "length_m": tour.length_m,
        "geometry": shapely.linestrings(tour.coords),
    }
