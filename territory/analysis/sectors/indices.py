"""Indices of sectors, whoever made them: balance, compactness in minutes, pieces, borders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

from territory.analysis.sectors.problem import (
    linked,
    numbers,
    pieces_of,
    positions,
    positive,
)
from territory.errors import WrongUsage
from territory.model.sector_results import SectorIndices

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import ArrayLike, NDArray

    Reals = NDArray[np.float64]
    Longs = NDArray[np.int64]


def sector_indices(  # noqa: PLR0913 - the ground, then what may be known
    load: ArrayLike,
    x: ArrayLike,
    y: ArrayLike,
    adjacency: Any,  # noqa: ANN401 - sparse, dense or pairs
    sector: ArrayLike,
    *,
    k: int | None = None,
    minutes: ArrayLike | None = None,
    borders_m: Any | None = None,  # noqa: ANN401 - sparse or dense
    bounds: Sequence[Hashable] | None = None,
) -> SectorIndices:
    """
    Return the indices of `sector` [units], 0 to `k` - 1, -1 = in none (left out of all figures).

    `load`, `x`, `y` (metres), `adjacency` as in `balanced_sectors`; `minutes` [units, units] walks,
    inf = out of reach; `borders_m` [units, units] metres of shared border, symmetric; `bounds`
    [units] labels, None = none. Raises WrongUsage for shapes that differ or numbers that are not.
    """
    loads = positive(load, "load")
    n = len(loads)
    points = np.column_stack([numbers(x, "x", n), numbers(y, "y", n)])
    mine = positions(numbers(sector, "sector", n), n if k is None else k, "sector", least=-1)
    count = int(mine.max(initial=-1)) + 1 if k is None else k
    links = linked(adjacency, n)
    ways = _ways(points, minutes)
    sums = np.bincount(mine[mine >= 0], loads[mine >= 0], minlength=count).astype(float)
    to_centre, mean = _to_centres(loads, ways, mine, count)
    split, splits = _splits(bounds, mine)
    return SectorIndices(
        sums, *_balance(sums), to_centre, mean, minutes is not None, _pieces(links, mine, count),
        int(_across(links, mine).sum()) // 2, _border(borders_m, mine), split, splits,
    )  # fmt: skip


def _ways(points: Reals, minutes: ArrayLike | None) -> Reals:
    n = len(points)
    if minutes is None:
        return np.asarray(np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)))
    ways = np.asarray(minutes, float)
    if ways.shape != (n, n) or np.isnan(ways).any() or (ways < 0).any():
        raise WrongUsage("« minutes » : un tableau carré de durées, une ligne par unité.")
    return ways


def _balance(sums: Reals) -> tuple[float, float, float]:
    """Return deviation, spread and Gini index of loads [sectors]; all 0 when there is no load."""
    mean = float(sums.mean()) if len(sums) else 0.0
    if mean <= 0:
        return 0.0, 0.0, 0.0
    gaps = np.abs(sums[:, None] - sums[None]).mean()
    away = float(np.abs(sums / mean - 1).max())
    return away, float((sums.max() - sums.min()) / mean), float(gaps / (2 * mean))


def _to_centres(loads: Reals, ways: Reals, mine: Longs, count: int) -> tuple[Reals, float]:
    """Return the mean way to the centre unit by sector [sectors] and over all, by load."""
    found, total, mass = np.full(count, np.nan), 0.0, 0.0
    for s in range(count):
        inside = np.flatnonzero(mine == s)
        if len(inside) == 0:
            continue
        weight = loads[inside] if loads[inside].any() else np.ones(len(inside))
        kept = inside[weight > 0]  # an empty unit out of reach is nobody's walk
        sums = ways[np.ix_(inside, kept)] @ weight[weight > 0]
        found[s] = sums.min() / weight.sum()
        total, mass = total + found[s] * loads[inside].sum(), mass + loads[inside].sum()
    return found, float(total / mass) if mass > 0 else float("nan")


def _pieces(links: sp.csr_matrix, mine: Longs, count: int) -> Longs:
    piece = pieces_of(links, mine)
    return np.array([len(np.unique(piece[mine == s])) for s in range(count)], np.int64)


def _across(links: sp.csr_matrix, mine: Longs) -> NDArray[np.bool_]:
    """Mark the neighbours [links, both ways] that are in two sectors."""
    edges = links.tocoo()
    a, b = mine[edges.row], mine[edges.col]
    return np.asarray((a != b) & (a >= 0) & (b >= 0))


def _border(borders_m: Any | None, mine: Longs) -> float | None:  # noqa: ANN401
    if borders_m is None:
        return None
    lengths = sp.coo_array(sp.csr_array(borders_m, dtype=float))
    if lengths.shape != (len(mine), len(mine)):
        raise WrongUsage("« borders_m » : une ligne et une colonne par unité sont attendues.")
    return float(lengths.data[_across(lengths, mine)].sum()) / 2.0


def _splits(bounds: Sequence[Hashable] | None, mine: Longs) -> tuple[tuple[Hashable, ...], int]:
    if bounds is None:
        return (), 0
    if len(bounds) != len(mine):
        raise WrongUsage("« bounds » : une limite par unité est attendue.")
    table = pd.DataFrame({"bound": pd.Series(list(bounds), dtype=object), "sector": mine})
    several = table[table["sector"] >= 0].groupby("bound", sort=True)["sector"].nunique()
    several = several[several > 1]
    return tuple(several.index), int((several - 1).sum())
