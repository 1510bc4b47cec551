"""Second opinions beside the scan: cold spots (G*) and clusters of missed need (HDBSCAN)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy

from territory.analysis.gates import lived_in
from territory.analysis.local_g import below_false_discovery, local_g
from territory.model.walks import Walks, walks_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from territory.model.results import Gap

NEAR_MIN = 8.0  # neighbours of a local sum, minutes on foot
_POINTS = 1500  # missed need is drawn as that many points at most
_SHARE = 0.04  # of the points, the smallest cluster
_FAR_MIN = 120.0  # stands for « out of reach »


def cell_opinions(table: pd.DataFrame, minutes_cells: pd.DataFrame | Walks) -> pd.DataFrame:
    """
    Return what two other methods say of each cell of `gap_table`; for drawing, never for claims.

    `minutes_cells` [cell_id x cell_id] are minutes on foot. Columns: gi (z-score of G* on the
    shrunken ratio `theta` over lived-in cells within 8 min; NA elsewhere), gi_cold (stands at 5 %
    of false discoveries, Benjamini and Hochberg 1995), cluster (HDBSCAN on missed need, Campello et
    al. 2013; -1 = none). On planted zones the first has almost no power and the second
    gathers much that nobody planted.
    """
    walks = walks_of(minutes_cells).among(table.index, table.index)
    kept = lived_in(table) & table["theta"].notna().to_numpy()
    scores = np.full(len(table), np.nan)
    near = walks.among(table.index[kept], table.index[kept]).within(NEAR_MIN)
    scores[kept] = local_g(table.loc[kept, "theta"].to_numpy(float), near.weights(np.ones_like))
    return pd.DataFrame(
        {
            "gi": scores,
            "gi_cold": below_false_discovery(scipy.stats.norm.cdf(scores)),
            "cluster": missed_clusters(table, walks),
        },
        index=table.index,
    )


def missed_clusters(table: pd.DataFrame, walks: Walks) -> NDArray[np.int64]:
    """
    Return the cluster of each cell [n] by density of missed need; -1 = none.

    Each cell stands for as many points as contacts are missing in it (HDBSCAN takes no weights), in
    proportion when there are too many; `walks` [n, n] are between the cells of `table`.
    """
    from sklearn.cluster import HDBSCAN  # noqa: PLC0415 - slow to load, asked for by few steps

    missed = (table["expected"] - table["contacts"]).astype(float).fillna(0.0).clip(lower=0.0)
    whole = float(missed.sum())
    found = np.full(len(table), -1, np.int64)
    if whole <= 0:
        return found
    times = np.floor(missed.to_numpy() * min(1.0, _POINTS / whole) + 0.5).astype(int)
    stand = np.flatnonzero(times)
    point = np.repeat(np.arange(len(stand)), times[stand])
    least = max(5, round(_SHARE * len(point)))
    if len(point) < 2 * least:
        return found
    names = table.index[stand]
    near = np.minimum(walks.among(names, names).table().to_numpy(float), _FAR_MIN)
    between = np.maximum(near, near.T)[np.ix_(point, point)]
    labels = HDBSCAN(min_cluster_size=least, metric="precomputed", copy=True).fit(between).labels_
    found[stand[point]] = labels
    return found


def with_opinions(gaps: Sequence[Gap], opinions: pd.DataFrame) -> tuple[Gap, ...]:
    """Return `gaps` with one French sentence a method, agreeing or not; rows as `cell_opinions`."""
    return tuple(
        gap if gap.doubt is None else replace(gap, doubt=replace(gap.doubt, opinions=said))
        for gap, said in ((g, _said(opinions.loc[list(g.cells)])) for g in gaps)
    )


def _said(rows: pd.DataFrame) -> tuple[str, str]:
    cold, grouped = int(rows["gi_cold"].sum()), int((rows["cluster"] >= 0).sum())
    many = f"{len(rows)} carreaux" if len(rows) > 1 else "son seul carreau"
    first = (
        f"Une deuxième méthode (Gi*) y voit aussi un point froid ({cold} sur {many})."
        if cold
        else "Une deuxième méthode (Gi*) n'y voit pas de point froid ; elle en voit rarement "
        "sur si peu de contacts."
    )
    second = (
        f"Une troisième (HDBSCAN) y voit du besoin manqué groupé ({grouped} sur {many})."
        if 2 * grouped >= len(rows)
        else "Une troisième (HDBSCAN) n'y voit pas de besoin manqué groupé."
    )
    return first, second
