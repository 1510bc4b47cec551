"""Product 75: where one more permanence would receive most people, and on which half-day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.siting.discussion import asked_scene, best_choice, discussion
from territory.analysis.siting.guarantee import can_be
from territory.analysis.siting.relaxation import smallest_relaxations
from territory.analysis.siting.slot_choice import choose_slots
from territory.analysis.siting.slot_plan import attendance_table, slot_plan
from territory.io.products import Computed, Product, step
from territory.model.jsonable import to_json
from territory.model.results import Ending
from territory.outputs.place_roles import asked_places, place_roles
from territory.pipeline.site_asks import asks_of, decided
from territory.pipeline.site_scene import guarantee_walks, site_scene

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from territory.analysis.siting.slot_choice import Choice
    from territory.analysis.siting.slot_plan import SlotScene
    from territory.model.dialogue_results import Relaxation, Relaxations
    from territory.model.requests import Decision, Request
    from territory.model.results import SitePlan
    from territory.pipeline.sector_units import Sources
    from territory.pipeline.workspace import Territory

WAYS_S = 10.0  # to look for the smallest ways out of requests that contradict one another


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """
    A choice under requests: `scene` and `choice` of those kept, `given_up` positions of others.

    `ways` are the smallest ways out when the requests cannot be kept together, None when they can.
    """

    scene: SlotScene
    choice: Choice
    given_up: tuple[int, ...]
    ways: Relaxations | None


def sites_step(territory: Territory, sources: Sources) -> Product:
    """
    75: the places and half-days that would receive most people more, the permanences kept.

    The requests of the decision log that hold on the day of reference are rules; when they cannot
    be kept together, the best choice gives up as few as can be, and the plan says which. Tables
    site_options (`slot_options`) and attendance (`attendance_table`); facts plan, chosen (positions
    of options), given_up (positions of requests), ways (`Relaxations`) and roles (`place_roles`).
    Raises as `site_scene`.
    """
    decisions, _ = decided(territory)

    def compute() -> Computed:
        scene = site_scene(territory, sources, decisions.values())
        asks = asks_of(decisions, scene.options)
        walks = guarantee_walks(territory, sources.ground, scene.minutes)
        found = settled(territory, scene, asks.requests, walks)
        plan = told_plan(found)
        coming = attendance_table(_judged(found), found.choice.chosen)
        facts = {
            "plan": to_json(plan),
            "chosen": list(found.choice.chosen),
            "given_up": list(found.given_up),
            "ways": to_json(found.ways),
            "roles": _roles(territory, scene, decisions.values(), plan, found),
        }
        return {"site_options": scene.options, "attendance": coming}, facts

    inputs = (sources.ground, sources.places, sources.activity, sources.walk, sources.need,
              sources.access)  # fmt: skip
    hashes = {p.name: p.digest for p in inputs}
    settings = _depends(territory, decisions)
    return step(territory.processed, "75_sites", compute, settings=settings, inputs=hashes)


def settled(
    territory: Territory,
    scene: SlotScene,
    requests: Sequence[Request],
    walks: pd.DataFrame | None = None,
) -> Settled:
    """
    Return the best choice under `requests` (positions in `scene`), or the best partial one.

    Requests that cannot be kept together are settled by the smallest way out (`ways`) that keeps
    the limits of the team, when there is one. `walks` are those of the guarantee of the settings.
    """
    asked = asked_scene(scene, requests)
    if not requests or can_be(asked.problem):
        return Settled(asked, chosen(territory, asked, walks), (), None)
    talk = discussion(scene, requests)
    ways = smallest_relaxations(talk.free, talk.requests, best_choice, time_limit_s=WAYS_S)
    if not ways.found:
        return Settled(asked, chosen(territory, asked, walks), (), ways)
    first = min(ways.found, key=lambda way: (bool(way.loosened), ways.found.index(way)))
    kept = [r for i, r in enumerate(requests) if i not in first.requests]
    partial = asked_scene(_loosened(scene, talk.there(first.chosen), first), kept)
    choice = replace(chosen(territory, partial, walks), ending=Ending.IMPOSSIBLE)
    return Settled(partial, choice, first.requests, ways)


def chosen(territory: Territory, scene: SlotScene, walks: pd.DataFrame | None = None) -> Choice:
    """Return the best choice of `scene`; raises as `choose_slots`."""
    wished = territory.settings.sites
    return choose_slots(
        scene.problem,
        scene.options,
        scene.groups,
        walks=walks,
        guarantee_min=wished.guarantee_min,
        repeat=wished.repeat,
        time_limit_s=wished.seconds,
        seed=territory.settings.ground.seed,
    )


def told_plan(found: Settled) -> SitePlan:
    """Return the choice as a plan, with what had to be given up."""
    choice = found.choice
    said = [way.sentence for way in found.ways.found] if found.ways else []
    unsure = [] if found.ways is None or found.ways.proved else [
        "La recherche des plus petites concessions a été arrêtée par son délai."
    ]  # fmt: skip
    notes = (*said, *unsure, *choice.notes)
    return slot_plan(
        _judged(found), choice.chosen, bound=choice.bound, ending=choice.ending, notes=notes
    )


def _roles(
    territory: Territory,
    scene: SlotScene,
    decisions: Iterable[Decision],
    plan: SitePlan,
    found: Settled,
) -> dict[str, str]:
    wished = territory.settings.sites
    asked = asked_places(decisions, wished.required, wished.forbidden)
    roles = place_roles(scene.options, plan, asked, found.choice.chosen)
    return {str(place): str(role) for place, role in roles.items()}


def _judged(found: Settled) -> SlotScene:
    return replace(found.scene, problem=found.choice.problem)


def _loosened(scene: SlotScene, taken: Sequence[int], way: Relaxation) -> SlotScene:
    """Return `scene` with the number of new half-days that the way out needs."""
    if not way.loosened:
        return scene
    new = float((~scene.problem.present[np.asarray(taken, np.int64)]).sum())
    limits = scene.problem.limits
    opened = replace(limits, opened=max(limits.opened, new))
    return replace(scene, problem=replace(scene.problem, limits=opened))


def _depends(territory: Territory, decisions: Mapping[int, Decision]) -> dict[str, object]:
    """Return the settings and decisions that the choice rests on."""
    wished = territory.settings
    return {
        "sites": to_json(wished.sites),
        "walk": [wished.access.half_min, wished.access.cut_min],
        "day": [wished.week.day_start, wished.week.day_end],
        "cohorts": [to_json(c) for c in wished.need.cohorts],
        "months": wished.effort.months,
        "today": territory.today.isoformat(),
        "seed": wished.ground.seed,
        "decisions": {str(line): to_json(one) for line, one in decisions.items()},
    }
