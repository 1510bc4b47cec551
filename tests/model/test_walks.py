"""Walks kept by pairs: hand cases, and the table of pandas that they stand for."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from pandas.testing import assert_frame_equal
from scipy.sparse import csr_array

from territory.errors import WrongUsage
from territory.model.walks import Walks, copies, from_pairs, square_walks, walks_of

FAR = np.inf
TOWN = pd.DataFrame(
    [[0.0, 12.5, FAR], [FAR, FAR, FAR], [3.0, 3.0, 0.0], [FAR, 7.0, FAR]],
    index=["est", "île", "nord", "ouest"],
    columns=["gare", "halle", "mairie"],
)


def town() -> Walks:
    return walks_of(TOWN)


def same(found: Walks, expected: pd.DataFrame) -> None:
    """All that a Walks promises: order, types, and the table it stands for."""
    assert found.column.dtype == np.int32
    assert found.begins.dtype == np.int64
    assert (len(found.begins), found.begins[0]) == (len(found.origins) + 1, 0)
    assert found.begins[-1] == len(found.minutes) == len(found.column) == len(found.row)
    for k in range(len(found.origins)):
        assert (np.diff(found.around(k)[0]) > 0).all()
    assert_frame_equal(found.table(), expected)


def test_a_walk_of_no_time_is_not_out_of_reach() -> None:
    walks = town()
    assert walks.shape == (4, 3)
    assert walks.begins.tolist() == [0, 2, 2, 5, 6]
    assert walks.row.tolist() == [0, 0, 2, 2, 2, 3]
    assert walks.column.tolist() == [0, 1, 0, 1, 2, 1]
    assert walks.minutes.tolist() == [0, 12.5, 3, 3, 0, 7]
    places, minutes = walks.around(2)
    assert (places.tolist(), minutes.tolist()) == ([0, 1, 2], [3, 3, 0])
    assert not len(walks.around(1)[0])


def test_the_nearest_is_the_first_of_those_as_near() -> None:
    minutes, which = town().least()
    assert minutes.tolist() == [0, FAR, 0, 7]
    assert which.tolist() == [0, -1, 2, 1]
    tie = walks_of(pd.DataFrame([[4.0, 2.0, 2.0]]))
    assert tie.least()[1].tolist() == [1]


def test_within_keeps_the_limit_itself_as_precise_as_the_minutes_are() -> None:
    walks = walks_of(pd.DataFrame([[10.1, 10.2]], dtype=np.float32))
    for limit in (10.1, np.float64(10.1), np.float32(10.1)):
        assert walks.within(limit).column.tolist() == [0]
    assert town().within(0).column.tolist() == [0, 2]
    assert not len(town().within(-1).column)


def test_weights_are_a_matrix_of_the_caller_s_own() -> None:
    walks = town()
    matrix = walks.weights(lambda minutes: (minutes < 5).astype(float))
    assert isinstance(matrix, csr_array)
    assert matrix.toarray().tolist() == [[1, 0, 0], [0, 0, 0], [1, 1, 1], [0, 0, 0]]
    assert matrix.data.tolist() == [1, 0, 1, 1, 1, 0]  # beside `row` and `minutes`
    matrix.eliminate_zeros()
    matrix.data[:] = 9
    matrix.indices[:] = 0
    same(walks, TOWN)


def test_weights_see_minutes_as_the_most_precise_numbers() -> None:
    seen = []
    walks = walks_of(TOWN.astype(np.float32))
    walks.weights(lambda minutes: seen.append(minutes.dtype) or minutes)
    assert seen == [np.float64]
    assert walks.minutes.dtype == np.float32


def test_other_points_in_another_order_some_unknown_some_twice() -> None:
    starts, ends = pd.Index(["ouest", "lune", "nord", "ouest"]), pd.Index(["mairie", "halle"])
    found = town().among(starts, ends)
    expected = [[FAR, 7.0], [FAR, FAR], [0.0, 3.0], [FAR, 7.0]]
    same(found, pd.DataFrame(expected, index=starts, columns=ends))
    same(town().among(destinations=ends), TOWN[ends])
    same(town().among(origins=pd.Index([], dtype=object)), TOWN.iloc[:0].set_axis([]))
    same(town().among(), TOWN)


def test_two_points_of_one_name_cannot_be_chosen_by_name() -> None:
    twice = walks_of(TOWN.set_axis(["a", "a", "b", "c"]))
    with pytest.raises(WrongUsage, match="même nom"):
        twice.among(pd.Index(["a"]))
    with pytest.raises(WrongUsage, match="même nom"):
        walks_of(TOWN.T.set_axis(["x", "x", "y"]).T).among(destinations=pd.Index(["x"]))
    assert twice.among(destinations=pd.Index(["halle"])).shape == (4, 1)  # no origin is chosen


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_nobody_or_nowhere(shape: tuple[int, int]) -> None:
    walks = walks_of(pd.DataFrame(np.zeros(shape)))
    assert walks.shape == shape
    minutes, which = walks.least()
    assert (minutes.tolist(), which.tolist()) == ([FAR] * shape[0], [-1] * shape[0])
    assert walks.weights(np.sqrt).shape == shape
    assert walks.within(5).among().table().shape == shape
    assert walks.begins.tolist() == [0] * (shape[0] + 1)


def test_a_table_of_whole_or_unknown_numbers() -> None:
    assert walks_of(pd.DataFrame([[1, 2]])).minutes.tolist() == [1, 2]
    holes = pd.DataFrame({"a": pd.array([1.5, None], "Float64"), "b": pd.array([None, 2], "Int64")})
    assert walks_of(holes).minutes.tolist() == [1.5, 2]
    assert walks_of(holes).row.tolist() == [0, 1]


def test_walks_are_taken_as_they_are_and_travel_to_another_process() -> None:
    walks = town()
    assert walks_of(walks) is walks
    same(pickle.loads(pickle.dumps(walks)), TOWN)  # noqa: S301 - made on the line itself


def test_pairs_in_any_order_are_the_same_walks() -> None:
    walks, mixed = town(), [4, 0, 5, 2, 1, 3]
    again = from_pairs(
        TOWN.index, TOWN.columns, walks.row[mixed], walks.column[mixed], walks.minutes[mixed]
    )
    same(again, TOWN)
    assert again.minutes.tobytes() == walks.minutes.tobytes()


def test_a_square_of_distances() -> None:
    assert square_walks([[0, 1], [FAR, 0]], 2).column.tolist() == [0, 1, 1]
    assert square_walks([], 0).shape == (0, 0)
    assert square_walks(0.0, 1).shape == (1, 1)
    own = walks_of(TOWN.iloc[:3].set_axis(TOWN.columns))
    assert square_walks(own, 3) is own
    for wrong, n in [([[0, 1]], 2), ([1, 2, 3], 3), ([], 2), (np.zeros((2, 2, 2)), 2), (own, 4)]:
        with pytest.raises(WrongUsage, match="il faut un carré"):
            square_walks(wrong, n)


def test_walks_to_other_points_are_not_a_square() -> None:
    with pytest.raises(WrongUsage, match="d’autres lieux"):
        square_walks(walks_of(TOWN.iloc[:3]), 3)


def test_who_stands_where() -> None:
    index, who = copies(np.array([2, 0, 2, 1]), np.array([2, -1, 0, 2]), 3)
    assert list(zip(index.tolist(), who.tolist(), strict=True)) == [
        (0, 0), (0, 3), (1, 2), (2, 0), (2, 3),
    ]  # fmt: skip
    for at, stands in ([[], [0]], [[1], []], [[0], [-1]]):
        assert not len(copies(np.array(at, int), np.array(stands, int), 2)[0])


minutes = st.sampled_from([0.0, 0.1, 1.0, 2.5, 15.0, FAR, FAR, np.nan])
values = st.sampled_from([np.float32, np.float64]).flatmap(
    lambda dtype: arrays(dtype, array_shapes(min_dims=2, max_dims=2, min_side=0), elements=minutes)
)
tables = values.map(
    lambda found: pd.DataFrame(found).rename(index="o{}".format, columns="d{}".format)
)
names = st.lists(st.integers(0, 8), max_size=8)


@settings(max_examples=60)
@given(tables)
def test_walks_of_a_table_give_it_back(table) -> None:
    same(walks_of(table), table.fillna(FAR))


@settings(max_examples=60)
@given(tables, names, names)
def test_among_is_what_reindex_says(table, starts, ends) -> None:
    rows = pd.Index([f"o{n}" for n in starts], dtype=str)
    columns = pd.Index([f"d{n}" for n in ends], dtype=str)
    expected = table.fillna(FAR).reindex(index=rows, columns=columns).fillna(FAR)
    same(walks_of(table).among(rows, columns), expected.astype(table.to_numpy().dtype))


@settings(max_examples=60)
@given(tables)
def test_least_is_the_smallest_of_each_row(table) -> None:
    near = table.replace(FAR, np.nan)
    found, which = walks_of(table).least()
    np.testing.assert_array_equal(found, near.min(axis=1).fillna(FAR).to_numpy(float))
    known = near.notna().any(axis=1).to_numpy()
    assert (which >= 0).tolist() == known.tolist()
    assert table.columns[which[known]].tolist() == near[known].idxmin(axis=1).tolist()


@settings(max_examples=60)
@given(tables, st.sampled_from([0.0, 0.1, 2.0, 15.0, FAR]))
def test_within_only_hides_what_is_beyond(table, limit) -> None:
    walks = walks_of(table)
    same(walks.within(limit), table.where(table <= table.to_numpy().dtype.type(limit), FAR))
    assert walks.within(FAR).minutes.tobytes() == walks.minutes.tobytes()


@settings(max_examples=60)
@given(tables)
def test_weights_are_those_of_the_whole_table(table) -> None:
    def decay(walk: np.ndarray) -> np.ndarray:
        return np.exp(-walk / 10)

    expected = np.where(np.isfinite(table), decay(table.to_numpy(float)), 0)
    np.testing.assert_array_equal(walks_of(table).weights(decay).toarray(), expected)


@settings(max_examples=60)
@given(tables, st.randoms(use_true_random=False))
def test_where_keeps_what_it_is_told(table, random) -> None:
    walks = walks_of(table)
    kept = np.array([random.random() < 0.5 for _ in walks.minutes], bool)
    expected = table.fillna(FAR).to_numpy().copy()
    expected[walks.row[~kept], walks.column[~kept]] = FAR
    same(walks.where(kept), pd.DataFrame(expected, table.index, table.columns))


@settings(max_examples=60)
@given(tables)
def test_turned_walks_are_the_table_turned(table) -> None:
    walks = walks_of(table)
    same(walks.turned, table.fillna(FAR).T)
    same(walks.turned.turned, table.fillna(FAR))
    assert walks.counts.tolist() == np.isfinite(table.to_numpy()).sum(axis=1).tolist()
    assert walks.turned.counts.tolist() == np.isfinite(table.to_numpy()).sum(axis=0).tolist()
