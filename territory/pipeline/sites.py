"""Product 75: where one more permanence would receive most people, and on which half-day."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.quarters import in_force
from territory.analysis.siting.guarantee import quarter_walks
from territory.analysis.siting.huff import (
    fit_decay,
    homes_by_place,
    logged_sessions,
    willingness,
)
from territory.analysis.siting.pulls import (
    attractors,
    option_values,
    people_by_public,
    slot_pull,
    slot_rows,
)
from territory.analysis.siting.slot_build import slot_problem
from territory.analysis.siting.slot_choice import choose_slots
from territory.analysis.siting.slot_options import slot_options
from territory.analysis.siting.slot_plan import SlotScene, attendance_table, slot_plan
from territory.analysis.siting.slot_problem import attendance
from territory.analysis.siting.slot_twins import twins
from territory.io.products import Computed, Product, step
from territory.model.jsonable import to_json
from territory.network.walk import minutes_between
from territory.pipeline.access import cell_place_minutes
from territory.pipeline.walking import FAR_MIN, network_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from territory.analysis.siting.huff import Decay, Willingness
    from territory.analysis.siting.slot_problem import SlotProblem
    from territory.model.results import SitePlan
    from territory.network.walk import WalkNetwork
    from territory.pipeline.workspace import Territory
    from territory.settings import Settings


def sites_step(  # noqa: PLR0913, PLR0917 - what a choice of places and half-days rests on
    territory: Territory,
    ground: Product,
    places: Product,
    activity: Product,
    walk: Product,
    need: Product,
    access: Product,
) -> Product:
    """
    75: the places and half-days that would receive most people more, the permanences kept.

    Tables site_options (`slot_options`) and attendance (`attendance_table`); fact plan. Raises
    WrongUsage (French) for settings that name no place or half-day, and as `network_of`.
    """

    def compute() -> Computed:
        scene = _scene(territory, ground, places, activity, walk, need, access)
        plan, coming = _solved(territory, scene, ground)
        tables = {"site_options": scene.options, "attendance": coming}
        return tables, {"plan": to_json(plan)}

    wished = territory.settings
    settings = {
        "sites": to_json(wished.sites),
        "walk": [wished.access.half_min, wished.access.cut_min],
        "day": [wished.week.day_start, wished.week.day_end],
        "cohorts": [to_json(c) for c in wished.need.cohorts],
        "months": wished.effort.months,
        "today": territory.today.isoformat(),
        "seed": wished.ground.seed,
    }
    inputs = (ground, places, activity, walk, need, access)
    hashes = {p.name: p.digest for p in inputs}
    return step(territory.processed, "75_sites", compute, settings=settings, inputs=hashes)


def _scene(  # noqa: PLR0913, PLR0917 - as `sites_step`
    territory: Territory,
    ground: Product,
    places: Product,
    activity: Product,
    walk: Product,
    need: Product,
    access: Product,
) -> SlotScene:
    wished, logs = territory.settings, activity.tables
    sites, network = wished.sites, network_of(walk)
    located = _with_communes(places.tables["places"], ground.tables["communes"])
    options = slot_options(
        located,
        access.tables["permanences"],
        access.tables["staffing"],
        team=logs["team"],
        availability=logs["availability"],
        settings=sites,
        week=wished.week,
        today=territory.today,
    )
    minutes = cell_place_minutes(network, need, places, limit_min=_far(wished))
    near = attractors(
        options,
        located,
        _between(network, options, located, sites.market_min),
        near_min=sites.market_min,
        today=territory.today,
    )
    people = people_by_public(need.tables["need"], wished.need.cohorts, sites.publics)
    target, homes = people.sum(axis="columns"), ground.tables["cells"]["commune_code"]
    decay = _decay(logs, minutes, target, homes, wished)
    rows = slot_rows(people)
    pull = slot_pull(
        rows,
        options,
        minutes,
        option_values(options, people.columns, near, sites),
        half_min=decay.value,
        cut_min=wished.access.cut_min,
        factors=sites.walk_factor,
    )
    problem = slot_problem(options, rows, pull, visits=1.0, settings=sites, names=located["name"])
    found = _visits(territory, logs["activities"], options, problem)
    problem = replace(problem, weights=problem.weights * found.visits)
    names = ground.tables["communes"]["name"].astype(str).to_dict()
    return SlotScene(
        options, rows, problem, minutes, target, homes, names, near, twins(problem), found, decay,
        sites,
    )  # fmt: skip


def _solved(
    territory: Territory, scene: SlotScene, ground: Product
) -> tuple[SitePlan, pd.DataFrame]:
    """Choose, and tell the choice and who comes from where."""
    wished = territory.settings
    quarters = in_force(ground.tables["zones"]).query("kind == 'qpv'")
    asked = wished.sites.guarantee_min is not None
    walks = quarter_walks(ground.tables["cells"], quarters, scene.minutes) if asked else None
    choice = choose_slots(
        scene.problem,
        scene.options,
        scene.groups,
        walks=walks,
        guarantee_min=wished.sites.guarantee_min,
        repeat=wished.sites.repeat,
        time_limit_s=wished.sites.seconds,
        seed=wished.ground.seed,
    )
    told = replace(scene, problem=choice.problem)
    plan = slot_plan(
        told, choice.chosen, bound=choice.bound, ending=choice.ending, notes=choice.notes
    )
    return plan, attendance_table(told, choice.chosen)


def _visits(
    territory: Territory, activities: pd.DataFrame, options: pd.DataFrame, problem: SlotProblem
) -> Willingness:
    """Measure how often people come; `problem` counts one visit a week for each of the public."""
    settings, held = territory.settings, np.flatnonzero(problem.present)
    logged = logged_sessions(
        activities, options, today=territory.today, months=settings.effort.months
    )
    coming = attendance(problem, held).coming
    each = np.where(options["every_week"].to_numpy(bool)[held], 1.0, 0.5)
    return willingness(logged, coming / each, assumed=settings.sites.visits)


def _decay(
    logs: Mapping[str, pd.DataFrame],
    minutes: pd.DataFrame,
    target: pd.Series,
    homes: pd.Series,
    settings: Settings,
) -> Decay:
    """Measure how a walk keeps people away where home communes were noted, else assume it."""
    counts = homes_by_place(logs["activities"], logs["contacts"])
    places = [p for p in counts.columns if p in minutes.columns]
    known = homes.reindex(target.index)
    lived = known.isin(counts.index).to_numpy(bool)
    return fit_decay(
        counts[places].to_numpy(float),
        target[lived].to_numpy(float),
        counts.index.get_indexer(known[lived]),
        minutes.reindex(target.index)[lived][places].to_numpy(float),
        assumed=settings.access.half_min,
        outside=settings.sites.outside,
        cut_min=settings.access.cut_min,
    )


def _between(
    network: WalkNetwork, options: pd.DataFrame, places: pd.DataFrame, limit_min: float
) -> pd.DataFrame:
    """Return minutes from each host to each place with a crowd [place_id x place_id]."""
    hosts = sorted(set(options["place_id"]))
    crowds = [str(p) for p in places.index[places["kind"].eq("marche") | places["crowd"].notna()]]
    walks = minutes_between(
        network, [f"p:{h}" for h in hosts], [f"p:{c}" for c in crowds], limit_min=limit_min
    )
    return walks.set_axis(hosts).set_axis(crowds, axis="columns")


def _with_communes(places: gpd.GeoDataFrame, communes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Fill the commune of places that have a point and no commune."""
    lost = places[places["commune_code"].isna() & places.geometry.notna()]
    inside = lost.sjoin(communes[["geometry"]], predicate="within")
    found = (
        inside["commune_code_right"] if "commune_code_right" in inside else inside["commune_code"]
    )
    found = found[~found.index.duplicated()].astype("string")
    return places.assign(commune_code=places["commune_code"].fillna(found))


def _far(settings: Settings) -> float:
    """Return the longest walk that weighs on an answer, minutes."""
    factors = settings.sites.walk_factor.values()
    return float(max(FAR_MIN, settings.access.cut_min * max(factors, default=1.0)))
