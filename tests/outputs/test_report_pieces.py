"""Reports as pieces of text: widths of columns, where tables are parted, boxes, agreements."""

from __future__ import annotations

import pytest

from territory.outputs.french_words import agreed, capital
from territory.outputs.report_document import told_once
from territory.outputs.report_pieces import ROOM, Tabular, fit


def table(*rows: tuple[str, ...], header: tuple[str, ...], **more: object) -> Tabular:
    numbers = frozenset(range(1, len(header)))
    return Tabular(header, rows, numbers, **more)  # type: ignore[arg-type]


def test_a_definition_has_the_page_and_its_codes_one_under_the_other() -> None:
    told = table(("FVi FVd FVo FVn FVs", "mot " * 80), header=("Code", "Définition"),
                 parted=frozenset({0}))  # fmt: skip
    codes, words = told.widths()
    assert words > 0.9
    assert codes + words == pytest.approx(1)


def test_numbers_take_what_they_need_and_words_what_is_left() -> None:
    told = table(("Centre social", "57", "39"), header=("Partie", "Activités", "un an plus tôt"))
    label, number, before = told.widths()
    assert label > 0.6
    assert number < before < 0.22


def test_no_word_is_cut_when_a_page_holds_them_all() -> None:
    head = ("", *["Personnes diagnostiquées"] * 3)
    told = table(("Maison de l’emploi des Passerelles, Valfictif", *["12"] * 3), header=head)
    assert all(width * ROOM > len("diagnostiquées") for width in told.widths())


def test_room_is_shared_by_what_is_asked() -> None:
    assert fit([4, 50, 30], 44) == [4, 20, 20]
    assert fit([4, 5], 44) == [4, 5]


def test_a_long_table_is_parted_but_for_its_ends_a_short_one_is_not() -> None:
    long = table(*[("a", "1")] * 12, header=("Partie", "Nombre"))
    assert [at for at in range(13) if long.held(at)] == [1, 2, 11]
    short = table(*[("a", "1")] * 4, header=("Partie", "Nombre"))
    assert [at for at in range(5) if short.held(at)] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "activité par mois"), (1.5, "activité par mois"), (2, "activités par mois")],
)
def test_words_agree_with_their_number(value: float, said: str) -> None:
    assert agreed("activités par mois", value) == said


def test_what_is_not_counted_in_the_plural_stays() -> None:
    assert agreed("mois de chaque côté", 1) == "mois de chaque côté"
    assert capital("à 10 minutes") == "À 10 minutes"


def test_what_is_said_of_several_figures_is_said_once() -> None:
    said = ["Orientations : dont 15 sans nombre.", "Rien ne manque.", "Diagnostics : dont 15 sans"
            " nombre.", "Femmes : dont 2 sans nombre."]  # fmt: skip
    assert told_once(said) == [
        "Orientations ; Diagnostics : dont 15 sans nombre.",
        "Femmes : dont 2 sans nombre.",
        "Rien ne manque.",
    ]
