"""Drawn weeks of appointments and places, their problem in arrays, and a judge of any answer."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from territory.analysis.routing.week_problem import (
    Groups,
    Legs,
    Team,
    Visits,
    Walked,
    WeekProblem,
    Windows,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

Stop = tuple[str, int]  # ("place", copy) | ("appointment", number) | ("lunch", 0)
Answer = dict[tuple[int, int], list[Stop]]  # by day and mediator, in order

DAY = (540, 1050)  # 9:00 to 17:30
LUNCH = (705, 810, 45)  # starts between, minutes
WALK_MAX_M = 9000
APPOINTMENT_MIN = 150
BASE = 0


@dataclass(frozen=True, slots=True)
class Copy:
    """A place, on one day, between two minutes at which the visit may start."""

    place: int
    day: int
    opens: int
    latest: int


@dataclass(frozen=True, slots=True)
class Appointment:
    """A permanence of a mediator: where, on which day, from which minute."""

    point: int
    mediator: int
    day: int
    start: int


@dataclass(frozen=True, slots=True)
class Town:
    """A week to plan. Point 0 is the base, points 1.. the places, then the appointments."""

    xy: Any
    minutes: Any  # [points, points]
    metres: Any
    prize: Any  # [points]
    service: Any
    copies: tuple[Copy, ...]
    appointments: tuple[Appointment, ...]
    days: int
    mediators: int


def town(seed: int, days: int = 5, mediators: int = 3, places: int = 120, each: int = 3) -> Town:
    """Draw a town of 5 km, places in clusters, `each` appointments per mediator, walk or bus."""
    draw, clusters = np.random.default_rng(seed), 8
    middles = draw.uniform(500, 4500, (clusters, 2))
    near = middles[draw.integers(0, clusters, places)] + draw.normal(0, 350, (places, 2))
    held = mediators * each
    permanences = middles[draw.integers(0, clusters, held)] + draw.normal(0, 300, (held, 2))
    xy = np.vstack([[[2500, 2500]], near, permanences])
    apart = np.rint(np.abs(xy[:, None] - xy[None]).sum(-1) * 0.9).astype(int)
    on_foot, by_bus = apart / 75.0, 7 + apart / 250.0
    minutes = np.ceil(np.minimum(on_foot, by_bus)).astype(int)
    metres = np.where(on_foot <= by_bus, apart, 500)
    np.fill_diagonal(minutes, 0)
    np.fill_diagonal(metres, 0)
    prize = np.r_[0, np.round(draw.gamma(2.0, 12, places) + 3).astype(int), np.zeros(held, int)]
    service = np.r_[0, draw.choice([30, 45, 60], places), np.full(held, APPOINTMENT_MIN)]
    copies = [Copy(p, *span) for p in range(1, places + 1) for span in _spans(draw, days)]
    appointments = []
    for mediator in range(mediators):
        for half in draw.choice(days * 2, each, replace=False):
            point = places + 1 + len(appointments)
            soonest = -(-(DAY[0] + 2 + minutes[BASE, point]) // 5) * 5
            start = int(soonest) if half % 2 == 0 else 855
            appointments.append(Appointment(point, mediator, int(half) // 2, start))
    return Town(xy, minutes, metres, prize, service, tuple(copies), tuple(appointments), days,
                mediators)  # fmt: skip


def _spans(draw: np.random.Generator, days: int) -> list[tuple[int, int, int]]:
    """Draw when a place may be visited: market, school gates, desk, food bank, public space."""
    kind = draw.random()
    if kind < 0.15:
        return [(int(draw.integers(0, days)), DAY[0], 690)]
    if kind < 0.35:
        return [(d, a, b) for d in range(days) for a, b in ((500, 540), (960, 1030))]
    if kind < 0.65:
        chosen = sorted(int(d) for d in draw.choice(days, 3, replace=False))
        return [(d, a, b) for d in chosen for a, b in ((540, 690), (840, 990))]
    if kind < 0.8:
        return [(int(d), 810, 990) for d in sorted(draw.choice(days, 2, replace=False))]
    return [(d, DAY[0], 1000) for d in range(days)]


@dataclass(frozen=True, slots=True)
class Window:
    """The free time of a mediator between two things: where it leaves from, where it leads."""

    day: int
    mediator: int
    start: int
    end: int
    begin: int
    finish: int


def windows_of(drawn: Town) -> dict[tuple[int, int], list[Window]]:
    """Return the free windows of each day and mediator, in order, one more than appointments."""
    found = {}
    for day, mediator in days_of(drawn):
        mine = sorted(
            (a for a in drawn.appointments if (a.day, a.mediator) == (day, mediator)),
            key=lambda a: a.start,
        )
        ends = [(BASE, DAY[0], DAY[0])]
        ends += [(a.point, a.start, a.start + APPOINTMENT_MIN) for a in mine]
        ends += [(BASE, DAY[1], DAY[1])]
        found[day, mediator] = [
            Window(day, mediator, a[0], b[0], a[2], b[1]) for a, b in pairwise(ends)
        ]
    return found


def days_of(drawn: Town) -> list[tuple[int, int]]:
    """Return the days of each mediator."""
    return [(d, m) for d in range(drawn.days) for m in range(drawn.mediators)]


def problem_of(drawn: Town) -> tuple[WeekProblem, list[Window]]:
    """
    Return the week as arrays and the window of each route.

    Each day of a mediator has a walking cap of its own (a « walker »), less what is walked in
    windows too short for any visit. Lunch is in the window with most room at its hours.
    """
    usable, eats = zip(*free_of(drawn), strict=True)
    lunch, caps = [LUNCH[2] * e for e in eats], []
    for windows in windows_of(drawn).values():
        short = [w for w in windows if w not in usable]
        caps.append(WALK_MAX_M - sum(int(drawn.metres[w.start, w.end]) for w in short))
    copies, n = drawn.copies, len(usable)
    visits = Visits(
        np.array([c.place for c in copies]), np.array([c.place - 1 for c in copies]),
        np.array([c.day for c in copies]), np.array([c.opens for c in copies]),
        np.array([c.latest for c in copies]), drawn.service[[c.place for c in copies]],
        np.zeros(len(copies)),
    )  # fmt: skip
    places = max(c.place for c in copies)
    day = np.array([w.day for w in usable])
    walker = np.array([w.day * drawn.mediators + w.mediator for w in usable])
    windows_arrays = Windows(
        day, np.array([w.start for w in usable]), np.array([w.end for w in usable]),
        np.array([w.begin for w in usable]), np.array([w.finish for w in usable]),
        np.zeros(n, int), np.c_[walker, np.full(n, -1)], np.ones(n, int), np.array(lunch),
        np.full(n, LUNCH[0]), np.full(n, LUNCH[1]), np.zeros((n, n), bool),
    )  # fmt: skip
    value = np.where(visits.day[:, None] == day[None], drawn.prize[visits.point][:, None], -np.inf)
    ones = np.ones(places, int)
    groups = Groups(ones, ones * 1.0, ones * 0, -ones, np.zeros(1), np.zeros(1, int))
    team = Team(np.array(caps), np.full(len(caps), 99), np.zeros(len(caps)))
    legs = Legs(drawn.minutes[None], drawn.metres[None])
    return WeekProblem(legs, visits, groups, windows_arrays, team, value), list(usable)


def free_of(drawn: Town) -> list[tuple[Window, bool]]:
    """Return the windows in which a visit fits or lunch is taken, and which are those of lunch."""
    found = []
    for windows in windows_of(drawn).values():
        room = [min(w.finish, LUNCH[1] + LUNCH[2]) - max(w.begin, LUNCH[0]) for w in windows]
        eats = windows[int(np.argmax(room))]
        found += [(w, w is eats) for w in windows if w is eats or _wide(drawn, w)]
    return found


def _wide(drawn: Town, window: Window) -> bool:
    """Say whether a visit of half an hour fits in a window, on the way."""
    legs = drawn.minutes
    way = legs[window.start, : len(legs)] + legs[:, window.end]
    return bool(window.begin + 30 + way.min() <= window.finish)


def open_copy(drawn: Town, place: int, day: int, minute: int) -> int:
    """Return the copy of a place at which a visit may start at this minute of this day."""
    for k, c in enumerate(drawn.copies):
        if (c.place, c.day) == (place, day) and c.opens <= minute <= c.latest:
            return k
    raise ValueError(f"place {place} is visited when it is closed")


def answer_of(drawn: Town, used: Sequence[Window], routes: Sequence[Walked]) -> Answer:
    """Return a plan of ours as days of stops, appointments between the windows."""
    held = dict(zip(used, routes, strict=True))
    found: Answer = {}
    for key, windows in windows_of(drawn).items():
        stops: list[Stop] = []
        for window in windows:
            walked = held.get(window, Walked())
            part: list[Stop] = [("place", v) for v in walked.visits]
            if walked.lunch_after >= 0:
                part.insert(walked.lunch_after, ("lunch", 0))
            stops += part
            stops += [("appointment", k) for k, a in enumerate(drawn.appointments)
                      if (a.day, a.mediator, a.point) == (*key, window.end)]  # fmt: skip
        found[key] = stops
    return found


def judged(drawn: Town, answer: Answer) -> dict[str, Any]:
    """
    Return what an answer collects, the appointments it keeps, and every rule that it breaks.

    Independent of any engine: days are walked through stop by stop, as early as can be. Lunch may
    be taken anywhere on the way between two stops. A day without lunch is a fault unless it holds
    nothing but appointments (somebody who has nothing to do has time to eat).
    """
    faults: list[str] = []
    seen: list[int] = []
    kept: list[int] = []
    for (day, mediator), stops in answer.items():
        faults += [f"day {day}, mediator {mediator}: {f}" for f in _walked(drawn, day, stops)]
        lunches = sum(kind == "lunch" for kind, _ in stops)
        if lunches != 1 and not (lunches == 0 and all(k == "appointment" for k, _ in stops)):
            faults.append(f"day {day}, mediator {mediator}: {lunches} lunches")
        seen += [drawn.copies[n].place for kind, n in stops if kind == "place"]
        for kind, n in stops:
            if kind == "appointment":
                kept.append(n)
                if drawn.appointments[n].mediator != mediator:
                    faults.append(f"appointment {n} kept by another mediator")
    if len(set(seen)) < len(seen):
        faults.append("a place is visited twice")
    return {"value": int(drawn.prize[seen].sum()), "places": len(seen), "kept": len(set(kept)),
            "asked": len(drawn.appointments), "faults": faults}  # fmt: skip


def _walked(drawn: Town, day: int, stops: Sequence[Stop]) -> list[str]:
    """Return what is wrong with one day, walked as early as it can be."""
    faults, at, now, metres, eating = [], BASE, DAY[0], 0, False
    for kind, n in [*stops, ("base", 0)]:
        if kind == "lunch":
            eating = True
            continue
        there, opens, latest, lasts, of = _asked(drawn, kind, n)
        if of not in (day, None):
            faults.append(f"{kind} {n} is not of this day")
        if eating and now > LUNCH[1]:
            faults.append(f"lunch at {now}")
        now += int(drawn.minutes[at, there])
        now = max(now, LUNCH[0]) + LUNCH[2] if eating else now
        metres, at, eating = metres + int(drawn.metres[at, there]), there, False
        if now > latest:
            faults.append(f"{kind} {n} at {now}, {latest} at the latest")
        now = max(now, opens) + lasts
    if metres > WALK_MAX_M:
        faults.append(f"{metres} m walked")
    return faults


def _asked(drawn: Town, kind: str, n: int) -> tuple[int, int, int, int, int | None]:
    """Return where a stop is, when it may start, how long it lasts, and its day."""
    if kind == "base":
        return BASE, DAY[0], DAY[1], 0, None
    if kind == "appointment":
        a = drawn.appointments[n]
        return a.point, a.start, a.start, APPOINTMENT_MIN, a.day
    c = drawn.copies[n]
    return c.place, c.opens, c.latest, int(drawn.service[c.place]), c.day
