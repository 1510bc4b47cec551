"""Residents whom the walking times leave out, and why: no street, a piece apart, or too far."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np

from territory.network.audit.people import by_people, middles, nearest_street
from territory.network.audit.words import street_near
from territory.network.times import nearest_times

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.network.audit.ground import Ground
    from territory.network.walk import WalkNetwork

UNTIED, CUT_OFF, FAR = "untied", "cut_off", "far"


def unreached_cells(
    network: WalkNetwork,
    ground: Ground,
    cells: gpd.GeoDataFrame | None,
    places: gpd.GeoDataFrame | None,
    far_min: float,
) -> gpd.GeoDataFrame:
    """
    Return the inhabited cells that walking times leave out, with the first reason that holds.

    untied: no street near enough; cut_off: the nearest street is in a piece apart, and times are
    counted from the main piece, `off_m` metres away; far: more than `far_min` minutes from every
    place. Columns: cell_id, reason, minutes to the nearest place (NA: no place tied), off_m,
    residents, near (nearest named street), geometry of the cell (metric CRS of the network).
    `cells` and `places` are indexed by point_id.
    """
    if cells is None:
        return _empty(network)
    known = cells.sort_index()
    points = network.points.reindex(known.index)
    node = points["node"].fillna(-1).to_numpy(np.int64)
    minutes = _minutes(network, node, places)
    reasons = (
        ("", ~(known["residents"].fillna(1).to_numpy(float) > 0)),
        (UNTIED, node < 0),
        (CUT_OFF, _apart(ground, known)),
        (FAR, minutes > far_min),
    )
    reason = np.select([mask for _, mask in reasons], [name for name, _ in reasons], default="")
    table = gpd.GeoDataFrame(
        {
            "cell_id": known.index.astype("str"),
            "reason": reason,
            "minutes": np.where(np.isfinite(minutes), minutes, np.nan),
            "off_m": points["off_m"].to_numpy(float),
            "residents": known["residents"].to_numpy(float, na_value=np.nan),
            "near": street_near(network.edges, known.geometry.to_numpy()),
        },
        geometry=known.geometry.to_numpy(),
        crs=network.edges.crs,
    )
    return by_people(table[reason != ""], "off_m")


def _minutes(
    network: WalkNetwork, node: NDArray[np.int64], places: gpd.GeoDataFrame | None
) -> NDArray[np.float64]:
    """Return minutes to the nearest place, NaN (never too far) when there is none."""
    ids = [] if places is None else list(places.index)
    targets = network.points["node"].reindex(ids).fillna(-1).to_numpy(np.int32)
    minutes = np.full(len(node), np.nan)
    if (targets >= 0).any():
        seconds, _ = nearest_times(network.graph, targets[targets >= 0])
        minutes[node >= 0] = seconds[node[node >= 0]] / 60
    return minutes


def _apart(ground: Ground, cells: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    street = nearest_street(ground.lines, middles(cells))
    of_street = ground.piece_of_streets(ground.piece)
    apart: NDArray[np.bool_] = (street >= 0) & (of_street[street] > 0)
    return apart


def _empty(network: WalkNetwork) -> gpd.GeoDataFrame:
    columns = ("cell_id", "reason", "minutes", "off_m", "residents", "near")
    data = {name: np.zeros(0) for name in columns}
    return gpd.GeoDataFrame(data, geometry=[], crs=network.edges.crs)
