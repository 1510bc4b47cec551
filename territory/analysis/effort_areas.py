"""The areas a team speaks of, as shares of cells: quarters, communes, IRIS, or cells one picks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import scipy
import shapely

from territory.analysis.quarters import in_force
from territory.analysis.shared_area import shared_area
from territory.model.marked import marked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

AREA_KINDS = {
    "qpv": marked("QPV"),
    "qva": marked("QVA"),
    "commune": marked("commune"),
    "iris": marked("IRIS"),
    "secteur": marked("secteur"),
    "zone": marked("zone"),
}
COLUMNS = ["kind", "code", "name", "geometry"]
BLOCK_RESIDENTS = 100  # a block where fewer live is not worth an outing of its own
TOUCH_M = 1.0
LEAST_SHARE = 0.1  # of a cell: less of it in an area does not make the cell one of the area's


def named_areas(
    zones: gpd.GeoDataFrame, communes: gpd.GeoDataFrame, iris: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """
    Return quarters in force, communes and IRIS in one table (ZONES, COMMUNES, IRIS, metric CRS).

    Columns on area_id (kind:code): kind (of AREA_KINDS), code, name (its code when it has none),
    geometry.
    """
    quarters = in_force(zones)
    layers = [quarters, communes.assign(kind="commune"), iris.assign(kind="iris")]
    rows = [
        pd.DataFrame(
            {
                "kind": layer["kind"].astype("string").array,
                "code": layer.index.astype("str"),
                "name": layer["name"].astype("string").fillna(layer.index.to_series()).array,
                "geometry": layer.geometry.to_numpy(),
            },
            index=[f"{k}:{i}" for k, i in zip(layer["kind"], layer.index, strict=True)],
        )
        for layer in layers
        if len(layer)
    ]
    table = pd.concat(rows) if rows else pd.DataFrame(columns=COLUMNS)
    found = gpd.GeoDataFrame(table, geometry="geometry", crs=communes.crs)
    return found.rename_axis("area_id").sort_index()


def area_of_cells(
    code: str, name: str, members: Iterable[str], cells: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Return the area made of some of `cells` (CELLS, metric CRS), as `named_areas` does."""
    shape = cells.geometry.loc[sorted(set(members))].union_all()
    data = {"kind": ["zone"], "code": [code], "name": [name]}
    index = pd.Index([f"zone:{code}"], name="area_id")
    return gpd.GeoDataFrame(data, geometry=[shape], index=index, crs=cells.crs)


def blocks_of(
    members: Iterable[str], cells: gpd.GeoDataFrame, areas: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """
    Return the blocks of touching cells among `members`, as `named_areas` does (kind secteur).

    `cells` keeps CELLS and `areas` is that of `named_areas`, in one metric CRS: a block bears the
    name of the IRIS, else of the commune, that holds most of it. Blocks where fewer than
    BLOCK_RESIDENTS live are left out; each is known by the first of its cells.
    """
    own = cells.loc[sorted(set(members))]
    grown = shapely.buffer(own.geometry.to_numpy(), TOUCH_M, cap_style="square")
    one, other = shapely.STRtree(grown).query(grown, predicate="intersects")
    links = scipy.sparse.coo_array((np.ones(len(one)), (one, other)), shape=(len(own), len(own)))
    _, block = scipy.sparse.csgraph.connected_components(links, directed=False)
    names = _names_of(own, block, _label_areas(areas))
    parts = [own[block == number] for number in range(len(names))]
    kept = [n for n, p in enumerate(parts) if p["residents"].sum() >= BLOCK_RESIDENTS]
    shapes = [parts[n].geometry.union_all() for n in kept]
    codes = [str(parts[n].index[0]) for n in kept]
    labels = [names[n] for n in kept]
    data = {"kind": "secteur", "code": codes, "name": labels}
    index = pd.Index([f"secteur:{code}" for code in codes], name="area_id", dtype="object")
    return gpd.GeoDataFrame(data, geometry=shapes, index=index, crs=cells.crs)


def _label_areas(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    iris = areas[areas["kind"] == "iris"]
    return iris if len(iris) else areas[areas["kind"] == "commune"]


def _names_of(
    cells: gpd.GeoDataFrame, block: NDArray[np.int32], areas: gpd.GeoDataFrame
) -> list[str]:
    """Return the name of the area that holds most of each block of cells, the first when equal."""
    area, cell, inside = shared_area(areas.geometry.to_numpy(), cells.geometry.to_numpy())
    held = pd.DataFrame({"block": block[cell], "area": area, "inside": inside})
    sums = held[held["inside"] > 0].groupby(["block", "area"])["inside"].sum().reset_index()
    most = sums.loc[sums.groupby("block")["inside"].idxmax()].set_index("block")["area"]
    called = dict(zip(most.index, areas["name"].iloc[most], strict=True))
    return [str(called.get(n, "sans nom")) for n in range(int(block.max(initial=-1)) + 1)]


def cell_shares(areas: gpd.GeoDataFrame, cells: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Return area_id, cell_id and share (0-1 of the cell inside), from LEAST_SHARE of the cell on.

    `areas` as `named_areas` and `cells` (CELLS) are in one metric CRS; sorted by area, then cell.
    """
    shapes, grounds = cells.geometry.to_numpy(), areas.geometry.to_numpy()
    area, cell, inside = shared_area(grounds, shapes)
    share = np.clip(inside / np.maximum(shapely.area(shapes[cell]), 1e-9), 0.0, 1.0)
    data = {"area_id": areas.index[area], "cell_id": cells.index[cell], "share": share}
    table = pd.DataFrame(data).astype({"share": "float64"})
    kept = table[table["share"] >= LEAST_SHARE]
    return kept.sort_values(["area_id", "cell_id"], ignore_index=True)
