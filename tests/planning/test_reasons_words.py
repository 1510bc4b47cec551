"""Reasons as a coordinator reads them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from territory.analysis.routing.admissions import Effort, admissions
from territory.analysis.routing.losses import Loss, losses
from territory.analysis.routing.relaxed import LADDERS, Change, Kind
from territory.analysis.routing.required import smallest_relaxation
from territory.analysis.routing.resolve import made
from territory.analysis.routing.week_judge import week_value
from territory.analysis.routing.week_problem import Limits
from territory.planning import reasons_words as words
from territory.planning.reasons_told import clause, why_impossible, why_in, why_out
from tests.analysis.routing.budgets import budgeted
from tests.analysis.routing.exhaustive import try_everything
from tests.analysis.routing.tiny_weeks import drawn_week, week

if TYPE_CHECKING:
    from collections.abc import Callable

    from territory.analysis.routing.week_problem import Walked, WeekOutcome, WeekProblem

ALONE = (0, -1)
NAMES = words.Names(
    places=("Médiathèque", "Marché", "Foyer", "Gare", "Épicerie"),
    routes=("l’après-midi de M2 jeudi", "la matinée de M1 lundi", "la matinée de M1 et M2 mardi"),
    walkers=("M2", "M1"),
    zones=("Les Sablons", "Centre"),
    kinds=("marché", "foyer"),
)


def worth_more(problem: WeekProblem, best: WeekOutcome) -> Callable[[tuple[Walked, ...]], float]:
    """Return how much more a plan is worth: people only, in weeks where nothing else counts."""
    return lambda routes: week_value(problem, routes) - best.value


def test_a_place_out_for_want_of_time() -> None:
    places = [(10, 900, 1200, 3.0), (19, 900, 1200, 2.1)]
    problem = week(places=places, routes=[(0, 966, 1052, ALONE)])
    best = try_everything(problem)
    (why,) = admissions(problem, best, [1], try_everything).of
    told = why_out(problem, why, NAMES, worth_more(problem, best))
    assert told.by_placing
    assert told.reason == "Il manque 12 min : l’après-midi de M2 jeudi finirait à 17 h 44."
    assert told.remedy == (
        "Si M2 finit à 17 h 47, l’arrêt tient sans rien déplacer (+2,1 personnes attendues). "
        "Sans changer de règle, l’admettre coûterait environ 0,9 personne attendue : "
        "« Médiathèque » sortirait de la semaine."
    )


def test_a_stop_kept() -> None:
    problem = week(
        places=[(10, 900, 1200, 3.0), (19, 900, 1200, 0.5)], routes=[(0, 966, 1034, ALONE)]
    )
    best = try_everything(problem)
    (loss,) = losses(problem, best, try_everything).of
    assert why_in(loss, NAMES, worth_more(problem, best)) == (
        "Sans cet arrêt : au plus 2,5 personnes attendues en moins, 50 min libérées ; « Marché » "
        "prendrait sa place."
    )
    nothing = Loss(0, (0,), 0.0, 90, (1, 2), (), proved=False)
    assert why_in(nothing, NAMES, lambda _: 0.0) == (
        "Sans cet arrêt : autant de personnes attendues, 1 h 30 libérées ; « Marché » et "
        "« Foyer » prendraient sa place."
    )


def test_presence_and_fairness_are_never_told_as_people() -> None:
    present = Loss(0, (0,), 12.0, 40, (), (), proved=False)
    assert why_in(present, NAMES, lambda _: 0.4) == (
        "Sans cet arrêt : pas moins de personnes attendues, mais de la présence dans les zones ou "
        "de l’équité en moins, 40 min libérées."
    )
    assert words.exchange_price("« Gare »", -1.0, 3.0) == (
        "Sans changer de règle, l’admettre ne coûterait aucune personne attendue, mais de la "
        "présence dans les zones ou de l’équité : « Gare » sortirait de la semaine."
    )


def test_an_impossible_week() -> None:
    problem = week(
        places=[(10, 900, 1200, 3.0), (19, 900, 1200, 2.1)],
        routes=[(0, 966, 1052, ALONE)],
        walk_max_m=1600,
    )
    found = smallest_relaxation(problem, [0, 1], [], try_everything)
    assert why_impossible(problem, found, NAMES) == (
        "Tout ce qui est exigé ne tient pas dans la semaine : il manque « Marché ».",
        "Si l’après-midi de M2 jeudi finit à 17 h 47 et si M2 peut marcher 3,1 km dans la "
        "journée, tout tient ; c’est le plus petit nombre de règles à assouplir.",
    )
    kept = smallest_relaxation(problem, [0], [], try_everything)
    assert why_impossible(problem, kept, NAMES) == ()


CLAUSES = [
    (Change(Kind.FINISH, 15, 0), "Si l’après-midi de M2 jeudi finit à 17 h 45"),
    (Change(Kind.BEGIN, 5, 0), "Si l’après-midi de M2 jeudi commence à 13 h 55"),
    (
        Change(Kind.LUNCH, 10, 0),
        "Si la pause de midi dure 35 min au lieu de 45 (après-midi de M2 jeudi)",
    ),
    (Change(Kind.CLOSING, 10, 1), "Si « Marché » nous reçoit 10 min après sa fermeture"),
    (Change(Kind.WALK, 250, 1), "Si M1 peut marcher 20,2 km dans la journée"),
    (Change(Kind.QUOTA, 1, 1), "Si M1 sort 11 demi-journées"),
    (Change(Kind.BUDGET, 1, 0), "Si le plafond passe à 2 visites de ce type de lieu (« marché »)"),
    (Change(Kind.ZONE, 1, 0), "Si 1 jour d’écart suffit entre deux sorties dans « Les Sablons »"),
    (Change(Kind.ZONE, 2, 0), "Si deux sorties le même jour sont permises dans « Les Sablons »"),
    (Change(Kind.APART, 1, 0), "Si deux visites de « Médiathèque » sont permises le même jour"),
    (
        Change(Kind.HELPER, 1, 1, 1),
        "Si une personne d’une autre équipe accompagne M1 (matinée de M1 lundi)",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("change", "text"), CLAUSES)
def test_each_change_has_its_clause(change: Change, text: str) -> None:
    problem = week(
        places=[(10, 540, 900, 3.0), (19, 540, 900, 2.1)],
        routes=[(0, 840, 1050, ALONE), (0, 840, 1050, (0, 1))],
        lunch={0: (45, 850, 900)},
    )
    problem.groups.zone_apart[0] = 2
    problem.groups.apart[0] = 1
    limited = replace(problem, limits=Limits(np.ones((2, 1), np.int64), np.ones(1, np.int64)))
    assert clause(limited, change, NAMES) == text


def test_a_pair_takes_the_plural() -> None:
    problem = week(places=[(10, 540, 900, 3.0)], routes=[(0, 840, 1050, (0, 1))])
    text = clause(problem, Change(Kind.FINISH, 15, 0), NAMES, own=True)
    assert text == "Si M2 et M1 finissent à 17 h 45"


def test_people_are_counted_as_french_does() -> None:
    assert words.people(1.84) == "1,8 personne attendue"
    assert words.people(1.96) == "2 personnes attendues"
    assert words.signed(-0.4) == "−0,4 personne attendue"
    assert words.signed(0.01) == "autant de personnes attendues"


SENTENCES = [
    (words.never_open(), "Jamais ouvert"),
    (words.nobody_goes(), "Aucun médiateur"),
    (words.no_pair(), "à deux"),
    (words.too_short(12, NAMES.routes[0], 1062), "finirait à 17 h 42"),
    (words.others_wait(3, NAMES.routes[1]), "la matinée de M1 lundi"),
    (words.all_taken(), "déjà en sortie"),
    (words.closes_early(7, NAMES.routes[0], 1000), "16 h 40"),
    (words.lunch_late(20, NAMES.routes[0], 850), "14 h 10"),
    (words.too_much_walking("M2", 600), "600 m de trop"),
    (words.no_half_day_left("M2", 1), "sa seule demi-journée"),
    (words.too_soon("Centre", 2), "2 jours"),
    (words.kind_used_up("marché", 2), "2 visites de ce type de lieu"),
    (words.kind_used_up("marché", 0), "n’est admise"),
    (words.zone_served("Centre"), "« Centre » reçoit"),
    (words.not_worth_it(), "apporte moins"),
    (words.no_remedy(), "Aucun changement"),
    (words.exchange_price("", 0.0, 0.0), "presque rien"),
    (words.nothing_holds(proved=True), "toutes les règles"),
    (words.nothing_holds(proved=False), "dans le temps donné"),
]


@pytest.mark.parametrize(("sentence", "fact"), SENTENCES)
def test_sentences_say_their_fact_in_proper_typography(sentence: str, fact: str) -> None:
    assert fact in sentence
    assert well_written(sentence)


def well_written(text: str) -> bool:
    """Say whether a French text ends, capitalises and quotes as it should."""
    straight = "'" in text or '"' in text or "..." in text or re.search(r"\S[:;!?]", text)
    doubled = "  " in text or ".." in text
    return text[0] in "«ÉÀ" + text[0].upper() and text.endswith(".") and not (straight or doubled)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_the_week_reasons_can_be_read(seed: int) -> None:
    problem = budgeted(drawn_week(seed), seed) if seed % 2 else drawn_week(seed)
    best = try_everything(problem)
    out = [g for g in range(len(problem.groups.most)) if g not in made(problem, best.routes)]
    every = Effort(kinds=len(LADDERS))
    for why in admissions(problem, best, out, try_everything, effort=every).of:
        told = why_out(problem, why, NAMES, worth_more(problem, best))
        assert all(well_written(text) for text in (told.reason, told.remedy))
