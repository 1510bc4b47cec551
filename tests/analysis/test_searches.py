from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.analysis.routing.one_round import RoundProblem, best_round
from territory.model.results import Ending


def _best_by_hand(problem: RoundProblem) -> tuple[float, int]:
    found = [(0.0, -problem.earliest_min)]
    for size in range(1, len(problem.prize)):
        for order in permutations(range(1, len(problem.prize)), size):
            now, walk, last = problem.earliest_min, 0, 0
            for node in order:
                opens, closes = problem.spans[node][0]
                now = max(now - (-int(problem.travel_s[last, node]) // 60), opens)
                now, walk = (
                    now + int(problem.service_min[node]),
                    walk + problem.travel_m[last, node],
                )
                if now > closes:
                    break
                last = node
            else:
                now, walk = (
                    now - (-int(problem.travel_s[last, 0]) // 60),
                    walk + problem.travel_m[last, 0],
                )
                if now <= problem.latest_min and walk <= problem.walk_max_m:
                    found.append((float(sum(problem.prize[list(order)])), -now))
    return max(found)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_round_equals_enumeration(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 6
    opens = rng.integers(540, 650, n)
    problem = RoundProblem(
        rng.integers(60, 1500, (n, n)),
        rng.integers(50, 2000, (n, n)),
        rng.integers(1, 9, n).astype(float),
        rng.integers(5, 30, n),
        tuple(((int(o), int(o) + 60),) for o in opens),
        540,
        720,
        5000,
        None,
    )
    got = best_round(problem)
    prize, end = _best_by_hand(problem)
    assert got.prize == pytest.approx(prize)
    assert got.ending is Ending.OPTIMAL
    if got.order:
        assert got.leave_min[-1] - (-int(problem.travel_s[got.order[-1], 0]) // 60) == -end
