"""Walking and public transport as one directed graph: streets, and a node per line at a stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.errors import WrongUsage
from territory.model.timetable import DAY_WORDS, PERIOD_WORDS, WORKDAY
from territory.model.words import label
from territory.network.graph import WalkGraph
from territory.network.times import walk_times

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

WAIT_MIN_S = 60.0  # nobody reaches the kerb at the very second
WAIT_MAX_S = 1800.0  # beyond, people look the hour up and wait at home
RARE_MIN = 120.0  # a line that comes less often is not a usual way to go


@dataclass(frozen=True, slots=True, eq=False)
class TransitGraph:
    """
    One day and period: the streets `walk`, and `graph`, the same nodes with transport added.

    Node walk.n + k is « on board at the start of hop k », a row of `hops` (SERVICES, by group and
    rank); `wait_s` [hops] is the wait before boarding there, inf where nobody may. `stops`: node of
    each stop in `walk` (-1: tied to no street), name.
    """

    walk: WalkGraph
    graph: WalkGraph
    hops: pd.DataFrame
    wait_s: NDArray[np.float64]
    stops: pd.DataFrame


def transit_graph(
    walk: WalkGraph,
    services: pd.DataFrame,
    stops: pd.DataFrame,
    period: str,
    *,
    day_type: str = WORKDAY,
    transfers: pd.DataFrame | None = None,
) -> TransitGraph:
    """
    Return the graph of one `period` and `day_type` (codes of SERVICES).

    `stops` (index stop_id) has node, int [stops], -1 when tied to no street, and name; `transfers`
    keeps TRANSFERS. Arcs: boarding (`expected_wait_s`), riding to the next stop and going on,
    riding and leaving, changes, and all the streets, so that no answer is slower than walking.
    Changes are walked. Raises WrongUsage (French) for a period or a day that does not exist.
    """
    _refuse_unknown(day_type, period)
    kept = services[services["day_type"].eq(day_type) & services["period"].eq(period)]
    hops = kept.sort_values(["group_id", "rank"])
    start, end = (_nodes(stops, hops[c]) for c in ("from_stop", "to_stop"))
    wait = expected_wait_s(hops["headway_min"].to_numpy(float))
    aboard = walk.n + np.arange(len(hops))
    ride, dwell = (hops[c].to_numpy(float) for c in ("ride_s", "dwell_s"))
    group = hops["group_id"].to_numpy()
    on = np.flatnonzero(group[1:] == group[:-1])
    may_board = np.isfinite(wait) & (start >= 0)
    may_leave = hops["may_leave"].to_numpy(bool) & (end >= 0)
    arcs = [
        _streets(walk),
        (start[may_board], aboard[may_board], wait[may_board]),
        (aboard[on], aboard[on] + 1, ride[on] + dwell[on]),
        (aboard[may_leave], end[may_leave], ride[may_leave]),
        _changes(stops, transfers),
    ]
    tail, head, seconds = (np.concatenate([a[k] for a in arcs]) for k in range(3))
    x, y = (np.concatenate([v, _spots(v, start)]) for v in (walk.x, walk.y))
    graph = WalkGraph.from_edges(tail, head, seconds, x, y, directed=True)
    return TransitGraph(walk, graph, hops, wait, stops)


def expected_wait_s(headway_min: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Return the usual wait [n] in seconds of headways [n] in minutes: half of it, within bounds.

    WAIT_MIN_S at least, WAIT_MAX_S at most; inf for a line rarer than RARE_MIN, or unknown.
    """
    half = np.clip(headway_min * 30.0, WAIT_MIN_S, WAIT_MAX_S)
    wait: NDArray[np.float64] = np.where(headway_min <= RARE_MIN, half, np.inf)
    return wait


def door_to_door_s(
    transit: TransitGraph,
    origins: ArrayLike,
    destinations: ArrayLike,
    *,
    limit_s: float | None = None,
) -> NDArray[np.float32]:
    """
    Return usual seconds [origins, destinations], on foot or with transport, whichever is shorter.

    Both are nodes of the streets, repeats allowed; inf beyond `limit_s` seconds or not connected.
    Never slower than walking. Raises UnknownNode.
    """
    return walk_times(transit.graph, origins, destinations, limit_s=limit_s)


def _refuse_unknown(day_type: str, period: str) -> None:
    for code, words, what in (
        (day_type, DAY_WORDS, "Jour « {} » inconnu"),
        (period, PERIOD_WORDS, "Période « {} » inconnue"),
    ):
        if code not in {w.code for w in words}:
            known = ", ".join(f"{w.code} ({label(words, w.code)})" for w in words)
            raise WrongUsage(f"{what.format(code)}. Choisissez : {known}.")


def _nodes(stops: pd.DataFrame, ids: pd.Series) -> NDArray[np.int64]:
    nodes: NDArray[np.int64] = stops["node"].reindex(ids).fillna(-1).to_numpy(np.int64)
    return nodes


def _streets(walk: WalkGraph) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    arcs = walk.matrix.tocoo()
    return arcs.row.astype(np.int64), arcs.col.astype(np.int64), arcs.data


def _changes(
    stops: pd.DataFrame, transfers: pd.DataFrame | None
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    if transfers is None or transfers.empty:
        nothing = np.empty(0, np.int64)
        return nothing, nothing, nothing.astype(float)
    tail, head = (_nodes(stops, transfers[c]) for c in ("from_stop", "to_stop"))
    tied = (tail >= 0) & (head >= 0)
    return tail[tied], head[tied], transfers["walk_s"].to_numpy(float)[tied]


def _spots(axis: NDArray[np.float64], start: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return one coordinate of each hop: its stop, the middle of the streets for an untied one."""
    middle = float(axis.mean()) if len(axis) else 0.0
    return np.where(start >= 0, axis[start], middle) if len(axis) else np.full(len(start), middle)
