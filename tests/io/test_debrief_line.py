"""One short line enters a whole outing; sums are checked; free text is refused, never repeated."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.io.debrief_line import line_of, read_line
from tests.io.printed import TUESDAY, WEDNESDAY, sheet, typed

LINE = "I12 A3 D2 O1 F7 H5 J4 M6 S2 A=4 B=2 ferme:C pluie"


def codes(text: str, today: date = WEDNESDAY) -> list[str]:
    return [issue.code for issue in read_line(text, sheet(), today=today)[1]]


def test_one_line_of_sixty_signs_enters_a_whole_outing() -> None:
    assert len(f"7KQ7 {LINE}") <= 60
    done = typed(LINE)
    assert done.counts == {
        "n_informed": 12, "n_engaged": 3, "n_assessed": 2, "n_referred": 1, "n_women": 7,
        "n_men": 5, "n_under_26": 4, "n_26_59": 6, "n_60_plus": 2,
    }  # fmt: skip
    assert (done.at_stops, done.closed, done.weather) == ({"A": 4, "B": 2}, ("C",), "pluie")
    assert (done.state, done.kind, done.sheet.kind) == ("realise", "maraude", "maraude")
    assert codes(LINE) == []


@pytest.mark.parametrize(
    "text",
    [
        "i12 a3 d2 o1 f7 h5 j4 m6 s2 a=4 b=2 ferme c PLUIE",
        "I:12, A 3 ; D:2 O 1. F7 H5 J4 M6 S2 A = 4 B =2 fermé : C pluie",
        "pluie ferme:C B=2 A=4 S2 M6 J4 H5 F7 O1 D2 A3 I12",
    ],
)
def test_case_order_spaces_and_signs_between_do_not_matter(text: str) -> None:
    assert typed(text) == typed(LINE)


def test_what_is_not_said_is_not_counted() -> None:
    assert typed("I0").counts == {"n_informed": 0}
    assert typed("beau").counts == {}


def test_people_informed_are_those_of_the_stops_when_not_told() -> None:
    assert typed("A=4 B=3").counts == {"n_informed": 7}
    assert typed("A=4 B=3 I9").counts == {"n_informed": 9}


@pytest.mark.parametrize(
    ("text", "state", "reason"),
    [
        ("annule meteo", "annule", "meteo"),
        ("annulée : météo", "annule", "meteo"),
        ("annule lieu fermé", "annule", "lieu_ferme"),
        ("annulé", "annule", None),
        ("reporté absence", "reporte", "absence"),
    ],
)
def test_an_outing_that_was_not_held_says_why(text: str, state: str, reason: str | None) -> None:
    done = typed(text)
    assert (done.state, done.cancel_reason, done.counts) == (state, reason, {})


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("devenu visite I3", "visite_partenaire"),
        ("I3 devenue visite partenaire", "visite_partenaire"),
        ("devenu:permanence I3", "permanence"),
        ("devenu atelier I3", "atelier"),
    ],
)
def test_what_was_planned_and_what_was_done_are_both_kept(text: str, kind: str) -> None:
    done = typed(text)
    assert (done.kind, done.sheet.kind, done.counts) == (kind, "maraude", {"n_informed": 3})


def test_the_hours_done_stand_beside_the_hours_planned() -> None:
    done = typed("I3 9h45-11h10")
    assert (done.start_min, done.end_min) == (585, 670)
    assert (done.sheet.start_min, done.sheet.end_min) == (570, 690)


def test_several_places_closed_in_any_writing() -> None:
    assert typed("I1 ferme:AC").closed == ("A", "C")
    assert typed("I1 ferme a, c beau").closed == ("A", "C")
    assert typed("ferme:A ferme:C I1").closed == ("A", "C")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "E-VIDE"),
        ("I12 Dupont", "E-MOT"),
        ("I12 06 12 34 56 78", "E-MOT"),
        ("I12A3", "E-MOT"),
        ("D=2 I3", "E-ARRET"),
        ("ferme:D I3", "E-ARRET"),
        ("ferme I3", "E-ARRET"),
        ("I2001", "E-NUM"),
        ("I99999999999", "E-NUM"),
        ("I3 I4", "E-DOUBLE"),
        ("pluie beau I3", "E-DOUBLE"),
        ("annule I3", "E-ANNULE"),
        ("I3 11h-10h", "E-HEURE"),
        ("devenu I3", "E-LISTE"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_code(text: str, code: str) -> None:
    done, issues = read_line(text, sheet(), today=WEDNESDAY)
    assert done is None
    assert code in [i.code for i in issues]


def test_an_outing_to_come_may_be_cancelled_but_not_told() -> None:
    monday = date(2026, 11, 23)
    assert codes("I3", monday) == ["E-FUTUR"]
    assert codes("annule meteo", monday) == []
    assert codes("I3", TUESDAY) == []


def test_every_fault_is_told_at_once_and_a_slip_is_guessed() -> None:
    done, issues = read_line("I12 pluye D=1 I13", sheet(), today=WEDNESDAY)
    assert done is None
    assert [i.code for i in issues] == ["E-ARRET", "E-DOUBLE", "E-MOT"]
    assert issues[0].remedy == "Ses arrêts : A, B, C. Pour toute la sortie : D12, sans « = »."
    assert "à la place n° 3 (« pluie » ?)" in issues[2].problem


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("I10 F7 H4", "femmes + hommes (11) dépasse le nombre de personnes (10)."),
        ("I10 J5 M5 S1", "l'ensemble des âges (11) dépasse le nombre de personnes (10)."),
        ("I10 A=8 B=3", "l'ensemble des arrêts (11) dépasse les personnes informées (10)."),
    ],
)
def test_sums_that_do_not_hold_are_told_and_kept(text: str, said: str) -> None:
    done, (issue,) = read_line(text, sheet(), today=WEDNESDAY)
    assert done is not None
    assert (issue.code, issue.problem) == ("W-SOMME", said)


def test_numbers_that_look_wrong_are_told_and_kept() -> None:
    assert codes("I301") == ["W-NOMBRE"]
    assert codes("I3 A4") == ["W-NOMBRE"]
    assert codes("I3 A3 F2 H1 J1 M1 S1 A=1 B=2") == []


@given(st.text(alphabet=st.characters(categories=("L", "N", "P", "Z")), max_size=40))
def test_nothing_typed_is_ever_repeated(text: str) -> None:
    secret = f"Zoé {text} zoe@exemple.fr"
    done, issues = read_line(f"I3 {secret}", sheet(), today=WEDNESDAY)
    assert done is None
    said = " ".join(map(str, issues))
    assert "Zoé" not in said
    assert "exemple" not in said.replace("par exemple", "")


def told(**changes: Any) -> list[str]:  # noqa: ANN401
    return [i.code for i in read_line("A=1 I3", sheet(**changes), today=WEDNESDAY)[1]]


def test_an_appointment_without_stops_takes_no_letter() -> None:
    assert told(stops={}) == ["E-ARRET"]
    assert told() == []


@pytest.mark.parametrize(
    "text",
    [
        LINE,
        "I0",
        "A=0",
        "annule:meteo",
        "reporte",
        "devenu visite I2",
        "I3 9h-11h05 beau",
        "ferme C A",
    ],
)
def test_a_debrief_is_written_back_as_the_line_that_tells_it(text: str) -> None:
    done = typed(text)
    assert typed(line_of(done)) == done
