"""Extension quarters: groups respected, requests kept and priced, every lock in the note."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest

from territory.analysis.siting.cover import max_cover
from territory.analysis.siting.extension import extension
from territory.analysis.siting.extension_note import justification
from territory.analysis.siting.group_cover import cover_groups, group_problem
from territory.errors import WrongUsage
from territory.model.requests import Ask, Request
from territory.model.results import Ending

if TYPE_CHECKING:
    from territory.model.dialogue_results import Extension

NEED = np.array([120.0, 80.0, 60.0, 90.0, 40.0, 30.0])
MEMBERS = np.array([[1, 0, 0, 0], [1, 0, 0, 1], [0, 1, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0],
                    [0, 0, 1, 1]], bool)  # fmt: skip
NAMES = ["19e Sud", "Grand Belleville", "13e", "Porte de Vanves"]
QUARTERS = ["Danube", "Algérie", "Belleville", "Amandiers", "Bédier", "Brançion"]


def asks(who: str, kind: Ask, *groups: int, on: date = date(2026, 3, 1)) -> Request:
    return Request(who, kind, groups, f"souhait de {who}", on)


def planned(k: int, *requests: Request, **more: object) -> Extension:
    return extension(NEED, MEMBERS, k, names=NAMES, quarters=QUARTERS, requests=requests, **more)


def test_the_groups_that_hold_most_need() -> None:
    plan = planned(2)
    assert [(g.name, g.quarters, g.gain) for g in plan.groups] == [
        ("19e Sud", ("Danube", "Algérie"), 200.0),
        ("Grand Belleville", ("Belleville", "Amandiers"), 150.0),
    ]
    assert (plan.need, plan.total, plan.bound, plan.ending) == (350, 420, 350, Ending.OPTIMAL)
    assert plan.note[0] == "Groupes de quartiers retenus : 2 sur 4 candidats."
    assert plan.note[1] == "1. « 19e Sud » (Danube et Algérie) : 200 personnes de plus."
    assert "350 personnes que personne ne sert encore, sur 420 (83\u202f%)." in plan.note[3]


@pytest.mark.parametrize("seed", range(4))
def test_as_many_as_max_cover_and_as_an_enumeration_with_a_budget(seed: int) -> None:
    rng = np.random.default_rng(seed)
    need, members = rng.gamma(2.0, 50.0, 25), rng.random((25, 9)) < 0.2
    posts = rng.integers(1, 4, 9).astype(float)
    free = cover_groups(group_problem(need, members, 3))
    assert free.objective == pytest.approx(max_cover(need, members, 3).objective)
    paid = cover_groups(group_problem(need, members, 3, posts=posts, budget=5.0))
    worth = [need[members[:, list(c)].any(axis=1)].sum() for size in range(4)
             for c in combinations(range(9), size) if posts[list(c)].sum() <= 5.0]  # fmt: skip
    assert paid.objective == pytest.approx(max(worth)) == paid.bound
    assert sum(paid.served) == pytest.approx(paid.objective)


def test_need_served_already_does_not_count() -> None:
    served = np.array([1.0, 1.0, 0.0, 0.5, 0.0, 0.0])
    plan = planned(1, served=served)
    assert [g.name for g in plan.groups] == ["Grand Belleville"]
    assert plan.need == 60 + 45
    assert plan.total == 60 + 45 + 40 + 30


def test_requests_are_kept_and_priced() -> None:
    city, state = asks("Ville de Paris", Ask.REQUIRE, 2, 3), asks("Préfecture", Ask.FORBID, 0)
    plan = planned(2, city, state)
    assert {g.name for g in plan.groups} == {"Grand Belleville", "Porte de Vanves"}
    assert plan.need == 260.0
    assert [p.price for p in plan.prices.each] == [0.0, 10.0]
    assert plan.prices.with_none == 350.0


def test_every_lock_is_in_the_note_with_author_and_date() -> None:
    requests = [asks("Ville de Paris", Ask.REQUIRE, 2), asks("Préfecture", Ask.FORBID, 0),
                asks("Bailleur social", Ask.REQUIRE, 1, 3, on=date(2026, 4, 12)),
                asks("Préfecture", Ask.FORBID, 3, on=date(2025, 12, 2))]  # fmt: skip
    note = planned(3, *requests).note
    for request in requests:
        (line,) = [t for t in note if request.why in t and str(request.on.year) in t
                   and all(f"« {NAMES[j]} »" in t for j in request.options)]  # fmt: skip
        assert line.startswith(f"- {request.who}, le ")
        assert request.kind.verb in line
    assert any("Bailleur social, le 12 avril 2026 : retenir" in line for line in note)
    assert any("Préfecture, le 1er mars 2026 : écarter « 19e Sud »" in line for line in note)
    assert any(line.startswith("Ensemble, les demandes de « Préfecture » coûtent") for line in note)


def test_requests_that_contradict_get_the_smallest_way_out() -> None:
    plan = planned(1, asks("Ville", Ask.REQUIRE, 0), asks("Préfecture", Ask.REQUIRE, 1))
    assert plan.ending is Ending.IMPOSSIBLE
    assert plan.groups == ()
    assert plan.ways_out.needed == 1
    assert {r.requests for r in plan.ways_out.found} == {(0,), (1,), ()}
    assert plan.note[0] == "Les demandes et les limites ne peuvent pas être tenues toutes ensemble."
    assert plan.note[1] == (
        "Il suffit de porter le nombre de groupes retenus de 1 à 2. Le choix compte alors "
        "350 personnes."
    )
    assert any("coût inconnu" in line for line in plan.note)


def test_posts_are_a_limit() -> None:
    plan = planned(3, posts=np.array([3.0, 1.0, 1.0, 1.0]), budget=2.0)
    assert {g.name for g in plan.groups} == {"Grand Belleville", "Porte de Vanves"}
    short = planned(3, asks("Ville", Ask.REQUIRE, 0), posts=np.full(4, 2.0), budget=1.0)
    assert any("porter le nombre de postes de 1 à 2" in line for line in short.note)


def test_a_group_that_adds_nothing_is_not_retained_unless_asked_for() -> None:
    members = np.array([[1, 1], [1, 0]], bool)
    words = {"names": ["A", "B"], "quarters": ["a", "b"]}
    alone = extension(np.array([5.0, 5.0]), members, 2, **words)
    assert [g.name for g in alone.groups] == ["A"]
    asked = extension(
        np.array([5.0, 5.0]), members, 2, requests=[asks("Ville", Ask.REQUIRE, 1)], **words
    )
    assert [(g.name, g.gain) for g in asked.groups] == [("A", 10.0), ("B", 0.0)]


def test_nothing_to_choose_and_arguments_that_make_no_sense() -> None:
    assert planned(0).groups == ()
    with pytest.raises(WrongUsage, match="entre 0 et 1"):
        planned(1, served=np.full(6, 2.0))
    with pytest.raises(WrongUsage, match="un nom pour chaque quartier"):
        extension(NEED, MEMBERS, 1, names=NAMES[:2], quarters=QUARTERS)
    with pytest.raises(WrongUsage, match="« Ville » porte sur un lieu inconnu"):
        planned(1, asks("Ville", Ask.REQUIRE, 9))


def test_an_unproved_price_is_told_as_an_interval() -> None:
    plan = planned(2, asks("Ville", Ask.FORBID, 0))
    (price,) = plan.prices.each
    rough = replace(plan, prices=replace(plan.prices, each=(replace(price, low=80.0, high=95.0),)),
                    ending=Ending.TIME_UP, bound=300.0)  # fmt: skip
    note = justification(rough, [asks("Ville", Ask.FORBID, 0)], NAMES).note
    assert note[-1].endswith("coût : entre 80 et 95 personnes.")
    assert "Un autre choix pourrait en compter jusqu'à 300." in note
