"""
Where one more permanence would go in the nine towns of Est Ensemble.

Candidates are the real places of four public lists, demand is the census by IRIS, walks are
straight lines between middles x a detour: no street network is given for the nine towns. The
permanences of now are those that the report of the mediators names, or others assumed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from scripts.est_ensemble import Towns, need_of, walks
from territory.analysis.siting.hosts import host_candidates
from territory.analysis.siting.pulls import ALL, option_values, slot_pull, slot_rows
from territory.analysis.siting.slot_build import slot_problem
from territory.analysis.siting.slot_options import slot_options
from territory.analysis.siting.slot_problem import attendance
from territory.analysis.siting.slots import best_slots
from territory.analysis.siting.transfers import flows
from territory.model import tables
from territory.model.tables import empty_table
from territory.settings import Sites, Week

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from territory.analysis.siting.slot_problem import SlotProblem
    from territory.analysis.siting.solvers import SlotSolver
    from territory.model.site_results import SlotOutcome

LILAS, PANTIN = "93045", "93055"
TODAY = date(2026, 10, 31)
# Places the report names that no public list has, and the real place that stands in for each.
STAND_INS = {
    "cn-733": "Maison de l’Emploi de Pantin",
    "cn-742": "Maison de l’Emploi de Noisy-le-Sec",
    "cn-758": "Maison de l’Emploi de Bagnolet",
    "bib-930536201": "la Petite ruche, Noisy-le-Sec",
}
CENTRES = ("cn-733", "cn-742", "cn-758")  # the three Maisons de l'Emploi, at the town halls
REPORTED = (*CENTRES, "bib-930536201", "fs-3232")  # with the Petite ruche and Bondy's
UNNAMED = ("bib-930486201", "bib-930086201")  # were there one in Montreuil and in Bobigny already
RECEIVED, SESSIONS = 487, 219  # people received in diagnosis, permanences and interventions
ADD = 3  # one half-day more for each of the three mediators
CUT = 2.5  # beyond so many times the walk that leaves a half, nobody comes (as the settings do)
SETTINGS = Sites(publics=())
exactly = partial(best_slots, gap=0.0, time_limit_s=30.0)


@dataclass(frozen=True, slots=True)
class Habits:
    """Minutes of walk that leave a half of the people, and how staying away draws."""

    half_min: float = 15.0
    outside: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """
    What every question shares.

    `need` and `town` are by IRIS, `hosts` (tables.PLACES, with the commune each lies in) by
    place_id, `minutes` [cell_id x place_id]; `half_days` are all the half-days of each host.
    """

    towns: Towns
    need: pd.DataFrame
    town: pd.Series
    hosts: gpd.GeoDataFrame
    minutes: pd.DataFrame
    half_days: pd.DataFrame

    @property
    def names(self) -> dict[str, str]:
        """Return the name of each commune by code."""
        return {str(c): str(n) for c, n in self.towns.communes["name"].items()}


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A question: one option for each host, those held now among them, and the problem."""

    ground: Ground
    options: pd.DataFrame
    problem: SlotProblem

    @property
    def held(self) -> list[int]:
        """Return the positions of the permanences of now."""
        return [int(k) for k in np.flatnonzero(self.problem.present)]

    def new(self, chosen: Sequence[int]) -> list[str]:
        """Return the places of the new half-days of a choice, sorted by id."""
        fresh = [k for k in chosen if not self.problem.present[k]]
        return sorted(str(self.options["place_id"].iloc[k]) for k in fresh)

    def towns_of(self, places: Sequence[str]) -> list[str]:
        """Return the names of the communes of `places`, sorted."""
        codes = self.ground.hosts["commune_code"].reindex(list(places))
        return sorted(self.ground.names[str(c)] for c in codes)

    def inside(self, code: str) -> tuple[int, ...]:
        """Return the positions of the options that lie in one commune and are not held."""
        mine = (self.options["commune_code"] == code) & ~self.options["present"]
        return tuple(int(k) for k in np.flatnonzero(mine))

    def adding(self, count: int) -> SlotProblem:
        """Return the problem with `count` new half-days at most."""
        return replace(self.problem, limits=replace(self.problem.limits, opened=float(count)))

    def best(self, count: int, *, start: Sequence[int] = ()) -> SlotOutcome:
        """Return the best choice of `count` new half-days at most."""
        return exactly(self.adding(count), start=start or self.held)


def ground_of(towns: Towns) -> Ground:
    """Return what every question on the nine towns shares."""
    iris = towns.iris.sort_index().rename_axis("cell_id")
    hosts = located(towns.places.loc[host_candidates(towns.places)], towns.communes)
    minutes = pd.DataFrame(walks(iris.centroid, hosts.geometry), iris.index, hosts.index)
    nobody = empty_table(tables.TEAM), empty_table(tables.AVAILABILITY)
    half_days = slot_options(
        hosts, pd.DataFrame(), pd.DataFrame(), team=nobody[0], availability=nobody[1],
        settings=SETTINGS, week=Week(), today=TODAY,
    )  # fmt: skip
    return Ground(towns, need_of(iris), iris["commune_code"].astype(str), hosts, minutes, half_days)


def located(places: gpd.GeoDataFrame, communes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return `places` with the commune each lies in, those that stand in for others renamed."""
    inside = gpd.sjoin(places[["geometry"]], communes[["geometry"]], predicate="within")
    codes = inside["commune_code"].reindex(places.index).astype("string")
    names = pd.Series(STAND_INS, dtype="string").reindex(places.index).fillna(places["name"])
    return places.assign(commune_code=codes, name=names).sort_index()


def situations(ground: Ground) -> dict[str, tuple[str, ...]]:
    """Return the places where a permanence is held now, under four readings of what exists."""
    assumed = ground.hosts.loc[sorted(ground.towns.permanences.index)]
    elsewhere = assumed.index[(assumed["commune_code"] != LILAS).to_numpy(bool)]
    wide = {*CENTRES, *map(str, elsewhere)}
    return {
        "maisons": CENTRES,
        "bilan": REPORTED,
        "centres": (*REPORTED, *UNNAMED),
        "large": tuple(sorted(wide)),
    }


def case(
    ground: Ground,
    held: Sequence[str] = REPORTED,
    habits: Habits | None = None,
    *,
    visits: float | None = None,
    attractions: Mapping[str, float] | None = None,
) -> Case:
    """
    Return the question of one more half-day, in any place, beside those `held` (place_id) now.

    A place is offered once: nothing known of the public tells its half-days apart. `visits` a week
    of one person are by default those that bring to the places of the report what it counted;
    `attractions` say what a place draws beside the others (1 when not told).
    """
    habits = habits or Habits()
    once = ground.half_days.groupby("place_id").head(1).set_index("place_id", drop=False)
    now = once.loc[list(held)].assign(present=True)
    options = pd.concat([now.set_axis(now.index + "@maintenant"), once]).rename_axis("option_id")
    rows = slot_rows(ground.need[["target"]].rename(columns={"target": ALL}))
    asked = {"add": ADD, "outside": habits.outside, "attractions": dict(attractions or {})}
    wished = SETTINGS.model_copy(update=asked)
    near = pd.Series(pd.NA, options.index, dtype="string")
    pull = slot_pull(
        rows, options, ground.minutes, option_values(options, [ALL], near, wished),
        half_min=habits.half_min, cut_min=CUT * habits.half_min,
    )  # fmt: skip
    told = visits_a_week(ground, habits) if visits is None else visits
    names = ground.hosts["name"]
    problem = slot_problem(options, rows, pull, visits=told, settings=wished, names=names)
    return Case(ground, options, problem)


def visits_a_week(ground: Ground, habits: Habits) -> float:
    """Return the visits of one person that bring RECEIVED / SESSIONS to each place reported."""
    alone = case(ground, REPORTED, habits, visits=1.0)
    coming = attendance(alone.problem, alone.held).coming.sum()
    return float(len(REPORTED) * RECEIVED / SESSIONS / coming)


def between_towns(asked: Case, chosen: Sequence[int]) -> pd.DataFrame:
    """Return people a week by commune of home and commune of permanence, names both ways."""
    names = asked.ground.names
    coming = flows(asked.problem, chosen, asked.ground.town.map(names))
    where = asked.options["commune_code"].astype(str).map(names)
    return (
        coming.set_axis([where.iloc[k] for k in coming.columns], axis="columns")
        .T.groupby(level=0)
        .sum()
        .T.reindex(index=sorted(names.values()), columns=sorted(names.values()), fill_value=0.0)
    )


def first_time(asked: Case, code: str, most: int, solve: SlotSolver = exactly) -> int | None:
    """Return with how many new half-days the best choice holds one in a commune, None if never."""
    mine, start = set(asked.inside(code)), asked.held
    for count in range(1, most + 1):
        found = solve(asked.adding(count), start=start)
        if mine & set(found.chosen):
            return count
        start = list(found.chosen)
    return None


def half_days_of(ground: Ground, place: str) -> tuple[list[str], bool]:
    """Return the half-days on which a place can hold a session, and whether its hours are known."""
    rows = ground.half_days[ground.half_days["place_id"] == place]
    order = rows.sort_values(["weekday", "start_min"])
    known = bool((order["opening"] == "horaires connus").all())
    return [str(s) for s in order["slot"]], known


def by_town(values: pd.Series, names: Mapping[str, str], town: pd.Series) -> pd.Series:
    """Return the sums of `values` by name of commune; `town` are codes on the same index."""
    return values.groupby(town.map(names)).sum().sort_index()
