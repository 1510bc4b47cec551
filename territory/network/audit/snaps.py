"""How far points are from the street they are tied to, and who lives where that is far."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from territory.network.audit.people import by_people, middles
from territory.network.audit.words import street_near

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from territory.network.walk import WalkNetwork

FAR_M = 100.0  # a point farther than this from its street is listed
SHARES = (0.5, 0.9, 0.99, 1.0)


def snap_quantiles(network: WalkNetwork, cells: gpd.GeoDataFrame | None) -> pd.DataFrame:
    """
    Return metres from points to streets at 50, 90, 99 and 100 %, columns points and residents.

    Index: the shares. `points` counts every point of the network once, tied or not; `residents`
    weighs cells (index point_id, any CRS) by who lives there. NA when nobody is known.
    """
    off = network.points["off_m"].to_numpy(float)
    people = np.full(len(SHARES), np.nan)
    if cells is not None:
        there = cells["residents"].reindex(network.points.index).to_numpy(float, na_value=np.nan)
        people = _quantiles(off, np.nan_to_num(there), SHARES)
    table = {"points": _quantiles(off, np.ones(len(off)), SHARES), "residents": people}
    return pd.DataFrame(table, index=pd.Index(SHARES, name="share"))


def far_points(
    network: WalkNetwork, cells: gpd.GeoDataFrame | None, places: gpd.GeoDataFrame | None
) -> gpd.GeoDataFrame:
    """
    Return the cells and places farther than 100 m from their street, or tied to none.

    Columns: point_id, name (NA for cells), kind (cell, place), off_m (NA without any street), tied,
    residents (NA for places), near (nearest named street), geometry (a point; one metric CRS). Most
    residents first, then the farthest. `cells` and `places` are indexed by point_id.
    """
    parts = [_part(network, "cell", cells), _part(network, "place", places)]
    table = pd.concat(parts, ignore_index=True)
    kept = table[~table["tied"] | (table["off_m"] > FAR_M)].reset_index(drop=True)
    kept["near"] = street_near(network.edges, kept.geometry.to_numpy())
    return by_people(gpd.GeoDataFrame(kept, crs=network.edges.crs), "off_m")


def _part(network: WalkNetwork, kind: str, table: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame:
    known = table[table.geometry.notna()].sort_index() if table is not None else None
    ids = known.index if known is not None else pd.Index([], dtype="str")
    points = network.points.reindex(ids)
    return gpd.GeoDataFrame(
        {
            "point_id": pd.array(ids, dtype="string"),
            "kind": kind,
            "name": _column(known, "name", "string"),
            "off_m": points["off_m"].to_numpy(float),
            "tied": (points["node"].fillna(-1) >= 0).to_numpy(bool),
            "residents": _column(known, "residents", "float64"),
        },
        geometry=[] if known is None else middles(known),
        crs=network.edges.crs,
    )


def _column(table: gpd.GeoDataFrame | None, name: str, dtype: str) -> pd.Series:
    if table is None or name not in table:
        count = 0 if table is None else len(table)
        return pd.array([None] * count, dtype=dtype)
    return table[name].astype(dtype).array


def _quantiles(
    values: NDArray[np.float64], weights: NDArray[np.float64], shares: Sequence[float]
) -> NDArray[np.float64]:
    """Return the smallest value that each share of the weight does not exceed, NaN without any."""
    known = np.isfinite(values) & (weights > 0)
    values, weights = values[known], weights[known]
    if not len(values):
        return np.full(len(shares), np.nan)
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weights[order])
    found = np.searchsorted(total, np.asarray(shares) * total[-1] * (1 - 1e-12))
    quantiles: NDArray[np.float64] = values[order][found]
    return quantiles
