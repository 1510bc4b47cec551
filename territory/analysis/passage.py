"""
Where people walk, and when: residents to what draws them, there and back, on every street.

The walks of each resident for one purpose, fewer when its nearest place is farther, are shared
among the places of that purpose by attraction x decay of the minutes (Huff 1964; a gravity model
constrained at the origin, Wilson 1971), then follow shortest walks. What comes out
is relative until counts calibrate it (`territory.analysis.passage_fit`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from territory.analysis.homes import doors, homes
from territory.errors import WrongUsage
from territory.model.walking import (
    DAY_TYPES,
    INDEX,
    PERIODS,
    PURPOSES,
    RANK,
    RESIDENTS,
    WEEKLY,
    Purpose,
    slots,
    walks_in,
)
from territory.network.flow import walk_flows
from territory.network.flow_gravity import GravityFlows, gravity_flows
from territory.network.flow_streets import segment_loads
from territory.network.times import walk_times

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import geopandas as gpd
    from numpy.typing import ArrayLike

    from territory.network.graph import WalkGraph
    from territory.network.walk import WalkNetwork

LIMIT_MIN = 25.0  # nobody is taken to walk longer
_BLOCK = 256  # attractors whose minutes are held at once
_LISTED = 5_000_000  # homes times places: more are walked without the list of their pairs


@dataclass(frozen=True, slots=True)
class Attractor:
    """What was known of one purpose: nodes that draw, and walks made for one a resident (0-1)."""

    purpose: str
    places: int
    made: float


def purpose_loads(
    network: WalkNetwork,
    segments: gpd.GeoDataFrame,
    cells: gpd.GeoDataFrame,
    attractors: pd.DataFrame,
    *,
    purposes: Sequence[Purpose] = PURPOSES,
    limit_min: float = LIMIT_MIN,
) -> tuple[pd.DataFrame, tuple[Attractor, ...]]:
    """
    Return walks along each segment for one walk a resident and purpose, fewer where places are far.

    `segments` (SEGMENTS) and `cells` (CELLS) are in the metric CRS of the network; `attractors` has
    kind, node (-1 = tied to no street) and weight (how much one draws beside others of its kind).
    The table [segment_id x purpose code] counts both directions, one way of each walk; NA outside
    the main piece of the network; a purpose without any place has no column. Beside it, what each
    purpose rests on, all purposes in order.
    """
    ordered = segments.sort_index()
    loads = segment_loads(network, ordered)
    lived = homes(network, cells)
    columns, known = {}, []
    for purpose in purposes:
        drawn = _drawing(purpose, attractors, lived)
        walked = _walked(network.graph, lived, drawn, purpose.decay_min, limit_min)
        people = float(lived["residents"].sum())
        known.append(Attractor(purpose.code, len(drawn), walked.made / max(people, 1e-9)))
        if len(drawn):
            columns[purpose.code] = loads.of(walked.arcs)
    index = pd.Index(ordered.index, name="segment_id")
    return pd.DataFrame(columns, index=index, dtype="float64"), tuple(known)


def _walked(
    graph: WalkGraph, lived: pd.DataFrame, drawn: pd.DataFrame, decay_min: float, limit_min: float
) -> GravityFlows:
    """Return the walks to `drawn` (node, weight): from their list when it is short."""
    node, people = lived["node"].to_numpy(), lived["residents"].to_numpy(float)
    place, pull = drawn["node"].to_numpy(), drawn["weight"].to_numpy(float)
    if len(lived) * len(drawn) > _LISTED:
        return gravity_flows(
            graph, (node, people), (place, pull), decay_s=60 * decay_min, limit_s=60 * limit_min
        )
    trips = gravity_trips(
        graph, node, people, place, pull, decay_min=decay_min, limit_min=limit_min
    )
    made = float(trips.sum())
    arcs = walk_flows(graph, node, place, trips).arcs if len(drawn) else np.zeros(graph.matrix.nnz)
    return GravityFlows(arcs, made)


def gravity_trips(  # noqa: PLR0913 - who, what draws, and how it fades
    graph: WalkGraph,
    origins: ArrayLike,
    residents: ArrayLike,
    places: ArrayLike,
    attraction: ArrayLike,
    *,
    decay_min: float,
    limit_min: float = LIMIT_MIN,
) -> sparse.csr_array:
    """
    Share the walks of residents among places: trips [origins, places], sparse.

    `origins`, `places` are nodes, `residents` [origins] people, `attraction` [places] positive. A
    resident makes exp(-minutes to the nearest place / `decay_min`) walk: one when it is next door,
    none beyond `limit_min`. It is shared by attraction x exp(-minutes / `decay_min`). Raises
    UnknownNode.
    """
    people, pull = np.asarray(residents, float), np.asarray(attraction, float)
    targets, parts = np.asarray(places, np.int64), []
    ready = np.zeros(len(people))
    for start in range(0, len(targets), _BLOCK):
        block = slice(start, start + _BLOCK)
        seconds = walk_times(graph, origins, targets[block], limit_s=limit_min * 60)
        faded = np.exp(-seconds.astype(float) / 60 / decay_min)
        ready = np.maximum(ready, faded.max(axis=1, initial=0.0))
        parts.append(sparse.csr_array(pull[block] * faded))
    if not parts:
        return sparse.csr_array((len(people), 0))
    drawn = sparse.csr_array(sparse.hstack(parts))
    total = drawn.sum(axis=1)
    each = np.divide(people * ready, total, out=np.zeros(len(people)), where=total > 0)
    return sparse.csr_array(drawn.multiply(each[:, None]))


def passage_table(
    loads: pd.DataFrame,
    length_m: pd.Series,
    *,
    purposes: Sequence[Purpose] = PURPOSES,
    coefficients: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """
    Return walkers per hour on each segment in each slot of the week, both directions together.

    `loads` is the table of `purpose_loads`, `length_m` metres by segment_id; `coefficients`
    multiply purposes (those of `passage_fit`; 1 when not said). Columns on segment_id: one per slot
    of `walking.slots` (walkers per hour), weekly (walkers a week), index_100 (0-100, share of the
    known street length that is less walked), rank (1 the busiest). NA where not known.
    """
    named = {p.code: p for p in purposes if p.code in loads}
    factor = {code: (coefficients or {}).get(code, 1.0) for code in named}
    start = np.full(len(loads), 0.0 if named else np.nan)  # nothing known of any purpose: NA
    table, weekly = {}, start
    for slot, day, period in slots():
        walked = start.copy()
        for code, purpose in named.items():
            walked += loads[code].to_numpy(float) * factor[code] * walks_in(purpose, day, period)
        table[slot] = walked / period.hours
        weekly = weekly + walked * day.days
    passage = pd.DataFrame(table, index=loads.index).assign(**{WEEKLY: weekly})
    index = relative_index(passage[WEEKLY], length_m.reindex(passage.index))
    rank = passage[WEEKLY].rank(method="min", ascending=False).astype("Int64")
    return passage.assign(**{INDEX: index, RANK: rank})


def relative_index(values: pd.Series, length_m: pd.Series) -> pd.Series:
    """
    Return 0-100: the share of the known street length that is less walked than each segment.

    100 for the busiest, 0 when none is less walked; NA where `values` is. `length_m`: metres.
    """
    known = values.dropna().sort_values()
    metres = length_m.reindex(known.index).to_numpy(float)
    below = np.append(0.0, np.cumsum(metres))
    first = np.searchsorted(known.to_numpy(), known.to_numpy(), side="left")
    less = below[first]
    most = less.max(initial=0.0)
    return pd.Series(100 * less / most if most > 0 else less, index=known.index).reindex(
        values.index
    )


def day_type(on: date, *, holiday: bool = False) -> str:
    """Return the code of `walking.DAY_TYPES` of a day; a public holiday counts as a Sunday."""
    week = ("semaine", "semaine", "mercredi", "semaine", "semaine", "samedi", "dimanche")
    return "dimanche" if holiday else week[on.weekday()]


def street_values(passage: pd.DataFrame, day: str, start_min: int, end_min: int) -> pd.Series:
    """
    Return walkers per hour on each segment between two times of a day, for whoever values streets.

    `passage` is the table of `passage_table`, `day` a code of `walking.DAY_TYPES`, times are
    minutes after midnight. Periods weigh by the minutes they share with the span; what falls
    outside all of them (before 7 h, after 19 h 30) is not described: only the rest is averaged,
    and all is NA when nothing is left. Raises WrongUsage for an unknown day or an empty span.
    """
    if day not in {d.code for d in DAY_TYPES} or end_min <= start_min:
        raise WrongUsage("Passage : le jour n'est pas connu, ou l'heure de fin précède le début.")
    shared = [max(min(end_min, p.end_min) - max(start_min, p.start_min), 0) for p in PERIODS]
    total = sum(shared)
    values = sum(passage[f"{day}_{p.code}"] * m for p, m in zip(PERIODS, shared, strict=True))
    named = pd.Series(values, index=passage.index, name="walkers_per_hour", dtype="float64")
    return named / total if total else named * np.nan


def _drawing(purpose: Purpose, attractors: pd.DataFrame, lived: pd.DataFrame) -> pd.DataFrame:
    """Return node and weight of what draws for a purpose, one row a node."""
    share = attractors["kind"].map(dict(purpose.attraction)).fillna(0.0).astype(float)
    weight = share * attractors["weight"].astype(float)
    rows = pd.DataFrame({"node": attractors["node"].astype("int64"), "weight": weight})
    rows = rows[(rows["weight"] > 0) & (rows["node"] >= 0)]
    if RESIDENTS in purpose.attraction:
        visited = doors(lived)
        rows = pd.concat([rows, visited.astype({"node": "int64"})])
    return rows.sort_values(["node", "weight"]).groupby("node", as_index=False)["weight"].sum()
