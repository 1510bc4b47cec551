"""No line is zero where the log notes it at other times, unknown where it never did."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from territory.analysis.report.counting import counted
from territory.analysis.report.guards import Said, guards
from territory.analysis.report.hiding import hidden_figures
from territory.analysis.report.lines import Lines, activity_lines, people_lines
from territory.analysis.report.noted import NO_LINE, NOT_BEGUN, noted_by
from territory.model.report import Figures, Span
from territory.model.tables import ACTIVITIES, CONTACTS, PLACES, conform, empty_table
from territory.outputs.report_content import NO_LINE_HERE, chapters, numbers
from territory.outputs.report_shown import Shown
from territory.settings.report import Profile
from tests.analysis.report.clean_years import clean_year, exits

if TYPE_CHECKING:
    from tests.analysis.report.clean_years import Year

COUNTS = (
    ("I", ["informe"]), ("D", ["diagnostic"]), ("N", ["entree"]), ("S", ["sortie_positive"]),
    ("X", ["sexe"]),
)  # fmt: skip
PROFILE = Profile.model_validate(
    {
        "code": "essai", "nom": "Essai",
        "chiffre": [
            *({"code": code, "libelle": f"Étape {code}, par commune", "compter": "personnes",
               "parmi": {"etape": stages}, "par": "commune", "rubrique": "Parcours",
               "cle": True, "dessin": "aucun"} for code, stages in COUNTS),
            {"code": "P", "libelle": "Sorties parmi les entrées", "compter": "personnes",
             "parmi": {"etape": ["sortie_positive"]}, "part_de": "N", "rubrique": "Parcours"},
            {"code": "R", "libelle": "Entrées par diagnostic", "rapport": ["N", "D"],
             "rubrique": "Parcours"},
            {"code": "B", "libelle": "Issues", "compter": "personnes", "rubrique": "Parcours",
             "parmi": {"etape": ["entree", "sortie_positive"]}, "par": "issue", "parts": True},
            {"code": "A", "libelle": "Activités", "compter": "activites", "rubrique": "Parcours"},
        ],
        "tableau": [{"code": "T", "titre": "Du contact à la sortie", "rubrique": "Parcours",
                     "colonnes": ["I", "D", "N", "S"], "etapes": True}],
    }
)  # fmt: skip
YEAR = Span(date(2026, 1, 1), date(2026, 12, 31), "année 2026")
APRIL = Span(date(2026, 4, 1), date(2026, 4, 30), "avril")
FEBRUARY = Span(date(2026, 2, 1), date(2026, 2, 28), "février")
BEFORE = Span(date(2025, 1, 1), date(2025, 12, 31), "année 2025")


def lines_of(year: Year, span: Span) -> Lines:
    frame = pd.DataFrame(year.activities).set_index("activity_id").assign(geometry=None)
    activities = conform(frame, ACTIVITIES)
    told = pd.DataFrame(year.contacts).set_index("contact_id").assign(geometry=None)
    contacts = conform(told, CONTACTS)
    zones = pd.DataFrame({"residence": "qpv", "quarter": "Q1", "lacking": pd.NA},
                         index=activities.index)  # fmt: skip
    placed = activity_lines(activities, empty_table(PLACES), zones, span)
    partners = empty_table(PLACES).drop(columns="geometry").assign(step="")
    return Lines(placed, people_lines(placed, contacts, span), partners, pd.DataFrame(),
                 noted_by(activities, contacts, span))  # fmt: skip


def found(year: Year, span: Span = YEAR) -> tuple[Figures, Lines]:
    lines = lines_of(year, span)
    return counted(PROFILE.countings, lines, {}, {}), lines


def told(year: Year, code: str, span: Span = YEAR) -> tuple[float | None, str]:
    row = found(year, span)[0].table.loc[code]
    return None if pd.isna(row["value"]) else float(row["value"]), str(row["mention"])


def test_what_no_line_ever_tells_is_unknown_with_all_that_is_made_of_it() -> None:
    figures = found(clean_year(0))[0].table
    for code in ("N", "S", "P", "R", "B"):
        assert pd.isna(figures.loc[code, "value"]), code
    assert {figures.loc[code, "mention"] for code in ("N", "S", "P", "B")} == {NO_LINE}
    assert "un des deux nombres n’est pas connu" in figures.loc["R", "mention"]
    assert figures.loc[["P"], ["over", "low", "high"]].isna().all(axis=None)
    assert not figures["definition"].eq("N").sum() > 1  # no part either


def test_a_period_without_a_line_is_zero_once_the_log_notes_the_stage() -> None:
    year = exits(clean_year(0), cdi=4)  # in March
    assert told(year, "S") == (4.0, "")
    assert told(year, "S", APRIL) == (0.0, "")
    assert told(year, "S", FEBRUARY) == (None, NO_LINE)  # nobody may have noted exits yet
    assert told(year, "N", APRIL) == (None, NO_LINE)


def test_two_stages_are_counted_with_the_one_that_is_noted_and_it_is_said() -> None:
    year = exits(clean_year(0), cdi=4)
    assert told(year, "B") == (4.0, "jamais noté par le suivi : entrée en parcours")
    assert told(year, "B", APRIL) == (0.0, "jamais noté par le suivi : entrée en parcours")


def test_a_count_of_zero_written_somewhere_is_a_note() -> None:
    year = clean_year(0)
    rows = [{**row, "n_assessed": None, "n_women": None, "n_men": None} for row in year.activities]
    silent = type(year)(rows, year.contacts, Said())
    assert told(silent, "D") == (None, "aucun comptage dans le suivi")
    assert told(silent, "X") == (None, NO_LINE)
    once = type(year)([{**rows[0], "n_assessed": 0}, *rows[1:]], year.contacts, Said())
    assert told(once, "D", APRIL) == (None, "aucun comptage dans le suivi")
    late = type(year)([{**rows[0], "n_assessed": 0}], year.contacts[:0] or year.contacts, Said())
    assert told(late, "D", APRIL) == (0.0, "")


@pytest.mark.parametrize(("code", "why"), [("A", NOT_BEGUN), ("I", NO_LINE), ("D", NO_LINE)])
def test_days_before_the_log_began_are_unknown(code: str, why: str) -> None:
    assert told(clean_year(0), code, BEFORE) == (None, why)


def test_documents_say_unknown_and_a_true_zero_is_a_number() -> None:
    year = exits(clean_year(0), cdi=40)
    (chapter,) = chapters(PROFILE, *both(year, YEAR))
    (grid,) = chapter.grids
    assert grid.headers == ("Étape I", "Étape D", "Étape S")
    assert grid.more.endswith("Aucune ligne du suivi : étape n.")
    texts = {block.code: (block.whole.value, block.mention) for block in chapter.blocks}
    assert texts["P"] == ("40", "")
    assert texts["R"][0] == "inconnu"
    (later,) = chapters(PROFILE, *both(year, APRIL))
    assert later.grids[0].headers == grid.headers
    assert [row.cells[-1].value for row in later.grids[0].rows if row.whole] == ["0"]
    assert {b.code: b.mention for b in later.blocks}["P"] == NO_LINE_HERE


def test_the_numbers_of_files_hold_no_zero_for_what_is_unknown() -> None:
    now, _ = both(clean_year(0), YEAR)
    labels = {counting.code: counting.label for counting in PROFILE.countings}
    rows = {row[0]: row for row in numbers(now, labels)}
    assert (rows["N"][3], rows["N"][-1]) == (None, NO_LINE)


def both(year: Year, span: Span) -> tuple[Shown, Shown]:
    figures, _ = found(year, span)
    return Shown(figures, frozenset()), Shown(found(year, BEFORE)[0], frozenset())


@pytest.mark.parametrize("seed", range(4))
def test_guards_stay_quiet_about_what_is_unknown_and_nothing_is_hidden_of_it(seed: int) -> None:
    figures, lines = found(clean_year(seed))
    said = guards(PROFILE, figures, lines, Said(printed={"N": 12.0}))
    assert [guard.code for guard in said] == ["ATTRIBUTION"]
    assert "n’est pas connu" in said[0].sentence
    assert not {"N", "S"} & hidden_figures(PROFILE, figures)
