"""The whole audit of a walking network: every question asked, every answer a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.network.audit.dead_ends import cut_streets
from territory.network.audit.faced import faced_places, far_sides
from territory.network.audit.figures import Audit, audit
from territory.network.audit.gaps import small_gaps
from territory.network.audit.ground import ground_of
from territory.network.audit.pieces import cut_off_pieces
from territory.network.audit.snaps import far_points, snap_quantiles
from territory.network.audit.unreached import unreached_cells

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from territory.network.walk import WalkNetwork


@dataclass(frozen=True, slots=True, eq=False)
class NetworkAudit:
    """
    What the network is worth, one table a question, all in its metric CRS, most people first.

    `pieces`: cut_off_pieces; `faced`: faced_places; `cut_streets`; `far_points`; `snap`:
    snap_quantiles; `unreached`: unreached_cells, beyond `far_min` minutes; `gaps`: small_gaps.
    `residents` is everybody known (NaN: nobody is), `barriers_known` tells whether there were any.
    """

    figures: Audit
    pieces: gpd.GeoDataFrame
    faced: gpd.GeoDataFrame
    cut_streets: gpd.GeoDataFrame
    snap: pd.DataFrame
    far_points: gpd.GeoDataFrame
    unreached: gpd.GeoDataFrame
    gaps: gpd.GeoDataFrame
    residents: float
    far_min: float
    barriers_known: bool


def audit_network(
    network: WalkNetwork,
    *,
    cells: gpd.GeoDataFrame | None = None,
    places: gpd.GeoDataFrame | None = None,
    barriers: gpd.GeoDataFrame | None = None,
    far_min: float = 15.0,
) -> NetworkAudit:
    """
    Ask everything of `network`: pieces apart, sides and crossings, dead ends, snaps, gaps.

    `cells` (residents) and `places` (name; none that must stay secret) are indexed by the point_id
    they have in the network; `barriers` has kind (rail, water, motorway), name and lines; all in
    the metric CRS of the network. `far_min`: minutes beyond which every place is too far. Nothing
    is changed and nothing joined; the order of rows does not matter.
    """
    ground = ground_of(network)
    cells = None if cells is None else cells.sort_index()
    places = None if places is None else places.sort_index()
    return NetworkAudit(
        figures=audit(network),
        pieces=cut_off_pieces(ground, cells, places),
        faced=faced_places(ground, far_sides(ground), cells, barriers),
        cut_streets=cut_streets(ground, barriers, cells),
        snap=snap_quantiles(network, cells),
        far_points=far_points(network, cells, places),
        unreached=unreached_cells(network, ground, cells, places, far_min),
        gaps=small_gaps(network, ground, cells),
        residents=float("nan") if cells is None else float(cells["residents"].sum(min_count=1)),
        far_min=far_min,
        barriers_known=barriers is not None and len(barriers) > 0,
    )
