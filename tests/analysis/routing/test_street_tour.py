"""Tours of streets: the best there is on few, never against the rules, the same for a seed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.analysis.routing.street_kernel import exact, improve
from territory.analysis.routing.street_problem import NO_STOPS, StreetProblem
from territory.analysis.routing.street_tour import ANYWHERE, StreetStops, Turns, street_tour
from territory.analysis.routing.street_warm import warm
from territory.errors import UnknownNode, WrongUsage
from territory.model.results import Ending
from tests.analysis.routing.street_judge import best_value, faults

if TYPE_CHECKING:
    from territory.analysis.routing.street_walk import StreetTour


def problem(ends: list[tuple[int, int]], budget_s: float, **given: object) -> StreetProblem:
    """Return streets of 60 s and value 1, from node 0 and back, changed as `given` says."""
    table = np.array(ends, np.int64).reshape(-1, 2)
    each = np.full(len(ends), 60.0)
    n = 1 + int(max(table.max(initial=0), 0))
    plain = StreetProblem(n, *table.T, each, each, np.ones(len(ends)), 0, 0, budget_s, 0.0,
                          NO_STOPS, None)  # fmt: skip
    return replace(plain, **given)


def toured(asked: StreetProblem, **search: object) -> StreetTour:
    """Search the tour of a problem."""
    return street_tour(
        asked.tail, asked.head, asked.seconds, asked.value, start=asked.start, end=asked.end,
        budget_s=asked.budget_s, patrol_s=asked.patrol_s, second=asked.second, stops=asked.stops,
        turns=asked.turns, **search,
    )  # fmt: skip


def grid(side: int) -> list[tuple[int, int]]:
    """Return the streets of `side` x `side` crossroads, numbered row by row."""
    at = np.arange(side * side).reshape(side, side)
    across = zip(at[:, :-1].ravel(), at[:, 1:].ravel(), strict=True)
    down = zip(at[:-1].ravel(), at[1:].ravel(), strict=True)
    return [(int(a), int(b)) for a, b in [*across, *down]]


@st.composite
def small(draw: st.DrawFn) -> StreetProblem:
    """Draw a few streets, loops and parallel ones too, and stops, in whole seconds."""
    n, m, k = draw(st.integers(1, 5)), draw(st.integers(0, 5)), draw(st.integers(0, 2))

    def some(low: int, high: int, count: int) -> np.ndarray:
        return np.array(
            draw(st.lists(st.integers(low, high), min_size=count, max_size=count)), float
        )

    seconds = some(1, 3, m)
    opens = some(0, 4, k)
    stops = StreetStops(some(0, n - 1, k).astype(int), some(1, 5, k), some(0, 3, k), opens,
                        opens + some(0, 8, k))  # fmt: skip
    return StreetProblem(
        n, some(0, n - 1, m).astype(int), some(0, n - 1, m).astype(int), seconds,
        seconds + some(0, 3, m), some(0, 5, m), draw(st.integers(0, n - 1)),
        draw(st.integers(-1, n - 1)), float(draw(st.integers(0, 10))),
        draw(st.sampled_from([0.0, 0.5])), stops, None,
    )  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(small())
def test_few_streets_give_what_all_walks_one_by_one_give(asked: StreetProblem) -> None:
    tour, best = toured(asked), best_value(asked)
    if best is None:
        assert tour.ending is Ending.IMPOSSIBLE
        return
    assert tour.value == pytest.approx(best)
    assert tour.ending is Ending.OPTIMAL
    assert faults(asked, tour) == []


@settings(max_examples=30, deadline=None)
@given(small())
def test_the_search_keeps_the_rules_and_stays_below_the_best(asked: StreetProblem) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("territory.analysis.routing.street_tour.EXACT_ITEMS", 0)
        tour = toured(asked, iterations=20)
    best = best_value(asked)
    if best is None:
        return
    assert faults(asked, tour) == []
    assert tour.value <= best + 1e-9 <= tour.bound + 2e-9


def test_a_square_is_walked_round_once() -> None:
    tour = toured(problem([(0, 1), (1, 2), (2, 3), (3, 0)], 240))
    assert (tour.value, tour.seconds, tour.ending) == (4, 240, Ending.OPTIMAL)
    assert sorted(tour.collected) == [0, 1, 2, 3]
    assert tour.nodes[0] == tour.nodes[-1] == 0


def test_a_second_too_few_leaves_one_street_there_and_back() -> None:
    tour = toured(problem([(0, 1), (1, 2), (2, 3), (3, 0)], 239))
    assert (tour.value, tour.seconds) == (1, 120)  # two would take the whole round


def test_a_dead_end_is_paid_twice_and_collected_once() -> None:
    tour = toured(problem([(0, 1), (1, 2)], 240))
    assert tour.value == 2
    assert [p.segment for p in tour.passes] == [0, 1, 1, 0]
    assert [p.forward for p in tour.passes] == [True, True, False, False]


def test_the_other_side_brings_its_share_on_the_way_back() -> None:
    assert toured(problem([(0, 1), (1, 2)], 240, second=0.5)).value == 3


def test_parallel_streets_are_both_walked() -> None:
    tour = toured(problem([(0, 1), (0, 1)], 120))
    assert sorted(p.segment for p in tour.passes) == [0, 1]


def test_what_is_only_gone_through_brings_nothing() -> None:
    patrol = np.array([100.0, 300.0])
    tour = toured(problem([(0, 1), (1, 2)], 300, patrol_s=patrol, value=np.array([1.0, 9.0])))
    assert (tour.value, tour.seconds) == (1, 160)  # back at the plain pace
    far = toured(problem([(0, 1), (1, 2)], 480, patrol_s=patrol, value=np.array([1.0, 9.0])))
    assert (far.value, far.collected) == (9, (1,))


def test_no_time_gives_no_tour() -> None:
    tour = toured(problem([(0, 1)], 0))
    assert (tour.passes, tour.nodes, tour.value, tour.ending) == ((), (0,), 0, Ending.OPTIMAL)


def test_streets_that_no_way_leads_to_are_left() -> None:
    tour = toured(problem([(0, 1), (2, 3), (3, 4)], 10_000))
    assert tour.collected == (0,)
    assert tour.bound == 1


def test_an_end_out_of_reach_is_said() -> None:
    assert toured(problem([(0, 1), (2, 3)], 600, end=3)).ending is Ending.IMPOSSIBLE


def test_an_open_tour_stops_where_it_likes() -> None:
    asked = problem([(0, 1), (1, 2)], 120, end=ANYWHERE)
    tour = toured(asked)
    assert (tour.value, tour.nodes) == (2, (0, 1, 2))


def test_a_door_open_later_is_reached_by_way_of_the_streets() -> None:
    stops = StreetStops(np.array([1]), np.array([5.0]), np.array([30.0]), np.array([170.0]),
                        np.array([200.0]))  # fmt: skip
    asked = problem([(0, 1), (1, 2), (2, 0)], 270, stops=stops)
    tour = toured(asked)
    assert tour.value == 8
    assert [(h.stop, h.after) for h in tour.halts] == [(0, 2)]  # the other way round: 0, 2, 1
    assert tour.halts[0].begun_s == 170
    assert tour.seconds == 260
    assert faults(asked, tour) == []


def test_a_whole_grid_is_searched_within_its_bound() -> None:
    asked = problem(grid(6), 3000, value=1.0 + np.arange(60) % 7, patrol_s=np.full(60, 100.0))
    tour = toured(asked, iterations=300)
    assert faults(asked, tour) == []
    assert 0.85 * tour.bound < tour.value <= tour.bound
    assert tour.iterations == 300


def test_all_collected_is_proved() -> None:
    tour = toured(problem(grid(4), 60 * 24 * 2), iterations=200)
    assert (tour.value, tour.ending) == (24, Ending.OPTIMAL)


def test_the_same_seed_gives_the_same_tour() -> None:
    asked = problem(grid(5), 1500, value=1.0 + np.arange(40) % 5)
    first, again = (toured(asked, iterations=150, seed=4) for _ in range(2))
    assert first == again


def test_what_is_compiled_at_the_set_up_is_the_exact_way_and_the_search() -> None:
    warm()
    assert exact.signatures
    assert improve.signatures


def test_straight_on_is_preferred_where_turning_costs() -> None:
    """A cross of four arms: the tour goes on straight rather than turn at the middle."""
    east, north = 0.0, np.pi / 2
    headings = np.array([[east, east], [east, east], [north, north], [north, north]])
    asked = problem([(0, 1), (1, 2), (3, 1), (1, 4)], 125, end=ANYWHERE,
                    turns=Turns(headings, 20.0))  # fmt: skip
    tour = toured(asked)
    assert tour.nodes == (0, 1, 2)
    assert tour.seconds == 120


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"patrol_s": np.array([59.0])}, "au moins le temps d'y passer"),
        ({"value": np.array([-1.0])}, "valeur est négative"),
        ({"seconds": np.array([np.nan])}, "durée est négative ou n'est pas un nombre"),
        ({"value": np.ones(2)}, "même longueur"),
        ({"second": 1.5}, "valeur est négative"),
        ({"turns": Turns(np.zeros((2, 2)), 1.0)}, "deux directions"),
    ],
)
def test_nonsense_is_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(WrongUsage, match=words):
        toured(problem([(0, 1)], 60, **change))


def test_a_negative_time_is_refused() -> None:
    with pytest.raises(WrongUsage, match="positive ou nulle"):
        toured(problem([(0, 1)], -1.0))


def test_a_node_that_is_not_there_is_refused() -> None:
    with pytest.raises(UnknownNode, match="n'existe pas"):
        toured(problem([(-1, 1)], 60))
