"""Hidden counts stay hidden from who adds, subtracts and compares periods."""

from __future__ import annotations

from itertools import chain

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from territory.analysis.disclosure import Additive, bounds, hidden, hidden_table, with_totals
from territory.errors import WrongUsage

K = 11


def attack(cells: Additive, mask: np.ndarray) -> dict[int, tuple[float, float]]:
    """Return the least and most each hidden count may be, in whole numbers and by its own way."""
    n = len(cells.counts)
    rows = []
    for total, parts in cells.sums:
        row = np.zeros(n)
        row[list(parts)], row[total] = 1, -1
        rows.append(row)
    shown = np.where(mask, 1, cells.counts)  # zeros are shown: a hidden count is 1 or more
    most = np.where(mask, np.inf, shown)
    found = {}
    for position in np.flatnonzero(mask):
        ends = []
        for sign in (1, -1):
            aim = np.zeros(n)
            aim[position] = sign
            answer = milp(
                aim,
                integrality=np.ones(n),
                bounds=Bounds(shown, most),
                constraints=LinearConstraint(np.array(rows), 0, 0),
            )
            ends.append(sign * answer.fun if answer.success else sign * np.inf * -1)
        found[int(position)] = (ends[0], ends[1])
    return found


def subtract(cells: Additive, mask: np.ndarray) -> dict[int, int]:
    """Return the hidden counts that plain subtraction finds, repeated until nothing more comes."""
    known = {p: int(c) for p, c in enumerate(cells.counts) if not mask[p]}
    found: dict[int, int] = {}
    moved = True
    while moved:
        moved = False
        for total, parts in cells.sums:
            missing = [p for p in (*parts, total) if p not in known]
            if len(missing) == 1:
                (one,) = missing
                rest = sum(known[p] for p in parts if p != one)
                known[one] = rest if one == total else known[total] - rest
                found[one], moved = known[one], True
    return found


def assert_safe(cells: Additive, mask: np.ndarray, k: int = K) -> None:
    small = (cells.counts > 0) & (cells.counts < k)
    assert mask[small].all()
    assert not mask[cells.counts == 0].any()
    learnt = subtract(cells, mask)
    assert [p for p in learnt if small[p]] == []
    assert [learnt[p] for p in learnt] == [int(cells.counts[p]) for p in learnt]


def assert_within_bounds_safe(cells: Additive, mask: np.ndarray, k: int = K) -> None:
    for position, (low, high) in attack(cells, mask).items():
        assert not 0 < cells.counts[position] < k or high - low >= k - 1


def random_table(rng: np.random.Generator) -> pd.DataFrame:
    shape = rng.integers(2, 6), rng.integers(2, 6)
    return pd.DataFrame(rng.negative_binomial(1, 0.06, shape))


def test_a_lone_small_count_takes_another_of_its_row_and_column() -> None:
    whole, mask = hidden_table(pd.DataFrame([[3, 40], [50, 60]]))
    assert whole.to_numpy().tolist() == [[3, 40, 43], [50, 60, 110], [53, 100, 153]]
    assert mask.to_numpy().tolist() == [[True, True, False], [True, True, False], [False] * 3]


def test_zeros_and_large_counts_are_shown() -> None:
    _, mask = hidden_table(pd.DataFrame([[0, 20], [11, 0]]))
    assert not mask.to_numpy().any()


def test_a_threshold_below_five_is_refused() -> None:
    with pytest.raises(WrongUsage, match="plus petit que 5"):
        hidden_table(pd.DataFrame([[1]]), k=4)


def test_ones_all_year_are_not_found_from_their_total() -> None:
    table = pd.DataFrame([[1] * 12, [50] * 12])  # 12 hidden, each 1 or more, adding up to 12
    whole, mask = hidden_table(table)
    assert mask.iloc[:2, :12].to_numpy()[0].all()
    assert mask.loc[0, "Total"]
    assert_within_bounds_safe(with_totals(table)[1], mask.to_numpy().ravel())
    assert whole.loc[0, "Total"] == 12


def test_bounds_by_hand() -> None:
    _, cells = with_totals(pd.DataFrame([[3, 40], [50, 60]]))
    mask = np.zeros(9, bool)
    mask[[0, 1, 3, 4]] = True
    assert bounds(cells, mask, 0) == pytest.approx((1, 42))  # the other of its row is 1 or more


@pytest.mark.parametrize("tables", [150, pytest.param(1000, marks=pytest.mark.slow)])
def test_an_attacker_by_subtraction_finds_no_small_count(tables: int) -> None:
    rng = np.random.default_rng(tables)
    for _ in range(tables):
        _, cells = with_totals(random_table(rng))
        mask = hidden(cells)
        assert_safe(cells, mask)


def test_an_attacker_with_bounds_learns_no_small_count_within_ten() -> None:
    rng = np.random.default_rng(2)
    for _ in range(40):
        _, cells = with_totals(random_table(rng))
        mask = hidden(cells)
        assert_within_bounds_safe(cells, mask)


def test_two_periods_and_their_sum_are_one_table() -> None:
    rng = np.random.default_rng(3)
    for _ in range(100):
        first, second = rng.negative_binomial(1, 0.06, (2, 6))
        periods = pd.DataFrame({"2025": first, "2026": second})  # « since 2025 » is the row total
        _, cells = with_totals(periods)
        assert_safe(cells, hidden(cells))


def test_zones_inside_communes_inside_the_whole() -> None:
    rng = np.random.default_rng(4)
    for _ in range(100):
        zones = rng.negative_binomial(1, 0.06, 6)
        communes = np.array([zones[:3].sum(), zones[3:].sum()])
        counts = np.concatenate([zones, communes, [zones.sum()]])
        cells = Additive(counts, ((6, (0, 1, 2)), (7, (3, 4, 5)), (8, (6, 7))))
        assert_safe(cells, hidden(cells))


def test_the_same_table_hides_the_same_counts() -> None:
    table = random_table(np.random.default_rng(9))
    assert hidden_table(table)[1].equals(hidden_table(table)[1])


def test_little_is_hidden_when_little_is_small() -> None:
    table = pd.DataFrame(np.full((6, 6), 50))
    table.iloc[2, 3] = 4
    _, mask = hidden_table(table)
    assert int(mask.to_numpy().sum()) == 4
    assert not set(chain.from_iterable(mask.iloc[[0, 5]].to_numpy().tolist())) - {False, True}
