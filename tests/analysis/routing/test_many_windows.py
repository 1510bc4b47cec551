"""The published files with several windows and budgets, solved by the weekly engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.routing_files import read_many_windows
from benchmarks.routing_many_windows import FOLDER, faults, known, prize, problem_of, solved
from territory.analysis.routing.week import best_week
from territory.analysis.routing.week_judge import week_faults

if TYPE_CHECKING:
    from pathlib import Path

# tours, points, fees in all, most places of each of ten kinds; then the start and three places:
# number, x, y, service, prize, four openings, last closing, windows, fee, kinds
SMALL = """2 3 9 1 9 9 9 9 9 9 9 9 9
0 0 0 0 0 0 100
1 10 0 5 10 0 25 50 75 100 0 4 1 0 0 0 0 0 0 0 0 0
2 0 10 5 20 0 25 50 75 100 1 5 1 0 0 0 0 0 0 0 0 0
3 0 20 5 30 0 25 50 75 100 0 5 0 1 0 0 0 0 0 0 0 0
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "MCTOPMTW-2-small.txt").write_text(SMALL, encoding="utf-8")
    return tmp_path


def test_fees_and_kinds_choose_the_places(small: Path) -> None:
    """All three cost 14 of 9; 1 and 2 are of one kind, of which one is allowed; 1 and 3 fit."""
    case = read_many_windows("MCTOPMTW-2-small", small)
    problem, _ = problem_of(case)
    found = best_week(problem, time_limit_s=1.0, iterations=50)
    visited = sorted(int(problem.visits.group[v]) for w in found.routes for v in w.visits)
    assert visited == [0, 2]
    assert week_faults(problem, found.routes) == []


@pytest.mark.parametrize(
    ("tours", "said"),
    [
        ((((1, 1),), ((3, 0),)), []),
        ((((1, 0),), ()), ["place 1 at 100 in window 0 of tour 1"]),
        ((((3, 0),), ()), ["place 3 at 200 in window 0 of tour 1"]),
        ((((1, 1), (2, 2)), ()), ["2 places of kind 0"]),
        ((((2, 0), (3, 1)), ()), ["fees of 10, the budget is 9"]),
        ((((1, 1),), ((1, 0),)), ["a place visited twice, or the start", "2 places of kind 0"]),
    ],
)
def test_the_checker_names_what_is_wrong(
    small: Path, tours: tuple[tuple[tuple[int, int], ...], ...], said: list[str]
) -> None:
    assert faults(read_many_windows("MCTOPMTW-2-small", small), tours) == said


@pytest.mark.parametrize("name", ["MCTOPMTW-1-r101", "MCTOPMTW-2-rc101", "MCTOPMTW-4-pr01"])
def test_published_files_are_solved_without_fault(name: str) -> None:
    if not FOLDER.exists():
        pytest.skip("published files not here: toptw/multi_window (set TERRITORY_REAL_DATA)")
    case = read_many_windows(name, FOLDER)
    problem, made = problem_of(case)
    found = best_week(problem, time_limit_s=1.0, iterations=1500, starts=1)
    tours = tuple(tuple((int(made[v, 0]), int(made[v, 1])) for v in w.visits) for w in found.routes)
    assert faults(case, tours) == []
    assert prize(case, tours) == found.value
    assert found.value >= 0.85 * known(FOLDER)[name][0]


def test_a_clocked_answer_keeps_the_file(small: Path) -> None:
    case = read_many_windows("MCTOPMTW-2-small", small)
    tours, iterations = solved(case, 0.05, 0, 1)
    assert faults(case, tours) == []
    assert iterations > 0
