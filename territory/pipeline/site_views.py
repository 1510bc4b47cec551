"""The dialogue on permanences, from a built territory: curve, alternatives, robustness, equity."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.need import target_draws
from territory.analysis.siting.curve import slot_curve
from territory.analysis.siting.discussion import (
    asked_scene,
    best_choice,
    discussion,
    outcome_of,
    really_different,
)
from territory.analysis.siting.equity import equity_frontier
from territory.analysis.siting.guarantee import can_be, within_reach
from territory.analysis.siting.near_optimal import near_optimal
from territory.analysis.siting.prices import priced
from territory.analysis.siting.redraw import ranges_of, redrawn
from territory.analysis.siting.robustness import robustness
from territory.analysis.siting.slot_build import with_reach
from territory.model.dialogue_results import Relaxations
from territory.model.jsonable import from_json
from territory.model.requests import Ask
from territory.network.walk import minutes_between
from territory.pipeline.sector_units import Sources
from territory.pipeline.site_asks import asks_of, decided
from territory.pipeline.site_scene import guarantee_walks, site_scene
from territory.pipeline.sites import chosen
from territory.pipeline.walking import network_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from territory.analysis.siting.discussion import Discussion
    from territory.analysis.siting.redraw import Ranges
    from territory.analysis.siting.slot_plan import SlotScene
    from territory.model.dialogue_results import Curve, NearOptimal, Prices, Robustness
    from territory.model.requests import Request
    from territory.model.site_results import EquityFrontier, SlotOutcome
    from territory.pipeline.site_asks import Asks
    from territory.pipeline.workspace import Built

ALL_MIN = 240.0  # a walk beyond is no walk: such people are left out of the frontier, and counted
LEAST_S, SPARE_S = 0.5, 20.0  # for one scenario; for all of them


@dataclass(frozen=True, slots=True, eq=False)
class SiteTable:
    """
    The choice of product 75 with all that is needed to discuss it.

    `scene` holds no request, `asks` those in force, `given_up` the positions of those that could
    not be kept; `chosen` are options of the scene, `talk` the choice under the requests kept.
    """

    built: Built
    scene: SlotScene
    asks: Asks
    chosen: tuple[int, ...]
    given_up: tuple[int, ...]
    ways: Relaxations | None
    talk: Discussion

    @property
    def kept(self) -> tuple[Request, ...]:
        """The requests that the choice keeps."""
        return tuple(r for i, r in enumerate(self.asks.requests) if i not in self.given_up)

    @property
    def seed(self) -> int:
        """The seed of the territory."""
        return self.built.territory.settings.ground.seed


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """
    The frontier between mean and worst-served walk, and what its positions mean.

    `places` [candidates] ids, `held` positions of those where a permanence is held now; `left_out`
    people who cannot walk to any of them, of `people`.
    """

    frontier: EquityFrontier
    places: tuple[str, ...]
    held: tuple[int, ...]
    people: float
    left_out: float


def site_table(built: Built) -> SiteTable:
    """Return the table around which the choice of a built territory is discussed."""
    territory, facts = built.territory, built.products["75_sites"].facts
    names = ("10_zones", "20_places", "30_activity", "40_walk", "50_need", "55_access")
    sources = Sources(*(built.products[n] for n in names))
    decisions, _ = decided(territory)
    scene = site_scene(territory, sources, decisions.values())
    asks = asks_of(decisions, scene.options)
    walks = guarantee_walks(territory, sources.ground, scene.minutes)
    given_up = tuple(facts["given_up"])
    kept = [r for i, r in enumerate(asks.requests) if i not in given_up]
    scene = _promised(scene, kept, walks, territory.settings.sites.guarantee_min)
    ways = from_json(Relaxations, facts["ways"]) if facts["ways"] else None
    talk = replace(discussion(scene, kept), told=tuple(facts["chosen"]))
    return SiteTable(built, scene, asks, tuple(facts["chosen"]), given_up, ways, talk)


def curve_of(table: SiteTable, most: int) -> tuple[Curve, Discussion]:
    """
    Return what 0, 1 ... `most` new half-days bring, and the discussion its options belong to.

    Raises WrongUsage as `slot_curve`.
    """
    scene, limits = table.scene, table.scene.problem.limits
    wide = replace(limits, opened=float(max(most, 0)))
    talk = discussion(replace(scene, problem=replace(scene.problem, limits=wide)), table.kept)
    return slot_curve(talk.problem, most, partial(best_choice, seed=table.seed)), talk


def alternatives_of(table: SiteTable) -> NearOptimal:
    """Return all the choices within 2 % of the best (options of `table.talk`)."""
    talk = table.talk
    found = near_optimal(talk.problem, start=talk.here(table.chosen))
    return really_different(talk, found)


def robust_of(table: SiteTable, scenarios: int) -> tuple[Robustness, Ranges]:
    """Return how the choice holds in `scenarios` draws (options of `table.talk`), and of what."""
    territory, talk = table.built.territory, table.talk
    targets = target_draws(
        table.built.table("cells"),
        table.built.table("iris"),
        outside=table.built.table("outside"),
        settings=territory.settings.need,
        draws=scenarios,
        seed=table.seed,
    )
    ranges = ranges_of(talk.scene.visits, talk.scene.decay)
    cut = territory.settings.access.cut_min
    drawn = redrawn(talk, targets, ranges=ranges, cut_min=cut, seed=table.seed)
    limit = max(LEAST_S, SPARE_S / max(scenarios, 1))
    solve = partial(best_choice, time_limit_s=limit, seed=table.seed)
    ruled = (replace(p, fixed=talk.problem.fixed, forbidden=talk.problem.forbidden,
                     limits=talk.problem.limits) for p in drawn)  # fmt: skip
    return robustness(talk.problem, talk.here(table.chosen), ruled, solve), ranges


def prices_of(table: SiteTable) -> Prices:
    """Return what each request that the choice keeps costs, in people received a week."""
    territory, scene = table.built.territory, table.scene

    def answer(requests: Sequence[Request], _: tuple[int, ...]) -> SlotOutcome:
        asked = asked_scene(scene, requests)
        return outcome_of(chosen(territory, asked), told=not can_be(asked.problem))

    return priced(table.kept, answer)


def equity_of(table: SiteTable) -> Shared:
    """
    Return the choices of places between the best mean walk and the best worst-served.

    As many places as the plan adds, those held now kept; people of the public, minutes on foot.
    """
    built, talk = table.built, table.talk
    options, problem = talk.scene.options, talk.scene.problem
    places = tuple(sorted(set(options["place_id"])))
    held = set(options.loc[problem.present & ~problem.forbidden, "place_id"])
    shut = set(places) - set(options.loc[~problem.forbidden, "place_id"])
    must = held | set(options.loc[problem.fixed, "place_id"]) | _asked_somewhen(table)
    people = table.scene.target[table.scene.target > 0]
    minutes = _all_minutes(built, people.index, places)
    near = np.isfinite(minutes).any(axis=1)
    count = min(len(held) + int(problem.limits.opened), len(places) - len(shut - must))
    frontier = equity_frontier(
        people.to_numpy(float)[near],
        minutes[near],
        max(count, len(must)),
        fixed=_at(places, must),
        forbidden=_at(places, shut - must),
        seed=table.seed,
    )
    total = float(people.sum())
    return Shared(frontier, places, _at(places, held), total, total - float(people[near].sum()))


def _asked_somewhen(table: SiteTable) -> set[str]:
    """Return the places that a request wants on whatever half-day."""
    places = table.scene.options["place_id"].iloc
    return {str(places[r.options[0]]) for r in table.kept if r.kind is Ask.REQUIRE}


def _all_minutes(built: Built, cells: pd.Index, places: Sequence[str]) -> NDArray[np.float64]:
    network = network_of(built.products["40_walk"])
    names = [f"c:{c}" for c in cells], [f"p:{p}" for p in places]
    found: NDArray[np.float64] = minutes_between(network, *names, limit_min=ALL_MIN).to_numpy(float)
    return found


def _at(places: Sequence[str], wanted: set[str]) -> tuple[int, ...]:
    return tuple(n for n, place in enumerate(places) if place in wanted)


def _promised(
    scene: SlotScene, requests: Sequence[Request], walks: pd.DataFrame | None, limit: float | None
) -> SlotScene:
    """Return `scene` with the guarantee of the settings, when the requests leave it possible."""
    if walks is None or limit is None or not len(walks):
        return scene
    bound = replace(
        scene,
        problem=with_reach(scene.problem, within_reach(walks, scene.options, limit)),
    )
    return bound if can_be(asked_scene(bound, requests).problem) else scene
