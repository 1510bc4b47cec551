"""
Loads of streets from a sample of roots, with the error they carry.

Roots are drawn in proportion to their trips: laid end to end along a curve of the plane, trips are
cut into equal strata, and two of each are drawn (stratified sampling with replacement, Cochran
1977, 5.5 and 9A). The load is unbiased; its variance is the sum over strata of half the squared
difference of the two draws; its freedom is Satterthwaite's (1946), for a Student interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from territory.errors import WrongUsage
from territory.network.curve import along_a_curve
from territory.network.flow import (
    BLOCKS,
    both_ways,
    demand_of,
    in_turn,
    loads_by_block,
    microseconds,
    slices,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from scipy import sparse

    from territory.network.flow import Demand
    from territory.network.graph import WalkGraph

_FIRST = 64  # draws, when their number is not said
_BUSY = 0.1  # share of the loaded streets, the busiest, on which the wanted error is judged


@dataclass(frozen=True, slots=True, eq=False)
class SampledFlows:
    """
    Loads per street with their errors, in trips.

    `load`, `error` (standard error) and `freedom` are [streets]. `draws` is 0 when every root was
    searched: loads are then exact, errors 0. `trips` are all trips asked for.
    """

    load: NDArray[np.float64]
    error: NDArray[np.float64]
    freedom: NDArray[np.float64]
    draws: int
    trips: float

    def within(self, level: float = 0.95) -> NDArray[np.float64]:
        """
        Return half the width of the Student interval of each street, [streets].

        About right for busy streets; a street that the draws hardly met is under-estimated: for
        those, `bound`.
        """
        width: NDArray[np.float64] = self.error * special.stdtrit(self.freedom, (1 + level) / 2)
        return width

    def bound(self, level: float = 0.95) -> float:
        """
        Return how far, in trips, the load of any given street can be, whatever its loads are.

        Hoeffding (1963): each draw brings between 0 and trips / draws.
        """
        if not self.draws:
            return 0.0
        return float(self.trips * np.sqrt(np.log(2 / (1 - level)) / (2 * self.draws)))

    def relative_error(self) -> float:
        """
        Return the root mean square of error / load over the busiest tenth of loaded streets.

        NaN when no street is loaded.
        """
        loaded = np.flatnonzero(self.load > 0)
        if not len(loaded):
            return float("nan")
        busy = loaded[np.argsort(-self.load[loaded], kind="stable")]
        busy = busy[: max(round(_BUSY * len(loaded)), 1)]
        return float(np.sqrt(np.mean((self.error[busy] / self.load[busy]) ** 2)))


def sampled_flows(  # noqa: PLR0913 - what walks, how far, and how sure one wants to be
    graph: WalkGraph,
    origins: ArrayLike,
    destinations: ArrayLike,
    trips: ArrayLike | sparse.sparray,
    *,
    wanted_error: float = 0.05,
    draws: int | None = None,
    limit_s: float | None = None,
    streets: NDArray[np.int64] | None = None,
    seed: int = 0,
) -> SampledFlows:
    """
    Return the loads of `trips` [origins, destinations] on `streets`, from a sample of roots.

    `streets` [m] says which street each arc of `graph.matrix` belongs to, -1 for none (default:
    each arc is one); both directions of a street add up. The number of draws is `draws`, an even
    one, or 64, doubled (and all drawn anew) until `relative_error` is `wanted_error` or less; when
    that would take most of the roots, all are searched and the loads are exact.
    `limit_s` is seconds. Raises UnknownNode, WrongUsage.
    """
    demand = demand_of(graph, origins, destinations, trips)
    which = np.arange(graph.matrix.nnz) if streets is None else streets
    if not wanted_error > 0 or (draws is not None and (draws <= 0 or draws % 2)):
        raise WrongUsage(
            "Passage : l'erreur voulue doit être positive, le nombre de tirages pair, 2 au moins."
        )
    random = np.random.default_rng(seed)
    roots, many = len(demand.roots), draws or _FIRST
    while many < roots:
        drawn = _drawn(graph, demand, many, random)
        found = _sampled(graph, demand, which, limit_s, drawn)
        missed = found.relative_error() / wanted_error
        if draws is not None or missed <= 1:
            return found
        if many * missed > roots / 2:  # too many, even if errors shrank as one over the draws
            break
        many *= 2
    return _every(graph, demand, which, limit_s)


def _drawn(
    graph: WalkGraph, demand: Demand, draws: int, random: np.random.Generator
) -> NDArray[np.int64]:
    """Return the position of the root of each draw, two a stratum, along the curve."""
    rank = np.empty(graph.n, np.int64)
    rank[along_a_curve(graph.x, graph.y)] = np.arange(graph.n)
    order = np.argsort(rank[demand.roots])
    ends = np.cumsum(demand.root_trips[order])
    strata = draws // 2
    spots = (np.arange(strata)[:, None] + np.sort(random.random((strata, 2)))) / strata * ends[-1]
    found = np.searchsorted(ends, spots.ravel(), side="right")
    drawn: NDArray[np.int64] = order[np.minimum(found, len(order) - 1)]
    return drawn


def _sampled(
    graph: WalkGraph,
    demand: Demand,
    streets: NDArray[np.int64],
    limit_s: float | None,
    drawn: NDArray[np.int64],
) -> SampledFlows:
    """Search the roots drawn, by fixed blocks of strata summed in order."""
    from territory.network.flow_kernel import sampled_strata  # noqa: PLC0415 - loads numba

    place, out, (start, tail, length, which) = both_ways(graph, from_ends=demand.from_ends)
    count, total = _count(streets), float(demand.trips.sum())
    loaded = np.where(streets < 0, count, streets)[which]  # the last, dropped, is no street
    back = (start, tail, length, loaded)
    step = 2 * total / len(drawn)

    def block(pairs: NDArray[np.int64]) -> NDArray[np.float64]:
        draws = pairs.ravel()
        roots, at = _runs(draws)
        first, ends, trips = slices(demand, roots)
        shares = trips / np.repeat(np.add.reduceat(trips, first[:-1]), np.diff(first))
        sums = np.zeros((3, count + 1))
        sampled_strata(
            out, back, place[demand.roots[roots]], first, place[ends], shares, at,
            microseconds(limit_s), step, *sums,
        )  # fmt: skip
        return sums[:, :count]

    strata = [p for p in np.array_split(drawn.reshape(-1, 2), BLOCKS) if len(p)]
    sums = np.zeros((3, count))
    for part in in_turn(block, strata):
        sums += part
    load, variance, square = sums
    freedom = np.maximum(variance**2 / np.where(square > 0, square, 1.0), 1.0)
    return SampledFlows(load, np.sqrt(variance), freedom, len(drawn), total)


def _runs(draws: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the roots drawn, each once in turn, and the position among them of each draw."""
    new = np.append(True, draws[1:] != draws[:-1])
    return draws[new], np.cumsum(new) - 1


def _every(
    graph: WalkGraph, demand: Demand, streets: NDArray[np.int64], limit_s: float | None
) -> SampledFlows:
    blocks = np.array_split(np.arange(len(demand.roots)), BLOCKS)
    load = np.zeros(_count(streets))
    for arcs, _, _ in loads_by_block(graph, demand, blocks, limit_s):
        load += _by_street(arcs, streets)
    none = np.zeros(len(load))
    return SampledFlows(load, none, none + 1.0, 0, float(demand.trips.sum()))


def _by_street(arcs: NDArray[np.float64], streets: NDArray[np.int64]) -> NDArray[np.float64]:
    known = streets >= 0
    return np.bincount(streets[known], arcs[known], minlength=_count(streets)).astype(np.float64)


def _count(streets: NDArray[np.int64]) -> int:
    return int(streets.max(initial=-1)) + 1
