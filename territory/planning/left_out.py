"""What kept a zone out of the week: nobody free, too far, the limits of the team, other zones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.week_judge import week_faults
from territory.analysis.routing.week_problem import Walked
from territory.model.week_results import LeftOut
from territory.planning import explain
from territory.planning.edits import is_excluded
from territory.planning.legs import FAR
from territory.planning.week_scene import covers

CROWDED = ("R-QUOTA", "R-VALEUR")  # others come first: what that means was planned again
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from territory.model.results import Gap
    from territory.planning.desk import Desk
    from territory.planning.reasons_told import WhyOut
    from territory.planning.week_scene import WeekScene


def zones_left(
    gaps: Sequence[Gap],
    scene: WeekScene,
    routes: Sequence[Walked],
    desk: Desk,
    out: Mapping[int, WhyOut],
) -> list[LeftOut]:
    """
    Return the zones without a visit, in order of rank, with the rule that kept each out.

    `out` by group, planned again, where it was sought.
    """
    seen = {
        zone.zone_id
        for walked in routes
        for v in walked.visits
        if (zone := scene.doors[v].option.zone) is not None
    }
    group = {key: g for g, key in enumerate(scene.groups)}
    left = []
    for gap in sorted(gaps, key=lambda g: (g.rank, g.zone_id)):
        if gap.zone_id not in seen:
            reason, rule = _why(gap, scene, routes, desk)
            proved = out.get(group.get(f"z:{gap.zone_id}", -1))
            if proved is not None and rule in CROWDED:
                reason, rule = f"{reason} {proved.reason}", proved.rule
            out_of = LeftOut(gap.name, reason, rule, zone_id=gap.zone_id)
            if proved is not None:
                out_of = replace(out_of, remedy=proved.remedy, by_placing=proved.by_placing)
            left.append(out_of)
    return left


def places_left(scene: WeekScene, out: Mapping[int, WhyOut]) -> list[LeftOut]:
    """
    Return the places whose absence was explained, the most valuable first.

    Not those where somebody of the team starts from: one is there anyway.
    """
    bases = {a.start_place_id for a in scene.agents}
    places = {d.option.key: d.option.place for d in scene.doors}
    left = []
    for group, why in out.items():
        place = places[scene.groups[group]]
        if place is not None and place.place_id not in bases:
            left.append(
                LeftOut(place.name, why.reason, why.rule, why.remedy, place_id=place.place_id,
                        by_placing=why.by_placing)
            )  # fmt: skip
    return left


def _why(gap: Gap, scene: WeekScene, routes: Sequence[Walked], desk: Desk) -> tuple[str, str]:
    """Return the French sentence and the code of the rule."""
    team = desk.sources.team
    if is_excluded(desk.asks.edits.values(), gap.zone_id):
        return explain.excluded(), "R-ECARTEE"
    able = [a.code for a in team if covers(a, gap.commune_code)]
    if not able:
        codes = [a.code for a in team]
        return (
            (explain.outside_communes(codes), "R-COMMUNE")
            if codes
            else (explain.nobody(), "R-EQUIPE")
        )
    shut = desk.effects.shut.get(gap.zone_id)
    visits = [
        v for v, d in enumerate(scene.doors) if d.option.zone is gap and d.option.place is None
    ]
    pairs = [(v, r) for v in visits for r in np.flatnonzero(np.isfinite(scene.problem.value[v]))]
    if not pairs:
        least = desk.settings.week.maraude_min_min
        return (shut.reason, "R-ESPACEMENT") if shut else (explain.no_slot(able, least), "R-HEURES")
    alone = [(v, int(r)) for v, r in pairs if _fits(scene, v, int(r))]
    if not alone:
        return _obstacle(scene, [(v, int(r)) for v, r in pairs])
    return _crowded(scene, routes, alone)


def _fits(scene: WeekScene, visit: int, route: int) -> bool:
    plan = [Walked()] * scene.problem.n_routes
    plan[route] = Walked((visit,))
    quota = "half-days"
    return all(quota in fault for fault in week_faults(scene.problem, plan))


def _obstacle(scene: WeekScene, pairs: Sequence[tuple[int, int]]) -> tuple[str, str]:
    """Measure the shortest outing and name the rule that forbids them all."""
    p, ways = scene.problem, []
    for v, r in pairs:
        pace, start, end, at = (
            p.windows.pace[r],
            p.windows.start[r],
            p.windows.end[r],
            p.visits.point[v],
        )
        there, back = p.legs.minutes[pace, start, at], p.legs.minutes[pace, at, end]
        metres = p.legs.metres[pace, start, at] + p.legs.metres[pace, at, end]
        limit = min(p.team.walk_max_m[m] for m in p.windows.walkers[r] if m >= 0)
        lasts, free = there + back + p.visits.service[v], p.windows.finish[r] - p.windows.begin[r]
        if there < FAR and back < FAR:
            ways.append((int(metres), int(limit), int(lasts), int(free)))
    if not ways:
        return explain.no_street(), "R-CHEMIN"
    walkable = [w for w in ways if w[0] <= w[1]]
    if not walkable:
        metres, limit, _, _ = min(ways, key=lambda w: w[0] - w[1])
        return explain.too_far(metres, limit), "R-MARCHE"
    return explain.too_long(min(w[2] for w in walkable), max(w[3] for w in walkable)), "R-TEMPS"


def _crowded(
    scene: WeekScene, routes: Sequence[Walked], alone: Sequence[tuple[int, int]]
) -> tuple[str, str]:
    """Name what blocks each outing the zone could have: limits of the week, or time taken."""
    p = scene.problem
    used = [r for r, walked in enumerate(routes) if walked.visits]
    halves = np.zeros(len(p.team.due), int)
    for r in used:
        halves[[m for m in p.windows.walkers[r] if m >= 0]] += p.windows.half_days[r]
    full = {m for r in (r for _, r in alone) for m in p.windows.walkers[r]
            if m >= 0 and halves[m] >= p.team.half_days_most[m]}  # fmt: skip
    limits = sorted({int(p.team.half_days_most[m]) for m in full})
    said = [
        explain.quota(
            [scene.agents[m].code for m in sorted(full) if p.team.half_days_most[m] == n], n
        )
        for n in limits
    ]
    free = [r for _, r in alone if not full & set(p.windows.walkers[r])]
    blockers = sorted({name for r in free for u in used if p.windows.clash[r, u] or r == u
                       for name in _zones_of(routes[u], scene)})  # fmt: skip
    agents = list(scene.windows[alone[0][1]].agents)
    if blockers:
        said.append(explain.taken(agents, blockers))
    return " ".join(said) or explain.not_worth(), "R-QUOTA" if said else "R-VALEUR"


def _zones_of(walked: Walked, scene: WeekScene) -> list[str]:
    zones = [scene.doors[v].option.zone for v in walked.visits]
    return [z.name for z in zones if z is not None]
