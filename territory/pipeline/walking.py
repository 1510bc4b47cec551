"""Product 40: the walking network, with all that is walked to tied to it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from territory.io.hindrances import read_hindrances
from territory.io.intake import read_street_files
from territory.io.products import Computed, Product, step
from territory.model.jsonable import to_json
from territory.network.audit import audit, describe
from territory.network.near import near_walks
from territory.network.pace import Pace
from territory.network.walk import (
    WalkNetwork,
    build_walk,
    network_arrays,
    network_from_tables,
    network_tables,
    with_arrays,
)
from territory.pipeline.walk_inputs import walk_rests_on

if TYPE_CHECKING:
    from territory.model.walks import Walks
    from territory.pipeline.workspace import Territory
    from territory.settings import Walk

NAME = "40_walk"
FAR_MIN = 25.0  # beyond this walk a place or an outing weighs on no answer


def walk_step(territory: Territory, ground: Product, places: Product, activity: Product) -> Product:
    """
    40: the walking network with every cell, place and activity tied to it.

    Metres in the metric CRS of the settings; points are named "c:", "p:" or "a:" + id. Raises as
    `read_street_files`, `read_hindrances` and `build_walk`.
    """

    def compute() -> Computed:
        walk = territory.settings.walk
        communes = ground.tables["communes"]
        streets, reports = read_street_files(territory.raw, communes, territory.settings)
        slow, told = read_hindrances(
            territory.raw, communes.geometry.union_all(), epsg=territory.settings.ground.epsg
        )
        network = build_walk(
            streets.segments,
            streets.nodes,
            _points(ground, places, activity),
            pace=usual_pace(walk),
            heights=slow.heights,
            avoid=slow.avoid,
            snap_max_m=walk.snap_max_m,
            join_gaps_m=walk.join_gaps_m,
        )
        values = {
            "reports": [to_json(r) for r in (*reports, *told)],
            "audit": describe(audit(network)),
        }
        tables = {"segments": streets.segments, "barriers": streets.barriers}
        tables |= network_tables(network)
        return tables, values, network_arrays(network)

    settings, hashes = walk_rests_on(territory, ground, places, activity)
    return step(territory.processed, NAME, compute, settings=settings, inputs=hashes)


def usual_pace(walk: Walk) -> Pace:
    """Return the pace of the settings."""
    return Pace(
        walk.speed_kmh, walk.steps_factor, walk.unlit_factor, walk.avoid_factor, slopes=walk.slopes
    )


def network_of(walk: Product) -> WalkNetwork:
    """Return the walking network held by product 40; raises as `network_from_tables`."""
    return with_arrays(network_from_tables(dict(walk.tables)), walk.arrays)


def walked(
    network: WalkNetwork,
    start: str,
    rows: pd.DataFrame,
    end: str,
    columns: pd.DataFrame,
    *,
    limit_min: float = FAR_MIN,
) -> Walks:
    """
    Return the walks of `limit_min` minutes at most from rows to columns.

    `start` and `end` are the letters that tell cells, places and activities apart in the network.
    """
    froms, tos = ([f"{k}:{i}" for i in t.index] for k, t in ((start, rows), (end, columns)))
    walks = near_walks(network, froms, tos, limit_min=limit_min)
    return replace(walks, origins=rows.index, destinations=columns.index)


def _points(ground: Product, places: Product, activity: Product) -> gpd.GeoDataFrame:
    """Stack what must be walked to: cells by their middle, places and activities where known."""
    cells = ground.tables["cells"]
    layers = {
        "c": cells.geometry.representative_point(),
        "p": places.tables["places"].geometry.dropna(),
        "a": activity.tables["activities"].geometry.dropna(),
    }
    parts = [g.set_axis([f"{k}:{i}" for i in g.index]) for k, g in layers.items()]
    points = pd.concat([p for p in parts if len(p)])
    return gpd.GeoDataFrame(geometry=gpd.GeoSeries(points, crs=cells.crs).rename_axis("point_id"))
