"""The year to come beside the aim: 421 people with 4 posts, 800 a year with 8, 2,400 in three."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from territory.analysis.report.asked import asked_for
from territory.analysis.report.forecast import (
    AHEAD,
    CHANCE,
    FORECAST,
    NEEDED,
    PER_POST,
    REACHED,
    TARGET,
    forecast_parts,
)
from territory.analysis.report.hiding import hidden_figures
from territory.analysis.report.posts import post_years, posts_by_day
from territory.analysis.report.prediction import Effort, predict
from territory.model.report import NOT_ASKED, Part
from territory.pipeline.report import report_step
from territory.pipeline.sources import read_sources
from territory.pipeline.workspace import open_territory
from territory.settings.report import Aim, Posts, Profile
from tests.analysis.report import golden

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

POSTS = [{"le": date(2022, 9, 1), "nombre": 4}, {"le": date(2025, 1, 1), "nombre": 8}]
YEAR = [35, 35, 36, 35, 35, 35, 35, 35, 35, 35, 35, 35]  # 421


def aim(**said: Any) -> Aim:  # noqa: ANN401 - as the settings are written
    return Aim.model_validate({"personnes_par_an": 800, "postes": POSTS, **said})


def lines(counts: Sequence[int | None], first: str = "2024-01") -> pd.DataFrame:
    """Return lines of one stage, one a month on the first of it, and on its last working days."""
    days = pd.period_range(first, periods=len(counts), freq="M").to_timestamp()
    names = pd.Index([f"l{at}" for at in range(len(counts))])
    return pd.DataFrame({"on": days, "people": pd.array(counts, dtype="Int64")}, index=names)


def kept(people: pd.DataFrame) -> pd.Series:
    """Return days of activity: each of the first and of the last of the months of `people`."""
    ends = people["on"] + pd.offsets.MonthEnd(0)
    return pd.concat([people["on"], ends], ignore_index=True).sort_values(ignore_index=True)


def found(
    counts: Sequence[int | None], last: date, said: Aim, first: str = "2024-01"
) -> dict[str, dict[str, Part]]:
    people = lines(counts, first)
    parts = forecast_parts(said, last, people, kept(people))
    return {code: {part.part: part for part in ours} for code, ours in parts.items()}


def test_a_new_post_rises_in_a_straight_line() -> None:
    days = pd.date_range("2025-01-01", periods=366)
    old, new, last = (
        Posts.model_validate({"le": since, "nombre": count})
        for since, count in ((date(2020, 1, 1), 4), (date(2025, 1, 1), 8), (date(2025, 12, 1), 2))
    )
    posts = (old, new)
    got = posts_by_day(posts, days, 6)
    assert got[0] == pytest.approx(4.0, abs=0.02)
    assert got[91] == pytest.approx(6.0, abs=0.02)
    assert got[183] == 8.0
    assert posts_by_day((*posts, last), days, 6)[-1] == 2.0
    assert post_years(posts, date(2025, 1, 1), date(2025, 12, 31), 6).sum() == pytest.approx(
        7.0, abs=0.01
    )


def test_421_with_four_posts_foretell_800_less_the_ramp_up() -> None:
    got = found(YEAR, date(2024, 12, 31), aim(jusqu_au=date(2027, 12, 31)))
    assert got[REACHED][""].value == 421
    assert got[PER_POST][""].value == pytest.approx(421 / 4, rel=0.01)
    assert got[FORECAST][""].value == 421  # the year is over
    assert "objectif non atteint" in got[FORECAST][""].mention
    assert got[FORECAST]["2025"].value == pytest.approx(421 / 4 * 7, rel=0.02)  # rising
    assert got[FORECAST]["2026"].value == pytest.approx(421 / 4 * 8, rel=0.02)
    assert got[FORECAST]["2025"].low < 737 < got[FORECAST]["2025"].high
    assert 0.05 < got[CHANCE]["2025"].value < 0.4
    assert 0.6 < got[CHANCE]["2026"].value < 0.95


def test_2400_in_three_years() -> None:
    got = found(YEAR, date(2024, 12, 31), aim(jusqu_au=date(2027, 12, 31)))
    total = got[FORECAST]["total"]
    assert got[TARGET]["total"].value == 2400
    assert total.label == "total 2025–2027"
    assert total.value == pytest.approx(2421, rel=0.01)
    assert total.low < 2400 < total.high
    assert 0.4 < got[CHANCE]["total"].value < 0.7
    assert got[NEEDED]["total"].value == pytest.approx(2400 / 23, rel=0.01)  # 23 years of posts


def test_in_june_the_months_counted_are_sure() -> None:
    got = found([35] * 18, date(2025, 6, 30), aim(postes=POSTS[:1]))
    assert got[REACHED][""].value == 210
    assert got[FORECAST][""].value == pytest.approx(420, abs=3)
    assert got[FORECAST][""].low > 210
    assert got[CHANCE][""].value == 0.01
    assert got[CHANCE][""].mention == "moins de 1 %"
    assert got[FORECAST]["2025"].value == got[FORECAST][""].value


@pytest.mark.parametrize(
    ("counts", "last", "why"),
    [
        ([35] * 5, date(2024, 5, 31), "moins de 6 mois"),
        ([35, 35, None, *[35] * 9], date(2024, 12, 31), "sans comptage (mars 2024)"),
        ([0] * 12, date(2024, 12, 31), "aucune personne comptée"),
        ([None] * 12, date(2024, 12, 31), "aucune personne comptée"),
        ([35] * 12, date(2023, 12, 31), "aucune personne comptée"),
    ],
)
def test_what_cannot_be_foretold_is_refused_with_the_reason(
    counts: Sequence[int | None], last: date, why: str
) -> None:
    got = found(counts, last, aim())
    for code in (*AHEAD, PER_POST):
        (part,) = got[code].values()
        assert np.isnan(part.value)
        assert why in part.mention
        assert part.label


def test_a_month_without_any_activity_is_not_zero() -> None:
    people = lines(YEAR).drop("l7")
    got = forecast_parts(aim(), date(2024, 12, 31), people, kept(people))
    assert "sans comptage (août 2024)" in got[FORECAST][0].mention


def test_a_month_not_counted_in_a_former_year_is_left_out_of_the_rate() -> None:
    whole = found([35] * 18, date(2025, 6, 30), aim(postes=POSTS[:1]))
    holed = found([35] * 5 + [None] + [35] * 12, date(2025, 6, 30), aim(postes=POSTS[:1]))
    assert holed[FORECAST][""].value == pytest.approx(whole[FORECAST][""].value, abs=2)
    assert "n’y sont pas : 1" in holed[FORECAST][""].mention


def test_a_log_not_filled_in_is_not_a_team_that_stopped() -> None:
    got = found([35] * 9, date(2024, 12, 31), aim(postes=POSTS[:1]))
    assert "le 30/09/2024 d’après 9 mois" in got[FORECAST][""].mention
    assert got[FORECAST][""].value == pytest.approx(420, abs=5)


def test_without_posts_the_team_is_taken_as_constant() -> None:
    got = found(YEAR, date(2024, 12, 31), aim(postes=[], jusqu_au=date(2025, 12, 31)))
    assert got[FORECAST]["2025"].value == pytest.approx(421, abs=3)
    assert "postes non dits" in got[PER_POST][""].mention
    assert "postes non dits" in got[NEEDED]["2025"].mention


def test_a_team_that_shows_no_ramp_up_is_believed() -> None:
    flat = [{"le": date(2024, 1, 1), "nombre": 4}]
    got = found([36, 34, 35] * 6, date(2025, 6, 30), aim(postes=flat))
    assert got[PER_POST][""].value == pytest.approx(105, rel=0.05)


def test_a_season_of_two_years_is_learnt() -> None:
    season = [50, 50, 50, 50, 50, 50, 20, 20, 20, 20, 20, 20]
    got = found(season * 2 + season[:6], date(2026, 6, 30), aim(postes=POSTS[:1]))
    assert got[FORECAST][""].value == pytest.approx(420, rel=0.05)  # twice the half: 600


def test_the_same_log_foretells_the_same_and_stays_as_it_was() -> None:
    people = lines(YEAR)
    before = people.copy()
    once, twice = (
        forecast_parts(aim(), date(2024, 12, 31), people, kept(people)) for _ in range(2)
    )
    assert repr(once) == repr(twice)
    pd.testing.assert_frame_equal(people, before)


def test_the_interval_holds_what_it_says() -> None:
    got = predict([30, 40, 35, 38, 31, 36], range(1, 7), range(7, 13), [Effort([1] * 6, [1] * 6)])
    low, high = got.interval()
    assert got.reaching(low) >= 0.975 > got.reaching(low + 1)
    assert got.reaching(high + 1) <= 0.025 < got.reaching(high)
    assert got.expected == pytest.approx(210, rel=0.02)
    assert high - low > 4 * np.sqrt(210)  # wider than chance alone


def test_the_effort_that_tells_the_counts_is_believed() -> None:
    rising = Effort([1, 2, 3, 4, 5, 6], [6] * 6)
    steady = Effort([3.5] * 6, [3.5] * 6)
    got = predict([10, 20, 30, 40, 50, 60], range(1, 7), range(7, 13), [rising, steady])
    assert got.expected == pytest.approx(360, rel=0.05)


def test_what_nobody_asks_for_is_left_out_with_all_that_rests_on_it() -> None:
    countings = [
        {"code": "A", "libelle": "asked", "compter": "calcule"},
        {"code": "B", "libelle": "not asked", "compter": "calcule"},
        {"code": "C", "libelle": "on B", "compter": "calcule", "repose_sur": ["B"]},
    ]
    tables = [{"code": "T", "titre": "of B", "colonnes": ["A", "B"]}]
    profile = Profile.model_validate(
        {"code": "p", "nom": "P", "chiffre": countings, "tableau": tables}
    )
    got = asked_for(profile, {"A": (), "B": NOT_ASKED})
    assert [counting.code for counting in got.countings] == ["A"]
    assert not got.tables
    assert asked_for(profile, {}) == profile


TOML = """
[bilan.objectif]
personnes_par_an = 800
jusqu_au = 2029-12-31
postes = [{ le = 2024-09-01, nombre = 4 }, { le = 2027-01-01, nombre = 8 }]
"""


@pytest.fixture(scope="module")
def aveq(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = golden.counts(nb_informes=golden.parts(906, 248), nb_accroches=golden.parts(421, 248))
    done = golden.activities("maraude", "a", golden.working_days(date(2026, 1, 2)), rows)
    folder = tmp_path_factory.mktemp("aim") / "ville"
    return golden.write_territory(folder, {"activites": done}, TOML)


def test_the_report_of_a_workbook_foretells_it(aveq: Path) -> None:
    report = report_step(read_sources(open_territory(aveq)), "2026", "aveq")
    table = report.figures.table
    assert table.loc["OBJr", "value"] == table.loc["A2", "value"] == 421
    assert table.loc["OBJp/2027", "value"] == pytest.approx(737, rel=0.03)
    assert table.loc["OBJp/total", "low"] < 2400 < table.loc["OBJp/total", "high"]
    assert "OUV" not in {counting.code for counting in report.profile.countings}
    assert not {*AHEAD} & {*report.before.table["definition"]}
    assert "OBJp" not in hidden_figures(report.profile, report.figures)


def test_without_an_aim_nothing_is_said_of_it(aveq: Path, tmp_path: Path) -> None:
    aimless = shutil.copytree(aveq, tmp_path / "ville")
    text = (aimless / "territory.toml").read_text(encoding="utf-8").replace(TOML, "")
    (aimless / "territory.toml").write_text(text, encoding="utf-8")
    report = report_step(read_sources(open_territory(aimless)), "2026", "aveq")
    assert not report.figures.table["definition"].str.match("O(BJ|UV)").any()
    headings = {counting.heading for counting in report.profile.countings}
    assert not {"Prévision", "Ouvertures"} & headings
    assert not {"TOB", "TOU"} & {table.code for table in report.profile.tables}
