"""What a log does not tell is unknown: half a public, a zone without a point, no referral noted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.report.counting import counted
from territory.io.report_profiles import read_profile
from tests.analysis.report.clean_years import Year, clean_year, told

if TYPE_CHECKING:
    from territory.analysis.report.lines import Lines


def figures(lines: Lines) -> pd.DataFrame:
    return counted(read_profile("est_ensemble", Path()).countings, lines, {}, {}).table


def without(year: Year, *columns: str) -> Year:
    rows = [{k: v for k, v in row.items() if k not in columns} for row in year.activities]
    kept = [line for line in year.contacts if line["stage"] != "oriente"]
    return replace(year, activities=rows, contacts=kept)


def test_women_counted_without_men_make_no_share() -> None:
    table = figures(without(clean_year(0), "n_men", "n_26_59").lines())
    for code in ("E5", "E6"):
        assert pd.isna(table.loc[code, "value"])
        assert table.loc[code, "mention"] == "aucun comptage dans le suivi"
    assert "E5/femme" not in table.index


def test_nobody_can_tell_who_was_referred_when_no_referral_is_noted() -> None:
    table = figures(without(clean_year(0), "n_referred").lines())
    assert table.loc["E3", "value"] > 0
    assert pd.isna(table.loc["E3r", "value"])


def test_without_a_known_zone_the_count_in_quarters_is_unknown() -> None:
    lines = clean_year(0).lines()
    nowhere = replace(lines, activities=lines.activities.assign(zone="inconnue"))
    assert figures(lines).loc["E2z", "value"] == figures(lines).loc["E2", "value"]
    row = figures(nowhere).loc["E2z"]
    assert pd.isna(row["value"])
    assert "zone n’est pas connue" in row["mention"]


def test_no_partner_file_is_no_count_of_partners() -> None:
    table = figures(clean_year(0).lines())
    assert pd.isna(table.loc["E8", "value"])
    assert table.loc["E8", "mention"] == "aucune structure n’a de statut"


def test_lines_without_a_day_are_of_the_day_of_their_activity() -> None:
    year = clean_year(0)
    undated = replace(year, contacts=[{**line, "on": pd.NaT} for line in year.contacts])
    assert "?" not in set(undated.lines().people["month"].fillna("?"))
    assert figures(undated.lines()).equals(figures(year.lines()))


def covered(kinds: tuple[str, ...], quarters: tuple[object, ...]) -> float:
    lines = clean_year(0).lines()
    codes = pd.Series(pd.array(list(quarters), dtype="string"))
    first = lines.activities.iloc[: len(kinds)].assign(
        kind=list(kinds), quarter=codes.to_numpy(), place="P1",
        covered=codes.mask(codes == "hors").to_numpy(),
    )  # fmt: skip
    table = counted(read_profile("aveq", Path()).countings,
                    replace(lines, activities=first), {}, {}).table  # fmt: skip
    value: float = table.loc["A8", "value"]
    return value


def test_a_quarter_is_covered_by_four_rounds_or_four_sessions_of_the_point_they_are_at() -> None:
    assert covered(("maraude",) * 4, ("Q1",) * 4) == 1
    assert covered(("permanence",) * 4 + ("maraude",) * 4, ("Q1",) * 4 + ("Q2",) * 4) == 2
    assert covered(("maraude", "permanence") * 2, ("Q1",) * 4) == 0  # two of each are not four
    assert covered(("maraude",) * 4, ("hors",) * 4) == 0
    assert pd.isna(covered(("maraude",) * 4, (None,) * 4))


def test_homes_that_the_log_tells_of_nobody_are_unknown() -> None:
    profile = read_profile("aveq", Path())
    nobody, _ = told(clean_year(0), home_zone=None).found(profile)
    assert pd.isna(nobody.table.loc["A4", "value"])
    assert nobody.table.loc["A4", "mention"] == "le suivi ne dit la zone de résidence de personne"
    some, _ = told(clean_year(0), home_zone=("qpv", None)).found(profile)
    assert some.table.loc["A4", "value"] > 0
    assert "pas la zone de résidence de tout le monde" in some.table.loc["A4", "mention"]
