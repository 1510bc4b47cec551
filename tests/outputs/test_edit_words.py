"""Changes of a week in French."""

from __future__ import annotations

from datetime import date

import pytest

from territory.model.week_edits import EditKind, WeekEdit
from territory.outputs.edit_words import edit_words, held_words

TUESDAY, FRIDAY = date(2026, 11, 24), date(2026, 11, 27)
NAMES = {"P1": "Mairie", "S1": "mardi 24 matin, M1"}


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (WeekEdit(EditKind.LOCK, "S1"), "Sortie gardée telle quelle : mardi 24 matin, M1."),
        (WeekEdit(EditKind.EXCLUDE, "P1"), "À ne pas visiter : Mairie, toute la semaine."),
        (
            WeekEdit(EditKind.EXCLUDE, "P9", on=TUESDAY, half_day="apres-midi"),
            "À ne pas visiter : P9, mardi 24 novembre 2026 après-midi.",
        ),
        (
            WeekEdit(EditKind.PLACE, "P1", "M2", half_day="matin"),
            "À visiter : Mairie, tous les matins par M2.",
        ),
        (
            WeekEdit(EditKind.APPOINTMENT, "", "M1", TUESDAY, start_min=840, end_min=930),
            "Rendez-vous de M1, mardi 24 novembre 2026 de 14 h à 15 h 30.",
        ),
        (
            WeekEdit(EditKind.ABSENCE, agent="M2", on=TUESDAY, start_min=495),
            "Absence de M2, mardi 24 novembre 2026 à partir de 8 h 15.",
        ),
        (
            WeekEdit(EditKind.ABSENCE, agent="M2", on=TUESDAY, start_min=0, end_min=765),
            "Absence de M2, mardi 24 novembre 2026 matin.",
        ),
        (
            WeekEdit(EditKind.ABSENCE, agent="M2", on=TUESDAY),
            "Absence de M2, mardi 24 novembre 2026.",
        ),
    ],
)
def test_each_change_is_one_sentence(edit: WeekEdit, said: str) -> None:
    assert edit_words(edit, NAMES).replace("\u202f", " ") == said


def test_a_line_that_takes_back_another_has_no_words_of_its_own() -> None:
    with pytest.raises(KeyError):
        edit_words(WeekEdit(None, undoes=1), NAMES)


def test_places_shut_then_wanted_elsewhere_are_one_move() -> None:
    """Alone, one of them stays by itself: what is undone is what was asked."""
    shut = [WeekEdit(EditKind.EXCLUDE, p, on=TUESDAY, half_day="matin") for p in ("P1", "P2")]
    there = [WeekEdit(EditKind.PLACE, p, "M2", FRIDAY, "matin") for p in ("P1", "P2")]
    lone = WeekEdit(EditKind.EXCLUDE, "P3", on=TUESDAY, half_day="matin")
    told = held_words(dict(enumerate([lone, *shut, *there, lone], 3)), NAMES)
    moved = "mardi 24 novembre 2026 matin à vendredi 27 novembre 2026 matin, par M2"
    assert told == {
        "3": "À ne pas visiter : P3, mardi 24 novembre 2026 matin.",
        "4 5 6 7": f"Déplacé de {moved} : Mairie, P2.",
        "8": "À ne pas visiter : P3, mardi 24 novembre 2026 matin.",
    }
    halfway = held_words(dict(enumerate([*shut, there[0]], 1)), NAMES)
    assert list(halfway) == ["1", "2", "3"]
