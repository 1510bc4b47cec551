from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import territory
from benchmarks.routing_files import INSTANCES, Case, faults, read_case, read_many_windows, value
from territory.analysis.routing import orienteering, team_orienteering
from territory.errors import WrongUsage
from territory.model.results import Ending

if TYPE_CHECKING:
    from territory.analysis.routing.week_problem import RoutingOutcome

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def drawn(seed: int, most: int = 8) -> tuple[Arrays, int, dict[str, int]]:
    """Return a small problem: directed travel, short cuts, a start that is not always the end."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, most + 1))
    start, end = (int(x) for x in rng.integers(n, size=2))
    opens = rng.integers(0, 25, n)
    closes = opens + rng.integers(0, 25, n)
    closes[end] = opens[start] + 40
    arrays = rng.integers(0, 25, (n, n)), rng.integers(0, 9, n), rng.integers(0, 6, n)
    return (*arrays, opens, closes), int(rng.integers(0, 4)), {"start": start, "end": end}


def keeps(arrays: Arrays, route: tuple[int, ...], start: int, end: int) -> bool:
    """Say whether a route keeps the rules, slowly, from the arrays as given."""
    travel, _, service, opens, closes = arrays
    now, at = int(opens[start]), start
    for place in (*route, end):
        now += int(travel[at, place]) + (int(service[at]) if at != start else 0)
        if place != end:
            now = max(now, int(opens[place]))
        if now > closes[place]:
            return False
        at = place
    return True


def most_of_all(arrays: Arrays, n_routes: int, start: int, end: int) -> int:
    """Return the most prize, by looking at every order of every set of places."""
    others = [v for v in range(len(arrays[1])) if v not in (start, end)]
    sets = {
        frozenset(route)
        for k in range(1, len(others) + 1)
        for route in itertools.permutations(others, k)
        if keeps(arrays, route, start, end)
    }
    united = {frozenset[int]()}
    for _ in range(n_routes):
        united |= {one | two for one in united for two in sets if not one & two}
    return max(sum(int(arrays[1][v]) for v in some) for some in united)


def checked(
    arrays: Arrays, n_routes: int, ends: dict[str, int], iterations: int | None = None
) -> float:
    """Return the prize of the answer, once every route was seen to keep the rules."""
    got = team_orienteering(*arrays, n_routes, **ends, iterations=iterations)
    visited = [v for route in got.routes for v in route]
    assert len(got.routes) == n_routes
    assert len(set(visited)) == len(visited)
    assert not set(visited) & set(ends.values())
    assert all(keeps(arrays, route, **ends) for route in got.routes if route)
    assert got.prize == sum(arrays[1][v] for v in visited)
    return got.prize


@settings(max_examples=80)
@given(st.integers(0, 10**6))
def test_few_places_are_answered_as_by_enumeration(seed: int) -> None:
    arrays, n_routes, ends = drawn(seed, 7)
    got = checked(arrays, n_routes, ends)
    assert got == most_of_all(arrays, n_routes, **ends)
    assert team_orienteering(*arrays, n_routes, **ends).ending is Ending.OPTIMAL


def test_the_search_equals_enumeration_where_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orienteering, "FEW", -1)
    proved = 0
    for seed in range(40):
        arrays, n_routes, ends = drawn(seed, 7)
        most = most_of_all(arrays, n_routes, **ends)
        got = team_orienteering(*arrays, n_routes, **ends, iterations=60)
        assert checked(arrays, n_routes, ends, iterations=60) == got.prize <= most
        if got.ending is Ending.OPTIMAL or n_routes == 1:
            assert (got.prize, got.ending) == (most, Ending.OPTIMAL)
            proved += 1
    assert proved > 20


@pytest.mark.parametrize("name", ["c101", "r101", "rc101", "r201"])
def test_one_route_of_a_published_file_is_proved(name: str) -> None:
    case = published(name)
    got = planned(case, 1, iterations=400)
    assert not faults(case, got.routes, 1)
    assert (got.prize, got.ending) == (case.best[1], Ending.OPTIMAL)


@pytest.mark.parametrize(("name", "tours", "least"), [("c102", 2, 650), ("r101", 4, 600)])
def test_routes_of_a_published_file_are_good_and_hold(name: str, tours: int, least: int) -> None:
    case = published(name)
    got = planned(case, tours, iterations=500)
    assert not faults(case, got.routes, tours)
    assert got.prize == value(case, got.routes) >= least
    assert got.ending is Ending.TIME_UP


def test_the_same_request_has_the_same_answer() -> None:
    arrays = town(40, 3)
    for n_routes in (1, 3):
        first, again = (team_orienteering(*arrays, n_routes, iterations=150) for _ in range(2))
        assert first == again
        assert first.routes


@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_the_order_of_places_changes_nothing(seed: int) -> None:
    (travel, *rows), n_routes, ends = drawn(seed)
    order = np.random.default_rng(seed).permutation(len(travel))
    mixed = travel[np.ix_(order, order)], *(row[order] for row in rows)
    moved = {name: int(np.flatnonzero(order == at)[0]) for name, at in ends.items()}
    straight = team_orienteering(travel, *rows, n_routes, **ends)
    assert team_orienteering(*mixed, n_routes, **moved).prize == straight.prize


def test_nothing_to_do_is_proved() -> None:
    arrays = town(12, 0)
    far = np.full_like(arrays[0], 10**12)
    for some, n_routes in ((arrays, 0), ((far, *arrays[1:]), 2), (tuple(x[:1] for x in arrays), 1)):
        travel = some[0][:, : len(some[1])]
        got = team_orienteering(travel, *some[1:], n_routes)
        assert (got.routes, got.prize, got.ending) == (((),) * n_routes, 0.0, Ending.OPTIMAL)


def test_all_places_visited_is_proved() -> None:
    travel, prize, service, opens, closes = town(25, 1)
    got = team_orienteering(travel, prize, service, opens, closes * 50, 2, iterations=2000)
    assert (got.prize, got.ending) == (prize[1:].sum(), Ending.OPTIMAL)


def test_progress_is_told_and_stop_is_heard() -> None:
    told: list[tuple[float, float]] = []
    got = team_orienteering(
        *town(60, 2), 2, time_limit_s=60, stop=lambda: len(told) > 3,
        progress=lambda share, prize: told.append((share, prize)),
    )  # fmt: skip
    assert got.seconds < 60
    assert all(0 <= share <= 1 for share, _ in told)
    assert got.prize > 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({0: np.zeros((2, 3), int)}, "tableau carré"),
        ({0: np.full((12, 12), -1)}, "Les trajets ne peuvent pas être négatifs"),
        ({1: np.full(12, 0.5)}, "Les gains doivent être des nombres entiers"),
        ({1: np.full(12, -1)}, "Les gains ne peuvent pas être négatifs"),
        ({2: np.zeros(5, int)}, "Les durées : 5 valeurs pour 12 lieux"),
        ({4: np.full(12, np.nan)}, "Les fermetures doivent être des nombres entiers"),
        ({5: -1}, "Le nombre de tournées : un nombre entier"),
        ({"end": 12}, "des lieux, de 0 à 11"),
        ({"time_limit_s": float("nan")}, "La durée du calcul"),
        ({"seed": -1}, "La graine du hasard"),
        ({"iterations": 1.5}, "Le nombre d’essais"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(change: dict[Any, Any], said: str) -> None:
    given = [change.get(k, what) for k, what in enumerate([*town(12, 0), 1])]
    named = {name: what for name, what in change.items() if isinstance(name, str)}
    with pytest.raises(WrongUsage, match=said):
        team_orienteering(*given, **named)


def test_files_of_several_windows_are_read() -> None:
    folder = INSTANCES / "multi_window"
    if not folder.exists():
        pytest.skip("published files not here: toptw/multi_window (set TERRITORY_REAL_DATA)")
    case = read_many_windows("MCTOPMTW-2-pr01", folder)
    assert (case.tours, case.budget, len(case.prize)) == (2, 1552, 49)
    assert case.opens[1].tolist() == [35400, 39280, 43150, 47020]
    assert case.closes[1].tolist() == [39280, 43150, 47020, 50900]
    assert (case.odd ^ case.even)[1:].all()
    assert case.kind.shape == (49, 10)


def test_the_package_is_imported_without_the_compiler() -> None:
    assert territory.team_orienteering is team_orienteering
    code = "import sys, territory.analysis.routing; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def town(n: int, seed: int) -> Arrays:
    """Return places drawn on a square, a third of which fit in one route."""
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 60, (n, 2))
    travel = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)).astype(int)
    opens = rng.integers(0, 150, n)
    opens[0] = 0
    closes = opens + rng.integers(20, 90, n)
    closes[0] = 240
    return travel, rng.integers(1, 40, n), rng.integers(2, 9, n), opens, closes


def published(name: str) -> Case:
    """Return a published case, or skip the test with a sentence."""
    if not Path(INSTANCES / f"{name}.txt").exists():
        pytest.skip(f"published files not here: toptw/{name} (benchmarks of the shared folder)")
    return read_case(name)


def planned(case: Case, tours: int, iterations: int) -> RoutingOutcome:
    """Return what the search says of a case."""
    arrays = case.travel, case.prize, case.service, case.opens, case.closes
    return team_orienteering(*arrays, tours, iterations=iterations)
