"""
Tours of the streets of a zone: where to walk for 20, 40 or 60 minutes, in the morning and later.

A street brings the people in need who walk by while one patrols it: walkers an hour (the passage of
that half-day) x hours of patrol x share in need among the residents of the cells it crosses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.passage import street_values
from territory.analysis.routing.street_tour import Turns, street_tour
from territory.analysis.routing.stretch_streets import (
    LocalStreets,
    coordinates,
    names_in_order,
    streets_near,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from territory.analysis.routing.street_tour import StreetTour

HALF_DAYS = (("matin", 540, 720), ("apres-midi", 840, 1020))
_WORTH_MORE = 1.05  # times the value of the shorter tour: below, a longer one is not told


@dataclass(frozen=True, slots=True)
class StretchRules:
    """
    How tours are made: `minutes` of each, half-days (code, start and end minute), kind of day.

    One patrols at `patrol_kmh` and goes elsewhere at `walk_kmh`; a right angle costs `turn_s`
    seconds, a return twice that. Tours start at one of the `starts` crossroads of most value
    around, and are searched in `iterations` each: the same for a `seed`.
    """

    minutes: tuple[int, ...] = (20, 40, 60)
    half_days: tuple[tuple[str, int, int], ...] = HALF_DAYS
    day: str = "semaine"
    patrol_kmh: float = 2.5
    walk_kmh: float = 4.5
    turn_s: float = 15.0
    starts: int = 2
    iterations: int = 200
    seed: int = 0


USUAL = StretchRules()


@dataclass(frozen=True, slots=True)
class Stretch:
    """
    One tour of the streets of a zone: closed, from the crossroads `start` (node of NODES).

    `minutes` asked, `seconds` it lasts (turns included), `value` people in need expected to walk by
    (relative as long as passage is), at most `bound`. `segment_ids` patrolled, in order; `walked`
    all segments in order, `streets` the names met in order; `coords` [k, 2] and `length_m` of the
    whole walk (metres, CRS of the segments).
    """

    zone_id: str
    half_day: str
    minutes: int
    start: int
    seconds: float
    value: float
    bound: float
    segment_ids: tuple[int, ...]
    walked: tuple[int, ...]
    streets: tuple[str, ...]
    length_m: float
    coords: NDArray[np.float64] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Stretches:
    """All tours, by zone, half-day and minutes; `without` are zones that hold no street to walk."""

    tours: tuple[Stretch, ...]
    without: tuple[str, ...]


def street_stretches(
    zones: Mapping[str, Sequence[str]],
    cells: gpd.GeoDataFrame,
    need: pd.DataFrame,
    segments: gpd.GeoDataFrame,
    passage: pd.DataFrame,
    rules: StretchRules = USUAL,
) -> Stretches:
    """
    Return tours of the streets inside each zone, from the most minutes wanted to where they stop.

    `zones`: zone_id -> cells (Gap.cells); `cells` (CELLS) and `segments` (SEGMENTS) share one
    metric CRS; `need` has residents and target on cell_id, `passage` is the table of
    `passage_table`. Roads nobody patrols (motorways, trunks, stairs, one-way on foot) bring nothing
    or are left out (see `streets_near`); streets of unknown passage bring nothing. A longer tour
    that adds less than 5 % is not told. Places are never looked at: none can be revealed. The same
    tables and rules give the same tours, whatever the order of rows.
    """
    ordered = segments.sort_index()
    walkers = {
        code: street_values(passage, rules.day, start, end).reindex(ordered.index).to_numpy(float)
        for code, start, end in rules.half_days
    }
    share = (need["target"] / need["residents"].where(need["residents"] > 0)).astype(float)
    tours: list[Stretch] = []
    without = []
    for zone_id in sorted(zones):
        inside = cells.loc[sorted(set(zones[zone_id]) & set(cells.index))]
        near = streets_near(ordered, inside, share, walk_kmh=rules.walk_kmh)
        found = [] if near is None else _zone_tours(zone_id, near, walkers, rules)
        tours += found
        without += [] if found else [zone_id]
    return Stretches(tuple(tours), tuple(without))


def _zone_tours(
    zone_id: str,
    near: LocalStreets,
    walkers: Mapping[str, NDArray[np.float64]],
    rules: StretchRules,
) -> list[Stretch]:
    """Return the tours of one zone, none twice."""
    patrol_s = np.maximum(near.length_m / (rules.patrol_kmh / 3.6), near.seconds)
    tours: list[Stretch] = []
    for code, hourly in walkers.items():
        met = np.nan_to_num(hourly[near.rows]) * patrol_s / 3600.0 * near.in_need
        known = 0.0
        for minutes in sorted(rules.minutes):
            tour = _best_start(near, met, patrol_s, minutes, rules)
            if tour is not None and tour.value > known * _WORTH_MORE:
                tours.append(_stretch(zone_id, code, minutes, near, tour))
                known = tour.value
    return tours


def _best_start(
    near: LocalStreets,
    met: NDArray[np.float64],
    patrol_s: NDArray[np.float64],
    minutes: int,
    rules: StretchRules,
) -> StreetTour | None:
    """Return the best tour from the crossroads tried; None when nothing is met."""
    turns = Turns(near.headings, rules.turn_s)
    best = None
    for start in _starts(near, met)[: rules.starts]:
        tour = street_tour(
            near.tail,
            near.head,
            near.seconds,
            met,
            start=int(start),
            budget_s=60.0 * minutes,
            patrol_s=patrol_s,
            turns=turns,
            iterations=rules.iterations,
            seed=rules.seed,
        )
        if tour.value > 0 and (best is None or tour.value > best.value):
            best = tour
    return best


def _starts(near: LocalStreets, met: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the crossroads of the zone, those of most value around first."""
    around = sum(np.bincount(end, met, len(near.nodes)) for end in (near.tail, near.head))
    known = near.crossroads[np.asarray(around)[near.crossroads] > 0]
    order = np.argsort(-np.asarray(around)[known], kind="stable")
    return known[order]


def _stretch(
    zone_id: str, half_day: str, minutes: int, near: LocalStreets, tour: StreetTour
) -> Stretch:
    walked = [p.segment for p in tour.passes]
    return Stretch(
        zone_id,
        half_day,
        minutes,
        int(near.nodes[tour.nodes[0]]),
        tour.seconds,
        tour.value,
        tour.bound,
        tuple(int(near.segment_ids[s]) for s in tour.collected),
        tuple(int(near.segment_ids[s]) for s in walked),
        names_in_order(near, tour),
        float(near.length_m[walked].sum()),
        coordinates(near, tour),
    )
