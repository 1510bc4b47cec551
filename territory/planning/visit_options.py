"""What could be visited in a week: places with their open doors, streets of zones, their worth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from territory.model.open_days import spans_on
from territory.planning.calendar import MORNING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    import pandas as pd
    from shapely import LineString

    from territory.model.french_calendar import FrenchCalendar
    from territory.model.results import Gap
    from territory.planning.records import Place
    from territory.planning.rule_effects import Effects
    from territory.planning.spans import Span
    from territory.planning.walks import Walks
    from territory.settings import Week

NEAR_MIN = 10.0  # places within this walk of a zone belong to it
PEOPLE = {"marche": 8.0, "centre_social": 5.0, "epicerie_solidaire": 5.0, "foyer": 5.0,
          "maison_quartier": 4.0, "mediatheque": 4.0, "france_services": 4.0, "bailleur": 3.0,
          "commerce": 2.0}  # fmt: skip
OTHER_PEOPLE = 2.5  # a partner of another kind
STREET_PEOPLE = 6.0  # one round of street_min minutes in the first zone
LONGER = ((1.0, 1.0), (1.5, 1.35), (2.0, 1.6))  # a round as many times longer, worth so much more
OUTSIDE = 0.5  # what a place outside of every zone is worth beside one inside
UNKNOWN_HOURS = 0.5
ALL_DAY: Span = (0, 24 * 60)
NOON: Span = (12 * 60, 13 * 60 + 30)


@dataclass(frozen=True, slots=True)
class Tour:
    """Streets patrolled in one half-day, in order; `line` is the walk, metres in the metric CRS."""

    half_day: str
    streets: tuple[str, ...]
    line: LineString
    length_m: float


@dataclass(frozen=True, slots=True)
class Option:
    """
    A place, or a round in the streets of a zone: visited once a week at most under one `key`.

    `people` are those one may expect to meet there when nothing was learned of it: those of its
    kind x `factor` (its zone, how sure its facts are, how long ago it was seen). `zone` is the one
    it belongs to, `near_min` minutes from it; `target` the target residents (people) around a round
    in the streets, `tour` the walk it follows (None: not drawn).
    """

    key: str
    point_id: str
    service_min: int
    people: float
    place: Place | None
    zone: Gap | None
    near_min: float
    factor: float = 1.0
    target: float = 0.0
    tour: Tour | None = None


@dataclass(frozen=True, slots=True)
class DoorOpen:
    """An opening of an option: the day, the hours (minutes), None when they are unknown."""

    option: Option
    on: date
    span: Span | None

    @property
    def start_span(self) -> Span:
        """Minutes between which the visit may start: it ends before the door closes."""
        opens, closes = self.span or ALL_DAY
        return opens, closes - self.option.service_min


def street_options(
    zones: Sequence[Gap], need: pd.DataFrame, rules: Week, tours: pd.DataFrame | None = None
) -> tuple[Option, ...]:
    """
    Return, for each zone, rounds of several lengths in its streets.

    Those of `tours` (TOURS); people met are in proportion of their value. A zone without any gets
    rounds from its cell with most target residents; `need` (index cell_id) gives `target`, people.
    """
    found: list[Option] = []
    top = 0.0 if tours is None else _usual_value(tours, rules)
    for gap in zones:
        target = need["target"].reindex(list(gap.cells)).astype(float).fillna(0.0)
        own = None if tours is None else tours[tours["zone_id"] == gap.zone_id]
        if own is not None and len(own) and top > 0:
            found += [_tour_option(row, gap, float(target.max()), top) for row in own.itertuples()]
        else:
            found += _cell_options(gap, target, zone_share(gap, zones), rules)
    return tuple(found)


def _usual_value(tours: pd.DataFrame, rules: Week) -> float:
    """Return the best value of tours about as long as a usual round: what STREET_PEOPLE is for."""
    usual = tours[tours["minutes"] <= rules.street_min]
    return float((usual if len(usual) else tours)["value"].max()) if len(tours) else 0.0


def _tour_option(row: Any, gap: Gap, target: float, top: float) -> Option:  # noqa: ANN401 - a row
    names = tuple(str(row.streets).split("|"))
    return Option(
        f"z:{gap.zone_id}",
        f"n:{row.node}+{math.ceil(row.length_m)}",
        math.ceil(row.seconds / 60),
        STREET_PEOPLE * float(row.value) / top,
        None,
        gap,
        0.0,
        target=target,
        tour=Tour(str(row.half_day), names, row.geometry, row.length_m),
    )


def _cell_options(gap: Gap, target: pd.Series, share: float, rules: Week) -> list[Option]:
    best = max(sorted(gap.cells), key=lambda cell: float(target[cell]))
    return [
        Option(
            f"z:{gap.zone_id}",
            f"c:{best}",
            round(rules.street_min * times),
            STREET_PEOPLE * worth * share,
            None,
            gap,
            0.0,
            target=float(target[best]),
        )
        for times, worth in LONGER
    ]


def zone_share(gap: Gap, zones: Iterable[Gap]) -> float:
    """Return the score of a zone beside the first one, 0-1."""
    top = max((g.score for g in zones), default=0.0)
    return max(gap.score, 0.0) / top if top > 0 else 1.0


def place_options(
    places: Mapping[str, Place],
    zones: Sequence[Gap],
    walks: Walks,
    rules: Week,
    weeks_since: Mapping[str, float],
) -> tuple[Option, ...]:
    """
    Return every place that welcomes a visit, by id, with the zone it is near to.

    `weeks_since` the last visit, by place_id: a place visited lately is worth less. Less too when
    its facts were not seen to be true for long, half when its hours are unknown.
    """
    welcome = [p for key, p in sorted(places.items()) if p.welcomes]
    near = _nearest_zones(welcome, zones, walks)
    found = []
    for place in welcome:
        zone, minutes = near.get(place.place_id, (None, math.inf))
        share = OUTSIDE if zone is None else 1.0 + zone_share(zone, zones)
        rest = _rested(weeks_since.get(place.place_id), rules.rest_weeks)
        factor = place.trust * share * rest * (1.0 if place.hours else UNKNOWN_HOURS)
        found.append(
            Option(
                place.place_id,
                f"p:{place.place_id}",
                rules.visit_min,
                PEOPLE.get(place.kind, OTHER_PEOPLE) * factor,
                place,
                zone,
                minutes,
                factor,
            )
        )
    return tuple(found)


def _nearest_zones(
    places: Sequence[Place], zones: Sequence[Gap], walks: Walks
) -> dict[str, tuple[Gap, float]]:
    """Return the nearest zone of each place that has one within reach, and the minutes."""
    ranked = sorted(zones, key=lambda g: (g.rank, g.zone_id))
    if not places or not ranked:
        return {}
    cells = sorted({c for g in ranked for c in g.cells})
    row = {c: i for i, c in enumerate(cells)}
    ids = [f"p:{p.place_id}" for p in places]
    table = np.asarray(walks.minutes([f"c:{c}" for c in cells], ids), dtype=float)
    least = np.stack([table[[row[c] for c in g.cells]].min(axis=0) for g in ranked])
    best = least.argmin(axis=0)
    return {
        p.place_id: (ranked[z], float(least[z, i]))
        for i, (p, z) in enumerate(zip(places, best, strict=True))
        if least[z, i] <= NEAR_MIN
    }


def _rested(weeks: float | None, rest_weeks: float) -> float:
    if weeks is None or rest_weeks <= 0:
        return 1.0
    return 1.0 - math.exp(-3.0 * max(weeks, 0.0) / rest_weeks)  # 95 % back after `rest_weeks`


def doors_open(
    options: Sequence[Option],
    days: Sequence[date],
    calendar: FrenchCalendar,
    rules: Effects,
    lunch: Span = NOON,
) -> tuple[DoorOpen, ...]:
    """
    Return every opening of every option on `days`, in order; none where a visit does not fit.

    Tours of the morning end with the break of `lunch`, those of the afternoon begin with it.

    A zone shut by a rule of the team, and the places in it, open no door before the day it says.
    """
    found = []
    for option in options:
        shut = rules.shut.get(option.zone.zone_id) if option.zone is not None else None
        for on in days:
            if calendar.holiday(on) or (shut is not None and on < shut.until):
                continue
            for span in _spans(option, on, calendar, lunch):
                door = DoorOpen(option, on, span)
                if door.start_span[0] <= door.start_span[1]:
                    found.append(door)
    return tuple(found)


def _spans(
    option: Option, on: date, calendar: FrenchCalendar, lunch: Span
) -> Sequence[Span | None]:
    if option.tour is not None:
        morning = option.tour.half_day == MORNING
        return ((0, lunch[1]),) if morning else ((lunch[0], 24 * 60),)
    if option.place is None:
        return (ALL_DAY,)
    spans = spans_on(option.place.hours, option.place.closures, on, calendar)
    return (None,) if spans is None else spans
