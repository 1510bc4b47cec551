"""An independent judge of a week: it re-reads every rule and trusts nothing of the planner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import numpy as np

from territory.model.closures import closed_on
from territory.model.french_calendar import calendar_of
from territory.model.open_days import spans_on
from territory.planning.calendar import week_days
from territory.planning.explain import clock, day_words, kilometres
from territory.planning.records import place_records, planned_records, slot_records, team_records

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from territory.model.week_results import Session, Stop, WeekPlan
    from territory.planning.records import Agent, Place, Planned, Slot
    from territory.planning.walks import Walks
    from territory.settings import Settings

BUS_MIN = 45  # two places further apart than this on foot are joined by public transport
ROUNDS = {"maraude", "tour_de_rue"}


@dataclass(frozen=True)
class _Facts:
    places: Mapping[str, Place]
    team: Mapping[str, Agent]
    slots: tuple[Slot, ...]
    planned: tuple[Planned, ...]
    walks: Walks
    settings: Settings


def check_plan(  # noqa: PLR0913 - one keyword per table of the week
    plan: WeekPlan,
    *,
    places: pd.DataFrame,
    team: pd.DataFrame,
    availability: pd.DataFrame,
    activities: pd.DataFrame,
    walks: Walks,
    settings: Settings,
) -> list[str]:
    """
    Return the faults of `plan` as French sentences; an empty list means that every rule holds.

    Tables keep their contracts, in one metric CRS; `walks` is the planner's, in minutes. Rules:
    appointments kept, nobody in two places (unless said in the warnings), shifts, absences and
    lunch respected, visits inside opening hours to their end, walks feasible in the time given and
    below the limits, durations and weekly numbers of rounds.
    """
    facts = _Facts(
        place_records(places, week_days(plan.week)[0]),
        {a.code: a for a in team_records(team)},
        slot_records(availability),
        planned_records(activities),
        walks,
        settings,
    )
    faults = [*_missing(plan, facts), *_collisions(plan, facts), *_numbers(plan, facts)]
    for session in plan.sessions:
        if not session.fixed:
            faults += [f"{_name(session)} : {fault}." for fault in _round_faults(session, facts)]
    return faults


def _name(session: Session) -> str:
    return f"« {session.title} », {day_words(session.on)} à {clock(session.start_min)}"


def _round_faults(session: Session, facts: _Facts) -> Iterator[str]:
    yield from _length(session, facts)
    yield from _lunch(session, facts)
    yield from _shifts(session, facts)
    yield from _doors(session, facts)
    yield from _legs(session, facts)


def _length(session: Session, facts: _Facts) -> Iterator[str]:
    week = facts.settings.week
    lasts = session.end_min - session.start_min
    if not week.maraude_min_min <= lasts <= week.maraude_max_min:
        yield f"durée de {lasts} min hors des bornes"
    own = [facts.team[a].walk_max_m for a in session.agents if a in facts.team]
    limit = min([float(week.walk_max_m), *(m for m in own if m is not None)])
    if session.walk_m > limit + 1:
        yield f"marche de {kilometres(session.walk_m)} au-dessus de {kilometres(limit)}"
    if not any(s.place_id is None for s in session.stops):
        yield "aucun tour de rue dans la zone"


def _lunch(session: Session, facts: _Facts) -> Iterator[str]:
    week = facts.settings.week
    if session.start_min < _clock(week.lunch_end) and session.end_min > _clock(week.lunch_start):
        yield "la pause de midi n’est pas libre"


def _shifts(session: Session, facts: _Facts) -> Iterator[str]:
    if calendar_of(facts.settings.ground.communes).holiday(session.on):
        yield "jour férié"
    for agent in session.agents:
        worked = _worked_minutes(agent, session.on, facts)
        if not worked[session.start_min : session.end_min].all():
            yield f"{agent} ne travaille pas sur tout ce créneau"
        gone = _minutes_of_kind(agent, session.on, "absent", facts)
        if gone[session.start_min : session.end_min].any():
            yield f"{agent} est absent"


def _worked_minutes(agent: str, on: date, facts: _Facts) -> np.ndarray:
    if any(s.agent == agent and s.kind == "disponible" for s in facts.slots):
        return _minutes_of_kind(agent, on, "disponible", facts)
    worked = np.zeros(1440, dtype=bool)
    if on.isoweekday() <= 5:  # noqa: PLR2004 - Friday
        week = facts.settings.week
        worked[_clock(week.day_start) : _clock(week.day_end)] = True
    return worked


def _minutes_of_kind(agent: str, on: date, kind: str, facts: _Facts) -> np.ndarray:
    marked = np.zeros(1440, dtype=bool)
    for s in facts.slots:
        if s.agent == agent and s.kind == kind and s.applies(on):
            marked[s.start_min : s.end_min] = True
    return marked


def _doors(session: Session, facts: _Facts) -> Iterator[str]:
    for stop in session.stops:
        place = facts.places.get(stop.place_id or "")
        if stop.place_id is None:
            continue
        if place is None or not place.welcomes:
            yield f"arrêt n° {stop.order} dans un lieu qui n’accueille pas de maraude"
        elif closed_on(place.closures, session.on):
            yield f"« {stop.name} » est en fermeture temporaire ce jour-là"
        elif place.hours and not _open(place, session.on, stop, facts):
            yield (
                f"« {stop.name} » n’est pas ouvert de {clock(stop.arrive_min)} à "
                f"{clock(stop.leave_min)}"
            )


def _open(place: Place, on: date, stop: Stop, facts: _Facts) -> bool:
    calendar = calendar_of(facts.settings.ground.communes)
    spans = spans_on(place.hours, place.closures, on, calendar)
    if spans is None:
        return stop.closes_min is None
    return any(s <= stop.arrive_min and stop.leave_min <= e for s, e in spans)


def _legs(session: Session, facts: _Facts) -> Iterator[str]:
    known = [f"p:{s.place_id}" if s.place_id else "" for s in session.stops]
    ids = [f"p:{session.place_id}", *known, f"p:{session.place_id}"]
    leaves = [session.start_min, *(s.leave_min for s in session.stops)]
    arrives = [*(s.arrive_min for s in session.stops), session.end_min]
    slow = _slow(session, facts)
    told = _told_minutes(session, slow, facts)
    legs = zip(pairwise(ids), leaves, arrives, strict=True)
    for n, ((a, b), leave, arrive) in enumerate(legs, start=1):
        needed = max(told[n - 1], _minutes(a, b, facts) * slow if a and b else 0.0)
        if arrive - leave < needed - 1e-3:
            yield f"trajet n° {n} impossible en {arrive - leave} min"
    for stop in session.stops:
        if stop.leave_min < stop.arrive_min:
            yield f"l’arrêt n° {stop.order} finit avant de commencer"


def _told_minutes(session: Session, slow: float, facts: _Facts) -> list[float]:
    """Least minutes of each leg by the metres the plan itself gives, the way back included."""
    pace = facts.settings.walk.speed_kmh * 1000 / 60 / slow
    back = session.walk_m - sum(s.walk_m for s in session.stops)
    legs = [max(s.walk_s / 60, (s.walk_m - 1) / pace) for s in session.stops]
    return [*legs, (back - 1) / pace]  # lengths are rounded to the metre


def _slow(session: Session, facts: _Facts) -> float:
    base = facts.settings.walk.speed_kmh
    team = [facts.team[a] for a in session.agents if a in facts.team]
    return max([base / a.walk_kmh for a in team if a.walk_kmh], default=1.0)


def _minutes(a: str, b: str, facts: _Facts) -> float:
    return 0.0 if a == b else float(np.asarray(facts.walks.minutes([a], [b]), dtype=float)[0, 0])


def _collisions(plan: WeekPlan, facts: _Facts) -> Iterator[str]:
    for a, b in combinations(sorted(plan.sessions, key=lambda s: (s.on, s.start_min)), 2):
        shared = sorted(set(a.agents) & set(b.agents))
        if a.on != b.on or not shared:
            continue
        if a.fixed and b.fixed:
            yield from _unsaid(plan, (a, b), shared)
        elif b.start_min < a.end_min:
            yield f"{', '.join(shared)} à deux endroits à la fois : {_name(a)} et {_name(b)}."
        elif b.start_min - a.end_min < _transfer(a, b, facts):
            yield f"pas le temps d’aller de {_name(a)} à {_name(b)}."


def _unsaid(plan: WeekPlan, both: tuple[Session, Session], shared: list[str]) -> Iterator[str]:
    if both[1].start_min >= both[0].end_min:
        return
    for agent in shared:
        if not any(w.startswith(f"{agent} a deux rendez-vous") for w in plan.warnings):
            yield f"{agent} à deux endroits à la fois sans que le plan le dise : {_name(both[0])}."


def _transfer(a: Session, b: Session, facts: _Facts) -> float:
    if not a.place_id or not b.place_id:
        return 0.0
    return min(_minutes(f"p:{a.place_id}", f"p:{b.place_id}", facts), BUS_MIN)


def _numbers(plan: WeekPlan, facts: _Facts) -> Iterator[str]:
    rounds = [s for s in plan.sessions if s.kind in ROUNDS]
    zones = [s.zone_id for s in rounds if s.zone_id]
    for zone in sorted({z for z in zones if zones.count(z) > 1}):
        yield f"la zone {zone} est visitée plus d’une fois."
    for agent in sorted({a for s in rounds for a in s.agents}):
        own = [s for s in rounds if agent in s.agents]
        limit = facts.settings.week.maraudes_per_agent
        if len(own) > limit and not all(s.fixed for s in own):
            yield f"{agent} a {len(own)} maraudes, au-dessus de la limite de {limit}."
        halves = [(s.on, s.half_day) for s in own if not s.fixed]
        if len(set(halves)) < len(halves):
            yield f"{agent} a deux maraudes dans la même demi-journée."


def _missing(plan: WeekPlan, facts: _Facts) -> Iterator[str]:
    year, number = (int(part) for part in plan.week.split("-W"))
    days = [date.fromisocalendar(year, number, n) for n in range(1, 8)]
    yield from _weekly_missing(plan, days, facts)
    for act in facts.planned:
        if act.on not in days or act.start_min is None:
            continue
        span = (act.start_min, act.end_min or act.start_min + 60)
        for agent in act.agents or ("",):
            if not (agent and _away(agent, act.on, span, facts)):
                yield from _kept(plan, (act.on, act.kind, agent), span)


def _weekly_missing(plan: WeekPlan, days: list[date], facts: _Facts) -> Iterator[str]:
    calendar = calendar_of(facts.settings.ground.communes)
    for day in (d for d in days if not calendar.holiday(d)):
        for s in facts.slots:
            span = (s.start_min, s.end_min)
            kept_kind = s.kind in {"permanence", "reunion", "formation"}
            if kept_kind and s.applies(day) and not _away(s.agent, day, span, facts):
                yield from _kept(plan, (day, s.kind, s.agent), span)


def _away(agent: str, on: date, span: tuple[int, int], facts: _Facts) -> bool:
    return bool(_minutes_of_kind(agent, on, "absent", facts)[span[0] : span[1]].any())


def _kept(plan: WeekPlan, what: tuple[date, str, str], span: tuple[int, int]) -> Iterator[str]:
    on, kind, agent = what
    for s in plan.sessions:
        same = s.fixed and (s.on, s.kind, s.start_min, s.end_min) == (on, kind, *span)
        if same and (not agent or agent in s.agents):
            return
    who = f" de {agent}" if agent else ""
    yield f"rendez-vous non gardé : {kind}{who}, {day_words(on)} à {clock(span[0])}."


def _clock(text: str) -> int:
    hour, minute = text.split(":")
    return 60 * int(hour) + int(minute)
