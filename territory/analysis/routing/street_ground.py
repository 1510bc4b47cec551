"""A tour of streets as a choice of items: what is collected, and the shortest ways in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from territory.analysis.routing.street_problem import ANYWHERE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.routing.street_problem import Ints, Reals, StreetProblem

SLACK_S = 1e-6  # seconds by which sums of floats may be wrong
MOST_ITEMS = 800  # searched at once, the best by value a second; the bound counts all


class Items(NamedTuple):
    """
    What can be collected, each walked from node `a` to node `b` or back: arrays [items].

    `source` is the segment, or the number of segments + the stop; `opens` and `latest` start in
    seconds after the start of the tour.
    """

    source: Ints
    a: Ints
    b: Ints
    value: Reals
    service: Reals
    opens: Reals
    latest: Reals

    def taken(self, rows: Ints) -> Items:
        """Return the items at the positions `rows` [k]."""
        return Items(
            self.source[rows], self.a[rows], self.b[rows], self.value[rows],
            self.service[rows], self.opens[rows], self.latest[rows],
        )  # fmt: skip


class Ground(NamedTuple):
    """
    Items in reach, `leg` [codes, codes] seconds from the end of one to the start of the next.

    Code 2 i is item i walked from `a` to `b`, 2 i + 1 the other way; the last two are the start and
    the end of the tour. No tour is worth more than `bound`. `near` [nodes] are those in reach,
    `ways` [sources, nodes] who comes before on the shortest ways from each of `sources` (positions
    in `near`).
    """

    items: Items
    leg: Reals
    bound: float
    near: Ints
    sources: Ints
    ways: NDArray[np.int32]

    def way(self, a: int, b: int) -> list[int]:
        """Return the nodes of the shortest way from node `a` (one of sources) to node `b`."""
        before = self.ways[np.searchsorted(self.sources, a)]
        start, at = (int(np.searchsorted(self.near, node)) for node in (a, b))
        back = [at]
        while at != start:
            at = int(before[at])
            back.append(at)
        return [int(node) for node in self.near[back[::-1]]]


def ground_of(problem: StreetProblem) -> Ground | None:
    """Return the items within reach and the ways between them; None: the end is out of reach."""
    graph, budget = _graph(problem), problem.budget_s + SLACK_S
    forth = csgraph.dijkstra(graph, indices=problem.start, limit=budget)
    back = np.zeros(problem.n)
    if problem.end != ANYWHERE:
        back = csgraph.dijkstra(graph, indices=problem.end, limit=budget)
    if back[problem.start] > budget:
        return None
    items = _reached(_items(problem), forth, back, budget)
    bound = _fractional(items, budget)
    rate = items.value / np.maximum(items.service, SLACK_S)
    items = items.taken(np.sort(np.argsort(-rate, kind="stable")[:MOST_ITEMS]))
    near = np.flatnonzero(forth + back <= budget)
    ends = [problem.start, problem.start if problem.end == ANYWHERE else problem.end]
    sources = np.unique(np.concatenate([items.a, items.b, ends]))
    apart, ways = csgraph.dijkstra(
        graph[near][:, near], indices=np.searchsorted(near, sources), return_predecessors=True
    )
    apart = apart[:, np.searchsorted(near, sources)]
    return Ground(items, _legs(problem, items, sources, apart), bound, near, sources, ways)


def fastest(problem: StreetProblem) -> dict[tuple[int, int], int]:
    """Return the segment through which one goes from a node to a neighbour, the least number."""
    found: dict[tuple[int, int], int] = {}
    for s in np.lexsort((np.arange(len(problem.tail)), problem.seconds)).tolist():
        tail, head = int(problem.tail[s]), int(problem.head[s])
        found.setdefault((tail, head), s)
        found.setdefault((head, tail), s)
    return found


def _graph(problem: StreetProblem) -> sparse.csr_array:
    """Return the seconds between neighbours, the least of parallel segments."""
    through = [(a, b, s) for (a, b), s in sorted(fastest(problem).items()) if a != b]
    tail, head, segment = np.array(through, np.int64).reshape(-1, 3).T
    # scipy drops explicit zeros: a street of no length would stop the way
    seconds = np.maximum(problem.seconds[segment], 1e-9)
    return sparse.csr_array((seconds, (tail, head)), shape=(problem.n, problem.n))


def _items(problem: StreetProblem) -> Items:
    """Return all items of value: segments, their second sides, stops."""
    stops, m = problem.stops, len(problem.tail)
    sides = [(np.arange(m), 1.0), (np.arange(m), problem.second)]
    walked = [
        Items(rows, problem.tail, problem.head, problem.value * share, problem.patrol_s,
              np.zeros(m), np.full(m, np.inf))
        for rows, share in sides
    ]  # fmt: skip
    doors = Items(m + np.arange(len(stops.node)), stops.node, stops.node, stops.value,
                  stops.service_s, stops.opens_s, stops.latest_s)  # fmt: skip
    whole = Items._make(np.concatenate(parts) for parts in zip(*walked, doors, strict=True))
    return whole.taken(np.flatnonzero(whole.value > 0))


def _reached(items: Items, forth: Reals, back: Reals, budget: float) -> Items:
    """Return the items that a tour could hold alone."""
    ends = []
    for a, b in ((items.a, items.b), (items.b, items.a)):
        start = np.maximum(forth[a], items.opens)
        late = start > items.latest + SLACK_S
        ends.append(np.where(late, np.inf, start + items.service + back[b]))
    return items.taken(np.flatnonzero(np.minimum(*ends) <= budget))


def _fractional(items: Items, budget: float) -> float:
    """Return the value of the best items if they lay side by side, one of them in part."""
    order = np.argsort(-items.value / np.maximum(items.service, 1e-12), kind="stable")
    value, service = items.value[order], items.service[order]
    begun = np.cumsum(service) - service
    share = np.clip((budget - begun) / np.maximum(service, 1e-12), 0.0, 1.0)
    return float((value * np.where(service > 0, share, 1.0)).sum())


def _legs(problem: StreetProblem, items: Items, sources: Ints, apart: Reals) -> Reals:
    """Return the seconds from each code to each, turns included."""
    enters, leaves = (np.stack(ends, axis=1).ravel() for ends in (
        (items.a, items.b), (items.b, items.a)))  # fmt: skip
    end = problem.start if problem.end == ANYWHERE else problem.end
    goes_in = np.concatenate([enters, [problem.start, end]])
    comes_out = np.concatenate([leaves, [problem.start, end]])
    leg = apart[np.searchsorted(sources, comes_out)][:, np.searchsorted(sources, goes_in)]
    if problem.turns is not None and len(items.a):
        leg[:-2, :-2] += _turns(problem, items, comes_out[:-2, None] == goes_in[None, :-2])
    if problem.end == ANYWHERE:
        leg[:, -1] = 0.0
    return np.ascontiguousarray(leg)


def _turns(problem: StreetProblem, items: Items, joined: NDArray[np.bool_]) -> Reals:
    """Return the seconds that turning costs between codes; a stop costs none."""
    assert problem.turns is not None  # noqa: S101 - the caller asked
    street = items.source < len(problem.tail)
    first, last = problem.turns.headings[np.where(street, items.source, 0)].T
    into = np.stack([first, last + np.pi], axis=1).ravel()
    out = np.stack([last, first + np.pi], axis=1).ravel()
    turned = np.where(joined, 1.0 - np.cos(out[:, None] - into[None, :]), 1.0)
    walked = np.repeat(street, 2)
    return problem.turns.price_s * turned * (walked[:, None] & walked[None, :])
