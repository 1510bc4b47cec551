"""Guards on what a team says itself: figures printed before, lists and their number, cohorts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.model.report import Guard

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from territory.model.report import Figures
    from territory.settings.report import Cohort, Listed, Profile

BANDS = {"moins_26": (0, 25), "26_59": (26, 59), "60_plus": (60, 130)}


def printed_otherwise(figures: Figures, printed: Mapping[str, float]) -> Iterator[Guard]:
    """Say which figures already printed are not those of the lines, and which figure they are."""
    values = figures.table["value"]
    for code, before in sorted(printed.items()):
        if code not in values.index or pd.isna(values[code]) or values[code] == before:
            continue
        same = [str(name) for name in values.index[values == before] if name != code]
        is_that = (
            f" ; {before:g} est le nombre de « {figures.table.loc[same[0], 'label']} »"
            if same
            else ""
        )
        label = figures.table.loc[code, "label"]
        yield Guard(
            "IMPRIMÉ",
            f"{label} : {before:g} imprimé, {values[code]:g} dans le suivi{is_that}.",
            f"{label} : {values[code]:g} d’après le suivi (un document antérieur imprime "
            f"{before:g}{is_that}).",
            (code, *same[:1]),
        )


def announced_otherwise(listed: Sequence[Listed]) -> Iterator[Guard]:
    """Say which lists do not hold as many items as they announce."""
    for one in listed:
        if one.announced != len(one.items):
            yield Guard(
                "LISTE",
                f"« {one.title} » : {one.announced} annoncés, {len(one.items)} écrits "
                f"({', '.join(one.items)}).",
                f"{one.title} : {len(one.items)} éléments écrits, pour {one.announced} annoncés.",
            )


def bands_mixed(
    profile: Profile, people: pd.DataFrame, cohorts: Sequence[Cohort]
) -> Iterator[Guard]:
    """
    Say which cohorts lie across the age bands that the profile prints: they are never added up.

    A cohort of 50 to 60 years is partly in « 26 à 59 ans » and partly in « 60 ans et plus ».
    """
    if not any(counting.by == "age" for counting in profile.countings):
        return
    counted = set(people["cohort"].dropna())
    for cohort in cohorts:
        if cohort.code not in counted or cohort.ages is None:
            continue
        low, high = cohort.ages
        crossed = [band for band, (first, last) in BANDS.items() if first <= high and low <= last]
        if len(crossed) > 1:
            yield Guard(
                "COHORTES",
                f"La cohorte « {cohort.name} » ({low} à {high} ans) est à cheval sur deux tranches "
                "d’âge : elle n’est reclassée dans aucune.",
                f"La cohorte « {cohort.name} » ({low} à {high} ans) ne se compare pas aux tranches "
                "d’âge de ce bilan et n’y est pas ajoutée.",
            )
