"""Guards: silent on clean years, and each speaks of its own inconsistency alone."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from territory.analysis.report.guards import Said
from territory.io.report_profiles import read_profile
from territory.settings.report import Cohort, Cumulated, Listed, Profile, Report
from tests.analysis.report.clean_years import (
    Year,
    changed,
    clean_year,
    exits,
    more,
    told,
)
from tests.drawn_cases import seeds

if TYPE_CHECKING:
    from collections.abc import Callable

THIRDS = ("espace_public", "permanence", "partenaire")
PER_OUTING = Profile.model_validate(
    {
        "code": "essai",
        "nom": "Essai",
        "chiffre": [
            {"code": "E1", "libelle": "Personnes", "compter": "personnes",
             "parmi": {"etape": ["informe"]}},
            {"code": "E2", "libelle": "Maraudes", "compter": "activites",
             "parmi": {"type": ["maraude"]}},
            {"code": "E3", "libelle": "Personnes par maraude", "rapport": ["E1", "E2"]},
        ],
    }
)  # fmt: skip


@cache
def profile(code: str) -> Profile:
    return PER_OUTING if code == "essai" else read_profile(code, Path())


def codes(year: Year, code: str) -> set[str]:
    _, found = year.found(profile(code))
    return {guard.code for guard in found}


@pytest.mark.parametrize("seed", seeds(12, range(200)))
def test_a_clean_year_raises_no_guard(seed: int) -> None:
    year = clean_year(seed)
    assert codes(year, ("est_ensemble", "aveq")[seed % 2]) == set()


def said(**values: object) -> Callable[[Year], Year]:
    return lambda year: replace(year, said=Said(**values))  # type: ignore[arg-type]


SENIORS = Cohort(code="seniors", name="Seniors", ages=(50, 60))
PLANTED: dict[str, tuple[str, Callable[[Year], Year]]] = {
    "DOUBLE": ("est_ensemble", lambda y: more(y, agents="M9")),
    "DEUX-LIEUX": ("est_ensemble", lambda y: more(y, place_name="ailleurs", start_min=600)),
    "SOMME": ("est_ensemble", lambda y: changed(y, n_gender_unknown=100)),
    "ENTONNOIR": ("aveq", lambda y: changed(y, n_informed=5)),
    "DATE": ("est_ensemble", lambda y: changed(y, on="2026-01-04", kind="permanence")),
    "MANQUE": ("est_ensemble", lambda y: changed(y, n_informed=None)),
    "ATTRIBUTION": ("essai", lambda y: changed(y, kind="permanence")),
    "ARRONDI": ("aveq", lambda y: told(y, channel=THIRDS)),
    "PERIMETRE": ("est_ensemble", lambda y: replace(y, lacking="qpv_2024|sans_annee|qva")),
    "RESTE": ("aveq", lambda y: told(y, channel=None)),
    "PETIT": ("est_ensemble", lambda y: exits(y, cdi=6, interim=6)),
    "INTERVALLE": ("est_ensemble", lambda y: exits(y, cdi=12, interim=12)),
    "IMPRIMÉ": ("est_ensemble", said(printed={"E1": 1})),
    "CUMUL": ("aveq", said(report=Report(cumulated=(
        Cumulated(code="A2", total=662, periods={"2024": 421, "2023": 251}),)))),
    "ECART": ("est_ensemble", said(gaps=("A0000",))),
    "JOUR": ("est_ensemble", said(weekdays=1)),
    "LISTE": ("est_ensemble", said(listed=(Listed(title="Villes", announced=4, items=("A",)),))),
    "COHORTES": ("est_ensemble", lambda y: replace(told(y, cohort="seniors"),
                                                   said=Said(cohorts=(SENIORS,)))),
}  # fmt: skip


@pytest.mark.parametrize("seed", seeds(1, [0, 6, 11]))
@pytest.mark.parametrize("code", PLANTED)
def test_a_planted_inconsistency_raises_exactly_its_guard(code: str, seed: int) -> None:
    which, plant = PLANTED[code]
    year = clean_year(seed)
    year = replace(year, activities=year.activities[:30], contacts=year.contacts[:60])
    assert codes(plant(year), which) == {code}


def cumulated(total: float, **periods: float) -> Said:
    told = {year.removeprefix("y"): value for year, value in periods.items()}
    return Said(
        report=Report(cumulated=(Cumulated(code="A2", total=total, periods=told),)), period="2026"
    )


def guards_of(year: Year, code: str) -> list[str]:
    return [guard.problem for guard in year.found(profile(code))[1]]


def test_a_total_since_the_launch_is_the_sum_of_its_years() -> None:
    year = clean_year(0)
    assert guards_of(replace(year, said=cumulated(662, y2024=421, y2023=241)), "aveq") == []
    (said,) = guards_of(replace(year, said=cumulated(662, y2024=421, y2023=240)), "aveq")
    assert "662 annoncé, mais 240 (2023) + 421 (2024) = 661" in said
    people = sum(row["n_engaged"] for row in year.activities)  # type: ignore[misc]
    (said,) = guards_of(replace(year, said=cumulated(700, y2026=700)), "aveq")
    assert f"700 dans le cumul annoncé, {people} dans le suivi" in said


def test_cohorts_whose_ages_overlap_may_hold_somebody_twice() -> None:
    young = Cohort(code="jeunes", name="Jeunes", ages=(16, 25))
    women = Cohort(code="femmes", name="Femmes", ages=(27, 49))
    wide = women.model_copy(update={"ages": (18, 49)})
    year = told(clean_year(0), cohort=("jeunes", "femmes", "seniors"))
    apart = replace(year, said=Said(cohorts=(young, women, SENIORS)))
    assert not [line for line in guards_of(apart, "la_rochelle") if "se recouvrent" in line]
    mixed = replace(year, said=Said(cohorts=(young, wide, SENIORS)))
    (said,) = [line for line in guards_of(mixed, "la_rochelle") if "se recouvrent" in line]
    assert "« Jeunes » (16 à 25 ans) et « Femmes » (18 à 49 ans)" in said


def test_of_the_cohorts_of_la_rochelle_only_seniors_cross_the_bands_of_est_ensemble() -> None:
    cohorts = (
        Cohort(code="jeunes", name="Jeunes", ages=(16, 25)),
        Cohort(code="femmes", name="Femmes", ages=(27, 49)),
        SENIORS,
    )
    year = told(clean_year(0), cohort=("jeunes", "femmes", "seniors"))
    year = replace(year, said=Said(cohorts=cohorts))
    before, _ = clean_year(0).found(profile("est_ensemble"))
    after, found = year.found(profile("est_ensemble"))
    assert [guard.code for guard in found] == ["COHORTES"]
    assert "« Seniors » (50 à 60 ans)" in found[0].problem
    ages = [name for name in before.table.index if name.startswith("E6")]
    assert (after.table.loc[ages, "value"] == before.table.loc[ages, "value"]).all()


def test_lines_alone_beside_counts_of_the_same_month_may_count_twice() -> None:
    year = clean_year(0)
    line = {"contact_id": "X", "activity_id": None, "count": 30, "stage": "oriente"}
    first = {**line, "on": year.activities[0]["on"]}
    (said,) = guards_of(replace(year, contacts=[*year.contacts, first]), "aveq")
    assert "des lignes sans activité et des activités" in said
