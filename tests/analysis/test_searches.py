from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.analysis.routing import RoundProblem, best_round
from territory.analysis.sectors import commune_sectors
from territory.model.results import Ending


def test_nine_communes_three_agents_in_equal_columns() -> None:
    codes = [f"{x}{y}" for x in range(3) for y in range(3)]
    pairs = [
        (a, b)
        for a, b in combinations(codes, 2)
        if abs(int(a[0]) - int(b[0])) + abs(int(a[1]) - int(b[1])) == 1
    ]
    plan = commune_sectors(pd.Series(10.0, index=codes), pairs, ["M1", "M2", "M3"])
    assert plan.load_deviation == pytest.approx(0)
    assert sorted(c for s in plan.sectors for c in s.communes) == codes
    assert plan.ending is Ending.OPTIMAL


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
