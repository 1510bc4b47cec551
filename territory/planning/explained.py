"""A week explained and proved: what each stop is worth, what keeps others out, what may beat it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.admissions import Effort
from territory.analysis.routing.reasons import explain_week
from territory.analysis.routing.relaxed import Room
from territory.analysis.routing.required import smallest_relaxation
from territory.analysis.routing.resolve import without
from territory.analysis.routing.week import best_week
from territory.analysis.routing.week_exact import ended
from territory.model.progress import SILENT, go_on
from territory.model.words import PLACE_KINDS, label
from territory.planning import explain
from territory.planning.calendar import MORNING
from territory.planning.edits import stop_key
from territory.planning.reasons_told import why_impossible, why_in, why_out
from territory.planning.reasons_words import Names
from territory.planning.week_progress import Questions

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from territory.analysis.routing.losses import Loss
    from territory.analysis.routing.resolve import Solver
    from territory.analysis.routing.week_problem import Flags, Walked, WeekOutcome, WeekProblem
    from territory.model.progress import ProgressReporter
    from territory.model.week_results import Session
    from territory.planning.reasons_told import People, WhyOut
    from territory.planning.team_windows import TeamWindow
    from territory.planning.week_scene import WeekScene

AGAIN = 30  # iterations of each new plan: it starts from the week found
LONGEST_S = 600.0  # counted searches end by themselves; nobody waits longer than that
CORES = 2
SOLVES = 30  # searches for the fewest rules to loosen
VALUE_MOST = 400.0  # above: a stop that must be there or was asked for, not people


@dataclass(frozen=True, slots=True)
class Explained:
    """
    The plan found (a better one when explaining met one), with why each place is in or out.

    `loss` people expected and `kept` sentences by group visited; `out` by group left out, in order
    of worth.
    """

    found: WeekOutcome
    loss: Mapping[int, float]
    kept: Mapping[int, str]
    out: Mapping[int, WhyOut]


def explained(
    scene: WeekScene,
    found: WeekOutcome,
    frozen: Flags,
    *,
    most_out: int,
    seed: int,
    progress: ProgressReporter = SILENT,
) -> Explained:
    """
    Return why each place is in or out of a plan, every answer planned again.

    Zones whose streets nobody walks come first, then at most `most_out` other places. Routes
    `frozen` [routes] stay as they are. Same arguments, same answers. Raises Stopped when `progress`
    says so.
    """
    problem, names = scene.problem, week_names(scene)
    room = week_room(scene)
    streets = [g for g, key in enumerate(scene.groups) if key.startswith("z:")]
    seen = {int(problem.visits.group[v]) for walked in found.routes for v in walked.visits}
    asked = Questions(progress, len(seen | set(streets)) + most_out)
    told = explain_week(
        problem, found, _solver(frozen, seed), frozen=frozen, first=streets, most_out=most_out,
        room=room, effort=Effort(cores=CORES, stop=asked),
    )  # fmt: skip
    go_on(progress)
    plan = told.plan

    def people(routes: tuple[Walked, ...]) -> float:
        return _expected(scene, routes) - _expected(scene, told.plan.routes)

    own = [_or_skipped(problem, told.plan, one, people) for one in told.losses
           if one.loss < VALUE_MOST]  # fmt: skip
    if plan is not found:  # better than what was searched: the bound holds for the problem
        plan = ended(replace(plan, bound=found.bound, iterations=found.iterations))
    return Explained(
        plan,
        {one.group: max(-people(one.without), 0.0) for one in own},
        {one.group: why_in(one, names, people) for one in own},
        {a.group: why_out(problem, a, names, people) for a in told.admissions},
    )


def _or_skipped(problem: WeekProblem, plan: WeekOutcome, loss: Loss, people: People) -> Loss:
    """Return a loss whose week is that of most people: planned again, or the stop just skipped."""
    skipped = without(problem, plan.routes, {loss.group})
    if people(skipped) <= people(loss.without):
        return loss
    return replace(loss, without=skipped, instead=())


def _expected(scene: WeekScene, routes: tuple[Walked, ...]) -> float:
    """Return the people expected at the stops of a plan: neither presence nor fairness counts."""
    return sum(float(scene.people[v, r]) for r, walked in enumerate(routes) for v in walked.visits)


def unmet(
    scene: WeekScene, found: WeekOutcome, required: Collection[str], frozen: Flags, *, seed: int
) -> tuple[str, ...]:
    """
    Return what cannot be kept of the zones `required`, and the rules to loosen, in French.

    Nothing when the streets of each are walked. A zone whose streets never open is only named.
    """
    problem, names = scene.problem, week_names(scene)
    group = {key.removeprefix("z:"): g for g, key in enumerate(scene.groups)}
    seen = {int(problem.visits.group[v]) for walked in found.routes for v in walked.visits}
    missed = [z for z in sorted(required) if group.get(z, -1) not in seen]
    asked = [group[z] for z in sorted(required) if z in group]
    shut = tuple(explain.never_walked(z) for z in missed if z not in group)
    if not [z for z in missed if z in group]:
        return shut
    told = smallest_relaxation(
        problem, asked, (), _solver(frozen, seed), room=week_room(scene), solves=SOLVES
    )
    return (*shut, *why_impossible(problem, told, names))


def week_room(scene: WeekScene) -> Room:
    """Return how far each window may be stretched: appointments never give way."""
    return Room(
        np.array([w.earliest_min for w in scene.windows], np.int64),
        np.array([w.latest_min for w in scene.windows], np.int64),
    )


def _solver(locked: Flags, seed: int) -> Solver:
    def solve(
        problem: WeekProblem,
        *,
        begin: tuple[Walked, ...] | None = None,
        frozen: Flags | None = None,
    ) -> WeekOutcome:
        held = locked if frozen is None else locked | frozen
        return best_week(
            problem, time_limit_s=LONGEST_S, iterations=AGAIN, seed=seed, starts=1, begin=begin,
            frozen=held if begin is not None else None,
        )  # fmt: skip

    return solve


def week_names(scene: WeekScene) -> Names:
    """Return what a coordinator calls the places, routes, workers and zones of a scene."""
    options = {d.option.key: d.option for d in scene.doors}
    zones = {o.zone.zone_id: o.zone.name for o in options.values() if o.zone is not None}
    places = [
        place.name
        if (place := options[key].place) is not None
        else f"tour de rue de {zones[key.removeprefix('z:')]}"
        for key in scene.groups
    ]
    return Names(
        places,
        [route_name(w) for w in scene.windows],
        [a.code for a in scene.agents],
        [zones[z] for z in scene.zones],
        [label(PLACE_KINDS, kind).replace("'", "’") for kind in scene.kinds],
    )


def route_name(window: TeamWindow) -> str:
    """Return « la matinée de M1 et M2 lundi », « l’après-midi de M2 jeudi avec PRIJ »."""
    half = "la matinée" if window.half_day == MORNING else "l’après-midi"
    mates = f" avec {window.partner}" if window.partner else ""
    return f"{half} de {explain.listed(window.agents)} {explain.DAYS[window.on.weekday()]}{mates}"


def with_losses(session: Session, scene: WeekScene, why: Explained) -> Session:
    """Return an outing whose stops say what the week would lose without them."""
    group = {key: g for g, key in enumerate(scene.groups)}
    stops = []
    for stop in session.stops:
        g = group[stop_key(stop.place_id, stop.zone_id)]
        told = f"{stop.reason} {why.kept[g]}" if g in why.kept else stop.reason
        stops.append(replace(stop, loss=why.loss.get(g), reason=told))
    return replace(session, stops=tuple(stops))
