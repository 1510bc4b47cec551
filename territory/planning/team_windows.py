"""When and where a team could walk: its free time, half-day by half-day, alone or in pairs."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

from territory.planning.calendar import AFTERNOON, MORNING, OUTINGS, free_spans, minutes_of
from territory.planning.joint_windows import with_partners
from territory.planning.spans import Span, common, without

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from territory.planning.calendar import Agenda, Appointment, Sources
    from territory.planning.joint_wishes import JointWish
    from territory.planning.records import Agent
    from territory.settings import Week

    Minutes = Callable[[str, str, float], float]

ANYWHERE = ""  # start of somebody whose place is not known: every place is at hand
NEAR_IN_TIME_MIN = 120  # an appointment within this time tells where one comes from, or goes to


@dataclass(frozen=True, slots=True)
class FreeTime:
    """Free minutes of one worker on one day; the points are where one comes from and goes to."""

    span: Span
    start_id: str
    end_id: str
    after_appointment: bool
    before_appointment: bool


@dataclass(frozen=True, slots=True)
class TeamWindow:
    """
    One way for a team to use its free time: from `start_id` at `begin_min` to `end_id` at `finish`.

    Minutes after midnight; point names of `walks`, ANYWHERE when unknown; `slowness` is seconds of
    the team per second of the network. The free time it is taken from lies between `earliest_min`
    and `latest_min`. `partner` is the other team that comes along ("" none), `turn` which of the
    outings wanted with it this may be.
    """

    on: date
    half_day: str
    agents: tuple[str, ...]
    begin_min: int
    finish_min: int
    start_id: str
    end_id: str
    slowness: float
    earliest_min: int
    latest_min: int
    partner: str = ""
    turn: int = 0

    @property
    def partners(self) -> tuple[str, ...]:
        """Codes of the other teams that come along."""
        return (self.partner,) if self.partner else ()


@dataclass(frozen=True)
class Shifts:
    """
    What windows are drawn from: appointments, records, rules of the week, and walking times.

    `joint` is what is sought with other teams.
    """

    agenda: Agenda
    sources: Sources
    rules: Week
    base_kmh: float
    minutes: Minutes  # (from, to, slowness) -> minutes, legs of a team
    joint: tuple[JointWish, ...] = ()

    @cached_property
    def lunch(self) -> tuple[int, int, int]:
        """Start and end of the break, minutes of lunch inside it."""
        start, end = minutes_of(self.rules.lunch_start), minutes_of(self.rules.lunch_end)
        lasting = end - start if self.rules.lunch_min is None else self.rules.lunch_min
        return start, end, min(lasting, end - start)


def team_windows(days: Sequence[date], shifts: Shifts) -> tuple[TeamWindow, ...]:
    """
    Return every window of every team on `days`, sorted by day, half-day, agents, begin.

    Pairs where two are free together; alone when the settings want a number of pairs or none at
    all, and for those whom nobody can accompany in that half-day. Each again with every other team
    that can come along.
    """
    found: list[TeamWindow] = []
    for on in days:
        if shifts.sources.calendar.holiday(on):
            continue
        free = {a: free_times(a, on, shifts) for a in shifts.sources.team}
        for half in (MORNING, AFTERNOON):
            found += _of_half_day(on, half, free, shifts)
    return tuple(sorted(dict.fromkeys(found), key=_by_time))


def _by_time(w: TeamWindow) -> tuple[object, ...]:
    ends = (w.begin_min, w.finish_min, w.earliest_min, w.latest_min)
    return w.on, w.half_day != MORNING, w.agents, w.partner, w.turn, *ends


def free_times(agent: Agent, on: date, shifts: Shifts) -> tuple[FreeTime, ...]:
    """
    Return the free times of a worker on a day without public holiday; none after one more outing.

    Working hours without absences, days out of the team, appointments and hours without a walk.
    """
    kept = [a for a in shifts.agenda.appointments if a.on == on and agent.code in a.agents]
    free = free_spans(agent.code, on, kept, shifts.sources, shifts.rules)
    return tuple(_free_time(span, agent, kept, shifts.sources) for span in free)


def _free_time(span: Span, agent: Agent, kept: Sequence[Appointment], sources: Sources) -> FreeTime:
    base = _base(agent, sources)
    before = max((a for a in kept if a.end_min <= span[0]), key=lambda a: a.end_min, default=None)
    after = min((a for a in kept if a.start_min >= span[1]), key=lambda a: a.start_min,
                default=None)  # fmt: skip
    comes = before is not None and span[0] - before.end_min <= NEAR_IN_TIME_MIN
    goes = after is not None and after.start_min - span[1] <= NEAR_IN_TIME_MIN
    return FreeTime(
        span,
        _point(before, base) if comes else base,
        _point(after, base) if goes else base,
        comes,
        goes,
    )


def _base(agent: Agent, sources: Sources) -> str:
    place = sources.places.get(agent.start_place_id or "")
    known = place is not None and place.x is not None and not place.sensitive
    return f"p:{agent.start_place_id}" if known else ANYWHERE


def _point(one: Appointment | None, base: str) -> str:
    return f"p:{one.place_id}" if one is not None and one.place_id else base


def _of_half_day(
    on: date, half: str, free: dict[Agent, tuple[FreeTime, ...]], shifts: Shifts
) -> list[TeamWindow]:
    out = {g for a in shifts.agenda.appointments if a.on == on and a.kind in OUTINGS
           for g in a.agents}  # fmt: skip
    able = {a: f for a, f in free.items() if f and a.code not in out}
    pairs: list[TeamWindow] = []
    if shifts.rules.pairs or shifts.rules.pairs_week:
        for a, b in combinations(sorted(able, key=lambda x: x.code), 2):
            pairs += _pair_windows(on, half, (a, b), (able[a], able[b]), shifts)
    pairs = [w for w in pairs if _pieces(w, shifts.rules)]
    accompanied = {code for w in pairs for code in w.agents}
    free_alone = not shifts.rules.pairs or shifts.rules.pairs_week is not None
    alone = [a for a in able if free_alone or a.code not in accompanied]
    whole = [*pairs, *(w for a in alone for w in _single_windows(on, half, a, able[a], shifts))]
    joint = [w for one in whole for w in with_partners(one, shifts.joint, shifts.base_kmh)]
    return [piece for w in (*whole, *joint) for piece in _pieces(w, shifts.rules)]


def _single_windows(
    on: date, half: str, agent: Agent, free: Iterable[FreeTime], shifts: Shifts
) -> list[TeamWindow]:
    slow = _slowness(agent, shifts)
    return [
        TeamWindow(on, half, (agent.code,), *span, f.start_id, f.end_id, slow, *span)
        for f in free
        for span in _half_spans(f.span, half, shifts)
    ]


def _pair_windows(
    on: date,
    half: str,
    pair: tuple[Agent, Agent],
    free: tuple[tuple[FreeTime, ...], tuple[FreeTime, ...]],
    shifts: Shifts,
) -> list[TeamWindow]:
    slow, found = max(_slowness(a, shifts) for a in pair), []
    codes = tuple(a.code for a in pair)
    for f, g in ((f, g) for f in free[0] for g in free[1]):
        for span in _half_spans(
            (max(f.span[0], g.span[0]), min(f.span[1], g.span[1])), half, shifts
        ):
            start, end, both = _met((f, g), span, slow, shifts)
            found.append(TeamWindow(on, half, codes, *both, start, end, slow, *both))
    return found


def _met(
    free: tuple[FreeTime, FreeTime], span: Span, slow: float, shifts: Shifts
) -> tuple[str, str, Span]:
    """Return where two workers meet and part, and the minutes that leaves: the best of both."""
    starts = {f.start_id: max(_arrival(g, f.start_id, slow, shifts) for g in free) for f in free}
    ends = {f.end_id: min(_departure(g, f.end_id, slow, shifts) for g in free) for f in free}
    start = min(starts, key=lambda p: (starts[p], p == ANYWHERE, p))  # nobody is anywhere at once
    end = max(ends, key=lambda p: (ends[p], p))
    return start, end, (max(span[0], starts[start]), min(span[1], ends[end]))


def _arrival(free: FreeTime, point: str, slow: float, shifts: Shifts) -> int:
    away = shifts.minutes(free.start_id, point, slow) if free.after_appointment else 0.0
    return free.span[0] + math.ceil(away)


def _departure(free: FreeTime, point: str, slow: float, shifts: Shifts) -> int:
    away = shifts.minutes(point, free.end_id, slow) if free.before_appointment else 0.0
    return free.span[1] - math.ceil(away)


def _half_spans(span: Span, half: str, shifts: Shifts) -> tuple[Span, ...]:
    """Return the part of a free span in a half-day, lunch left possible before or after it."""
    start, end, lasting = shifts.lunch
    limits = (0, end - lasting) if half == MORNING else (start + lasting, 24 * 60)
    if half == AFTERNOON and span[0] > start:
        limits = (min(max(span[0], start), end - lasting) + lasting, 24 * 60)
    return common([span], [limits]) if span[0] < span[1] else ()


def _pieces(whole: TeamWindow, rules: Week) -> list[TeamWindow]:
    """Return the rounds that a free time may hold: whole, or from its start, middle and end."""
    begin, end = whole.earliest_min, whole.latest_min - rules.reserve_min
    longest, least = rules.maraude_max_min, rules.maraude_min_min
    if end - begin < least:
        return []
    last = max(begin, end - longest)
    starts = sorted({begin, (begin + last) // 2 // 5 * 5, last})
    return [
        replace(whole, begin_min=b, finish_min=min(end, b + longest))
        for b in starts
        if begin <= b <= last
    ]


def _slowness(agent: Agent, shifts: Shifts) -> float:
    return shifts.base_kmh / (agent.walk_kmh or shifts.base_kmh)


def lunch_left(busy: Sequence[Span], lunch: tuple[int, int, int]) -> bool:
    """
    Whether somebody busy in the spans `busy` can still have lunch.

    Nobody needs one who does nothing before the break starts or nothing once it has ended.
    """
    start, end, lasting = lunch
    if not busy or min(s for s, _ in busy) >= start or max(e for _, e in busy) <= end:
        return True
    return any(e - s >= lasting for s, e in without([(start, end)], busy))
