"""Scenarios copied and compared: copies are their own, differences the same both ways round."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import date
from itertools import combinations

import numpy as np
import pytest
import scipy.sparse as sp

from territory.analysis.siting.difference import difference
from territory.analysis.siting.scenarios import Scenario
from territory.analysis.siting.slot_problem import SlotLimits, attendance
from territory.errors import WrongUsage
from territory.model.requests import Ask, Request
from tests.analysis.siting.small_slots import drawn, exhaustive

NAMES = [f"{place}, {half}" for place in ("MDE", "Médiathèque", "CCAS", "Mairie")
         for half in ("lundi matin", "mardi matin")]  # fmt: skip
GROUPS = ["Pantin", "Les Lilas", "Bondy"] * 4


def test_a_copy_is_independent() -> None:
    crowd, reach = np.ones(2), sp.csr_matrix(np.eye(8)[[3]])
    settings = {"attente_min": 10}
    base = Scenario("de base", SlotLimits(opened=2.0, at_once=crowd, reach=reach), (), settings)
    copy = replace(base, name="plus d'heures", settings={**base.settings, "attente_min": 15})
    crowd[0], reach.data[0], settings["attente_min"] = 9.0, 5.0, 99
    for one in (base, copy):
        assert one.limits.at_once.tolist() == [1.0, 1.0]
        assert one.limits.reach.toarray()[0, 3] == 1.0
        with pytest.raises(ValueError, match="read-only"):
            one.limits.at_once[0] = 3.0
        with pytest.raises(ValueError, match="read-only"):
            one.limits.reach.data[0] = 3.0
    assert copy.limits.at_once is not base.limits.at_once
    assert (base.settings["attente_min"], copy.settings["attente_min"]) == (10, 15)
    with pytest.raises(TypeError):
        base.settings["attente_min"] = 3
    with pytest.raises(FrozenInstanceError):
        base.name = "autre"


def test_a_scenario_is_put_into_a_problem() -> None:
    problem = drawn(0)
    request = Request("Bailleur", Ask.FORBID, (2,), "travaux", date(2026, 3, 1))
    asked = Scenario("sans le bailleur", SlotLimits(opened=2.0), (request,)).applied(problem)
    assert asked.forbidden.tolist() == [j == 2 for j in range(8)]
    assert asked.limits.opened == 2.0
    assert len(exhaustive(asked).chosen) == 2
    assert not problem.forbidden.any()


@pytest.mark.parametrize("room", [np.inf, 10.0])
def test_the_difference_is_antisymmetric_and_its_table_adds_up(room: float) -> None:
    problem = drawn(3, room=room)
    sets = [(0, 2, 5), (1, 2, 4), (0, 3, 6, 7), ()]
    for before, after in combinations(sets, 2):
        there = difference(problem, before, after, groups=GROUPS)
        back = difference(problem, after, before, groups=GROUPS)
        assert (there.opened, there.closed) == (back.closed, back.opened)
        assert there.new_times == tuple((a, b) for b, a in back.new_times)
        assert there.new_places == tuple((a, b) for b, a in back.new_places)
        assert there.people == pytest.approx(-back.people)
        assert there.hours == -back.hours
        assert dict(there.won) == pytest.approx(dict(back.lost))
        total = attendance(problem, after).total - attendance(problem, before).total
        assert there.people == pytest.approx(total)
        assert sum(x for _, x in there.won) - sum(x for _, x in there.lost) == pytest.approx(total)
        changed = {*there.opened, *(b for _, b in there.new_times + there.new_places)}
        assert changed == set(after) - set(before)


def test_moves_are_told_from_openings() -> None:
    """0 and 1 are one place; 2 and 4 one half-day in two places; 7 is opened."""
    told = difference(drawn(3), (0, 2), (1, 4, 7), names=NAMES)
    assert (told.new_times, told.new_places) == (((0, 1),), ((2, 4),))
    assert (told.opened, told.closed) == ((7,), ())
    assert told.sentence.startswith(
        "Ouvrir « Mairie, mardi matin », déplacer « MDE, lundi matin » vers « MDE, mardi matin » "
        "et « Médiathèque, lundi matin » vers « CCAS, lundi matin » : "
    )


def test_the_sentence_says_who_wins_and_who_loses() -> None:
    """Two towns of 30 and 10 visits; Les Lilas wins what Pantin loses, and more."""
    base = drawn(0, options=2, rows=2)
    problem = replace(
        base, weights=np.array([30.0, 10.0]), outside=np.ones(2), place=np.array([0, 1]),
        slot=np.array([0, 1]), pull=sp.csc_matrix([[1.0, 0.0], [0.0, 1.0]]),
    )  # fmt: skip
    told = difference(problem, [0], [1], groups=["Pantin", "Les Lilas"], names=["MDE", "CSC"])
    assert told.people == -10.0
    assert told.sentence == (
        "Ouvrir « CSC », fermer « MDE » : 10 personnes de moins par semaine ; "
        "en gagnent : Les Lilas (+5) ; en perdent : Pantin (−15)."
    )
    same = difference(problem, [0], [0])
    assert same.sentence == "Mêmes permanences : autant de personnes reçues par semaine."


def test_other_settings_are_seen_on_the_same_options() -> None:
    problem = drawn(1)
    more = replace(problem, weights=problem.weights * 2)
    told = difference(problem, [0, 3], [0, 3], problem_after=more, groups=GROUPS)
    assert told.people == pytest.approx(attendance(problem, [0, 3]).total)
    with pytest.raises(WrongUsage, match="sur les mêmes lieux"):
        difference(problem, [0], [0], problem_after=drawn(1, options=6))
    with pytest.raises(WrongUsage, match="un nom pour chaque"):
        difference(problem, [0], [1], names=["MDE"])
