"""The streets of the fictional town: uneven blocks, boulevards, squares, stairs, few bridges."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import shapely
from shapely import Point
from shapely.geometry import LineString

from scripts.fictional_town.ground import ORIGIN
from scripts.fictional_town.words import street_name

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from scripts.fictional_town.ground import Ground

Corner = tuple[int, int]
Edge = tuple[Corner, Corner]
BLOCK_M = (88.0, 136.0)
MISSING = 0.10
LONGEST = 6  # street corners to a way
BRIDGES, UNDERPASSES = 4, 3


@dataclass(frozen=True)
class Way:
    """One OSM way: positions in the list of nodes, tags."""

    nodes: tuple[int, ...]
    tags: dict[str, str]


@dataclass(frozen=True)
class Streets:
    """Nodes (n x 2, metres), their tags, ways, and named public spots (name, x, y)."""

    nodes: NDArray[np.float64]
    node_tags: dict[int, dict[str, str]]
    ways: tuple[Way, ...]
    spots: tuple[tuple[str, float, float], ...]


@dataclass
class _Sheet:
    """What is drawn so far."""

    xy: list[tuple[float, float]] = field(default_factory=list)
    node_tags: dict[int, dict[str, str]] = field(default_factory=dict)
    ways: list[Way] = field(default_factory=list)
    spots: list[tuple[str, float, float]] = field(default_factory=list)

    def node(self, x: float, y: float, tags: dict[str, str] | None = None) -> int:
        """Add a node and return its position."""
        self.xy.append((round(float(x), 2), round(float(y), 2)))
        if tags:
            self.node_tags[len(self.xy) - 1] = tags
        return len(self.xy) - 1

    def way(self, nodes: list[int], **tags: str) -> None:
        """Add a way."""
        self.ways.append(Way(tuple(nodes), tags))


def make_streets(ground: Ground, draw: Generator) -> Streets:
    """Draw the streets of `ground`: one network on foot, cut by canal and railway but for a few."""
    corners = _corners(ground, draw)
    passages = _passages(ground, corners)
    edges = _joined(_kept(ground, corners, passages, draw))
    sheet = _Sheet()
    number = {c: sheet.node(*corners[c]) for c in sorted({c for edge in edges for c in edge})}
    middle = {e: _middle(sheet, corners, e, draw) for e in sorted(edges) if e not in passages}
    for line in _lines(edges):
        _draw_line(sheet, line, number, middle, passages, ground)
    _draw_blocks(sheet, ground, number, edges, draw)
    _draw_dead_ends(sheet, ground, corners, middle, draw)
    _draw_oddities(sheet, ground)
    _name_corners(sheet, number, ground)
    return Streets(np.array(sheet.xy), sheet.node_tags, tuple(sheet.ways), tuple(sheet.spots))


def _corners(ground: Ground, draw: Generator) -> dict[Corner, tuple[float, float]]:
    """Return the street corners inside the outline: a grid of uneven steps, turned and bent."""
    reach = 0.75 * math.hypot(ground.width_m, ground.height_m)
    us, vs = (_steps(reach, draw) for _ in range(2))
    u, v = np.meshgrid(us, vs, indexing="ij")
    turn = math.radians(11)
    x = u * math.cos(turn) - v * math.sin(turn)
    y = u * math.sin(turn) + v * math.cos(turn)
    x, y = x + 55 * np.sin(y / 410) + 25 * np.sin(y / 170), y + 60 * np.sin(x / 520 + 1)
    x = x + draw.uniform(-13, 13, x.shape) + ORIGIN[0] + ground.width_m / 2
    y = y + draw.uniform(-13, 13, y.shape) + ORIGIN[1] + ground.height_m / 2
    inside = shapely.contains_xy(ground.outline.buffer(-12), x, y)
    return {(int(i), int(j)): (float(x[i, j]), float(y[i, j])) for i, j in np.argwhere(inside)}


def _steps(reach: float, draw: Generator) -> NDArray[np.float64]:
    gaps = draw.uniform(*BLOCK_M, int(2 * reach / BLOCK_M[0]) + 2)
    return np.asarray(np.cumsum(gaps) - gaps.sum() / 2)


def _all_edges(corners: dict[Corner, tuple[float, float]]) -> list[Edge]:
    return [
        (c, other)
        for c in sorted(corners)
        for other in ((c[0] + 1, c[1]), (c[0], c[1] + 1))
        if other in corners
    ]


def _rank(edge: Edge) -> tuple[str, int]:
    """Return the direction of an edge and the number of its street line."""
    (i, j), (other, _) = edge
    return ("y", i) if i == other else ("x", j)


def _boulevard(edge: Edge) -> bool:
    return _rank(edge)[1] % 7 == 3


def _passages(ground: Ground, corners: dict[Corner, tuple[float, float]]) -> dict[Edge, str]:
    """Return the few edges that cross canal (« bridge ») and railway (« tunnel »), and no other."""
    edges = _all_edges(corners)
    lines = np.array([LineString([corners[a], corners[b]]) for a, b in edges])
    on_canal = shapely.intersects(lines, ground.canal)
    on_rail = shapely.intersects(lines, ground.railway)
    found: dict[Edge, str] = {}
    for barrier, crossed, other, count, kind in (
        (ground.canal, on_canal, on_rail, BRIDGES, "bridge"),
        (ground.railway, on_rail, on_canal, UNDERPASSES, "tunnel"),
    ):
        able = np.flatnonzero(crossed & ~other)
        met = shapely.centroid(shapely.intersection(lines[able], barrier))
        where = shapely.line_locate_point(barrier, met)
        for k in range(count):
            wanted = (0.12 + 0.76 * (k + 0.5) / count) * barrier.length
            away = np.abs(where - wanted) - [60.0 * _boulevard(edges[e]) for e in able]
            found[edges[able[int(np.argmin(away))]]] = kind
    return found


def _kept(
    ground: Ground,
    corners: dict[Corner, tuple[float, float]],
    passages: dict[Edge, str],
    draw: Generator,
) -> set[Edge]:
    """Return the edges left once the barriers have cut and one street in ten is missing."""
    edges = _all_edges(corners)
    lines = np.array([LineString([corners[a], corners[b]]) for a, b in edges])
    barriers = shapely.union(ground.canal, ground.railway).buffer(9)
    cut = shapely.intersects(lines, barriers)
    in_park = shapely.contains(ground.park, shapely.centroid(lines))
    luck = draw.random(len(edges))
    return {
        edge
        for edge, is_cut, green, chance in zip(edges, cut, in_park, luck, strict=True)
        if edge in passages
        or not (is_cut or (chance < (0.4 if green else MISSING) and not _boulevard(edge)))
    }


def _joined(edges: set[Edge]) -> set[Edge]:
    """Return the edges of the largest piece: what nothing joins was never built."""
    graph = nx.Graph(sorted(edges))
    piece = max(nx.connected_components(graph), key=lambda p: (len(p), min(p)))
    return {edge for edge in edges if edge[0] in piece}


def _middle(
    sheet: _Sheet, corners: dict[Corner, tuple[float, float]], edge: Edge, draw: Generator
) -> int:
    (xa, ya), (xb, yb) = corners[edge[0]], corners[edge[1]]
    dx, dy = draw.uniform(-5, 5, 2)
    return sheet.node((xa + xb) / 2 + dx, (ya + yb) / 2 + dy)


def _lines(edges: set[Edge]) -> list[list[Edge]]:
    """Return, line by line, the runs of edges that follow each other."""
    runs: list[list[Edge]] = []
    for edge in sorted(edges, key=lambda e: (_rank(e), e)):
        last = runs[-1][-1] if runs else None
        if last and last[1] == edge[0] and _rank(last) == _rank(edge):
            runs[-1].append(edge)
        else:
            runs.append([edge])
    return runs


def _draw_line(
    sheet: _Sheet,
    run: list[Edge],
    number: dict[Corner, int],
    middle: dict[Edge, int],
    passages: dict[Edge, str],
    ground: Ground,
) -> None:
    """Write a run of edges as ways of the same tags, a passage being a way of its own."""
    pieces: list[tuple[dict[str, str], list[int]]] = []
    for edge in run:
        tags = _tags(edge, passages.get(edge), sheet, number, ground)
        bend = [middle[edge]] if edge in middle else []
        step = [*bend, number[edge[1]]]
        if pieces and pieces[-1][0] == tags and len(pieces[-1][1]) < 2 * LONGEST:
            pieces[-1][1].extend(step)
        else:
            pieces.append((tags, [number[edge[0]], *step]))
        _mark(sheet, edge, number, middle)
    for tags, nodes in pieces:
        sheet.way(nodes, **tags)


def _tags(
    edge: Edge, passage: str | None, sheet: _Sheet, number: dict[Corner, int], ground: Ground
) -> dict[str, str]:
    axis, rank = _rank(edge)
    along = edge[0][0] if axis == "x" else edge[0][1]
    if passage is None and shapely.contains_xy(ground.park, *sheet.xy[number[edge[0]]]):
        return {"highway": "footway"}
    tags = {"highway": _highway(axis, rank, along), "name": street_name(axis, rank, along // 9)}
    if _boulevard(edge):
        tags["name"] = "boulevard" + tags["name"][tags["name"].index(" ") :]
    return (
        {**tags, passage: "yes", "layer": "1" if passage == "bridge" else "-1"} if passage else tags
    )


def _highway(axis: str, rank: int, along: int) -> str:
    if rank % 7 == 3:
        return "primary" if rank % 14 == 3 else "secondary"
    mixed = (rank * 31 + (along // 3) * 17 + (axis == "x") * 7) % 23
    return {0: "living_street", 1: "pedestrian", 2: "living_street"}.get(mixed, "residential")


def _mark(sheet: _Sheet, edge: Edge, number: dict[Corner, int], middle: dict[Edge, int]) -> None:
    """Put zebra crossings and bus stops along the boulevards."""
    if not _boulevard(edge):
        return
    if sum(edge[0]) % 3 == 0:
        sheet.node_tags[number[edge[0]]] = {"highway": "crossing"}
    if sum(edge[0]) % 4 == 1 and edge in middle:
        sheet.node_tags[middle[edge]] = {"highway": "bus_stop"}


def _draw_blocks(
    sheet: _Sheet, ground: Ground, number: dict[Corner, int], edges: set[Edge], draw: Generator
) -> None:
    """Turn some blocks into squares, and cross some by a footway, with stairs on the heights."""
    barriers = shapely.union(ground.canal, ground.railway).buffer(9)
    for i, j in sorted(number):
        ring = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)]
        sides = [(ring[0], ring[1]), (ring[1], ring[2]), (ring[3], ring[2]), (ring[0], ring[3])]
        if not all(side in edges for side in sides):
            continue
        xy = np.array([sheet.xy[number[c]] for c in ring])
        chance = draw.random()
        if chance > 0.085 or shapely.intersects(shapely.polygons(xy), barriers):
            continue
        corners = [number[c] for c in ring]
        if chance < 0.025:
            _draw_square(sheet, corners, xy, (i, j))
        else:
            _draw_cut(sheet, corners, xy, ground)


def _draw_square(sheet: _Sheet, corners: list[int], xy: NDArray[np.float64], at: Corner) -> None:
    centre = xy.mean(axis=0)
    inset = [sheet.node(*(centre + 0.55 * (xy[k] - centre))) for k in (1, 3)]
    name = street_name("place", at[0], at[1], kind="place")
    ring = [corners[0], inset[0], corners[2], inset[1], corners[0]]
    sheet.way(ring, highway="pedestrian", area="yes", name=name)
    sheet.spots.append((name, float(centre[0]), float(centre[1])))


def _draw_cut(sheet: _Sheet, corners: list[int], xy: NDArray[np.float64], ground: Ground) -> None:
    inside = sheet.node(*xy.mean(axis=0))
    high = xy[0, 1] > ORIGIN[1] + 0.62 * ground.height_m
    sheet.way([corners[1], inside], highway="steps" if high else "footway")
    sheet.way([inside, corners[3]], highway="footway")


def _draw_dead_ends(
    sheet: _Sheet,
    ground: Ground,
    corners: dict[Corner, tuple[float, float]],
    middle: dict[Edge, int],
    draw: Generator,
) -> None:
    """Start short blind ways from the middle of some streets."""
    barriers = shapely.union(ground.canal, ground.railway).buffer(6)
    for edge in sorted(middle):
        chance, side, length = draw.random(3)
        if chance > 0.13 or _boulevard(edge):
            continue
        (xa, ya), (xb, yb) = corners[edge[0]], corners[edge[1]]
        norm = math.copysign(math.hypot(xb - xa, yb - ya), side - 0.5) / (26 + 20 * length)
        x, y = sheet.xy[middle[edge]]
        end = (x - (yb - ya) / norm, y + (xb - xa) / norm)
        if LineString([(x, y), end]).intersects(barriers) or ground.park.contains(Point(end)):
            continue
        tail = sheet.node(*end)
        if chance < 0.05:
            sheet.way([middle[edge], tail], highway="service")
        else:
            name = street_name("impasse", *edge[0], kind="impasse")
            sheet.way([middle[edge], tail], highway="residential", name=name)


def _draw_oddities(sheet: _Sheet, ground: Ground) -> None:
    """Add what a reader must leave out: a motorway, a private drive, a piece joined to nothing."""
    west = [ground.at(-0.03 + 0.02 * math.sin(6 * v), v) for v in np.linspace(-0.05, 1.05, 12)]
    sheet.way([sheet.node(p.x, p.y) for p in west], highway="motorway", ref="A 00", oneway="yes")
    x, y = sheet.xy[0]
    sheet.way([0, sheet.node(x - 28, y - 9)], highway="service", access="private")
    lone = ground.at(0.985, 0.5)
    island = [sheet.node(lone.x + dx, lone.y + dy) for dx, dy in ((0, 0), (45, 8), (38, 62))]
    sheet.way(island, highway="footway")


def _name_corners(sheet: _Sheet, number: dict[Corner, int], ground: Ground) -> None:
    """Name the corners by their two streets: where an outing can be said to take place."""
    names: dict[int, list[str]] = {}
    for way in sheet.ways:
        if "name" in way.tags and "area" not in way.tags:
            for node in way.nodes:
                names.setdefault(node, []).append(way.tags["name"])
    for node in sorted(number.values()):
        two = sorted(set(names.get(node, [])))[:2]
        if len(two) == 2:
            sheet.spots.append((f"Angle {two[0]} et {two[1]}", *sheet.xy[node]))
    park = ground.park.centroid
    sheet.spots.append(("Parc des Lucioles", park.x, park.y))
