"""Candidate rounds: for a zone, a team and a free slot, the best walk that holds in all rules."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.one_round import RoundOutcome, RoundProblem, best_round
from territory.model.french_calendar import FrenchCalendar, calendar_of
from territory.model.open_days import spans_on
from territory.model.results import Ending

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    import pandas as pd

    from territory.model.results import Gap
    from territory.planning.records import Agent, Place
    from territory.planning.spans import Span
    from territory.planning.walks import Walks
    from territory.settings import Settings

NEAR_MIN = 10.0  # places beyond this walk from the zone are not part of its round
PLACES_MOST = 8
FAR_S = 10**7  # stands for « no way on foot » in whole seconds and metres
PLACE_WEIGHTS = {"marche": 0.4, "centre_social": 0.25, "epicerie_solidaire": 0.25, "foyer": 0.25,
                 "maison_quartier": 0.2, "mediatheque": 0.2, "france_services": 0.2,
                 "bailleur": 0.15, "commerce": 0.1}  # fmt: skip
OTHER_WEIGHT = 0.12  # a partner of another kind; all are shares of the zone's missing target


@dataclass(frozen=True, slots=True)
class ZoneStops:
    """
    A zone as a round sees it: its street stop, what is missing, and the places around.

    `street_target` and `missing` are target residents (people), of one cell and of the whole zone;
    `near_min` is minutes from the nearest cell of the zone, by place_id.
    """

    gap: Gap
    street_id: str
    street_target: float
    missing: float
    places: tuple[Place, ...]
    near_min: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Timed:
    """
    One stop with its hours: node 1 is the street stop, 2.. are the places of the zone.

    Times are minutes after midnight.
    """

    node: int
    arrive_min: int
    leave_min: int


@dataclass(frozen=True, slots=True)
class Round:
    """
    A round that holds: who, when, in which order; `bonus` is the prize of its places (people).

    Times are minutes after midnight; `spans` [nodes] are opening hours that day, None = unknown.
    """

    zone: ZoneStops
    on: date
    half_day: str
    agents: tuple[str, ...]
    start_place_id: str
    start_min: int
    end_min: int
    stops: tuple[Timed, ...]
    spans: tuple[tuple[Span, ...] | None, ...]
    slowness: float
    bonus: float
    ending: Ending


@dataclass(frozen=True, slots=True)
class Slot:
    """A team free on one half-day: the span left, its speed, its longest walk."""

    on: date
    half_day: str
    agents: tuple[str, ...]
    span: Span
    start_place_id: str
    slowness: float  # seconds of this team per second of the network
    walk_max_m: int


@dataclass(frozen=True)
class Workshop:
    """What all rounds share; remembers the problems already solved (same problem, same answer)."""

    walks: Walks
    settings: Settings
    solve: Callable[[RoundProblem], RoundOutcome] = best_round
    solved: dict[object, RoundOutcome] = field(default_factory=dict)

    @property
    def calendar(self) -> FrenchCalendar:
        """Holidays of the territory's communes."""
        return calendar_of(self.settings.ground.communes)


def zone_stops(
    gap: Gap, places: Mapping[str, Place], need: pd.DataFrame, walks: Walks
) -> ZoneStops:
    """
    Return the street stop of a zone (its cell with most target) and the places to visit near it.

    `need` (index cell_id) gives `target`, people. Missing target = target x (1 - contacts /
    expected), at least a tenth of the target.
    """
    target = need["target"].reindex(list(gap.cells)).astype(float).fillna(0.0)
    best = max(sorted(gap.cells), key=lambda cell: float(target[cell]))
    done = gap.contacts / gap.expected if gap.expected > 0 else 0.0
    missing = max(gap.target, 1.0) * min(max(1.0 - done, 0.1), 1.0)
    near = _near_places(gap, places, walks)
    return ZoneStops(gap, f"c:{best}", float(target[best]), missing, *near)


def _near_places(
    gap: Gap, places: Mapping[str, Place], walks: Walks
) -> tuple[tuple[Place, ...], dict[str, float]]:
    open_doors = [p for p in places.values() if p.welcomes]
    if not open_doors:
        return (), {}
    table = walks.minutes(
        [f"c:{c}" for c in sorted(gap.cells)], [f"p:{p.place_id}" for p in open_doors]
    )
    least = np.asarray(table, dtype=float).min(axis=0)
    near = {p.place_id: float(m) for p, m in zip(open_doors, least, strict=True) if m <= NEAR_MIN}
    order = sorted(near, key=lambda i: (-place_weight(places[i]), near[i], i))[:PLACES_MOST]
    return tuple(places[i] for i in order), near


def place_weight(place: Place) -> float:
    """
    Return the prize of a place as a share of the zone's missing target.

    Less when its facts were not seen to be true for long, half when its hours are unknown.
    """
    weight = PLACE_WEIGHTS.get(place.kind, OTHER_WEIGHT) * place.trust
    return weight if place.hours else weight / 2


def nearest_start(zone: ZoneStops, places: Mapping[str, Place], walks: Walks) -> str | None:
    """Return the welcoming place nearest to the street stop, None when none is in reach."""
    ids = [p.place_id for p in places.values() if p.welcomes]
    if not ids:
        return None
    row = np.asarray(walks.minutes([zone.street_id], [f"p:{i}" for i in ids]), dtype=float)[0]
    minutes, nearest = min(zip(row.tolist(), ids, strict=True))
    return nearest if math.isfinite(minutes) else None


def slowness(agents: Sequence[Agent], settings: Settings) -> float:
    """Return how much slower than the network the slowest of the team walks (1 = as fast)."""
    base = settings.walk.speed_kmh
    return max(base / (a.walk_kmh or base) for a in agents)


def walk_limit(agents: Sequence[Agent], settings: Settings) -> int:
    """Return the longest walk allowed to the team in one outing, metres."""
    own = [a.walk_max_m for a in agents if a.walk_max_m is not None]
    return int(min([settings.week.walk_max_m, *own]))


def legs_min(node_ids: Sequence[str], slow: float, walks: Walks) -> np.ndarray:
    """
    Return whole minutes, int64 [n, n], between nodes, rounded up.

    `slow` is seconds of the team per second of the network; FAR_S / 60 when out of reach.
    """
    minutes = np.asarray(walks.minutes(node_ids, node_ids), dtype=float) * slow
    whole = np.ceil(np.where(np.isfinite(minutes), minutes, FAR_S // 60) - 1e-6)
    np.fill_diagonal(whole, 0)
    return whole.astype(np.int64)


def node_ids(zone: ZoneStops, start_place_id: str) -> list[str]:
    """Return the point names of a round's nodes: start, street stop, places."""
    return [f"p:{start_place_id}", zone.street_id, *(f"p:{p.place_id}" for p in zone.places)]


def best_in_slot(zone: ZoneStops, slot: Slot, shop: Workshop) -> Round | None:
    """
    Return the best round of the zone in the slot, None when none holds.

    Sought (`best_round`) from the start of the slot and, when it is longer than a round may last,
    from its end less that; the one with most prize is kept, then the earliest.
    """
    longest = shop.settings.week.maraude_max_min
    begin, end = slot.span
    starts = sorted({begin, max(begin, end - longest)})
    found = [_best_from(zone, slot, (s, min(end, s + longest)), shop) for s in starts]
    rounds = [r for r in found if r is not None]
    return max(rounds, key=lambda r: (r.bonus, -r.start_min), default=None)


def _best_from(zone: ZoneStops, slot: Slot, span: Span, shop: Workshop) -> Round | None:
    problem = _problem(zone, slot, span, shop)
    outcome = _solved(problem, shop)
    if outcome.ending is Ending.IMPOSSIBLE or 1 not in outcome.order:
        return None
    order = tuple(int(n) for n in outcome.order)
    for attempt in (order, (1,)):
        made = _timed(attempt, problem, shop.settings.week.maraude_min_min)
        if made is not None:
            start, stops, end = made
            bonus = float(sum(problem.prize[n] for n in attempt if n != 1))
            return Round(
                zone, slot.on, slot.half_day, slot.agents, slot.start_place_id, start, end,
                stops, problem.spans, slot.slowness, bonus, outcome.ending,
            )  # fmt: skip
    return None


def _problem(zone: ZoneStops, slot: Slot, span: Span, shop: Workshop) -> RoundProblem:
    ids, week = node_ids(zone, slot.start_place_id), shop.settings.week
    minutes = np.asarray(shop.walks.minutes(ids, ids), dtype=float)
    pace = shop.settings.walk.speed_kmh * 1000 / 60
    long = np.where(np.isfinite(minutes), np.ceil(minutes * pace - 1e-3), FAR_S)
    metres = long.astype(np.int64)
    np.fill_diagonal(metres, 0)
    # the start place is where the round leaves from: never visited again
    weights = [0.0 if i == ids[0] else place_weight(p)
               for i, p in zip(ids[2:], zone.places, strict=True)]  # fmt: skip
    prizes = zone.missing * np.array([0.0, 0.0, *weights])
    prizes[1] = prizes.sum() + zone.missing  # so that no set of places replaces the street stop
    doors = tuple(spans_on(p.hours, p.closures, slot.on, shop.calendar) for p in zone.places)
    always = ((0, 24 * 60),)
    return RoundProblem(
        travel_s=60 * legs_min(ids, slot.slowness, shop.walks),
        travel_m=metres,
        prize=prizes,
        service_min=np.array([0, week.street_min] + [week.visit_min] * len(zone.places)),
        spans=(always, always, *doors),
        earliest_min=span[0],
        latest_min=span[1],
        walk_max_m=slot.walk_max_m,
        lunch=None,
    )


def _solved(problem: RoundProblem, shop: Workshop) -> RoundOutcome:
    key = (
        problem.travel_s.tobytes(), problem.travel_m.tobytes(), problem.prize.tobytes(),
        problem.service_min.tobytes(), problem.spans,
        problem.earliest_min, problem.latest_min, problem.walk_max_m,
    )  # fmt: skip
    if key not in shop.solved:
        shop.solved[key] = shop.solve(problem)
    return shop.solved[key]


def _timed(
    order: Sequence[int], problem: RoundProblem, least_min: int
) -> tuple[int, tuple[Timed, ...], int] | None:
    """Return (start, stops, end); the street stop lasts longer when the round is too short."""
    kept = [n for n in order if problem.prize[n] > 0]
    made = _clocked(kept, problem, 0)
    short = least_min - (made[2] - made[0]) if made else 0
    return _clocked(kept, problem, short) if short > 0 else made


def _clocked(
    order: Sequence[int], problem: RoundProblem, more_min: int
) -> tuple[int, tuple[Timed, ...], int] | None:
    legs = problem.travel_s // 60
    now, here, stops = problem.earliest_min, 0, []
    for node in order:
        lasting = int(problem.service_min[node]) + (more_min if node == 1 else 0)
        arrive = _earliest(problem.spans[node], now + int(legs[here, node]), lasting)
        if arrive is None:
            return None
        stops.append(Timed(node, arrive, arrive + lasting))
        now, here = arrive + lasting, node
    end = now + int(legs[here, 0])
    start = stops[0].arrive_min - int(legs[0, order[0]])  # no waiting at the first door
    return (start, tuple(stops), end) if end <= problem.latest_min else None


def _earliest(spans: Sequence[Span] | None, now: int, lasting: int) -> int | None:
    if spans is None:
        return now
    return min((max(now, s) for s, e in sorted(spans) if max(now, s) + lasting <= e), default=None)
