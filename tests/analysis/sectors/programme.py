"""A judge of what is handed over: pieces held together by flows, not by cuts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import LinearConstraint, milp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.analysis.sectors.judges import Pairs


def least_handover(  # noqa: C901 - one model
    load: np.ndarray,
    pairs: Pairs,
    present: Sequence[int],
    posts: Sequence[int],
    people: np.ndarray,
    tolerance: float,
) -> float:
    """Return the least handed over by sectors within the tolerance, each fed by one flow."""
    n, k, arcs = len(load), len(posts), [*pairs, *((b, a) for a, b in pairs)]
    inside = np.arange(n * k).reshape(n, k)
    root = inside + n * k
    flow = 2 * n * k + np.arange(len(arcs) * k).reshape(len(arcs), k)
    width, rows, low, high = 2 * n * k + len(arcs) * k, [], [], []

    def row(terms: dict[int, float], least: float, most: float) -> None:
        line = np.zeros(width)
        for column, value in terms.items():
            line[column] += value
        rows.append(line)
        low.append(least)
        high.append(most)

    share = load.sum() / k
    for i in range(n):
        row(dict.fromkeys(inside[i], 1.0), 1, 1)
    for s in range(k):
        row(
            dict(zip(inside[:, s], load, strict=True)),
            share * (1 - tolerance), share * (1 + tolerance),
        )  # fmt: skip
        row(dict.fromkeys(root[:, s], 1.0), 1, 1)
        for i in range(n):
            row({root[i, s]: 1.0, inside[i, s]: -1.0}, -np.inf, 0)
            terms = {inside[i, s]: -1.0, root[i, s]: float(n)}
            for e, (a, b) in enumerate(arcs):
                if i in (a, b):
                    terms[flow[e, s]] = 1.0 if b == i else -1.0
            row(terms, 0, np.inf)
        for e, (a, b) in enumerate(arcs):
            row({flow[e, s]: 1.0, inside[a, s]: -float(n)}, -np.inf, 0)
            row({flow[e, s]: 1.0, inside[b, s]: -float(n)}, -np.inf, 0)
    cost = np.zeros(width)
    for i in range(n):
        cost[inside[i]] = [people[i] * (p != present[i]) for p in posts]
    whole = np.r_[np.ones(2 * n * k), np.zeros(len(arcs) * k)]
    upper = np.r_[np.ones(2 * n * k), np.full(len(arcs) * k, n)]
    found = milp(
        cost, integrality=whole, bounds=(0, upper), constraints=LinearConstraint(rows, low, high)
    )
    assert found.success
    return float(found.fun)
