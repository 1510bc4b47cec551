"""Guards on what may be counted twice, or told two ways: periods, cohorts, sheets, weekdays."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.io.contact_links import COLUMN_OF_STAGE
from territory.model.report import Guard
from territory.model.words import STAGES, label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from territory.model.report import Figures
    from territory.settings.report import Cohort, Cumulated, Profile

SHOWN = 5


def added_otherwise(
    figures: Figures, cumulated: Sequence[Cumulated], period: str
) -> Iterator[Guard]:
    """
    Say which printed totals are not the sum of their periods, or whose period is not the log's.

    `period` is the span of `figures` as it was asked (« 2026 », « lancement »).
    """
    for one in cumulated:
        known = one.code in figures.table.index
        name = str(figures.table.loc[one.code, "label"]) if known else one.code
        parts = " + ".join(f"{value:g} ({when})" for when, value in sorted(one.periods.items()))
        added = sum(one.periods.values())
        if not np.isclose(added, one.total):
            yield Guard(
                "CUMUL",
                f"{name} : {one.total:g} annoncé, mais {parts} = {added:g}.",
                f"{name} : le total annoncé, {one.total:g}, n’est pas la somme de ses périodes, "
                f"{parts} = {added:g}.",
                (one.code,) if known else (),
            )
        found = figures.table.loc[one.code, "value"] if known else np.nan
        said = {**one.periods, "lancement": one.total}.get(period, found)
        if pd.notna(found) and not np.isclose(found, said):
            yield Guard(
                "CUMUL",
                f"{name} ({period}) : {said:g} dans le cumul annoncé, {found:g} dans le suivi.",
                f"{name} : {found:g} d’après le suivi, alors que le cumul annoncé retient "
                f"{said:g} pour cette période.",
                (one.code,),
            )


def cohorts_overlap(
    profile: Profile, people: pd.DataFrame, cohorts: Sequence[Cohort]
) -> Iterator[Guard]:
    """Say which cohorts counted side by side may hold the same people: their ages overlap."""
    if not any(counting.by == "cohorte" for counting in profile.countings):
        return
    counted = set(people["cohort"].dropna())
    aged = [(one, one.ages) for one in cohorts if one.code in counted and one.ages is not None]
    for (one, (low, high)), (other, (first, last)) in combinations(aged, 2):
        if low <= last and first <= high:
            told = f"« {one.name} » ({low} à {high} ans) et « {other.name} » ({first} à {last} ans)"
            yield Guard(
                "CUMUL",
                f"Les cohortes {told} se recouvrent : une personne peut être dans les deux.",
                f"Les cohortes {told} se recouvrent : leur total peut compter deux fois une même "
                "personne.",
            )


def alone_and_wide(profile: Profile, people: pd.DataFrame) -> Iterator[Guard]:
    """Say which stages are counted, the same month, by lines alone and by activities too."""
    asked = {stage for counting in profile.countings for stage in counting.among.stages}
    for stage in sorted(asked & set(COLUMN_OF_STAGE)):
        ours = people[(people["stage"] == stage).fillna(value=False) & (people["people"] > 0)]
        alone = ours["activity_id"].isna()
        months = sorted(
            {*ours.loc[alone, "month"].unique()} & {*ours.loc[~alone, "month"].unique()}
        )
        if months:
            shown = ", ".join(months[:SHOWN]) + (" et d’autres" if months[SHOWN:] else "")
            word = label(STAGES, stage)
            yield Guard(
                "CUMUL",
                f"« {word} » : des lignes sans activité et des activités la comptent le même mois "
                f"({shown}). Vérifiez que ce ne sont pas les mêmes personnes.",
                f"« {word} » : une partie vient de lignes sans activité, des mêmes mois que des "
                "activités qui la comptent aussi ; des personnes peuvent être comptées deux fois.",
            )


def told_otherwise(activities: pd.DataFrame, gaps: Sequence[str]) -> Iterator[Guard]:
    """Say which activities of the span were counted two ways, lines and counts: lines are kept."""
    held = frozenset(activities.index)
    told = [key for key in gaps if key in held]
    if told:
        many = _many(len(told), "activité compte", "activités comptent")
        more = f" et {len(told) - SHOWN} de plus" if told[SHOWN:] else ""
        yield Guard(
            "ECART",
            f"{many} autrement dans la feuille « contacts » et dans la feuille « activites » : "
            f"{', '.join(told[:SHOWN])}{more}. Les lignes de « contacts » sont retenues.",
            f"{many} autrement dans les deux feuilles du suivi ; le nombre des lignes détaillées "
            "est retenu.",
            tuple(told),
        )


def other_weekdays(lines: int) -> Iterator[Guard]:
    """Say how many lines have a date of another weekday than the one written: not counted."""
    if lines:
        many = _many(lines, "ligne du suivi porte", "lignes du suivi portent")
        yield Guard(
            "JOUR",
            f"{many} un jour de semaine qui n’est pas celui de la date : refusées à la lecture, "
            "elles ne sont pas comptées. « territory check » dit lesquelles.",
            f"{many} un jour de semaine qui n’est pas celui de la date ; sans savoir lequel est le "
            "bon, rien n’en est compté.",
        )


def _many(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"
