"""The zones of one public, or of one half-day: the same search with what concerns it only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.analysis.access import slot_names
from territory.analysis.cohorts import cohort_columns
from territory.analysis.gaps import underserved
from territory.analysis.quarters import in_force
from territory.errors import WrongUsage
from territory.model.words import plain
from territory.pipeline.effort import Known, effort_under
from territory.pipeline.near import NAME as NEAR
from territory.pipeline.near import walks_from_cells

if TYPE_CHECKING:
    import pandas as pd

    from territory.model.results import Gap
    from territory.model.walks import Walks
    from territory.pipeline.workspace import Built
    from territory.settings import Cohort

COUNTS = {
    "nb_femmes": "n_women",
    "nb_hommes": "n_men",
    "nb_moins_26": "n_under_26",
    "nb_26_59": "n_26_59",
    "nb_60_plus": "n_60_plus",
}


def gaps_of(built: Built, *, cohort: str = "", slot: str = "") -> tuple[Gap, ...]:
    """
    Return the underserved zones for one cohort of the settings, one half-day (« mercredi matin »).

    A cohort has its own need and only the contacts counted as such; a half-day has only the
    permanences open then. Neither given: the zones of product 60. Raises WrongUsage when no
    cohort or half-day has that name, or when the data do not know the cohort.
    """
    if not cohort and not slot:
        return built.gaps
    settings, cells = built.territory.settings, built.table("cells")
    between = walks_from_cells(built.products[NEAR], cells.index, "c", cells.index)
    need, effort, access = built.table("need"), built.table("effort"), built.table("access")
    if cohort:
        found = cohort_named(built, cohort)
        need = cohort_share(need, found)
        effort = _effort(built, need, found, between)
    if slot:
        minutes = built.table("slots")[slot_named(slot)]
        access = access.assign(minutes_permanence=minutes)
    return underserved(
        need,
        access,
        effort,
        between,
        cells,
        in_force(built.table("zones")),
        built.table("communes"),
        settings=settings.gaps,
        streets=built.table("edges"),
        seed=settings.ground.seed,
    )


def cohort_named(built: Built, name: str) -> Cohort:
    """Return the cohort of the settings of that name; raises WrongUsage with those there are."""
    cohorts = built.territory.settings.need.cohorts
    for cohort in cohorts:
        if cohort.code == plain(name):
            return cohort
    known = ", ".join(c.name for c in cohorts) or "aucun"
    raise WrongUsage(f"Le public « {name} » n'est pas dans les réglages ({known}).")


def slot_named(name: str) -> str:
    """Return the column of that half-day, accents or not; raises WrongUsage when there is none."""
    for slot in slot_names():
        if plain(slot) == plain(name):
            return slot
    raise WrongUsage(
        f"La demi-journée « {name} » n'existe pas : écrivez par exemple « mercredi après-midi »."
    )


def cohort_share(need: pd.DataFrame, cohort: Cohort) -> pd.DataFrame:
    """
    Return the need of a cohort only: target, its interval and its percentile, on cell_id.

    Raises WrongUsage when the sources do not know it anywhere.
    """
    people, low, high, basis = cohort_columns(cohort.code)
    if not need[people].notna().any():
        raise WrongUsage(f"Public « {cohort.name} » {need[basis].iloc[0]}.")
    density = need[people].astype(float)
    table = need.assign(
        target=need[people],
        target_low=need[low],
        target_high=need[high],
        percentile=100 * density.rank(pct=True),
    )
    return table.drop(columns=["percentile_low", "percentile_high", "outside_households"])


def _effort(built: Built, need: pd.DataFrame, cohort: Cohort, between: Walks) -> pd.DataFrame:
    activities, choice = built.table("activities"), built.territory.settings.effort
    counted = activities[COUNTS[cohort.counted]] if cohort.counted else None
    activities = activities.assign(n_informed=counted)
    minutes = walks_from_cells(built.products[NEAR], need.index, "a", activities.index)
    known = Known(built.table("cells"), activities, need, minutes, between)
    return effort_under(choice, known, built.territory.today)[0]
