"""Requests that contradict one another: the smallest ways out, against trying every one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
import scipy.sparse as sp

from territory.analysis.siting.relaxation import smallest_relaxations
from territory.analysis.siting.requests import with_requests
from territory.analysis.siting.solvers import keeps_rules
from territory.model.requests import Ask, Request
from territory.model.results import Ending
from tests.analysis.siting.small_slots import drawn, exhaustive, valued, with_limits

if TYPE_CHECKING:
    from territory.analysis.siting.slot_problem import SlotProblem

DAY = date(2026, 3, 12)


def asks(kind: Ask, *options: int, who: str = "Ville de Pantin") -> Request:
    return Request(who, kind, options, "proximité du marché", DAY)


def sets_of(told) -> set[tuple[object, ...]]:
    return {(*r.requests, *(w.name for w in r.loosened)) for r in told.found}


def judged(problem: SlotProblem, requests: list[Request]) -> tuple[int, set[frozenset[object]]]:
    """Return the size and the smallest sets of requests and of limits (dropped whole)."""
    limits = {"opened": np.inf, "hours": np.inf, "in_place": np.inf}
    binding = [k for k in limits if np.isfinite(getattr(problem.limits, k))]
    items: list[object] = [*range(len(requests)), *binding]
    for size in range(len(items) + 1):
        ways = set()
        for gone in combinations(items, size):
            loose = with_limits(problem, **{k: np.inf for k in gone if isinstance(k, str)})
            kept = [r for i, r in enumerate(requests) if i not in gone]
            if next(valued(with_requests(loose, kept)), None):
                ways.add(frozenset(gone))
        if ways:
            return size, ways
    raise AssertionError


@pytest.mark.parametrize("seed", range(6))
def test_the_ways_out_are_those_of_an_enumeration(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = with_limits(drawn(seed, options=6), opened=2.0, hours=5.0, in_place=1.0)
    kinds = [Ask.REQUIRE, Ask.REQUIRE, Ask.FORBID]
    requests = [
        asks(kinds[rng.integers(3)], *rng.choice(6, rng.integers(1, 3), replace=False).tolist())
        for _ in range(5)
    ]
    told = smallest_relaxations(problem, requests, exhaustive)
    size, ways = judged(problem, requests)
    names = {"heures": "hours", "nouvelles": "opened", "lieu": "in_place"}
    short = {
        frozenset((*r.requests, *(n for w in r.loosened for k, n in names.items() if k in w.name)))
        for r in told.found
    }
    assert told.proved
    assert told.needed == size
    assert short == ways
    values = [r.objective for r in told.found]
    assert values == sorted(values, reverse=True)


def test_hours_are_loosened_by_the_least_that_is_needed() -> None:
    problem = with_limits(drawn(0, options=4), hours=5.0)
    costs = replace(problem, hours=np.array([3.0, 4.0, 2.0, 2.0]))
    told = smallest_relaxations(costs, [asks(Ask.REQUIRE, 0), asks(Ask.REQUIRE, 1)], exhaustive)
    assert told.needed == 1
    by_requests = {r.requests: r for r in told.found}
    assert set(by_requests) == {(), (0,), (1,)}
    (loosened,) = by_requests[()].loosened
    assert (loosened.was, loosened.becomes) == (5.0, 7.0)
    assert by_requests[()].chosen == (0, 1)
    assert by_requests[()].sentence == (
        "Il suffit de porter les heures de permanence par semaine de 5 à 7."
    )
    assert by_requests[(0,)].sentence == (
        "Il suffit de renoncer à la demande de « Ville de Pantin » (retenir : proximité du marché)."
    )
    assert {r.ending for r in told.found} == {Ending.OPTIMAL}


def test_nothing_to_give_up_when_all_can_be_kept() -> None:
    problem = with_limits(drawn(0, options=6), opened=2.0)
    told = smallest_relaxations(problem, [asks(Ask.REQUIRE, 0)], exhaustive)
    assert (told.needed, told.proved) == (0, True)
    (all_kept,) = told.found
    assert all_kept.sentence == "Toutes les demandes peuvent être tenues ensemble."
    assert 0 in all_kept.chosen


def test_guarantees_closings_and_half_days_are_ways_out_too() -> None:
    reach = sp.csr_matrix(np.eye(6)[[4]])
    far = drawn(1, options=6, held=2, reach=reach, opened=0.0)
    told = smallest_relaxations(far, [], exhaustive)
    assert {(r.guarantees, r.loosened[0].name if r.loosened else "") for r in told.found} == {
        ((0,), ""), ((), "le nombre de demi-journées nouvelles")}  # fmt: skip
    assert any(r.sentence == "Il suffit de renoncer à la garantie n°\u00a01." for r in told.found)
    closing = smallest_relaxations(drawn(1, options=6, held=2), [asks(Ask.CLOSE, 0)], exhaustive)
    assert sets_of(closing) == {(0,), ("le nombre de permanences que l'on peut fermer",)}
    alone = drawn(1, options=6, at_once=np.ones(2))
    crowded = smallest_relaxations(
        alone, [asks(Ask.KEEP, 0), asks(Ask.REQUIRE, 2), asks(Ask.REQUIRE, 4)], exhaustive
    )
    assert sets_of(crowded) == {(1,), (2,), ("le nombre de permanences d'une même demi-journée",)}
    moved = next(r for r in crowded.found if r.loosened)
    assert (moved.loosened[0].was, moved.loosened[0].becomes) == (1.0, 2.0)


def test_least_attendance_is_a_way_out() -> None:
    """A new option must be chosen among two that nobody would fill."""
    problem = drawn(2, options=4)
    strict = replace(problem, least=np.full(4, 1e6))
    told = smallest_relaxations(strict, [asks(Ask.REQUIRE, 0, 1)], exhaustive)
    assert told.proved
    assert {r.requests for r in told.found} == {(0,), ()}
    given_up = next(r for r in told.found if r.requests == ())
    assert given_up.sentence == "Il suffit de renoncer à la fréquentation minimale."
    assert keeps_rules(with_requests(problem, [asks(Ask.REQUIRE, 0, 1)]), given_up.chosen)


def test_what_the_problem_itself_contradicts_has_no_way_out() -> None:
    problem = replace(drawn(2, options=4), fixed=np.ones(4, bool), forbidden=np.ones(4, bool))
    told = smallest_relaxations(problem, [asks(Ask.REQUIRE, 0)], exhaustive)
    assert (told.found, told.needed, told.proved) == ((), None, True)


def test_out_of_time_is_not_proved() -> None:
    told = smallest_relaxations(drawn(2, options=4), [], exhaustive, time_limit_s=-1.0)
    assert (told.found, told.proved) == ((), False)
