"""Ranks with their doubt, against counting one by one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from territory.analysis.rank_doubt import rank_limits

VALUES = st.lists(st.one_of(st.just(np.nan), st.integers(0, 9).map(float)), max_size=12)


@given(VALUES, st.data())
def test_ranks_are_those_counted_one_by_one(values: list[float], data: st.DataObject) -> None:
    value = np.array(values, float)
    widths = data.draw(st.lists(st.integers(0, 3), min_size=len(values), max_size=len(values)))
    low, high = value - widths, value + np.array(widths, float)
    rank, best, worst = rank_limits(value, low, high)
    known = [n for n, v in enumerate(values) if not np.isnan(v)]
    for n in range(len(values)):
        if n not in known:
            assert (rank[n], best[n], worst[n]) == (len(known) + 1, len(known) + 1, len(values))
            continue
        assert rank[n] == 1 + sum(value[m] > value[n] for m in known)
        assert best[n] == 1 + sum(low[m] > high[n] for m in known)
        assert worst[n] == sum(high[m] >= low[n] for m in known)
        assert best[n] <= rank[n] <= worst[n]
