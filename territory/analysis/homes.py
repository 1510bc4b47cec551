"""Where walks from home begin: the residents of each square, along the streets inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from territory.network.flow_streets import nearest_nodes, street_metres

if TYPE_CHECKING:
    import geopandas as gpd

    from territory.network.walk import WalkNetwork

_NEAR_M = 250.0  # a square without street inside goes to the nearest crossing
_DOORS = 4  # of a square, when people walk there


def homes(network: WalkNetwork, cells: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Spread the residents of `cells` (CELLS, metric CRS) over street nodes, by metres of street.

    Columns: node, cell_id, residents; sorted by cell, then node. A square without street inside
    goes to the nearest node within 250 m; farther, it is left out. Squares where residents are
    unknown or none have no row.
    """
    lived = cells[cells["residents"].fillna(0) > 0].sort_index()
    node, cell, weight = _inside(network, lived)
    alone = np.setdiff1d(np.arange(len(lived)), cell)
    spots = shapely.get_coordinates(lived.geometry.iloc[alone].representative_point().to_numpy())
    near = nearest_nodes(network, spots, _NEAR_M)
    tied = near >= 0
    node = np.concatenate([node, near[tied]])
    cell = np.concatenate([cell, alone[tied]])
    weight = np.concatenate([weight, np.ones(int(tied.sum()))])
    share = weight / np.bincount(cell, weight, minlength=len(lived))[cell]
    people = share * lived["residents"].to_numpy(float)[cell]
    names = lived.index.to_numpy()[cell]
    table = pd.DataFrame({"node": node.astype(np.int32), "cell_id": names, "residents": people})
    return table.sort_values(["cell_id", "node"], ignore_index=True)


def _inside(
    network: WalkNetwork, cells: gpd.GeoDataFrame
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return street nodes, the first square that holds each, and metres of street around."""
    metres = street_metres(network)
    nodes = np.flatnonzero(metres > 0)
    points = shapely.points(network.graph.x[nodes], network.graph.y[nodes])
    tree = shapely.STRtree(cells.geometry.to_numpy())
    point, cell = tree.query(points, predicate="intersects")
    order = np.lexsort((cell, point))
    kept, first = np.unique(point[order], return_index=True)
    return nodes[kept], cell[order][first], metres[nodes[kept]]


def doors(lived: pd.DataFrame) -> pd.DataFrame:
    """
    Return where people walk to when they visit: four nodes a square, a quarter of it each.

    `lived` is the table of `homes`; columns node and weight (residents). The nodes stand in the
    middle of each quarter of the residents, in the order of the table.
    """
    before = lived.groupby("cell_id")["residents"].cumsum() - lived["residents"]
    total = lived.groupby("cell_id")["residents"].transform("sum")
    start, end = before / total, (before + lived["residents"]) / total
    marks = [((start <= m) & (m < end)) for m in (np.arange(_DOORS) + 0.5) / _DOORS]
    rows = [
        pd.DataFrame({"node": lived["node"][held], "weight": total[held] / _DOORS})
        for held in marks
    ]
    added = pd.concat(rows).groupby("node", as_index=False)["weight"].sum()
    return added.sort_values("node", ignore_index=True)
