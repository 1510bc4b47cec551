"""Changes of a week in French."""

from __future__ import annotations

from datetime import date

import pytest

from territory.model.week_edits import EditKind, WeekEdit
from territory.outputs.edit_words import edit_words

TUESDAY = date(2026, 11, 24)
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
