"""Where missed need gathers, by walking time: a second look beside the ranked zones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from sklearn.cluster import DBSCAN

if TYPE_CHECKING:
    from numpy.typing import NDArray

_GRAIN = 1000  # DBSCAN takes a whole number of samples: weights are counted in thousandths


def need_clusters(
    minutes: pd.DataFrame, missed: pd.Series, *, radius_min: float, min_missed: float
) -> pd.Series:
    """
    Group cells whose neighbourhood holds much missed need; for exploration, never for claims.

    `minutes` [cell_id x cell_id] are walking minutes (inf = out of reach), `missed` [cell_id] >= 0
    the expected minus the observed contacts. A cell is a core when the missed need within
    `radius_min` minutes reaches `min_missed` (> 0): DBSCAN (Ester et al. 1996) on street distance
    with weights. Returns cluster numbers from 0 on the index of `missed`, -1 outside any cluster;
    independent of the order of the rows. Raises KeyError when `minutes` lacks a cell of `missed`.
    """
    ordered = missed.fillna(0.0).clip(lower=0.0).sort_index()
    square = minutes.loc[ordered.index, ordered.index].to_numpy(float)
    labels = _labels(_finite(square, radius_min), ordered.to_numpy(), radius_min, min_missed)
    return pd.Series(labels, index=ordered.index, name="cluster").reindex(missed.index)


def _finite(square: NDArray[np.float64], radius_min: float) -> NDArray[np.float64]:
    """Replace « out of reach » by a distance beyond the radius, which DBSCAN can take."""
    return np.where(np.isfinite(square), square, 10 * radius_min)


def _labels(
    square: NDArray[np.float64], weight: NDArray[np.float64], radius: float, floor: float
) -> NDArray[np.int64]:
    search = DBSCAN(eps=radius, min_samples=_GRAIN, metric="precomputed")
    found: NDArray[np.int64] = search.fit(square, sample_weight=weight / floor * _GRAIN).labels_
    return found
