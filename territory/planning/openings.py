"""Where rounds could go: teams free together on a half-day, zone by zone, and why none could."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from territory.planning import explain
from territory.planning.calendar import OUTINGS, free_windows
from territory.planning.rounds import (
    Round,
    Slot,
    Workshop,
    ZoneStops,
    best_in_slot,
    nearest_start,
    slowness,
    walk_limit,
)
from territory.planning.rule_effects import Effects
from territory.planning.spans import Span, common

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from territory.planning.calendar import Agenda, Sources
    from territory.planning.records import Agent
    from territory.planning.walks import Walks

TRANSFER_MAX_MIN = 45  # further away than this on foot, people take the bus

HalfDay = tuple["date", str]


@dataclass(frozen=True, slots=True)
class Findings:
    """The rounds that hold for one zone, or the French sentence that says why there is none."""

    rounds: tuple[Round, ...]
    obstacle: str


@dataclass(frozen=True)
class Desk:
    """What is needed to look for rounds in one week."""

    days: tuple[date, ...]
    sources: Sources
    agenda: Agenda
    shop: Workshop
    rules: Effects = field(default_factory=Effects)


def look_for_rounds(zone: ZoneStops, desk: Desk) -> Findings:
    """Return every round (half-day x team) that holds for `zone`, or the rule against all."""
    team = desk.sources.team
    able = [a for a in team if _covers(a, zone.gap.commune_code)]
    if not able:
        codes = [a.code for a in team]
        return Findings((), explain.outside_communes(codes) if codes else explain.nobody())
    shut = desk.rules.shut.get(zone.gap.zone_id)
    free = {w: f for w, f in _free(able, desk).items() if shut is None or w[0] >= shut.until}
    slots = [s for when, who in free.items() for s in _slots(zone, when, who, desk)]
    least = desk.shop.settings.week.maraude_min_min
    if not slots:
        nobody_free = explain.no_slot([a.code for a in able], least)
        return Findings((), shut.reason if shut else nobody_free)
    rounds = [best_in_slot(zone, slot, desk.shop) for slot in slots]
    kept = tuple(r for r in rounds if r is not None)
    return Findings(kept, "" if kept else _obstacle(zone, slots, desk))


def transfer_min(walks: Walks, a: str | None, b: str | None, slow: float) -> int:
    """
    Return whole minutes to go from place `a` to place `b`, 45 at most; 0 when one is None.

    0 too when they are the same. `slow` is seconds of the team per second of the network. Farther
    away or out of reach, people take the bus: 45.
    """
    if a is None or b is None or a == b:
        return 0
    minutes = float(np.asarray(walks.minutes([f"p:{a}"], [f"p:{b}"]), dtype=float)[0, 0]) * slow
    return min(math.ceil(minutes), TRANSFER_MAX_MIN) if math.isfinite(minutes) else TRANSFER_MAX_MIN


def _covers(agent: Agent, commune: str | None) -> bool:
    return not agent.communes or commune is None or commune in agent.communes


def _free(able: Sequence[Agent], desk: Desk) -> dict[HalfDay, dict[Agent, tuple[Span, ...]]]:
    rules = desk.shop.settings.week
    kept = desk.agenda.appointments
    found: dict[HalfDay, dict[Agent, tuple[Span, ...]]] = {}
    for day in desk.days:
        out = {g for a in kept if a.on == day and a.kind in OUTINGS for g in a.agents}
        for agent in (a for a in able if a.code not in out):
            windows = free_windows(agent.code, day, kept, desk.sources, rules)
            for half, spans in windows.items():
                long = tuple(s for s in spans if s[1] - s[0] >= rules.maraude_min_min)
                if long:
                    found.setdefault((day, half), {})[agent] = long
    return found


def _slots(
    zone: ZoneStops, when: HalfDay, free: Mapping[Agent, tuple[Span, ...]], desk: Desk
) -> list[Slot]:
    """Pairs where two are free together; somebody nobody can go with goes alone."""
    settings = desk.shop.settings
    teams: list[tuple[Agent, ...]] = [(a,) for a in free]
    if settings.week.pairs:
        pairs = [(a, b) for a, b in combinations(free, 2) if _together((a, b), free, desk)]
        accompanied = {a.code for pair in pairs for a in pair}
        teams = [*pairs, *(t for t in teams if t[0].code not in accompanied)]
    found: list[Slot] = []
    for team in teams:
        for start in _starts(zone, team, desk):
            for span in _together(team, free, desk):
                cut = _between_appointments(span, when[0], team, start, desk)
                if cut[1] - cut[0] >= settings.week.maraude_min_min:
                    pace, most = slowness(team, settings), walk_limit(team, settings)
                    codes = tuple(a.code for a in team)
                    found.append(Slot(*when, codes, cut, start, pace, most))
    return found


def _together(
    team: Sequence[Agent], free: Mapping[Agent, tuple[Span, ...]], desk: Desk
) -> tuple[Span, ...]:
    spans = free[team[0]]
    for agent in team[1:]:
        spans = common(spans, free[agent])
    least = desk.shop.settings.week.maraude_min_min
    return tuple(s for s in spans if s[1] - s[0] >= least)


def _starts(zone: ZoneStops, team: Sequence[Agent], desk: Desk) -> list[str]:
    """
    Return the first start place of the team from which the zone can be walked to and back.

    Beyond the walking limit the team goes there by its own means: the round then starts at the
    place nearest to the zone.
    """
    places, walks = desk.sources.places, desk.shop.walks
    own = [places[s] for a in team if (s := a.start_place_id or "") in places]
    known = [p.place_id for p in own if p.x is not None and not p.sensitive]
    nearest = nearest_start(zone, places, walks)
    choices = [*known, *([nearest] if nearest else [])]
    limit_min = walk_limit(team, desk.shop.settings) / (
        desk.shop.settings.walk.speed_kmh * 1000 / 60
    )
    near = [c for c in choices if 2 * _away_min(walks, c, zone) <= limit_min]
    return (near or choices)[:1]


def _away_min(walks: Walks, place_id: str, zone: ZoneStops) -> float:
    return float(np.asarray(walks.minutes([f"p:{place_id}"], [zone.street_id]), dtype=float)[0, 0])


def _between_appointments(
    span: Span, on: date, team: Sequence[Agent], start: str, desk: Desk
) -> Span:
    """Leave the time to come from the appointment before and to reach the one after."""
    begin, end = span
    slow = slowness(team, desk.shop.settings)
    codes = {a.code for a in team}
    for a in desk.agenda.appointments:
        if a.on == on and codes & set(a.agents):
            there = transfer_min(desk.shop.walks, a.place_id, start, slow)
            if a.end_min <= span[0]:
                begin = max(begin, a.end_min + there)
            elif a.start_min >= span[1]:
                end = min(end, a.start_min - there)
    return begin, end


def _obstacle(zone: ZoneStops, slots: Sequence[Slot], desk: Desk) -> str:
    """Measure the shortest round of each slot and name the rule that forbids them all."""
    settings = desk.shop.settings
    ways: list[tuple[float, int, Slot]] = []
    for slot in slots:
        ends = [f"p:{slot.start_place_id}", zone.street_id]
        table = np.asarray(desk.shop.walks.minutes(ends, ends), dtype=float)
        minutes = float(table[0, 1] + table[1, 0])
        if math.isfinite(minutes):
            metres = minutes * settings.walk.speed_kmh * 1000 / 60
            shortest = math.ceil(minutes * slot.slowness) + settings.week.street_min
            ways.append((metres, shortest, slot))
    if not ways:
        return explain.no_street()
    walkable = [w for w in ways if w[0] <= w[2].walk_max_m]
    if not walkable:
        metres, _, slot = min(ways, key=lambda w: w[0] - w[2].walk_max_m)
        return explain.too_far(metres, slot.walk_max_m)
    longest = settings.week.maraude_max_min
    free = max(min(w[2].span[1] - w[2].span[0], longest) for w in walkable)
    return explain.too_long(min(w[1] for w in walkable), free)
