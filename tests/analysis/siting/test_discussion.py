"""The few options that a dialogue is held on: nothing is lost, nothing is told twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from territory.analysis.siting.discussion import best_choice, discussion, really_different
from territory.analysis.siting.near_optimal import near_optimal
from territory.analysis.siting.redraw import Ranges, redrawn
from territory.analysis.siting.slot_choice import choose_slots
from territory.analysis.siting.slot_problem import attendance
from territory.analysis.siting.slot_twins import repeats, with_pulls
from territory.model.requests import Ask, Request
from territory.model.results import Ending
from tests.analysis.siting.test_slot_choice import scene

if TYPE_CHECKING:
    from territory.analysis.siting.slot_plan import SlotScene

ON = date(2026, 3, 1)


def first_free(town: SlotScene) -> int:
    return int(np.flatnonzero(~town.problem.present)[0])


def test_no_choice_is_worth_more_than_the_one_of_the_discussion() -> None:
    town = scene(add=2)
    talk = discussion(town)
    found = best_choice(talk.problem)
    held, free = town.held(), np.flatnonzero(~town.problem.present).tolist()

    def worth(new: tuple[int, ...]) -> float:
        left = repeats(town.problem, [*held, *new], town.settings.repeat)
        return attendance(with_pulls(town.problem, [*held, *new], left), [*held, *new]).total

    best = max(worth(new) for new in combinations(free, 2))
    assert found.objective == pytest.approx(best)
    assert len(talk.kept) < len(town.options)


def test_a_choice_comes_back_from_the_discussion_worth_the_same() -> None:
    town = scene(add=2)
    talk = discussion(town)
    found = best_choice(talk.problem)
    assert talk.here(talk.there(found.chosen)) == found.chosen
    chosen = choose_slots(town.problem, town.options, town.groups, repeat=town.settings.repeat)
    here = talk.here(chosen.chosen)
    assert attendance(talk.problem, here).total == pytest.approx(found.objective)
    assert len(talk.new(here)) == 2


def test_requests_are_rules_and_can_be_lifted() -> None:
    town = scene(add=1)
    k = first_free(town)
    talk = discussion(town, [Request("Ville", Ask.REQUIRE, (k,), "x", ON)])
    assert talk.problem.fixed.sum() == talk.free.fixed.sum() + 1
    assert k in talk.there(best_choice(talk.problem).chosen)
    out = discussion(town, [Request("Ville", Ask.FORBID, (k,), "x", ON)])
    assert k not in out.there(best_choice(out.problem).chosen)


def test_a_forbidden_half_day_takes_nothing_from_the_others_of_its_place() -> None:
    town = scene(add=1)
    k = first_free(town)
    place = town.options["place_id"].iloc[k]
    others = [j for j in range(len(town.options)) if town.options["place_id"].iloc[j] == place]
    free = discussion(town)
    out = discussion(town, [Request("Ville", Ask.FORBID, (k,), "x", ON)])
    for talk in (free, out):
        rest = [n for n, j in enumerate(talk.kept) if j in others and j != k]
        assert max(talk.left[rest], default=1.0) == 1.0


def test_sets_with_only_a_second_half_day_are_not_told() -> None:
    town = scene(add=1)
    talk = discussion(town)
    near = really_different(talk, near_optimal(talk.problem, share=1.0))
    seconds = [n for n in range(len(talk.kept)) if talk.left[n] < 1]
    assert all(not set(seconds) & set(s.chosen) for s in near.sets)
    assert sum(share for _, share in near.sometimes) <= len(near.sets)


def test_half_days_are_spread_so_that_all_can_open_together() -> None:
    town = scene(add=4)
    tight = replace(town.problem.limits, at_once=np.full(14, 2.0))
    talk = discussion(replace(town, problem=replace(town.problem, limits=tight)))
    found = best_choice(talk.problem)
    wide = discussion(town)
    assert found.ending is Ending.OPTIMAL
    assert found.objective == pytest.approx(best_choice(wide.problem).objective)


def test_scenarios_keep_the_options_and_differ_by_their_people() -> None:
    town = scene(add=1)
    talk = discussion(town)
    cells = list(town.target.index)
    targets = pd.DataFrame([town.target.to_numpy(), 2 * town.target.to_numpy()], columns=cells)
    same = Ranges((0.01, 0.01), (10.0, 10.0), (1.0, 1.0), (1.0, 1.0))
    one, two = redrawn(talk, targets, ranges=same, cut_min=25, seed=1)
    assert one.weights == pytest.approx(talk.problem.weights)
    assert two.weights == pytest.approx(2 * talk.problem.weights)
    assert np.abs(one.pull - talk.problem.pull).max() < 1e-12
    wide = Ranges((0.005, 0.02), (7.0, 15.0))
    first = [p.weights.sum() for p in redrawn(talk, targets, ranges=wide, cut_min=25, seed=3)]
    again = [
        p.weights.sum()
        for p in redrawn(talk, targets[cells[::-1]], ranges=wide, cut_min=25, seed=3)
    ]
    assert first == pytest.approx(again)
    assert first[1] != pytest.approx(2 * first[0])
