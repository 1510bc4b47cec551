"""The usual way from door to door, told in walks and rides."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import numpy as np

from territory.errors import NoAnswer
from territory.model.timetable import WALKED, Leg, TransitTrip
from territory.network.times import shortest_path, walk_times

if TYPE_CHECKING:
    from territory.network.transit_graph import TransitGraph

    Step = tuple[int, int, float]  # tail, head, seconds


def transit_path(transit: TransitGraph, origin: int, destination: int) -> TransitTrip:
    """
    Return the usual quickest trip between two nodes of the streets: its legs and its seconds.

    One walk when nothing is quicker than walking. Raises NoAnswer (French) when no way joins them,
    UnknownNode.
    """
    path = [int(node) for node in shortest_path(transit.graph, origin, destination)]
    if not path:
        raise NoAnswer("Aucun chemin, à pied ou en transports, ne relie ces deux lieux.")
    steps = [(u, v, float(transit.graph.matrix[u, v])) for u, v in pairwise(path)]
    on_foot = float(walk_times(transit.walk, [origin], [destination])[0, 0])
    return TransitTrip(_legs(transit, steps), sum(s for _, _, s in steps), on_foot)


def _legs(transit: TransitGraph, steps: list[Step]) -> tuple[Leg, ...]:
    """Return the legs of a path: a ride goes from the step that boards to the step that leaves."""
    boarded = np.cumsum([_boards(transit, s) for s in steps])
    legs = []
    for (_, riding), part in groupby(
        zip(steps, boarded, strict=True), lambda p: (p[1], _rides(transit, p[0]))
    ):
        members = [step for step, _ in part]
        walk = Leg(WALKED, sum(s for _, _, s in members))
        legs.append(_ride(transit, members) if riding else walk)
    return tuple(legs)


def _boards(transit: TransitGraph, step: Step) -> bool:
    return step[0] < transit.walk.n <= step[1]


def _rides(transit: TransitGraph, step: Step) -> bool:
    return max(step[:2]) >= transit.walk.n


def _ride(transit: TransitGraph, steps: list[Step]) -> Leg:
    (_, first, wait_s), *rides = steps
    hop = transit.hops.iloc[first - transit.walk.n]
    last = transit.hops.iloc[rides[-1][0] - transit.walk.n]
    return Leg(
        str(hop["mode"]),
        sum(s for _, _, s in rides),
        _name(transit, hop["from_stop"]),
        _name(transit, last["to_stop"]),
        tuple(str(hop["lines"]).split("|")),
        tuple(dict.fromkeys(str(hop["directions"]).split("|"))),
        wait_s,
        len(rides),
    )


def _name(transit: TransitGraph, stop: str) -> str:
    return str(transit.stops["name"].fillna("").get(stop) or stop)
