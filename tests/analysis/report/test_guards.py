"""Guards: silent on clean years, and each speaks of its own inconsistency alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from territory.analysis.report.guards import Said
from territory.io.report_profiles import read_profile
from territory.settings.report import Cohort, Listed, Profile
from tests.analysis.report.clean_years import (
    Year,
    changed,
    clean_year,
    exits,
    more,
    told,
)

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


def profile(code: str) -> Profile:
    return PER_OUTING if code == "essai" else read_profile(code, Path())


def codes(year: Year, code: str) -> set[str]:
    _, found = year.found(profile(code))
    return {guard.code for guard in found}


@pytest.mark.parametrize("seed", range(200))
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
    "LISTE": ("est_ensemble", said(listed=(Listed(title="Villes", announced=4, items=("A",)),))),
    "COHORTES": ("est_ensemble", lambda y: replace(told(y, cohort="seniors"),
                                                   said=Said(cohorts=(SENIORS,)))),
}  # fmt: skip


@pytest.mark.parametrize("seed", [0, 6, 11])
@pytest.mark.parametrize("code", PLANTED)
def test_a_planted_inconsistency_raises_exactly_its_guard(code: str, seed: int) -> None:
    which, plant = PLANTED[code]
    year = clean_year(seed)
    year = replace(year, activities=year.activities[:30], contacts=year.contacts[:60])
    assert codes(plant(year), which) == {code}
