"""What a choice of permanences rests on: options, people around, what is already asked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

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
from territory.analysis.siting.slot_options import slot_options
from territory.analysis.siting.slot_plan import SlotScene
from territory.analysis.siting.slot_problem import attendance
from territory.analysis.siting.slot_twins import twins
from territory.model.requests import Ask
from territory.network.walk import minutes_between
from territory.pipeline.walking import FAR_MIN, network_of, walked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd

    from territory.analysis.siting.huff import Decay, Willingness
    from territory.analysis.siting.slot_problem import SlotProblem
    from territory.io.products import Product
    from territory.model.requests import Decision
    from territory.model.walks import Walks
    from territory.network.walk import WalkNetwork
    from territory.pipeline.sector_units import Sources
    from territory.pipeline.workspace import Territory
    from territory.settings import Settings, Sites


def site_scene(
    territory: Territory, sources: Sources, decisions: Iterable[Decision] = ()
) -> SlotScene:
    """
    Return options and people around, as the settings want them; no request is put in yet.

    A permanence that one of `decisions` asks to close, or to keep out, may close: that it does is
    for the request to say. Raises WrongUsage (French) for settings that name no place or half-day,
    and as `network_of`.
    """
    wished, logs = territory.settings, sources.activity.tables
    sites, network = wished.sites, network_of(sources.walk)
    ground, places = sources.ground.tables, sources.places.tables["places"]
    located = _with_communes(places, ground["communes"])
    options = _options(territory, sources, located)
    minutes = _minutes(network, sources, options, _far(wished))
    walks = _between(network, options, located, sites.market_min)
    near = attractors(options, located, walks, near_min=sites.market_min, today=territory.today)
    people = people_by_public(sources.need.tables["need"], wished.need.cohorts, sites.publics)
    target, homes = people.sum(axis="columns"), ground["cells"]["commune_code"]
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
    wanted = _may_close(sites, options, decisions)
    problem = slot_problem(options, rows, pull, visits=1.0, settings=wanted, names=located["name"])
    found = _visits(territory, logs["activities"], options, problem)
    problem = replace(problem, weights=problem.weights * found.visits)
    names = ground["communes"]["name"].astype(str).to_dict()
    return SlotScene(
        options, rows, problem, minutes, target, homes, names, near, twins(problem), found, decay,
        sites,
    )  # fmt: skip


def guarantee_walks(territory: Territory, ground: Product, minutes: Walks) -> pd.DataFrame | None:
    """Return the walks of `quarter_walks` from the quarters in force; None: no guarantee asked."""
    if territory.settings.sites.guarantee_min is None:
        return None
    quarters = in_force(ground.tables["zones"]).query("kind == 'qpv'")
    return quarter_walks(ground.tables["cells"], quarters, minutes)


def _options(territory: Territory, sources: Sources, located: gpd.GeoDataFrame) -> pd.DataFrame:
    logs = sources.activity.tables
    return slot_options(
        located,
        sources.access.tables["permanences"],
        sources.access.tables["staffing"],
        team=logs["team"],
        availability=logs["availability"],
        settings=territory.settings.sites,
        week=territory.settings.week,
        today=territory.today,
    )


def _may_close(sites: Sites, options: pd.DataFrame, decisions: Iterable[Decision]) -> Sites:
    """Return settings that let close the permanences held now that a decision wants closed."""
    wanted = [d for d in decisions if d.kind in {Ask.CLOSE, Ask.FORBID}]
    named = [
        f"{row.place_id}:{row.slot}"
        for row in options[options["present"]].itertuples()
        if any(d.place_id == row.place_id and d.slot in {None, row.slot} for d in wanted)
    ]
    return sites.model_copy(update={"closable": (*sites.closable, *named)})


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
    minutes: Walks,
    target: pd.Series,
    homes: pd.Series,
    settings: Settings,
) -> Decay:
    """Measure how a walk keeps people away where home communes were noted, else assume it."""
    counts = homes_by_place(logs["activities"], logs["contacts"])
    places = [p for p in counts.columns if p in minutes.destinations]
    known = homes.reindex(target.index)
    lived = known.isin(counts.index).to_numpy(bool)
    return fit_decay(
        counts[places].to_numpy(float),
        target[lived].to_numpy(float),
        counts.index.get_indexer(known[lived]),
        minutes.among(target.index[lived], pd.Index(places)),
        assumed=settings.access.half_min,
        outside=settings.sites.outside,
        cut_min=settings.access.cut_min,
    )


def _minutes(
    network: WalkNetwork, sources: Sources, options: pd.DataFrame, limit_min: float
) -> Walks:
    """Return the walks [cell_id x place_id] to hosts, and where home communes were noted."""
    logs, places = sources.activity.tables, sources.places.tables["places"]
    noted = homes_by_place(logs["activities"], logs["contacts"]).columns
    asked = places[places.index.isin(options["place_id"]) | places.index.isin(noted)]
    need = sources.need.tables["need"]
    return walked(network, "c", need, "p", asked, limit_min=limit_min)


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
