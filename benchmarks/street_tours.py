"""
Tours of streets measured beside three simple ways to make one, in equal minutes, on 30 areas.

Run: python benchmarks/street_tours.py [--json FILE] [--minutes N ...] [--iterations N]
Areas: the three quarters (QPV 2024) of Bondy, the box of Paris 9e/10e, and discs of 28 ha, the size
of a quarter, around crossroads drawn in Bondy, Paris 16e, Heidelberg and Porto (2.5 km of streets
at least, 1,000 segments at most: squares crossed in all directions make thousands). What a segment
brings: the walks that follow it (4,000 homes and 400 places drawn among the crossroads of the town,
a home as large as the metres of street around, within 25 minutes: `gravity_trips`) x its metres.
Tours leave from the crossroads nearest the middle and come back; patrol at 2.5 km/h, else 4.5 km/h
(« slow »), or everything at 3 km/h (« same », any first pass collects). Baselines, written here:
« nearest » the best value to time from where one stands; « tsp » the best segments first, as many
as fit, ordered by 2-opt; « everystreet » a Chinese postman's walk (odd crossroads matched nearest
first), joined at its best place and left when one must go home. Every walk is judged by the slow
judge of the tests. Advantages in % of the baseline, with a 95 % interval of their mean,
without the areas where nothing is within reach, or the baseline collects nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import geopandas as gpd
import networkx as nx
import numpy as np
import shapely
from scipy import stats
from scipy.sparse import csgraph, csr_array

ROOT = Path(__file__).resolve().parents[1]
sys.path[:] = [str(ROOT), *(p for p in sys.path if Path(p) != ROOT / "benchmarks")]

from territory.analysis.passage import gravity_trips
from territory.analysis.routing.street_ground import fastest
from territory.analysis.routing.street_problem import NO_STOPS, StreetProblem
from territory.analysis.routing.street_tour import street_tour
from territory.analysis.routing.street_walk import Pass, StreetTour
from territory.io.streets import read_streets
from territory.model.results import Ending
from territory.network.flow import walk_flows
from territory.network.graph import WalkGraph, components
from tests.analysis.routing.street_judge import faults
from tests.real_data import real_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from territory.model.streets import Streets

CITIES = {  # file, EPSG, discs drawn
    "bondy": ("osm/bondy_highways_2023.geojson", 2154, 5),
    "paris_16e": ("osm/paris_16e_trocadero_2022.graphml", 2154, 1),
    "paris_9e_10e": ("osm/paris_9e_10e_gare_du_nord_2021.osm", 2154, 0),
    "heidelberg": ("osm/heidelberg.osm.pbf", 25832, 10),
    "porto": ("osm/porto_portugal.osm.pbf", 3763, 10),
}
RADIUS_M, AROUND_M, LEAST_M, DECAY_MIN = 300.0, 150.0, 2500.0, 8.0
HOMES, PLACES, MOST = 4000, 400, 1000
PACES = {"slow": (4.5, 2.5), "same": (3.0, 3.0)}  # going through, patrolling: km/h
NOTHING = 1.0  # walks x metres: segments that nobody walks have a trace of value
Walk = list[tuple[int, int, bool]]  # segment, node it leads to, patrolled


class Area(NamedTuple):
    """Streets of an area and around: ends, metres, value (0 around), where tours start."""

    name: str
    tail: np.ndarray
    head: np.ndarray
    metres: np.ndarray
    value: np.ndarray
    start: int


def areas() -> Iterator[Area]:
    """Yield the 30 areas."""
    for city, (name, epsg, discs) in CITIES.items():
        streets, _ = read_streets(real_file(name), epsg=epsg)
        at = streets.nodes.index.get_indexer
        ends = [at(streets.segments[end]).astype(np.int64) for end in ("tail", "head")]
        xy = streets.nodes[["x", "y"]].to_numpy(float)
        value = walked(ends, streets.segments["length_m"].to_numpy(float), xy)
        for label, shape in shapes(city, discs, streets, xy, value):
            yield area(f"{city} {label}", shape, streets, ends, xy, value)


def walked(ends: list[np.ndarray], metres: np.ndarray, xy: np.ndarray) -> np.ndarray:
    """Return walks x metres [segments]."""
    graph = WalkGraph.from_edges(*ends, metres / 1.25, xy[:, 0], xy[:, 1])
    homes = np.flatnonzero(components(graph) == 0)
    draw = np.random.default_rng(7)
    places = draw.choice(homes, min(PLACES, len(homes)), replace=False)
    homes = draw.choice(homes, min(HOMES, len(homes)), replace=False)
    around = sum(np.bincount(end, metres, graph.n) for end in ends)[homes]
    trips = gravity_trips(graph, homes, around, places, np.ones(len(places)), decay_min=DECAY_MIN)
    arcs = walk_flows(graph, homes, places, trips).arcs
    table = graph.matrix.tocoo()
    load = csr_array((arcs + 1e-12, (table.row, table.col)), shape=(graph.n, graph.n))
    both = load + load.T
    loads = np.asarray(both[ends[0], ends[1]]).ravel()
    return loads * metres * (ends[0] != ends[1])


def shapes(
    city: str, discs: int, streets: Streets, xy: np.ndarray, value: np.ndarray
) -> Iterator[tuple[str, shapely.Geometry]]:
    """Yield the outlines of the areas of a city, with what they are called."""
    if city == "bondy":
        quarters = gpd.read_file(real_file("qpv/qp_2024_bondy_clip.geojson")).to_crs(2154)
        for k, quarter in enumerate(quarters.geometry):
            if quarter.area > 20_000:  # not the sliver
                yield f"QPV {k + 1}", quarter
    if not discs:
        yield "box", shapely.box(*streets.segments.total_bounds)
    draw, lines, found = np.random.default_rng(5), streets.segments.geometry.to_numpy(), 0
    while found < discs:
        disc = shapely.Point(xy[draw.integers(len(xy))]).buffer(RADIUS_M)
        inside = shapely.contains(disc, shapely.centroid(lines)) & (value > 0)
        long_enough = streets.segments["length_m"].to_numpy()[inside].sum() > LEAST_M
        if long_enough and inside.sum() <= MOST:
            found += 1
            yield f"disc {found}", disc


def area(
    name: str, shape: shapely.Geometry, streets: Streets, ends: list[np.ndarray],
    xy: np.ndarray, value: np.ndarray,
) -> Area:  # fmt: skip
    """Return the streets in `shape`, of value, and those around it, in one piece."""
    middle = shapely.centroid(streets.segments.geometry.to_numpy())
    near = np.flatnonzero(shapely.contains(shape.buffer(AROUND_M), middle) & (value > 0))
    inside = shapely.contains(shape, middle[near])
    nodes, number = np.unique(np.concatenate([end[near] for end in ends]), return_inverse=True)
    tail, head = number[: len(near)], number[len(near) :]
    metres = streets.segments["length_m"].to_numpy(float)[near]
    graph = WalkGraph.from_edges(tail, head, metres, *xy[nodes].T)
    kept = components(graph)[tail] == 0
    tail, head, metres = tail[kept], head[kept], np.maximum(metres[kept], 0.1)
    crossed = np.bincount(np.r_[tail, head], minlength=len(nodes)) >= 3
    away = np.hypot(*(xy[nodes] - np.ravel(shape.centroid.coords)).T)
    start = int(np.argmin(np.where(crossed, away, np.inf)))
    return Area(name, tail, head, metres, np.where(inside, value[near], 0.0)[kept], start)


def problem_of(area: Area, pace: str, minutes: float) -> StreetProblem:
    """Return the tour asked for in an area."""
    through, patrol = (area.metres / (kmh / 3.6) for kmh in PACES[pace])
    n = 1 + int(max(area.tail.max(), area.head.max()))
    return StreetProblem(n, area.tail, area.head, through, patrol, area.value, area.start,
                         area.start, 60.0 * minutes, 0.0, NO_STOPS, None)  # fmt: skip


class Ways:
    """Shortest ways between all nodes of a problem."""

    def __init__(self, problem: StreetProblem) -> None:
        """Search them once."""
        self.problem, self.through = problem, fastest(problem)
        pairs = [(a, b) for a, b in self.through if a != b]
        seconds = problem.seconds[[self.through[p] for p in pairs]]
        graph = csr_array((seconds, tuple(np.array(pairs).T)), shape=(problem.n, problem.n))
        self.apart, self.before = csgraph.dijkstra(graph, return_predecessors=True)
        self.free = (problem.seconds == problem.patrol_s).all()  # any pass collects

    def go(self, walk: Walk, at: int, to: int) -> None:
        """Add the shortest way from `at` to `to`."""
        back = [to]
        while back[-1] != at:
            back.append(int(self.before[at, back[-1]]))
        walk += [(self.through[a, b], b, self.free) for a, b in pairwise(back[::-1])]


def seconds_of(problem: StreetProblem, walk: Walk) -> float:
    """Return how long a walk takes."""
    return float(sum((problem.patrol_s if p else problem.seconds)[s] for s, _, p in walk))


def nearest(problem: StreetProblem, ways: Ways) -> Walk:
    """Walk to the segment of best value to time from where one stands, while one can get home."""
    walk: Walk = []
    at, home, now = problem.start, problem.start, 0.0
    a = np.r_[problem.tail, problem.head]
    b = np.r_[problem.head, problem.tail]
    patrol, value = np.tile(problem.patrol_s, 2), np.tile(problem.value, 2)
    while True:
        done = list({s for s, _, patrolled in walk if patrolled})
        left = value.copy()
        left[done] = left[[s + len(problem.tail) for s in done]] = 0
        cost = ways.apart[at, a] + patrol
        rate = np.where(now + cost + ways.apart[b, home] <= problem.budget_s, left / cost, 0)
        best = int(np.argmax(rate))
        if rate[best] <= 0:
            ways.go(walk, at, home)
            return walk
        ways.go(walk, at, int(a[best]))
        walk.append((best % len(problem.tail), int(b[best]), True))
        at, now = int(b[best]), now + float(cost[best])


def tsp(problem: StreetProblem, ways: Ways) -> Walk:
    """Take the best segments, as many as fit in a tour ordered by 2-opt; by value or by rate."""
    found = []
    for worth in (problem.value, problem.value / problem.patrol_s):
        ranked = np.argsort(-worth, kind="stable")
        ranked = ranked[problem.value[ranked] > 0]
        low, high = 0, len(ranked)
        while low < high:
            middle = (low + high + 1) // 2
            held = seconds_of(problem, ordered(problem, ways, ranked[:middle])) <= problem.budget_s
            low, high = (middle, high) if held else (low, middle - 1)
        found.append(ordered(problem, ways, ranked[:low]))
    return max(found, key=lambda walk: collected(problem, walk))


def ordered(problem: StreetProblem, ways: Ways, segments: np.ndarray) -> Walk:
    """Walk `segments`, the nearest next, then parts turned round while it becomes shorter."""
    apart, home = ways.apart, problem.start
    left, at, arcs = set(segments.tolist()), home, [(home, home, -1)]
    while left:
        _, s, b, a = min(
            (apart[at, a], s, b, a)
            for s in left
            for a, b in ((int(problem.tail[s]), int(problem.head[s])),
                         (int(problem.head[s]), int(problem.tail[s])))
        )  # fmt: skip
        arcs.append((a, b, s))
        left.remove(s)
        at = b
    arcs.append((home, home, -1))
    better = True
    while better:
        better = False
        for i in range(1, len(arcs) - 1):
            for j in range(i, len(arcs) - 1):
                p, q, u, v = arcs[i - 1][1], arcs[j + 1][0], arcs[i][0], arcs[j][1]
                if apart[p, v] + apart[u, q] < apart[p, u] + apart[v, q] - 1e-9:
                    arcs[i : j + 1] = [(b, a, s) for a, b, s in reversed(arcs[i : j + 1])]
                    better = True
    walk: Walk = []
    for (_, at, _), (a, b, s) in pairwise(arcs):
        ways.go(walk, at, a)
        walk += [(s, b, True)] if s >= 0 else []
    return walk


def everystreet(problem: StreetProblem, ways: Ways) -> Walk:
    """Walk every street as a postman would, from the best place of his walk."""
    graph = even(problem, ways)
    circuit = [(a, b, graph.edges[a, b, key]["segment"]) for a, b, key in
               nx.eulerian_circuit(graph, problem.start, keys=True)]  # fmt: skip
    parts = (followed(problem, ways, circuit[k:] + circuit[:k]) for k in range(len(circuit)))
    return max(parts, key=lambda walk: collected(problem, walk))


def even(problem: StreetProblem, ways: Ways) -> nx.MultiGraph:
    """Return the streets of value, joined, with ways between odd crossroads, nearest first."""
    graph = nx.MultiGraph()
    graph.add_node(problem.start)
    for s in np.flatnonzero(problem.value > 0).tolist():
        graph.add_edge(int(problem.tail[s]), int(problem.head[s]), segment=s)
    for piece in list(nx.connected_components(graph)):  # joined to the start twice: there and back
        if problem.start not in piece:
            near = min(piece, key=lambda node: (ways.apart[problem.start, node], node))
            graph.add_edges_from([(problem.start, near, {"segment": -1})] * 2)
    odd = [node for node, degree in graph.degree() if degree % 2]
    pairs = sorted((ways.apart[a, b], a, b) for k, a in enumerate(odd) for b in odd[k + 1 :])
    for _, a, b in pairs:
        if graph.degree(a) % 2 and graph.degree(b) % 2:
            graph.add_edge(a, b, segment=-1)
    return graph


def followed(problem: StreetProblem, ways: Ways, circuit: list[tuple[int, int, int]]) -> Walk:
    """Join a circuit where it begins and leave it when one must go home."""
    walk: Walk = []
    at, now = problem.start, 0.0
    for a, b, s in [(problem.start, circuit[0][0], -1), *circuit]:
        now += float(ways.apart[a, b] if s < 0 else problem.patrol_s[s])
        if now + ways.apart[b, problem.start] > problem.budget_s:
            break
        if s < 0:
            ways.go(walk, a, b)
        else:
            walk.append((s, b, True))
        at = b
    ways.go(walk, at, problem.start)
    return walk


BASELINES: dict[str, Callable[[StreetProblem, Ways], Walk]] = {
    "nearest": nearest,
    "tsp": tsp,
    "everystreet": everystreet,
}


def collected(problem: StreetProblem, walk: Walk) -> float:
    """Return the value of a walk."""
    return float(problem.value[list({s for s, _, patrolled in walk if patrolled})].sum())


def judged(problem: StreetProblem, walk: Walk) -> float:
    """Return the value of a walk, once the slow judge has found nothing wrong."""
    nodes, passes = [problem.start], []
    for s, to, patrolled in walk:
        passes.append(Pass(s, bool(problem.tail[s] == nodes[-1]), patrolled))
        nodes.append(to)
    value = collected(problem, walk)
    tour = StreetTour(tuple(passes), (), tuple(nodes), value, seconds_of(problem, walk), np.inf,
                      Ending.TIME_UP)  # fmt: skip
    wrong = faults(problem, tour)
    if wrong:
        raise AssertionError(wrong)
    return value


def one(area: Area, pace: str, minutes: float, iterations: int) -> dict[str, Any]:
    """Return what each way to make a tour collects in an area."""
    problem = problem_of(area, pace, minutes)
    ways = Ways(problem)
    found = {name: judged(problem, make(problem, ways)) for name, make in BASELINES.items()}
    start = time.perf_counter()
    tour = street_tour(
        problem.tail, problem.head, problem.seconds, problem.value, start=problem.start,
        budget_s=problem.budget_s, patrol_s=problem.patrol_s, iterations=iterations,
    )  # fmt: skip
    seconds = time.perf_counter() - start
    if faults(problem, tour):
        raise AssertionError(faults(problem, tour))
    return found | {
        "ours": tour.value,
        "bound": tour.bound,
        "ending": str(tour.ending),
        "clock_s": seconds,
        "segments": int((problem.value > 0).sum()),
        "area": area.name,
    }


def advantage(rows: list[dict[str, Any]], against: str) -> tuple[float, float, float]:
    """
    Return the mean advantage of ours in % of `against`, and its 95 % interval.

    Areas where `against` collects nothing are left out (an endless advantage of ours).
    """
    best = [max(r[b] for b in BASELINES) if against == "best" else r[against] for r in rows]
    gains = np.array(
        [100 * (r["ours"] / b - 1) for r, b in zip(rows, best, strict=True) if b > NOTHING]
    )
    half = stats.t.ppf(0.975, len(gains) - 1) * gains.std(ddof=1) / np.sqrt(len(gains))
    return float(gains.mean()), float(gains.mean() - half), float(gains.mean() + half)


def main() -> None:
    """Measure every area, print a table, keep it as JSON when wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, nargs="+", default=[20, 40, 60])
    parser.add_argument("--iterations", type=int, default=600)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    cut, told = list(areas()), {}
    for pace in PACES:
        for minutes in options.minutes:
            ran = [one(a, pace, minutes, options.iterations) for a in cut]
            rows = [r for r in ran if r["bound"] > NOTHING]  # some value within reach
            figures = {b: advantage(rows, b) for b in (*BASELINES, "best")}
            lost = sum(r["ours"] < max(r[b] for b in BASELINES) * (1 - 1e-9) for r in rows)
            share = float(np.mean([r["ours"] / r["bound"] for r in rows]))
            clock = float(np.mean([r["clock_s"] for r in rows]))
            told[f"{pace} {minutes:g}"] = {
                "advantage": figures, "areas": len(rows), "out_of_reach": len(ran) - len(rows),
                "behind": lost, "of_bound": share,
                "clock_s": clock, "rows": ran,
            }  # fmt: skip
            shown = "  ".join(
                f"{b} {m:+.1f} [{lo:+.1f}, {hi:+.1f}]" for b, (m, lo, hi) in figures.items()
            )
            print(
                f"{pace} {minutes:g} min, {len(rows)} areas: {shown}; behind in {lost}", flush=True
            )
            print(f"    {100 * share:.1f} % of the bound; {clock:.2f} s a tour", flush=True)
    if options.json:
        options.json.write_text(json.dumps(told, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
