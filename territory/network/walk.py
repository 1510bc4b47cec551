"""
Streets plus what must be walked to: every point is tied to the nearest street, which is cut there.

A tied point has its own node, joined to the street by a straight connector walked at the same
speed: walking times include the way from the door to the street.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from territory.errors import BrokenTable, NoAnswer
from territory.network.graph import Prepared, WalkGraph
from territory.network.hierarchy.model import from_arrays, stored_arrays
from territory.network.joins import JOIN, join_gaps
from territory.network.pace import STEPS, STREET, USUAL, Pace, avoided_share, edge_seconds
from territory.network.slope import slope_factors
from territory.network.snap import CONNECTOR, attach
from territory.network.times import prepare, shortest_path, walk_times

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from territory.model.heights import HeightGrid

__all__ = ["CONNECTOR", "JOIN", "WalkNetwork", "WalkPath", "build_walk", "minutes_between"]
__all__ += ["network_arrays", "network_from_tables", "network_tables", "nodes_of", "path_between"]
__all__ += ["repaced", "with_arrays"]

NODE = "n:"  # names a crossroads among points: its position in the sorted table of nodes
_STORED_FROM = 20_000  # nodes: below, searches are fast enough without a hierarchy
_CORNER_M = 1.0  # a street of which less is walked is only its corner: it is not named


@dataclass(frozen=True, slots=True, eq=False)
class WalkNetwork:
    """
    The graph with its points, all in one metric CRS (metres).

    `edges`: tail, head, length_m, name, kind (rue, escalier, raccord, jonction), one_way and lit
    (as in tables.SEGMENTS), slope_forth, slope_back and avoided (see `pace.edge_seconds`), seconds
    and seconds_back, geometry oriented tail to head; the graph is directed when some street takes
    longer one way; `points`: index point_id, node (-1 = too far), off_m from the street;
    `joins`: gaps closed on request; `component` [street nodes]: piece of each, 0 the largest.
    """

    graph: WalkGraph
    edges: gpd.GeoDataFrame
    points: pd.DataFrame
    joins: pd.DataFrame
    component: NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class WalkPath:
    """A walk: coordinates [k, 2] in metres, street names in order, length and duration."""

    coords: NDArray[np.float64]
    streets: tuple[str, ...]
    length_m: float
    seconds: float


def build_walk(  # noqa: PLR0913 - the contract: streets, points and how one walks
    segments: gpd.GeoDataFrame,
    nodes: pd.DataFrame,
    points: gpd.GeoDataFrame,
    *,
    pace: Pace = USUAL,
    heights: HeightGrid | None = None,
    avoid: BaseGeometry | None = None,
    snap_max_m: float = 250.0,
    join_gaps_m: float = 0.0,
) -> WalkNetwork:
    """
    Tie `points` (index point_id) to the main piece of the streets and return the network.

    `segments` and `nodes` keep tables.SEGMENTS and NODES; `points`, `heights` and the areas to
    `avoid` are in the same metric CRS. Points farther than `snap_max_m` metres from the main piece
    get node -1. With `join_gaps_m` > 0 other pieces nearer than that are joined by straight links,
    listed in `joins`. Independent of the order of rows. Raises BrokenTable when the tables do not
    fit together.
    """
    _refuse_misfits(segments, points)
    edges = _street_edges(segments, nodes)
    xy = nodes.sort_index()[["x", "y"]].to_numpy(float)
    joins, labels = join_gaps(edges, xy, join_gaps_m)
    edges = (
        pd.concat([edges, _join_edges(joins).set_crs(edges.crs)], ignore_index=True)
        if len(joins)
        else edges
    )
    edges, xy, tied = attach(edges, xy, labels, points.sort_index(), snap_max_m)
    edges = _timed(_hindered(edges, heights, avoid), pace)
    return WalkNetwork(_graph(edges, xy), edges, tied, joins, labels)


def repaced(network: WalkNetwork, pace: Pace) -> WalkNetwork:
    """
    Return the same network walked at another `pace`.

    Nothing is built again: streets, points and the shape of the hierarchy stay as they are.
    """
    edges = _timed(network.edges, pace)
    graph = _graph(edges, np.column_stack([network.graph.x, network.graph.y]))
    graph.prepared.shape = network.graph.prepared.shape
    return replace(network, graph=graph, edges=edges)


def nodes_of(network: WalkNetwork, ids: Sequence[str]) -> NDArray[np.int32]:
    """
    Return the node [k] of each point, -1 when it is unknown or tied to no street.

    « n:12 » is the street node 12 itself. Names may repeat.
    """
    nodes: NDArray[np.int32] = (
        network.points["node"].reindex(list(ids)).fillna(-1).to_numpy(np.int32).copy()
    )
    for k, one in enumerate(ids):
        if one.startswith(NODE):
            nodes[k] = int(one.removeprefix(NODE))
    return nodes


def minutes_between(
    network: WalkNetwork,
    origins: Sequence[str],
    destinations: Sequence[str],
    *,
    limit_min: float | None = None,
) -> pd.DataFrame:
    """
    Return walking minutes [origins x destinations], float32, labelled by their point_ids.

    inf: beyond `limit_min` minutes, not connected, not tied to a street, or not located at all.
    """
    limit_s = None if limit_min is None else limit_min * 60
    rows, columns = nodes_of(network, origins), nodes_of(network, destinations)
    minutes = np.full((len(rows), len(columns)), np.inf, np.float32)
    known_rows, known_columns = np.flatnonzero(rows >= 0), np.flatnonzero(columns >= 0)
    times = walk_times(network.graph, rows[known_rows], columns[known_columns], limit_s=limit_s)
    minutes[np.ix_(known_rows, known_columns)] = times / 60
    return pd.DataFrame(minutes, index=list(origins), columns=list(destinations))


def path_between(network: WalkNetwork, a: str, b: str) -> WalkPath:
    """
    Return the shortest walk from point `a` to point `b` of the network.

    Raises NoAnswer (French) when one of them is tied to no street or no way joins them.
    """
    start, end = (int(n) for n in nodes_of(network, [a, b]))
    path = np.empty(0, np.int32)
    if min(start, end) >= 0:
        path = shortest_path(network.graph, start, end)
    if not len(path):
        raise NoAnswer("Aucun chemin à pied ne relie ces deux lieux.")
    return _walked(network, path, _steps(network, path))


def network_tables(network: WalkNetwork) -> dict[str, pd.DataFrame]:
    """
    Return the network as tables to store: edges, graph_nodes (x, y, metres), points, joins, pieces.

    `network_from_tables` makes the same network of them.
    """
    graph = network.graph
    nodes = pd.DataFrame({"x": graph.x, "y": graph.y})
    pieces = pd.DataFrame({"component": network.component})
    return {
        "edges": network.edges,
        "graph_nodes": nodes,
        "points": network.points,
        "joins": network.joins,
        "pieces": pieces,
    }


def network_from_tables(tables: Mapping[str, pd.DataFrame]) -> WalkNetwork:
    """
    Return the network written by `network_tables`, its coordinates in the CRS they were written in.

    Raises KeyError when a table is missing, WrongUsage when the edges name an unknown node.
    """
    edges, xy = tables["edges"], tables["graph_nodes"][["x", "y"]].to_numpy(float)
    pieces = tables["pieces"]["component"].to_numpy(np.int32)
    return WalkNetwork(_graph(edges, xy), edges, tables["points"], tables["joins"], pieces)


def network_arrays(network: WalkNetwork) -> dict[str, NDArray[np.generic]]:
    """
    Return what speeds up large networks, as arrays ([n] or [arcs]); nothing below 20,000 nodes.

    `with_arrays` gives them back to the network read from its tables.
    """
    if network.graph.n < _STORED_FROM:
        return {}
    hierarchy = prepare(network.graph)
    shape = network.graph.prepared.shape
    return stored_arrays(shape, hierarchy) if shape is not None else {}


def with_arrays(network: WalkNetwork, arrays: Mapping[str, NDArray[np.generic]]) -> WalkNetwork:
    """
    Return the network with the arrays ([n] or [arcs]) of `network_arrays`, if there are any.

    Raises KeyError when an array is missing.
    """
    if not arrays:
        return network
    graph = replace(network.graph, prepared=Prepared(*from_arrays(arrays)))
    return replace(network, graph=graph)


def _refuse_misfits(segments: gpd.GeoDataFrame, points: gpd.GeoDataFrame) -> None:
    if not points.index.is_unique:
        raise BrokenTable("Réseau piéton : un point est présent deux fois.")
    if None not in {segments.crs, points.crs} and segments.crs != points.crs:
        raise BrokenTable(
            "Réseau piéton : rues et points ne sont pas dans le même système de coordonnées."
        )


def _street_edges(segments: gpd.GeoDataFrame, nodes: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the edges, ends numbered by position in the sorted `nodes`."""
    ordered, known = segments.sort_index(), nodes.index.sort_values()
    tail, head = (known.get_indexer(ordered[end]).astype(np.int32) for end in ("tail", "head"))
    if len(ordered) and min(tail.min(), head.min()) < 0:
        raise BrokenTable("Réseau piéton : un tronçon cite un nœud absent de la table des nœuds.")
    kinds = np.where(ordered["steps"], STEPS, STREET)
    data = {
        "tail": tail,
        "head": head,
        "length_m": ordered["length_m"].to_numpy(float),
        "name": ordered["name"].astype("string").array,
        "kind": kinds,
        "one_way": ordered["one_way"].to_numpy(np.int8),
        "lit": ordered["lit"].astype("boolean").array,
    }
    return gpd.GeoDataFrame(data, geometry=ordered.geometry.to_numpy(), crs=segments.crs)


def _join_edges(joins: pd.DataFrame) -> gpd.GeoDataFrame:
    lines = shapely.linestrings(joins[["x", "y", "to_x", "to_y"]].to_numpy().reshape(-1, 2, 2))
    data = {
        "tail": joins["tail"].to_numpy(np.int32),
        "head": joins["head"].to_numpy(np.int32),
        "length_m": joins["gap_m"].to_numpy(float),
        "name": pd.array([pd.NA] * len(joins), dtype="string"),
        "kind": JOIN,
    }
    return gpd.GeoDataFrame(data, geometry=lines)


def _hindered(
    edges: gpd.GeoDataFrame, heights: HeightGrid | None, avoid: BaseGeometry | None
) -> gpd.GeoDataFrame:
    """Return the edges with what slows walkers, whoever they are: slopes, areas to avoid."""
    lines = np.asarray(edges.geometry.to_numpy(), object)
    forth = back = np.ones(len(edges))
    if heights is not None:
        forth, back = slope_factors(lines, heights)
    return edges.assign(
        one_way=edges["one_way"].fillna(0).astype(np.int8),
        slope_forth=forth,
        slope_back=back,
        avoided=avoided_share(lines, avoid),
    )


def _timed(edges: gpd.GeoDataFrame, pace: Pace) -> gpd.GeoDataFrame:
    forth, back = edge_seconds(edges, pace)
    return edges.assign(seconds=forth, seconds_back=back)


def _graph(edges: pd.DataFrame, xy: NDArray[np.float64]) -> WalkGraph:
    tail, head, forth, back = (
        edges[c].to_numpy() for c in ("tail", "head", "seconds", "seconds_back")
    )
    alike = bool((forth == back).all())
    if not alike:
        tail, head, forth = np.r_[tail, head], np.r_[head, tail], np.r_[forth, back]
    open_ = np.isfinite(forth)
    ends = tail[open_], head[open_]
    return WalkGraph.from_edges(*ends, forth[open_], xy[:, 0], xy[:, 1], directed=not alike)


def _steps(network: WalkNetwork, path: NDArray[np.int32]) -> list[int]:
    """Return the position of the fastest edge of each step of `path`."""
    on_path = np.zeros(network.graph.n, bool)
    on_path[path] = True
    ends = network.edges[["tail", "head"]].to_numpy()
    near = np.flatnonzero(on_path[ends].all(axis=1))
    seconds = network.edges[["seconds", "seconds_back"]].to_numpy()[near].T.ravel()
    fastest: dict[tuple[int, int], int] = {}
    for k in np.argsort(seconds, kind="stable"):  # forth for the first half, back for the second
        tail, head = ends[near[k % len(near)]].tolist()
        step = (tail, head) if k < len(near) else (head, tail)
        fastest.setdefault(step, int(near[k % len(near)]))
    return [fastest[step] for step in pairwise(path.tolist())]


def _walked(network: WalkNetwork, path: NDArray[np.int32], steps: list[int]) -> WalkPath:
    edges, at = network.edges, np.array(steps, np.int64)
    forth = edges["tail"].to_numpy()[at] == path[:-1]
    parts = [np.column_stack([network.graph.x[path[:1]], network.graph.y[path[:1]]])]
    for line, as_drawn in zip(edges.geometry.to_numpy()[at], forth, strict=True):
        coords = shapely.get_coordinates(line)
        parts.append(coords if as_drawn else coords[::-1])
    length = edges["length_m"].to_numpy(float)[at]
    names = [str(n) for n in edges["name"].take(at[length > _CORNER_M]).dropna()]
    streets = tuple(n for k, n in enumerate(names) if k == 0 or n != names[k - 1])
    return WalkPath(
        _without_repeats(np.concatenate(parts)),
        streets,
        float(length.sum()),
        float(sum(network.graph.matrix[a, b] for a, b in pairwise(path.tolist()))),
    )


def _without_repeats(coords: NDArray[np.float64]) -> NDArray[np.float64]:
    moved = np.ones(len(coords), bool)
    moved[1:] = np.abs(np.diff(coords, axis=0)).sum(axis=1) > 0
    kept: NDArray[np.float64] = coords[moved]
    return kept
