"""Windows around places, against a judge that grows each one place at a time."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.analysis.scan import windows
from territory.analysis.scan.windows import nearest_windows


def slow_windows(
    distances: np.ndarray, weight: np.ndarray, may: np.ndarray, limit: float, share: float
) -> list[tuple[list[int], list[bool]]]:
    """Return, around each place, who enters nearest first, and where a window may end."""
    found = []
    for centre in range(len(weight)):
        near = [
            k for k in range(len(weight)) if may[k] and distances[centre, k] <= min(limit, 99.0)
        ]
        near.sort(key=lambda k, row=distances[centre]: row[k])
        members, held = [], 0.0
        for k in near if may[centre] else []:
            held += weight[k]
            if held > share * weight.sum() * (1 + 1e-12):
                break
            members.append(k)
        far = [distances[centre, k] for k in near] + [np.inf]
        found.append((members, [far[n + 1] - far[n] > 1e-9 for n in range(len(members))]))
    return found


@settings(max_examples=80)
@given(
    st.integers(0, 12), st.integers(0, 1000), st.sampled_from([0.0, 3.0, np.inf]),
    st.sampled_from([0.1, 0.5, 1.0]), st.sampled_from([1, 3, 2048]),
)  # fmt: skip
def test_as_the_judge_says(
    count: int, seed: int, limit: float, share: float, together: int
) -> None:
    draw = np.random.default_rng(seed)
    distances = draw.integers(0, 6, (count, count)).astype(float)
    distances[draw.random((count, count)) < 0.3] = np.inf
    weight, may = draw.integers(0, 9, count).astype(float), draw.random(count) < 0.8
    with patch.object(windows, "_TOGETHER", together):  # rows in one block, and in many
        found = nearest_windows(distances, weight, eligible=may, limit=limit, max_share=share)
    told = [
        (found.order[k, :size].tolist(), found.closes[k, :size].tolist())
        for k, size in enumerate(found.sizes)
    ]
    assert told == slow_windows(distances, weight, may, limit, share)
