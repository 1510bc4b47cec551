"""Contacts against what was expected, borrowed from neighbours on foot, outing by outing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.gamma_poisson import GammaPoisson, fit_gamma_poisson
from territory.analysis.shrinkage import LEAST_VARIANCE
from territory.model.walks import Walks, walks_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike
    from scipy.sparse import csr_array


def clumping(counts: ArrayLike) -> float:
    """
    Return how many times more a sum of `counts` [outings] varies than if people came one by one.

    People are met by outings: with outings at random and n people each, the variance of the sum is
    its mean x sum n^2 / sum n (compound Poisson). 1 when nobody was ever met with somebody else;
    NaN counts are left out.
    """
    people = np.asarray(counts, float)
    people = people[np.isfinite(people)]
    return max(float((people**2).sum() / people.sum()), 1.0) if people.any() else 1.0


def walk_kernel(minutes: pd.DataFrame | Walks, kernel_min: float, reach_min: float) -> csr_array:
    """
    Return exp(-(t / kernel_min)^2 / 2) of minutes on foot, nothing beyond `reach_min`.

    Rows and columns as in `minutes` [origins x destinations].
    """
    near = walks_of(minutes).within(reach_min)
    return near.weights(lambda walk: np.exp(-((walk / kernel_min) ** 2) / 2))


def pooled(counts: pd.Series, expected: pd.Series, kernel: csr_array | None) -> pd.DataFrame:
    """
    Return contacts and what was expected around each cell, in whole people's worth.

    `counts` and `expected` on cell_id; `kernel` [cells, cells] in their order, each weighing 1 on
    itself whatever it says; None = each cell alone. Both sums are scaled by sum K E / sum K^2 E, so
    that a Poisson law of the scaled count has the variance of the weighted one (Kish's effective
    count). Columns contacts_pooled and expected_pooled.
    """
    if kernel is None:
        return pd.DataFrame({"contacts_pooled": counts, "expected_pooled": expected})
    from scipy.sparse import diags_array, eye_array  # noqa: PLC0415 - pages read ratios without it

    weights = kernel - diags_array(kernel.diagonal()) + eye_array(len(counts))
    norm = expected.fillna(0.0).to_numpy(float)
    around, squared = weights @ norm, weights.power(2) @ norm
    scale = np.divide(around, squared, out=np.ones(len(norm)), where=squared > 0)
    observed = weights @ counts.to_numpy(float)
    data = {"contacts_pooled": scale * observed, "expected_pooled": scale * around}
    return pd.DataFrame(data, index=counts.index)


def ratios(
    table: pd.DataFrame, *, clump: float, counted: pd.Series
) -> tuple[pd.DataFrame, GammaPoisson]:
    """
    Return the true ratio of each cell with its doubt, and the law it is drawn from.

    `table` is that of `pooled`. The unit of sampling is the outing: counts and expected are divided
    by `clump` (`clumping`), so that ten people of one outing weigh about as one draw. `counted`,
    0 to 1 on cell_id, is the share of the outings near by whose people were counted: what was not
    counted is held against nobody, and widens the interval (not counted at random). The law is
    fitted by maximum likelihood on windows that overlap: each has its right law, only the precision
    of the fit is not that of as many places. It varies by LEAST_VARIANCE at least. Columns: theta
    (posterior mean), ratio_low, ratio_high (95 %), p_below_half; NaN where nothing is expected.
    """
    observed = table["contacts_pooled"] / clump
    expected = table["expected_pooled"] / clump * counted
    law = fit_gamma_poisson(observed, expected)
    if not (law.places and law.mean > 0):
        law = GammaPoisson(1.0, np.inf, 0.0, 0)
    law = law.at_least_dispersed(LEAST_VARIANCE)
    theta, low, high = law.posterior(observed, expected)
    data = {"theta": theta, "ratio_low": low, "ratio_high": high}
    data["p_below_half"] = law.below(observed, expected)
    known = table["expected_pooled"].notna()
    return pd.DataFrame(data, index=table.index).where(known), law
