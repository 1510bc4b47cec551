"""A whole dialogue: decisions written down, replayed, priced, undone; answers stored and read."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest

from territory.analysis.siting.curve import slot_curve
from territory.analysis.siting.difference import difference
from territory.analysis.siting.near_cover import CoverQuestion
from territory.analysis.siting.near_optimal import near_cover, near_optimal
from territory.analysis.siting.near_slots import SlotQuestion
from territory.analysis.siting.prices import price_of_requests
from territory.analysis.siting.relaxation import smallest_relaxations
from territory.analysis.siting.requests import requests_of
from territory.analysis.siting.robustness import robustness
from territory.analysis.siting.settled_slots import settled_slots
from territory.analysis.siting.slot_problem import attendance
from territory.analysis.siting.suggestions import suggestions
from territory.io.decision_log import append_decision, in_force, read_decisions
from territory.model.jsonable import from_json, to_json
from territory.model.requests import Ask, Decision, Request
from territory.model.results import Ending
from tests.analysis.siting.small_slots import drawn, with_limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PLACES = ["mde", "mde", "csc", "csc", "mairie", "mairie", "pmi", "pmi"]
HALVES = ["lundi matin", "mercredi matin"] * 4


def test_decisions_written_replayed_priced_and_undone(tmp_path: Path) -> None:
    problem = with_limits(drawn(2), opened=3.0)
    free = settled_slots(problem)
    ranked = suggestions(problem, free.chosen).ranked
    best = max(ranked, key=lambda one: one.lost_without).option
    where, when = PLACES[best], HALVES[best]
    march, april, may = (date(2026, month, 1) for month in (3, 4, 5))
    append_decision(tmp_path, Decision(march, "Bailleur", Ask.FORBID, where, when, "travaux"))
    worst = int(np.argmin([attendance(problem, [j]).total for j in range(8)]))
    asked = Decision(april, "Ville", Ask.REQUIRE, PLACES[worst], HALVES[worst], "équité")
    append_decision(tmp_path, asked)
    append_decision(tmp_path, Decision(may, "Bailleur", None, "", None, "travaux finis", undoes=1))
    log, issues = read_decisions(tmp_path)
    assert issues == ()
    values = []
    for on in (date(2026, 1, 1), march, april, may):
        requests, unmatched = requests_of(in_force(log, on).values(), PLACES, HALVES)
        assert unmatched == ()
        told = price_of_requests(problem, requests)
        values.append(told.with_all)
        assert all(p.price is not None and p.price >= 0 for p in told.each)
        assert told.with_none == pytest.approx(free.objective)
    assert values[0] > values[1] > values[2]
    assert values[3] > values[2]


def test_every_answer_can_be_stored_and_read() -> None:
    problem = with_limits(drawn(1, options=6), opened=2.0)
    labels = ["a", "b", "c"] * 4
    request = Request("Ville", Ask.REQUIRE, (0,), "équité", date(2026, 3, 1))
    answers = [
        request,
        Decision(date(2026, 3, 1), "Ville", Ask.KEEP, "mde", None, "équité"),
        suggestions(problem, [0, 3], labels),
        slot_curve(problem, 2),
        near_optimal(problem),
        near_optimal(problem, time_limit_s=0.0),
        robustness(problem, [0, 3], [problem]),
        price_of_requests(problem, [request]),
        smallest_relaxations(problem, [request]),
        difference(problem, [0], [3], groups=labels),
    ]
    for answer in answers:
        text = json.dumps(to_json(answer), allow_nan=False)
        assert from_json(type(answer), json.loads(text)) == answer


def interrupted(after: int) -> Callable[..., None]:
    calls: list[int] = []

    def look(*_: object) -> None:
        calls.append(1)
        if len(calls) > after:
            raise KeyboardInterrupt

    return look


def test_ctrl_c_keeps_what_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (SlotQuestion, CoverQuestion):
        plain, stop = kind.look, interrupted(4)
        monkeypatch.setattr(kind, "look", lambda *a, plain=plain, stop=stop: stop() or plain(*a))
    found = near_optimal(with_limits(drawn(1), opened=3.0))
    assert found.sets
    assert (found.complete, found.above) == (False, None)
    covering = near_cover(np.ones(6), np.eye(6), 3)
    assert covering.sets
    assert not covering.complete


def test_ctrl_c_ends_the_search_of_ways_out() -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    told = smallest_relaxations(drawn(1), [], stopped)
    assert (told.found, told.needed, told.proved) == ((), None, False)
    assert settled_slots(drawn(1, options=0)).ending is Ending.OPTIMAL
