"""The engines, each with the same four questions; what one cannot answer it leaves out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from benchmarks.network_graphs import Edges


class Engine(ABC):
    """Prepared on edges, then asked; times are seconds [origins, destinations]."""

    name = ""
    share = 1.0  # part of the origins that is asked; the rest is extrapolated
    large_share = 0.0  # the same beyond 200,000 nodes; 0: hours, it is not asked

    def __init__(self, edges: Edges) -> None:
        self.prepare(edges)

    @abstractmethod
    def prepare(self, edges: Edges) -> None:
        """Make whatever the engine needs."""


class Territory(Engine):
    """Our hierarchy."""

    name, large_share = "territory", 1.0

    def prepare(self, edges: Edges) -> None:
        from territory.network.graph import WalkGraph
        from territory.network.times import prepare

        self.graph = WalkGraph.from_edges(*edges)
        prepare(self.graph)

    def pace(self, edges: Edges) -> None:
        from territory.network.graph import Prepared, WalkGraph
        from territory.network.times import prepare

        graph = WalkGraph.from_edges(*edges)
        prepare(replace(graph, prepared=Prepared(self.graph.prepared.shape)))

    def matrix(self, few: np.ndarray, many: np.ndarray) -> np.ndarray:
        from territory.network.times import walk_times

        return walk_times(self.graph, few, many)

    def limited(self, few: np.ndarray, many: np.ndarray, limit_s: float) -> np.ndarray:
        from territory.network.times import walk_times

        return walk_times(self.graph, few, many, limit_s=limit_s)

    def nearest(self, few: np.ndarray) -> np.ndarray:
        from territory.network.times import nearest_times

        return nearest_times(self.graph, few)[0]

    def paths(self, few: np.ndarray, many: np.ndarray) -> np.ndarray:
        from territory.network.times import shortest_paths

        return shortest_paths(self.graph, few, many)[0]


class Scipy(Engine):
    """scipy.sparse.csgraph, the judge."""

    name, large_share = "scipy", 0.02

    def prepare(self, edges: Edges) -> None:
        from territory.network.graph import WalkGraph

        self.arcs = WalkGraph.from_edges(*edges).matrix

    def _searched(self, few: np.ndarray, **options: Any) -> Any:  # noqa: ANN401 - scipy's own
        from scipy.sparse.csgraph import dijkstra

        return dijkstra(self.arcs, indices=few, **options)

    def matrix(self, few: np.ndarray, many: np.ndarray) -> np.ndarray:
        return np.concatenate([self._searched(few[k : k + 50])[:, many] for k in
                               range(0, len(few), 50)])  # fmt: skip

    def limited(self, few: np.ndarray, many: np.ndarray, limit_s: float) -> np.ndarray:
        return self._searched(few, limit=limit_s)[:, many]

    def nearest(self, few: np.ndarray) -> np.ndarray:
        return self._searched(few, min_only=True, return_predecessors=True)[0]

    def paths(self, few: np.ndarray, many: np.ndarray) -> np.ndarray:
        times, before = self._searched(few, return_predecessors=True)
        for row in range(len(few)):
            parent = before[row].tolist()
            for target in many.tolist():
                walk = [target]
                while parent[walk[-1]] >= 0:
                    walk.append(parent[walk[-1]])
        return times[:, many]


class Networkx(Engine):
    """networkx, as most scripts do."""

    name, share = "networkx", 0.005

    def prepare(self, edges: Edges) -> None:
        import networkx as nx

        self.graph = nx.Graph()
        self.graph.add_nodes_from(range(len(edges.x)))
        for a, b, s in zip(*(e.tolist() for e in edges[:3]), strict=True):
            if a != b and s < self.graph.get_edge_data(a, b, {"s": np.inf})["s"]:
                self.graph.add_edge(a, b, s=s)

    def matrix(self, few: np.ndarray, many: np.ndarray) -> np.ndarray:
        from networkx import single_source_dijkstra_path_length as search

        rows = [search(self.graph, int(a), weight="s") for a in few]
        return np.array([[row.get(int(b), np.inf) for b in many] for row in rows])

    def nearest(self, few: np.ndarray) -> np.ndarray:
        from networkx import multi_source_dijkstra_path_length as search

        found = search(self.graph, {int(a) for a in few}, weight="s")
        return np.array([found.get(v, np.inf) for v in range(len(self.graph))])


class Igraph(Engine):
    """python-igraph."""

    name, share = "igraph", 0.1

    def prepare(self, edges: Edges) -> None:
        import igraph

        pairs = np.stack([edges.tail, edges.head], axis=1)
        self.graph = igraph.Graph(n=len(edges.x), edges=pairs)
        self.graph.es["s"] = edges.seconds

    def matrix(self, few: np.ndarray, many: np.ndarray) -> np.ndarray:
        return np.array(self.graph.distances(few.tolist(), many.tolist(), weights="s"))


class Pandana(Engine):
    """pandana: pair by pair, with its own hierarchies."""

    name, share = "pandana", 0.02

    def prepare(self, edges: Edges) -> None:
        import pandana
        import pandas as pd

        ends = (pd.Series(end) for end in (edges.tail, edges.head))
        weights = pd.DataFrame({"s": edges.seconds})
        places = (pd.Series(axis) for axis in (edges.x, edges.y))
        self.graph = pandana.Network(*places, *ends, weights, twoway=True)

    def matrix(self, few: np.ndarray, many: np.ndarray) -> np.ndarray:
        pairs = np.repeat(few, len(many)), np.tile(many, len(few))
        found = self.graph.shortest_path_lengths(*pairs, imp_name="s")
        return np.array(found).reshape(len(few), len(many))

    def paths(self, few: np.ndarray, many: np.ndarray) -> np.ndarray:
        pairs = np.repeat(few, len(many)), np.tile(many, len(few))
        self.graph.shortest_paths(*pairs, imp_name="s")
        return self.matrix(few, many)

    def nearest(self, few: np.ndarray) -> np.ndarray:
        places = (self.graph.nodes_df[axis].to_numpy()[few] for axis in ("x", "y"))
        self.graph.set_pois("sites", 1e6, 1, *places)
        found = self.graph.nearest_pois(1e6, "sites", num_pois=1, include_poi_ids=True)
        return found[1].to_numpy()


class PyRoutingKit(Engine):
    """RoutingKit's customisable hierarchies through pyroutingkit; whole milliseconds."""

    name = "pyroutingkit"

    def prepare(self, edges: Edges) -> None:
        import pyroutingkit

        tail = np.concatenate([edges.tail, edges.head]).astype(np.uint32)
        head = np.concatenate([edges.head, edges.tail]).astype(np.uint32)
        places = edges.y.astype(np.float32), edges.x.astype(np.float32)
        self.engine = pyroutingkit.CCH()
        self.engine.build_topology(tail, head, *places, len(edges.x))
        self.engine.customize_weights(np.tile(np.rint(edges.seconds * 1000), 2).astype(np.uint32))

    def matrix(self, few: np.ndarray, many: np.ndarray) -> np.ndarray:
        ends = many.astype(np.uint32), few.astype(np.uint32)
        return self.engine.distances_many_to_many(*ends).reshape(len(many), len(few)).T / 1000


class RoutingKit(Engine):
    """The same through routingkit_cch; whole milliseconds."""

    name, large_share = "routingkit_cch", 1.0

    def prepare(self, edges: Edges) -> None:
        import routingkit_cch as rk

        tail = np.concatenate([edges.tail, edges.head]).tolist()
        head = np.concatenate([edges.head, edges.tail]).tolist()
        places = edges.y.tolist(), edges.x.tolist()
        order = rk.compute_order_inertial(len(edges.x), tail, head, *places)
        self.shape = rk.CCH(order, tail, head, False)
        self.pace(edges)

    def pace(self, edges: Edges) -> None:
        import routingkit_cch as rk

        weights = np.tile(np.rint(edges.seconds * 1000), 2).astype(int).tolist()
        self.metric = rk.CCHMetric(self.shape, weights)

    def matrix(self, few: np.ndarray, many: np.ndarray) -> np.ndarray:
        import routingkit_cch as rk

        query = rk.CCHOneToMany(self.metric, many.tolist())
        rows = [query.distances_from(int(a)) for a in few]
        return np.array(rows, float) / 1000

    def paths(self, few: np.ndarray, many: np.ndarray) -> np.ndarray:
        import routingkit_cch as rk

        query, rows = rk.CCHQuery(self.metric), []
        for a in few.tolist():
            rows.append([])
            for b in many.tolist():
                one = query.run(a, b)
                rows[-1].append((one.distance, one.node_path)[0])
                del one  # its binding allows one answer at a time
        return np.array(rows, float) / 1000


class Osmnx(Engine):
    """osmnx, on the graph it would have drawn: walks only."""

    name, share = "osmnx", 0.005

    def prepare(self, edges: Edges) -> None:
        import networkx as nx

        self.graph = nx.MultiDiGraph(crs="EPSG:2154")
        places = zip(edges.x.tolist(), edges.y.tolist(), strict=True)
        self.graph.add_nodes_from((v, {"x": x, "y": y}) for v, (x, y) in enumerate(places))
        streets = list(zip(*(e.tolist() for e in edges[:3]), strict=True))
        self.graph.add_edges_from((a, b, {"s": s}) for a, b, s in streets)
        self.graph.add_edges_from((b, a, {"s": s}) for a, b, s in streets)

    def paths(self, few: np.ndarray, many: np.ndarray) -> np.ndarray:
        import osmnx

        pairs = np.repeat(few, len(many)).tolist(), np.tile(many, len(few)).tolist()
        walks = osmnx.shortest_path(self.graph, *pairs, weight="s", cpus=1)
        return np.array([len(walk or ()) for walk in walks]).reshape(len(few), len(many))


ENGINES: tuple[type[Engine], ...] = (
    Territory, Scipy, Igraph, Pandana, PyRoutingKit, RoutingKit, Networkx, Osmnx,
)  # fmt: skip
