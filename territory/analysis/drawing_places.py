"""What draws walkers, put together: places of the team and of official lists, map, timetables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy
import shapely

from territory.model.walking import STOP
from territory.network.flow_streets import nearest_nodes

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from territory.network.walk import WalkNetwork

_SAME_M = 60.0  # a place of the map this near a listed one of its kind is the same
_HIDDEN = ("bidonville", "lieu_culte")  # whatever the file says of them


def drawing_places(
    network: WalkNetwork,
    places: gpd.GeoDataFrame,
    mapped: gpd.GeoDataFrame,
    stops: gpd.GeoDataFrame | None = None,
    *,
    snap_max_m: float = 250.0,
) -> pd.DataFrame:
    """
    Return kind, node and weight of all that draws walkers, as `purpose_loads` takes them.

    `places` keeps PLACES and is tied to the network as "p:" + id; `mapped` keeps ATTRACTORS,
    `stops` those of a timetable (kind, passages); all in the metric CRS of the network. Sensitive,
    itinerant and inactive places draw nobody here: no street may point at them. A mapped place
    within 60 m of a listed one of the same kind is dropped; stops of a timetable replace mapped
    ones, and weigh by their passages beside the median stop. Others are tied to the nearest street
    node within `snap_max_m` metres, -1 farther.
    """
    listed = places[_shown(places)].sort_index()
    nodes = network.points["node"].reindex([f"p:{i}" for i in listed.index]).fillna(-1)
    parts = [_rows(listed["kind"], nodes.to_numpy(), np.ones(len(listed)))]
    served = _served(stops)
    if len(served):
        mapped = mapped[mapped["kind"] != STOP]
        at = nearest_nodes(network, _xy(served), snap_max_m)
        passages = served["passages"].to_numpy(float)
        parts.append(_rows(pd.Series(STOP, served.index), at, passages / np.median(passages)))
    new = mapped[~_known(mapped, listed)].sort_index()
    parts.append(_rows(new["kind"], nearest_nodes(network, _xy(new), snap_max_m), new["weight"]))
    return pd.concat(parts, ignore_index=True)


def _shown(places: gpd.GeoDataFrame) -> pd.Series:
    hidden = places["sensitive"].fillna(value=False).astype(bool) | places["kind"].isin(_HIDDEN)
    moving = ~places["fixed_point"].fillna(value=True).astype(bool)
    ended = places["status"].eq("inactive").fillna(value=False).astype(bool)
    return ~hidden & ~moving & ~ended & places.geometry.notna()


def _served(stops: gpd.GeoDataFrame | None) -> pd.DataFrame:
    """Return the stops where something passes; a station alone has none: its stops have."""
    if stops is None or not len(stops):
        return pd.DataFrame()
    return stops[(stops["passages"].fillna(0) > 0).to_numpy(bool)].sort_index()


def _known(mapped: gpd.GeoDataFrame, listed: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    known = np.zeros(len(mapped), np.bool_)
    for kind in sorted(set(mapped["kind"]) & set(listed["kind"].dropna())):
        same = (mapped["kind"] == kind).to_numpy(bool)
        away, _ = scipy.spatial.KDTree(_xy(listed[listed["kind"] == kind])).query(_xy(mapped[same]))
        known[same] = away <= _SAME_M
    return known


def _xy(table: gpd.GeoDataFrame) -> NDArray[np.float64]:
    return shapely.get_coordinates(table.geometry.to_numpy())


def _rows(kind: pd.Series, node: NDArray[np.int32], weight: object) -> pd.DataFrame:
    data = {"kind": kind.astype("string").array, "node": node, "weight": np.asarray(weight, float)}
    return pd.DataFrame(data).astype({"node": "int32"})
