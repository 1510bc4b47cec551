"""Product 58: what the report asks of the streets, walked once at the build, then only read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.quarters import in_force
from territory.analysis.report.walk_figures import FAR_MIN
from territory.analysis.residence import QPV
from territory.analysis.walked_near import minutes_to_surface
from territory.io.products import Computed, Product, step
from territory.network.near import near_walks
from territory.network.walk import WalkNetwork, network_from_tables
from territory.pipeline.reach_read import NAME, NOWHERE
from territory.pipeline.walk_inputs import walk_rests_on

if TYPE_CHECKING:
    import geopandas as gpd

    from territory.pipeline.workspace import Territory


def reach_step(
    territory: Territory, ground: Product, places: Product, activity: Product, walk: Product
) -> Product:
    """
    58: walks of at most 15 minutes, on the tables `reached`, `stops` and `to_quarters`.

    `stops` is the node [point: "c:", "p:" or "a:" + id] of cells, places and activities, -1 on no
    street; `reached` the minutes from a cell to the node of a place or activity, those within 15
    alone; `to_quarters` the minutes [place_id] to the nearest QPV in force. Raises BrokenTable as
    `network_from_tables`.
    """

    def compute() -> Computed:
        network = network_from_tables(dict(walk.tables))
        zones = in_force(ground.tables["zones"])
        nodes = network.points["node"].fillna(NOWHERE).astype("int64")
        tables = {
            "reached": _reached(network, nodes),
            "stops": nodes.rename("node").rename_axis("point").sort_index().to_frame(),
            "to_quarters": _to_quarters(network, places, zones[zones["kind"] == QPV]),
        }
        return tables, {}

    settings, hashes = walk_rests_on(territory, ground, places, activity)
    return step(territory.processed, NAME, compute, settings=settings, inputs=hashes)


def _reached(network: WalkNetwork, nodes: pd.Series) -> pd.DataFrame:
    """Return on pair: cell_id, node, minutes; one walk for all that stands at the same node."""
    known = nodes[nodes != NOWHERE]
    cells = known.index[known.index.str.startswith("c:")]
    ends = known[~known.index.str.startswith("c:")].drop_duplicates()
    walks = near_walks(network, cells, ends.index, limit_min=FAR_MIN)
    table = pd.DataFrame(
        {
            "cell_id": cells.str.removeprefix("c:").to_numpy()[walks.row],
            "node": ends.to_numpy()[walks.column],
            "minutes": walks.minutes.astype(float),
        }
    )
    return table.sort_values(["cell_id", "node"], ignore_index=True).rename_axis("pair")


def _to_quarters(network: WalkNetwork, places: Product, quarters: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return on place_id the minutes to the nearest quarter; NaN on no street or without any."""
    table = places.tables["places"]
    minutes = np.full(len(table), np.nan)
    if len(quarters):
        keys = [f"p:{key}" for key in table.index]
        minutes = minutes_to_surface(network, keys, quarters.geometry.union_all())
    return pd.DataFrame({"minutes": minutes}, index=table.index)
