"""
Walks from homes to all the places in reach, without ever listing the pairs of them.

Two bounded searches from each place: one tells every home what draws it, the other carries the
walks it makes of it. Memory is that of the streets, whatever the number of homes and places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.network.flow import BLOCKS, PER_S, both_ways, in_turn, microseconds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.network.graph import WalkGraph

    Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class GravityFlows:
    """Loads of the arcs [m] of `graph.matrix`, in walks, and the sum of the walks made."""

    arcs: NDArray[np.float64]
    made: float


def gravity_flows(
    graph: WalkGraph,
    homes: tuple[NDArray[np.integer], Reals],
    places: tuple[NDArray[np.integer], Reals],
    *,
    decay_s: float,
    limit_s: float,
) -> GravityFlows:
    """
    Return where the residents of `homes` walk to `places`, each (nodes [k], people or pull [k]).

    A resident makes exp(-seconds to the nearest place / `decay_s`) walk, none beyond `limit_s`,
    shared by pull x exp(-seconds / `decay_s`), along shortest walks, in equal parts when several
    tie: `walk_flows` of gravity trips, in times of whole microseconds. Independent of the threads.
    """
    out_of, back_of, place = _arcs(graph)
    people = np.bincount(place[homes[0]], homes[1], minlength=graph.n)
    pulled = np.bincount(place[places[0]], places[1], minlength=graph.n)
    roots = np.flatnonzero(pulled).astype(np.int32)
    blocks = [block for block in np.array_split(roots, BLOCKS) if len(block)]
    measure = decay_s * PER_S, microseconds(limit_s)
    total, ready = np.zeros(graph.n), np.zeros(graph.n)
    for one, nearest in in_turn(lambda b: _seen(graph, out_of, b, pulled[b], measure), blocks):
        total += one
        ready = np.maximum(ready, nearest)
    walks = people * ready
    each = np.divide(walks, total, out=np.zeros(graph.n), where=total > 0)
    arcs = np.zeros(graph.matrix.nnz)
    both = out_of, back_of
    for part in in_turn(lambda b: _loads(graph, both, b, (pulled[b], each), measure), blocks):
        arcs += part
    return GravityFlows(arcs, float(walks.sum()))


def _arcs(graph: WalkGraph) -> tuple[tuple, tuple, NDArray[np.int32]]:  # type: ignore[type-arg]
    """Return the arcs searched backwards, the same by their other end, the place of each node."""
    place, out, back = both_ways(graph, from_ends=True)
    return out, back, place


def _seen(
    graph: WalkGraph, out: tuple, roots: NDArray[np.int32], pull: Reals, measure: tuple[float, int]
) -> tuple[Reals, Reals]:
    from territory.network.flow_gravity_kernel import seen_from_homes  # noqa: PLC0415 - numba
    from territory.network.flow_kernel import scratch  # noqa: PLC0415 - loads numba

    total, ready = np.zeros(graph.n), np.zeros(graph.n)
    seen_from_homes(out, roots, pull, *measure, total, ready, *scratch(graph.n, 0))
    return total, ready


def _loads(
    graph: WalkGraph,
    both: tuple,
    roots: NDArray[np.int32],
    weights: tuple[Reals, Reals],
    measure: tuple[float, int],
) -> Reals:
    from territory.network.flow_gravity_kernel import loads_of_gravity  # noqa: PLC0415 - numba
    from territory.network.flow_kernel import scratch  # noqa: PLC0415 - loads numba

    arcs, nodes = np.zeros(graph.matrix.nnz), np.zeros(graph.n)
    room = scratch(graph.n, len(arcs))
    loads_of_gravity(*both, roots, *weights, *measure, arcs, nodes, *room)
    return arcs
