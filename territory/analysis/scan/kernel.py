"""Compiled loops of the scan: the score of every window, and the best one of every draw."""

from __future__ import annotations

import numpy as np

from territory.network.hierarchy.kernel import Ints, Lists, Marks, Reals, inner, kernel

HIGH, LOW, BOTH, DEFICIT = 0, 1, 2, 3  # the laws of a score


@inner
def _score(law: int, count: float, expected: float, whole: float, variance: float) -> float:
    """Score one window; 0 when it does not go the way that `law` asks."""
    if law == DEFICIT:
        return (expected - count) / np.sqrt(variance) if expected > count else 0.0
    if (law == HIGH and count <= expected) or (law == LOW and count >= expected):
        return 0.0
    inside = count * np.log(count / expected) if count > 0 and expected > 0 else 0.0
    rest, left = whole - count, whole - expected
    return inside + (rest * np.log(rest / left) if rest > 0 and left > 0 else 0.0)


@kernel
def window_scores(
    order: Lists,
    sizes: Ints,
    closes: Marks,
    counts: Reals,
    expected: Reals,
    law: int,
    of_cell: float,
) -> Reals:
    """
    Return the score [n, K] of every window, 0 where none ends.

    Laws HIGH, LOW, BOTH are the Poisson log-likelihood ratio (Kulldorff 1997) of counts against
    `expected` of the same sum; DEFICIT is (E - O) / sqrt(E + of_cell x sum e^2).
    """
    scores = np.zeros(order.shape)
    whole = counts.sum()
    for i in range(order.shape[0]):
        count, norm, squares = 0.0, 0.0, 0.0
        for j in range(sizes[i]):
            k = order[i, j]
            count += counts[k]
            norm += expected[k]
            squares += expected[k] * expected[k]
            if closes[i, j]:
                variance = norm + of_cell * squares
                scores[i, j] = _score(law, count, norm, whole, variance)
    return scores


@kernel
def highest_scores(
    order: Lists,
    sizes: Ints,
    closes: Marks,
    draws: Lists,
    expected: Reals,
    law: int,
    of_cell: float,
) -> Reals:
    """Return the best score [draws] of each row of `draws` [draws, n]; as `window_scores`."""
    highest = np.zeros(draws.shape[0])
    for r in range(draws.shape[0]):
        whole, best = float(draws[r].sum()), 0.0
        for i in range(order.shape[0]):
            count, norm, squares = 0.0, 0.0, 0.0
            for j in range(sizes[i]):
                k = order[i, j]
                count += draws[r, k]
                norm += expected[k]
                squares += expected[k] * expected[k]
                if closes[i, j]:
                    variance = norm + of_cell * squares
                    best = max(best, _score(law, count, norm, whole, variance))
        highest[r] = best
    return highest
