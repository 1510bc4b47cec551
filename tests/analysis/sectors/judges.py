"""Slow, obvious judges of sectors: every partition weighed, pieces counted by networkx."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

Pairs = list[tuple[int, int]]


def lattice(rows: int, columns: int) -> Pairs:
    """Return the pairs of cells that share a side, cells numbered row by row."""
    at = np.arange(rows * columns).reshape(rows, columns)
    pairs = [*zip(at[:-1].ravel(), at[1:].ravel(), strict=True)]
    pairs += zip(at[:, :-1].ravel(), at[:, 1:].ravel(), strict=True)
    return [(int(a), int(b)) for a, b in pairs]


def places(rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """Return x and y of the cells, metres."""
    y, x = np.divmod(np.arange(rows * columns), columns)
    return x * 100.0, y * 100.0


def clustered(side: int, seed: int) -> np.ndarray:
    """Return loads of a lattice with four dense places."""
    draw = np.random.default_rng(seed)
    centres = draw.uniform(0, side, (4, 2))
    cells = np.column_stack(np.divmod(np.arange(side * side), side))
    away = ((centres[None] - cells[:, None]) ** 2).sum(axis=2)
    return 1 + 40 * np.exp(-away / side).sum(axis=1) + draw.gamma(1, 2, side * side)


def pieces(sector: Sequence[int], pairs: Pairs) -> int:
    """Count the pieces of all sectors beyond one each."""
    graph = nx.Graph()
    graph.add_nodes_from(range(len(sector)))
    graph.add_edges_from(pairs)
    found = [
        nx.number_connected_components(graph.subgraph([i for i, t in enumerate(sector) if t == s]))
        for s in set(sector)
    ]
    return sum(found) - len(found)


def deviation(load: Sequence[float], sector: Sequence[int], k: int) -> float:
    """Return the largest gap to an equal share."""
    share = sum(load) / k
    sums = [sum(w for w, t in zip(load, sector, strict=True) if t == s) for s in range(k)]
    return max(abs(v / share - 1) for v in sums)


def every_way(n: int, k: int) -> np.ndarray:
    """Return every way to share units among sectors none of which is empty [ways, units]."""
    ways = np.indices((k,) * n).reshape(n, -1).T
    return ways[np.all([(ways == s).any(axis=1) for s in range(k)], axis=0)]


def deviations(load: Sequence[float], ways: np.ndarray, k: int) -> np.ndarray:
    """Return the largest gap to an equal share [ways]."""
    sums = np.stack([(ways == s) @ np.asarray(load) for s in range(k)])
    return np.abs(sums * k / sum(load) - 1).max(axis=0)


def best_by_hand(
    load: Sequence[float], pairs: Pairs, k: int, locked: dict[int, int]
) -> tuple[int, float] | None:
    """Return fewest pieces and least deviation over every way to share the units."""
    ways = [
        w for w in every_way(len(load), k).tolist() if all(w[u] == t for u, t in locked.items())
    ]
    found = [(pieces(w, pairs), round(deviation(load, w, k), 12)) for w in ways]
    return min(found, default=None)


def shortest_links(away: np.ndarray, links: object) -> Pairs:
    """Return the pairs that join the parts of `links`: at each turn, the nearest of all pairs."""
    graph = nx.from_scipy_sparse_array(links)
    inside, found = set(nx.node_connected_component(graph, 0)), []
    while len(inside) < len(away):
        outside = set(range(len(away))) - inside
        _, a, b = min((away[a, b], a, b) for a in inside for b in outside)
        found.append((a, b))
        inside |= nx.node_connected_component(graph, b)
    return found
