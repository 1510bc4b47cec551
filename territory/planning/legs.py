"""Going from one point to another in a week: on foot, or by bus when it is far and allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.week_problem import Legs
from territory.planning.team_windows import ANYWHERE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.planning.walks import Walks
    from territory.settings import Settings

FAR = 10**6  # minutes and metres: there is no way
PATROL = "+"  # "n:12+1840": 1840 metres of streets are walked from node 12 and back
BUS_WALK_M = 500  # to the stop and from it


def leg_times(
    point_ids: Sequence[str], slowness: Sequence[float], walks: Walks, settings: Settings
) -> Legs:
    """
    Return whole minutes and metres between points, for each `slowness` (a pace of the legs).

    Metres patrolled at a point (`patrolled`) are walked by whoever goes there: they count in the
    legs that lead to it. Walking minutes are rounded up. Farther than the settings say, a bus is
    taken when it is faster: its wait, then its speed along the same streets, and 500 m walked. From
    or to ANYWHERE nothing is counted. FAR where there is no way.
    """
    named = [patrolled(p) for p in point_ids]
    known = sorted({p for p, _ in named if p != ANYWHERE})
    table = np.full((len(point_ids), len(point_ids)), np.inf)
    at = np.array([p != ANYWHERE for p in point_ids], bool)
    places = [known.index(p) for p, _ in named if p != ANYWHERE]
    between = np.asarray(walks.minutes(known, known), dtype=float)
    table[np.ix_(at, at)] = between[np.ix_(places, places)]
    table[~at, :] = table[:, ~at] = 0.0
    np.fill_diagonal(table, 0.0)
    paces = [_pace(table, slow, settings) for slow in slowness]
    shape = (0, len(point_ids), len(point_ids))
    minutes = np.stack([m for m, _ in paces]) if paces else np.zeros(shape, np.int64)
    metres = np.stack([d for _, d in paces]) if paces else np.zeros(shape, np.int64)
    there = np.array([m for _, m in named], np.int64)
    return Legs(minutes, metres + np.where(np.eye(len(point_ids), dtype=bool), 0, there))


def patrolled(point_id: str) -> tuple[str, int]:
    """Return the point itself and the metres patrolled there, 0 but for a drawn tour."""
    if not point_id.startswith("n:"):
        return point_id, 0
    node, _, metres = point_id.partition(PATROL)
    return node, int(metres or 0)


def _pace(walking: np.ndarray, slow: float, settings: Settings) -> tuple[np.ndarray, np.ndarray]:
    week, base = settings.week, settings.walk.speed_kmh * 1000 / 60
    reached = np.isfinite(walking)
    length = np.where(reached, walking, 0.0) * base
    minutes, metres = np.ceil(np.where(reached, walking, 0.0) * slow - 1e-6), np.ceil(length - 1e-3)
    if week.bus_from_m is not None:
        bus = np.ceil(week.bus_wait_min + length / (week.bus_kmh * 1000 / 60))
        taken = (length >= week.bus_from_m) & (bus < minutes)
        minutes, metres = np.where(taken, bus, minutes), np.where(taken, BUS_WALK_M, metres)
    minutes, metres = np.where(reached, minutes, FAR), np.where(reached, metres, FAR)
    return minutes.astype(np.int64), metres.astype(np.int64)
