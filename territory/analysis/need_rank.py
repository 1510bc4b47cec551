"""Which cells come first whatever the weights: a composite used to rank, never as a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.need_draws import LEVEL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.random import Generator
    from numpy.typing import NDArray

TAIL = 0.05  # of cells at either end share one percentile: no extreme cell may carry a theme
TOP = 0.1
_BLOCK = 25  # weightings at a time: a dozen tables of all cells are held for each


def robust_ranks(
    themes: Mapping[str, Sequence[pd.Series]], draws: int, random: Generator
) -> pd.DataFrame:
    """
    Rank cells (1 = most need) by equal themes, and say how far the rank hangs on the weights.

    Each theme holds indicators on one index, the higher the more need; NaN is unknown and leaves
    its theme to the others. An indicator becomes a percentile rank winsorised at 5 and 95; a
    theme is the mean of its indicators. Columns: rank (equal weights), rank_low and rank_high (90 %
    of `draws` weightings drawn evenly, Dirichlet(1, ..., 1)), top_decile_share (share of weightings
    in which the cell is in the first tenth, 0-1). A cell without any indicator has NA. Source: the
    uncertainty of composite indicators (Saisana, Saltelli and Tarantola 2005).
    """
    scores = _theme_scores(themes)
    values = scores.to_numpy(float)
    ranked = np.isfinite(values).any(axis=1)
    weights = random.dirichlet(np.ones(values.shape[1]), size=draws)
    equal = np.full((1, values.shape[1]), 1 / values.shape[1])
    every = np.vstack([equal, weights])
    blocks = np.split(every, range(_BLOCK, len(every), _BLOCK))
    ranks = np.concatenate([_ranks(values[ranked], some) for some in blocks])
    tails = [(1 - LEVEL) / 2, 1 - (1 - LEVEL) / 2]
    middle, drawn = ranks[0], ranks[1:] if draws else ranks
    low, high = np.quantile(drawn, tails, axis=0, method="nearest")
    found = pd.DataFrame(index=scores.index)
    found.loc[ranked, "rank"] = middle
    found.loc[ranked, "rank_low"] = np.minimum(low, middle)
    found.loc[ranked, "rank_high"] = np.maximum(high, middle)
    found.loc[ranked, "top_decile_share"] = (drawn <= np.ceil(TOP * ranked.sum())).mean(axis=0)
    whole = dict.fromkeys(("rank", "rank_low", "rank_high"), "Int64")
    columns = [*whole, "top_decile_share"]
    return found.reindex(columns=columns).astype({**whole, "top_decile_share": "float64"})


def _theme_scores(themes: Mapping[str, Sequence[pd.Series]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            name: pd.concat([_winsorised(s) for s in indicators], axis=1).mean(axis=1)
            for name, indicators in themes.items()
        }
    )


def _winsorised(values: pd.Series) -> pd.Series:
    """Return percentile ranks between 0 and 1, ties in the middle, both tails cut."""
    known = values.astype(float)
    return ((known.rank() - 0.5) / known.notna().sum()).clip(TAIL, 1 - TAIL)


def _ranks(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.int32]:
    """
    Return ranks [weightings, n], 1 first; equal scores share the best of their places.

    A theme that is not known leaves its weight to the others.
    """
    known = np.isfinite(values)
    held = weights @ known.T.astype(float)
    summed = weights @ np.where(known, values, 0.0).T
    scores = np.round(np.divide(summed, held, out=np.zeros_like(held), where=held > 0), 12)
    order = np.argsort(-scores, axis=1)
    sorted_scores = np.take_along_axis(scores, order, axis=1)
    new = np.ones(scores.shape, bool)
    new[:, 1:] = sorted_scores[:, 1:] != sorted_scores[:, :-1]
    places = np.where(new, np.arange(1, scores.shape[1] + 1), 0).astype(np.int32)
    ranks = np.empty(scores.shape, np.int32)
    np.put_along_axis(ranks, order, np.maximum.accumulate(places, axis=1), axis=1)
    return ranks
