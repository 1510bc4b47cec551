"""Which quarters count today, when several generations of perimeters were given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    import pandas as pd

    from territory.model.results import Gap

_SAME_SHARE = 0.5  # an undated quarter covered by that much of a dated one is the same quarter


def in_force(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Return the QPV of the latest generation present, undated ones that repeat none, every QVA.

    `zones` keeps tables.ZONES (metric CRS), and so does the result, in the same order. A quarter
    without a year that lies for half of its area in a dated one is the same quarter drawn twice and
    is left out, so that nobody counts it double.
    """
    qpv = zones["kind"] == "qpv"
    years = zones.loc[qpv, "generation"]
    dated = qpv & zones["generation"].notna()
    current = dated & (zones["generation"] == years.max()).fillna(value=False)
    undated = qpv & zones["generation"].isna()
    repeats = _covered(zones[undated], zones[current])
    kept = ~qpv | current | (undated & ~repeats.reindex(zones.index, fill_value=False))
    return zones[kept.astype(bool)]


def quarters_of(
    gaps: Iterable[Gap], cells: gpd.GeoDataFrame, zones: gpd.GeoDataFrame
) -> dict[str, frozenset[str]]:
    """
    Return the codes of the quarters that each zone of `gaps` belongs to, by zone_id.

    `cells` keeps CELLS and `zones` ZONES, in one metric CRS. A zone belongs to a quarter when more
    than half of the one lies in the other, whichever is smaller.
    """
    found = {}
    for gap in gaps:
        shape = cells.geometry.reindex(list(gap.cells)).dropna().union_all()
        smaller = np.minimum(zones.geometry.area, shape.area)
        inside = zones.geometry.intersection(shape).area > _SAME_SHARE * smaller
        found[gap.zone_id] = frozenset(map(str, zones.index[inside]))
    return found


def _covered(some: gpd.GeoDataFrame, others: gpd.GeoDataFrame) -> pd.Series:
    union = others.geometry.union_all()
    common = some.geometry.intersection(union).area
    return common > _SAME_SHARE * np.maximum(some.geometry.area, 1e-9)
