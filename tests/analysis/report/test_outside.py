"""What leaves the team: nothing computed from a hidden count, nothing about who did what."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from territory.analysis.report.counting import counted
from territory.analysis.report.hiding import hidden_figures
from territory.analysis.report.lines import Lines
from territory.analysis.report.outside import figures_of, outside_profile
from territory.io.report_profiles import read_profile
from territory.model.report import Figures, Part
from territory.outputs.report_content import chapters, numbers
from territory.outputs.report_shown import HIDDEN, Shown
from territory.settings.report import Profile
from tests.analysis.report.clean_years import clean_year

BY_QUARTER = Profile.model_validate(
    {
        "code": "essai",
        "nom": "Essai",
        "chiffre": [
            {"code": "S1", "libelle": "Personnes pour 1 000 habitants", "compter": "personnes",
             "parmi": {"etape": ["informe"]}, "par": "quartier", "pour_mille": "habitants"},
            {"code": "S4", "libelle": "Indice de couverture", "compter": "calcule",
             "par": "quartier", "repose_sur": ["S1"]},
            {"code": "S4r", "libelle": "Rapport", "rapport": ["S4", "S1"]},
        ],
    }
)  # fmt: skip
GROUND = pd.DataFrame(
    {"name": ["", "Un", "Deux", "Trois"], "kind": ["", "qpv", "qpv", "qpv"],
     "residents": 3000.0, "residents_18_64": 2000.0, "imputed_share": 0.0},
    index=pd.Index(["", "Q1", "Q2", "Q3"], name="unit"),
)  # fmt: skip


def found(met: dict[str | None, int]) -> Figures:
    """Figures of a log that met these people in these quarters (None: not known)."""
    lines = clean_year(0).lines()
    people = lines.people[lines.people["stage"] == "informe"].head(len(met))
    people = people.assign(
        people=pd.array(list(met.values()), dtype="Int64"),
        quarter=pd.array(list(met), dtype="string"),
    )
    mine = Lines(lines.activities, people, lines.partners, GROUND)
    quarters = [Part(q, q, 1.5, "indice") for q in met if q and q != "hors"]
    return counted(BY_QUARTER.countings, mine, {}, {}, {"S4": (Part("", "", 1.2, "indice"),
                                                              *quarters)})  # fmt: skip


def hid(met: dict[str | None, int]) -> set[str]:
    return {name for name in hidden_figures(BY_QUARTER, found(met)) if name.startswith("S4")}


def test_what_is_computed_from_a_hidden_count_is_hidden_part_by_part() -> None:
    assert hid({"Q1": 50, "Q2": 60, "Q3": 70}) == set()
    # Q1 is small; Q2 goes with it, else the total gives it back; Q3 stays.
    assert hid({"Q1": 5, "Q2": 60, "Q3": 70}) == {"S4", "S4/Q1", "S4/Q2", "S4r"}


def test_a_share_of_people_located_does_not_give_back_those_who_are_not() -> None:
    # The 4 not located are hidden: the index of a known quarter would tell how many are.
    assert hid({"Q1": 50, "Q2": 60, "Q3": 70, None: 4}) >= {"S4", "S4/Q1", "S4/Q2", "S4/Q3"}


def test_a_small_total_hides_all_that_is_computed_from_it() -> None:
    assert hid({"Q1": 4, "Q2": 3}) == {"S4", "S4/Q1", "S4/Q2", "S4r"}


def test_a_ratio_to_inhabitants_is_never_printed_for_a_hidden_count() -> None:
    figures = found({"Q1": 5, "Q2": 60, "Q3": 70})
    now = Shown(figures, hidden_figures(BY_QUARTER, figures))
    (chapter,) = chapters(BY_QUARTER, now, Shown(figures, now.hidden))
    s1 = chapter.blocks[0]
    shares = {line.name: line.share for line in s1.parts}
    assert shares["S1/Q1"] == shares["S1/Q2"] == ""
    assert shares["S1/Q3"].startswith("23,3 pour")
    rows = {str(row[0]): row for row in numbers(now, dict.fromkeys(("S1", "S4"), ""))}
    assert rows["S1/Q1"][3] is rows["S1/Q1"][5] is None
    assert rows["S1/Q1"][-1] == HIDDEN
    assert rows["S4/Q1"][3] is None


@pytest.mark.parametrize("code", ["est_ensemble", "aveq", "la_rochelle", "plie", "o2r"])
def test_no_figure_of_the_team_is_in_what_leaves_it(code: str) -> None:
    whole = read_profile(code, Path())
    team = {counting.code for counting in whole.countings if counting.team}
    assert team
    kept = outside_profile(whole)
    assert not team & {counting.code for counting in kept.countings}
    assert not team & {column for table in kept.tables for column in table.columns}
    assert Profile.model_validate(kept.model_dump(by_alias=True)) == kept
    assert outside_profile(kept) == kept
    figures = counted(whole.countings, clean_year(3).lines(), {}, {})
    mine = figures_of(kept, figures)
    assert set(mine.table["definition"]) == {counting.code for counting in kept.countings}
    assert set(mine.lines) == set(mine.table.index)
    assert figures.table.loc["S12m", "value"] > 0
    assert not hidden_figures(kept, mine) & {name for name in figures.table.index
                                             if name.startswith("S12m")}  # fmt: skip


def test_what_is_made_from_a_figure_of_the_team_stays_with_it() -> None:
    first, second, third = BY_QUARTER.countings
    hours = first.model_copy(update={"team": True})
    profile = BY_QUARTER.model_copy(update={"countings": (hours, second, third)})
    assert outside_profile(profile).countings == ()


def test_the_same_lines_with_fewer_people_hide_nothing_by_themselves() -> None:
    """People in diagnostics of activities that referred some: the lines of all, not the number."""
    profile = Profile.model_validate(
        {
            "code": "essai", "nom": "Essai",
            "chiffre": [
                {"code": "D", "libelle": "Diagnostics", "compter": "personnes", "par": "commune",
                 "parmi": {"etape": ["diagnostic"]}},
                {"code": "O", "libelle": "Diagnostics orientés", "compter": "personnes",
                 "parmi": {"etape": ["diagnostic"], "avec_orientation": True}},
            ],
        }
    )  # fmt: skip
    lines = clean_year(0).lines()
    untold = lines.people.index[lines.people["stage"] == "diagnostic"][:3]
    people = lines.people.assign(
        referred=lines.people["referred"].mask(lines.people.index.isin(untold))
    )
    figures = counted(profile.countings, replace(lines, people=people), {}, {})
    assert figures.table.loc["O", "value"] < figures.table.loc["D", "value"]
    assert hidden_figures(profile, figures) == frozenset()


def test_unknown_stays_unknown_in_what_is_computed() -> None:
    figures = found({"Q1": 50, "Q2": 60})
    table = figures.table.assign(value=figures.table["value"].mask(figures.table["part"] == "Q1"))
    assert "S4/Q2" not in hidden_figures(BY_QUARTER, replace(figures, table=table))
    assert np.isnan(table.loc["S4/Q1", "value"])
