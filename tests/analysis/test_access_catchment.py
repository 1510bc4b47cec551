"""Floating catchments: published answers, what they keep, and inputs that should break them."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from territory.analysis.access import catchment_access
from territory.analysis.access_catchment import (
    METHODS,
    gaussian,
    nearest_minutes,
    opportunities,
    within,
)
from territory.errors import WrongUsage
from tests.real_data import reference_file

FOLDER = "fca_belo_horizonte/"
SOFT = gaussian(10, 25)


def walks(name: str) -> pd.DataFrame:
    table = pd.read_csv(reference_file(FOLDER + name))
    return table.pivot_table(index="from_id", columns="to_id", values="travel_time")


def land() -> pd.DataFrame:
    return pd.read_csv(reference_file(FOLDER + "land_use.csv")).set_index("id")


def expected(name: str = "expected.json") -> dict:
    return json.loads(reference_file(FOLDER + name).read_text("utf-8"))


def test_jobs_within_half_an_hour_and_the_nearest_school() -> None:
    walk, case = walks("travel_matrix_5x5.csv"), expected()
    places = land().loc[walk.columns]
    jobs = opportunities(places["jobs"], walk, weight=within(30))
    assert jobs.tolist() == [case["jobs_within_30min"][o] for o in walk.index]
    minutes = nearest_minutes(places["schools"], walk)
    assert minutes.tolist() == [case["minutes_to_nearest_school"][o] for o in walk.index]


def test_everything_in_reach_of_everybody_is_the_ratio_of_the_totals() -> None:
    walk, case = walks("travel_matrix_5x5.csv"), expected()
    places = land().loc[walk.index]
    got = catchment_access(places["population"], places["jobs"], walk, weight=within(1000))
    assert got == pytest.approx([case["all_reachable_2sfca"]] * 5, abs=5.1e-5)


@pytest.mark.parametrize("decay", ["0.5", "0.6"])
def test_two_origins_and_898_destinations(decay: str) -> None:
    walk, case = walks("travel_matrix_2_origins.csv"), expected("expected_2_origins.json")
    places = land()
    got = catchment_access(
        places["population"].reindex(walk.index),
        places["jobs"].reindex(walk.columns),
        walk,
        weight=lambda t: np.exp(-float(decay) * t),
        method="2sfca",
    )
    assert got == pytest.approx(
        [case["two_sfca_exponential"][decay][o] for o in walk.index], abs=0.0051
    )


def test_jobs_in_reach_of_two_origins() -> None:
    walk, case = walks("travel_matrix_2_origins.csv"), expected("expected_2_origins.json")
    jobs = opportunities(land()["jobs"].reindex(walk.columns), walk, weight=within(30))
    assert jobs.tolist() == [case["cumulative_jobs_30min"][o] for o in walk.index]


def slow(people, offer, minutes, weight, method) -> list[float]:
    """The same by loops over one pair at a time, as the papers write them."""
    rows, columns = range(len(people)), range(len(offer))
    pull = [[weight(minutes[i][j]) for j in columns] for i in rows]
    by_row = [[w / sum(row) if sum(row) else 0.0 for w in row] for row in pull]
    sums = [sum(pull[i][j] for i in rows) for j in columns]
    by_column = [[pull[i][j] / sums[j] if sums[j] else 0.0 for j in columns] for i in rows]
    asked = {"3sfca": [[by_row[i][j] * pull[i][j] for j in columns] for i in rows], "bfca": by_row}
    given_ = {"3sfca": asked["3sfca"], "bfca": by_column}
    one, two = asked.get(method, pull), given_.get(method, pull)
    level = []
    for j in columns:
        crowd = sum(people[i] * one[i][j] for i in rows)
        level.append(offer[j] / crowd if crowd else 0.0)
    access = [sum(two[i][j] * level[j] for j in columns) for i in rows]
    return [people[i] * access[i] for i in rows] if method == "availability" else access


def one_weight(minutes: float) -> float:
    return 0.5 ** ((minutes / 10) ** 2) if minutes <= 25 else 0.0


@st.composite
def towns(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    n, k = draw(st.integers(1, 7)), draw(st.integers(1, 5))
    people = draw(arrays(float, n, elements=st.integers(0, 500).map(float)))
    offer = draw(arrays(float, k, elements=st.integers(0, 40).map(float)))
    minutes = draw(arrays(float, (n, k), elements=st.sampled_from([0, 3, 9.5, 14, 25, 26, np.inf])))
    return people, offer, minutes


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=30)
@given(town=towns())
def test_the_loops_of_the_papers_agree(method: str, town) -> None:
    people, offer, minutes = town
    got = catchment_access(people, offer, minutes, weight=SOFT, method=method)
    assert got == pytest.approx(slow(people, offer, minutes, one_weight, method), rel=1e-9)


@settings(max_examples=30)
@given(towns())
def test_availability_gives_out_every_hour_that_somebody_can_reach(town) -> None:
    people, offer, minutes = town
    wanted = (people[:, None] * SOFT(minutes)).sum(axis=0) > 0
    got = catchment_access(people, offer, minutes, weight=SOFT, method="availability")
    assert got.sum() == pytest.approx(offer[wanted].sum())


@settings(max_examples=30)
@given(towns())
def test_balanced_keeps_the_people_and_the_level_of_service(town) -> None:
    people, offer, minutes = town
    pull = SOFT(minutes)
    sums = pull.sum(axis=1, keepdims=True)
    share = np.divide(pull, sums, out=np.zeros_like(pull), where=sums > 0)
    crowd = people @ share
    assert crowd.sum() == pytest.approx(people[pull.any(axis=1)].sum())
    level = np.divide(offer, crowd, out=np.zeros_like(offer), where=crowd > 0)
    got = catchment_access(people, offer, minutes, weight=SOFT, method="bfca")
    assert got.sum() == pytest.approx(level.sum())


@settings(max_examples=30)
@given(towns())
def test_two_steps_give_out_what_is_offered_once_weighted_by_people(town) -> None:
    people, offer, minutes = town
    per_head = catchment_access(people, offer, minutes, weight=SOFT)
    captured = catchment_access(people, offer, minutes, weight=SOFT, method="availability")
    assert people * per_head == pytest.approx(captured)


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=30)
@given(town=towns(), order=st.randoms(use_true_random=False))
def test_order_units_and_useless_places_change_nothing(method: str, town, order) -> None:
    people, offer, minutes = town
    base = catchment_access(people, offer, minutes, weight=SOFT, method=method)
    rows, columns = list(range(len(people))), list(range(len(offer)))
    order.shuffle(rows)
    order.shuffle(columns)
    mixed = catchment_access(
        people[rows], offer[columns], minutes[np.ix_(rows, columns)], weight=SOFT, method=method
    )
    assert mixed == pytest.approx(base[rows])
    doubled = catchment_access(people, 2 * offer, minutes, weight=SOFT, method=method)
    assert doubled == pytest.approx(2 * base)
    far = np.c_[minutes, np.full(len(people), np.inf)]
    assert catchment_access(people, [*offer, 9], far, weight=SOFT, method=method) == pytest.approx(
        base
    )


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=30)
@given(town=towns())
def test_never_nan_never_negative_and_nothing_out_of_reach(method: str, town) -> None:
    people, offer, minutes = town
    got = catchment_access(people, offer, minutes, weight=SOFT, method=method)
    assert np.isfinite(got).all()
    assert (got >= 0).all()
    assert (got[~(minutes <= 25).any(axis=1)] == 0).all()


def test_one_more_hour_serves_nobody_less_and_one_more_neighbour_nobody_more() -> None:
    people, offer, minutes = [100, 50], [3, 3], [[2, 20], [12, 4]]
    base = catchment_access(people, offer, minutes, weight=SOFT)
    assert (catchment_access(people, [4, 3], minutes, weight=SOFT) > base).all()
    assert (catchment_access([150, 50], offer, minutes, weight=SOFT) < base).all()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("demand", "supply", "minutes", "wanted"),
    [
        ([], [], [], []),
        ([], [3], np.empty((0, 1)), []),
        ([10, 20], [], np.empty((2, 0)), [0, 0]),
        ([0, 0], [3], [[1], [2]], [0, 0]),
        ([10, 20], [0], [[1], [2]], [0, 0]),
        ([10, 20], [3], [[np.inf], [np.inf]], [0, 0]),
        ([10, 20], [3], [[np.nan], [np.nan]], [0, 0]),
        ([10, 20], [3], [[None], [None]], [0, 0]),
        ([np.nan, np.nan], [3], [[1], [2]], [0, 0]),
        ([10, 20], [np.nan], [[1], [2]], [0, 0]),
    ],
    ids=["rien", "personne", "aucun lieu", "demande nulle", "offre nulle", "hors de portee",
         "inconnu", "None", "demande inconnue", "offre inconnue"],
)  # fmt: skip
def test_nothing_to_share_is_zero(demand, supply, minutes, wanted, method: str) -> None:
    got = catchment_access(demand, supply, minutes, weight=SOFT, method=method)
    assert got.tolist() == wanted


@pytest.mark.parametrize("method", ["2sfca", "e2sfca", "3sfca", "bfca"])
def test_one_origin_and_one_place_share_all(method: str) -> None:
    for minutes in ([[5]], [5], 5):
        assert catchment_access([50], [10], minutes, weight=SOFT, method=method) == pytest.approx(
            [0.2]
        )


def test_flat_minutes_of_one_origin_or_one_place() -> None:
    row = catchment_access([10], [1, 2, 3], [1, 2, np.inf], weight=within(25))
    assert row == pytest.approx([0.3])
    column = catchment_access([10, 20, 30], [6], [1, 2, np.inf], weight=within(25))
    assert column == pytest.approx([0.2, 0.2, 0.0])


def test_lists_series_nullable_and_masked_say_the_same() -> None:
    want = catchment_access([10.0, 20.0], [3.0, np.nan], [[1.0, 2.0], [3.0, np.nan]], weight=SOFT)
    offer = pd.array([3, pd.NA], dtype="Int64")
    table = pd.DataFrame({"a": [1, 3], "b": [2, pd.NA]}, dtype="Int64")
    assert (
        catchment_access(pd.Series([10, 20]), offer, table, weight=SOFT).tolist() == want.tolist()
    )
    masked = np.ma.array([[1, 2], [3, 9]], mask=[[0, 0], [0, 1]])
    assert catchment_access((10, 20), [3, None], masked, weight=SOFT).tolist() == want.tolist()


def test_arguments_are_left_as_they_were() -> None:
    people, offer, minutes = np.array([1.0, np.nan]), np.array([2.0]), np.array([[50.0], [np.nan]])
    kept = people.copy(), offer.copy(), minutes.copy()

    def rude(t: np.ndarray) -> np.ndarray:
        t[:] = 0.5
        return t

    catchment_access(people, offer, minutes, weight=rude)
    for now, before in zip((people, offer, minutes), kept, strict=True):
        assert np.array_equal(now, before, equal_nan=True)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"method": "raam"}, "« raam » n'existe pas"),
        ({"demand": [-1, 2]}, "demande contient un nombre négatif"),
        ({"supply": [np.inf, 1, 1]}, "offre contient un nombre négatif ou infini"),
        ({"minutes": [[1, 2], [3, 4]]}, r"forme \(2, 2\), attendu \(2, 3\)"),
        ({"minutes": [1, 2, 3, 4, 5, 6]}, r"attendu \(2, 3\)"),
        ({"minutes": np.ones((3, 2))}, r"attendu \(2, 3\)"),
        ({"minutes": [[1, 2, -3], [3, 4, 5]]}, "durée de marche est négative"),
        ({"demand": [[1, 2]]}, "simple liste"),
        ({"supply": ["deux", 1, 1]}, "n'est pas un tableau de nombres"),
        ({"weight": lambda t: 2 * np.ones_like(t)}, "de 0 à 1"),
        ({"weight": lambda t: t - 10}, "de 0 à 1"),
        ({"weight": lambda _: np.ones(7)}, "la forme des minutes"),
    ],
    ids=[
        "methode",
        "demande",
        "offre",
        "petit",
        "plat",
        "couche",
        "duree",
        "table",
        "texte",
        "trop lourd",
        "negatif",
        "forme",
    ],
)
def test_what_cannot_be_shared_is_refused_in_french(change: dict, message: str) -> None:
    given_ = {"demand": [1, 2], "supply": [1, 1, 1], "minutes": np.ones((2, 3)), "weight": SOFT}
    asked = given_ | change
    with pytest.raises(WrongUsage, match=message):
        catchment_access(asked.pop("demand"), asked.pop("supply"), asked.pop("minutes"), **asked)


@pytest.mark.parametrize("method", METHODS)
def test_weights_too_small_to_divide_by_are_not_nan(method: str) -> None:
    for minutes in ([[320.0], [321.0]], [[1.0], [327.0]], [[330.0], [1e308]]):
        got = catchment_access(
            [5, 5], [3], minutes, weight=lambda t: 0.5 ** ((t / 10) ** 2), method=method
        )
        assert np.isfinite(got).all()
        assert (got >= 0).all()


def test_a_published_package_answers_nan_where_nobody_is_served() -> None:
    """Cells without reachable supply must stay in the ranking, as the worst of it."""
    minutes = [[5, np.inf], [np.inf, np.inf], [np.nan, 24]]
    got = catchment_access([10, 10, 10], [1, 1], minutes, weight=SOFT)
    assert got[1] == 0
    assert pd.Series(got).rank().tolist() == [2.5, 1.0, 2.5]


def test_a_published_package_once_forgot_the_weights_and_the_matrix() -> None:
    people, offer = [10, 10], [1, 1]
    near, far = [[1, 20], [20, 1]], [[1, 20], [20, 15]]
    first = catchment_access(people, offer, near, weight=SOFT)
    assert catchment_access(people, offer, far, weight=SOFT) != pytest.approx(first)
    assert catchment_access(people, offer, far, weight=gaussian(15, 25)) != pytest.approx(
        catchment_access(people, offer, far, weight=SOFT)
    )


def test_the_gaussian_is_one_half_at_its_half_and_nothing_beyond_the_cut() -> None:
    got = SOFT(np.array([0, 10, 25, 25.001, np.inf]))
    assert got == pytest.approx([1, 0.5, 0.5**6.25, 0, 0])
    with pytest.raises(WrongUsage, match="positives"):
        gaussian(0, 25)


def test_the_nearest_is_one_that_offers_something() -> None:
    minutes = [[1, 5], [np.nan, np.inf]]
    assert nearest_minutes([0, 2], minutes).tolist() == [5, math.inf]
    assert nearest_minutes([0, 0], minutes).tolist() == [math.inf, math.inf]
    assert nearest_minutes([], np.empty((3, 0))).tolist() == [math.inf] * 3


@pytest.mark.parametrize("method", METHODS)
def test_thousands_of_origins_hundreds_of_places(method: str) -> None:
    """Mostly out of reach, as towns are (how fast: benchmarks/access.py)."""
    draw = np.random.default_rng(5)
    people, offer = (
        draw.integers(0, 90, 5000).astype(float),
        draw.integers(1, 30, 500).astype(float),
    )
    minutes = draw.uniform(0, 400, (5000, 500))
    minutes[minutes > 60] = np.inf
    got = catchment_access(people, offer, minutes, weight=SOFT, method=method)
    assert np.isfinite(got).all()
    if method == "availability":
        assert got.sum() == pytest.approx(offer.sum())
