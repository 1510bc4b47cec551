"""What each request costs: the difference of two exhaustive searches."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest

from territory.analysis.siting.prices import price_of_requests
from territory.analysis.siting.requests import requests_of, with_requests
from territory.errors import WrongUsage
from territory.model.requests import Ask, Decision, Request
from territory.model.results import Ending
from tests.analysis.siting.small_slots import drawn, exhaustive, with_limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.analysis.siting.slot_problem import SlotProblem
    from territory.model.site_results import SlotOutcome

DAY = date(2026, 3, 12)


def asks(kind: Ask, *options: int, who: str = "Ville de Pantin") -> Request:
    return Request(who, kind, options, "proximité du marché", DAY)


def test_each_kind_is_a_rule() -> None:
    problem = drawn(0, options=6, held=2, closed=2.0)
    best = exhaustive(problem).chosen
    assert len(best) == 6
    cases = {
        asks(Ask.FORBID, 3): lambda c: 3 not in c,
        asks(Ask.FORBID, 0): lambda c: 0 not in c,
        asks(Ask.CLOSE, 0, 4): lambda c: 0 not in c and 4 in c,
        asks(Ask.KEEP, 0, 1): lambda c: {0, 1} <= set(c),
    }
    for request, holds in cases.items():
        assert holds(exhaustive(with_requests(problem, [request])).chosen)
    worst = int(
        np.argmin(
            [exhaustive(replace(problem, fixed=np.arange(6) == j)).objective for j in range(6)]
        )
    )
    small = with_limits(problem, opened=1.0)
    assert worst in exhaustive(with_requests(small, [asks(Ask.REQUIRE, worst)])).chosen
    assert set(exhaustive(with_requests(small, [asks(Ask.REQUIRE, 2, 3)])).chosen) & {2, 3}
    assert not problem.fixed.any()
    assert problem.limits.reach is None


@pytest.mark.parametrize("seed", range(3))
def test_prices_are_differences_of_exhaustive_searches(seed: int) -> None:
    problem = with_limits(drawn(seed, options=8, room=25.0), opened=3.0)
    requests = [asks(Ask.REQUIRE, 0, 1), asks(Ask.FORBID, 5, who="Bailleur"), asks(Ask.REQUIRE, 6),
                asks(Ask.FORBID, 2, 3, who="Bailleur")]  # fmt: skip

    def best(kept: list[Request]) -> float:
        return exhaustive(with_requests(problem, kept)).objective

    told = price_of_requests(problem, requests, exhaustive)
    assert told.with_all == pytest.approx(best(requests))
    assert told.with_none == pytest.approx(exhaustive(problem).objective)
    for i, price in enumerate(told.each):
        others = requests[:i] + requests[i + 1 :]
        assert price.requests == (i,)
        assert price.without == pytest.approx(best(others))
        assert price.price == pytest.approx(best(others) - best(requests))
        assert price.low == pytest.approx(price.price) == price.high
        assert price.price >= 0.0
    together = {p.who: p for p in told.by_who}
    assert together["Bailleur"].price == pytest.approx(
        best([requests[0], requests[2]]) - told.with_all
    )
    assert together["Ville de Pantin"].requests == (0, 2)


def test_an_unproved_search_gives_a_price_between_two() -> None:
    problem = with_limits(drawn(1, options=6), opened=2.0)

    def unsure(asked: SlotProblem, *, start: Sequence[int] = ()) -> SlotOutcome:
        best = exhaustive(asked, start=start)
        return replace(best, bound=best.objective + 3.0, ending=Ending.TIME_UP)

    request = [asks(Ask.FORBID, exhaustive(problem).chosen[0])]
    exact = price_of_requests(problem, request, exhaustive).each[0].price
    (rough,) = price_of_requests(problem, request, unsure).each
    assert rough.low == pytest.approx(max(exact - 3.0, 0.0))
    assert rough.high == pytest.approx(exact + 3.0)


def test_no_answer_with_all_gives_no_price_but_says_what_is_possible_without() -> None:
    problem = with_limits(drawn(1, options=6), opened=1.0)
    told = price_of_requests(problem, [asks(Ask.REQUIRE, 0), asks(Ask.REQUIRE, 3)], exhaustive)
    assert told.with_all is None
    assert told.chosen == ()
    assert [p.price for p in told.each] == [None, None]
    assert all(p.without is not None for p in told.each)
    (both,) = told.by_who
    assert both.without == pytest.approx(told.with_none)


def test_no_request_costs_nothing() -> None:
    told = price_of_requests(drawn(1, options=4), [], exhaustive)
    assert told.with_all == told.with_none
    assert told.each == told.by_who == ()


def test_a_request_about_nothing_is_refused_by_name() -> None:
    for options in ((), (9,), (-1,)):
        with pytest.raises(WrongUsage, match="« Ville de Pantin » porte sur un lieu inconnu"):
            with_requests(drawn(1, options=4), [asks(Ask.FORBID, *options)])


def test_decisions_find_their_options() -> None:
    places, slots = ["mde", "mde", "csc"], ["lundi matin", "mardi matin", "lundi matin"]
    whole = Decision(DAY, "Bailleur", Ask.REQUIRE, "mde", None, "hall libre")
    one = Decision(DAY, "Bailleur", Ask.FORBID, "csc", "lundi matin", "travaux")
    gone = Decision(DAY, "Bailleur", Ask.FORBID, "csc", "mardi matin", "travaux")
    requests, unmatched = requests_of([whole, one, gone], places, slots)
    assert [(r.kind, r.options) for r in requests] == [(Ask.REQUIRE, (0, 1)), (Ask.FORBID, (2,))]
    assert requests[0].why == "hall libre"
    assert unmatched == (gone,)
