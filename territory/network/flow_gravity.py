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

    from territory.network.flow import Arcs
    from territory.network.graph import WalkGraph
    from territory.network.hierarchy.kernel import Ints, Longs, Reals

    Out = tuple[Longs, Ints, Longs]


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
    place, out, back = both_ways(graph, from_ends=True)
    people = np.bincount(place[homes[0]], homes[1], minlength=graph.n)
    pulled = np.bincount(place[places[0]], places[1], minlength=graph.n).astype(np.float64)
    roots = np.flatnonzero(pulled).astype(np.int32)
    blocks = [block for block in np.array_split(roots, BLOCKS) if len(block)]
    measure = decay_s * PER_S, microseconds(limit_s)
    total, ready = np.zeros(graph.n), np.zeros(graph.n)
    for one, nearest in in_turn(lambda b: _seen(graph, out, b, pulled[b], measure), blocks):
        total += one
        ready = np.maximum(ready, nearest)
    walks = people * ready
    each = np.divide(walks, total, out=np.zeros(graph.n), where=total > 0)
    arcs = np.zeros(graph.matrix.nnz)
    for part in in_turn(
        lambda b: _loads(graph, (out, back), b, (pulled[b], each), measure), blocks
    ):
        arcs += part
    return GravityFlows(arcs, float(walks.sum()))


def _seen(
    graph: WalkGraph, out: Out, roots: Ints, pull: Reals, measure: tuple[float, int]
) -> tuple[Reals, Reals]:
    """Return what places at `roots` pull each node, and the least faded of them, [n] each."""
    from territory.network.flow_gravity_kernel import seen_from_homes  # noqa: PLC0415 - numba
    from territory.network.flow_kernel import scratch  # noqa: PLC0415 - loads numba

    total, ready = np.zeros(graph.n), np.zeros(graph.n)
    seen_from_homes(out, roots, pull, *measure, total, ready, *scratch(graph.n, 0))
    return total, ready


def _loads(
    graph: WalkGraph,
    both: tuple[Out, Arcs],
    roots: Ints,
    weights: tuple[Reals, Reals],
    measure: tuple[float, int],
) -> Reals:
    """Return the walks on every arc [m] to `roots`; `weights`: their pull, what each node walks."""
    from territory.network.flow_gravity_kernel import loads_of_gravity  # noqa: PLC0415 - numba
    from territory.network.flow_kernel import scratch  # noqa: PLC0415 - loads numba

    (out, back), (pull, each), (decay, limit) = both, weights, measure
    arcs, nodes = np.zeros(graph.matrix.nnz), np.zeros(graph.n)
    room = scratch(graph.n, len(arcs))
    loads_of_gravity(out, back, roots, pull, each, decay, limit, arcs, nodes, *room)
    return arcs
