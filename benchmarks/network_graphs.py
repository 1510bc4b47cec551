"""Streets to measure engines on: real extracts where they are, and drawn towns of any size."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from territory.io.streets import read_streets
from territory.network.graph import WalkGraph, components
from tests.real_data import real_file

EXTRACTS = {
    "bondy": ("osm/bondy_highways_2023.geojson", 2154),
    "heidelberg": ("osm/heidelberg.osm.pbf", 25832),
    "porto": ("osm/porto_portugal.osm.pbf", 3763),
}
SPEED_MS = 1.25


class Edges(NamedTuple):
    """Undirected streets: ends int32, walking seconds, metres of the nodes."""

    tail: np.ndarray
    head: np.ndarray
    seconds: np.ndarray
    x: np.ndarray
    y: np.ndarray


def edges_of(spec: str) -> Edges:
    """Return the largest piece of an extract, or of a drawn town: « 50000 » nodes."""
    whole = _drawn(int(float(spec))) if spec not in EXTRACTS else _extract(spec)
    labels = components(WalkGraph.from_edges(*whole))
    kept = labels == 0
    number = np.cumsum(kept) - 1
    own = kept[whole.tail]
    ends = (number[end[own]].astype(np.int32) for end in (whole.tail, whole.head))
    return Edges(*ends, whole.seconds[own], whole.x[kept], whole.y[kept])


def _extract(spec: str) -> Edges:
    name, epsg = EXTRACTS[spec]
    streets, _ = read_streets(real_file(name), epsg=epsg)
    at, known = streets.nodes.index.get_indexer, streets.segments
    ends = (at(known[end]).astype(np.int32) for end in ("tail", "head"))
    seconds = np.maximum(known["length_m"].to_numpy(float) / SPEED_MS, 0.001)
    x, y = (streets.nodes[axis].to_numpy(float) for axis in ("x", "y"))
    return Edges(*ends, seconds, x, y)


def _drawn(nodes: int) -> Edges:
    """Return a bent grid with 28 % of its streets missing, numbered at random."""
    draw, side = np.random.default_rng(0), int(np.sqrt(nodes))
    n = side * side
    cell = np.arange(n).reshape(side, side)
    bend = draw.uniform(-0.3, 0.3, (2, n))
    x, y = 30 * (cell % side).ravel() + 30 * bend[0], 30 * (cell // side).ravel() + 30 * bend[1]
    pairs = np.concatenate([
        np.stack([cell[:, :-1].ravel(), cell[:, 1:].ravel()]),
        np.stack([cell[:-1].ravel(), cell[1:].ravel()]),
    ], axis=1)  # fmt: skip
    tail, head = pairs[:, draw.random(pairs.shape[1]) < 0.72]
    metres = np.hypot(x[tail] - x[head], y[tail] - y[head]) * draw.uniform(1, 1.4, len(tail))
    new = draw.permutation(n).astype(np.int32)
    places = np.empty((2, n))
    places[:, new] = x, y
    return Edges(new[tail], new[head], metres / SPEED_MS, *places)
