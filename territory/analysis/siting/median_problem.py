"""A p-median as the searches want it: checked, weighted, without what cannot matter."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    from territory.model.results import Ending

PRECISE = 1e9  # relative, of the sums that put candidates and demands in an order of their own
SAME = 1e-12  # relative: the last digits of a product
WHOLE_UP_TO = 2.0**50  # sums of whole numbers below this are exact


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What was asked, checked: `weights` [demand], `cost` [demand, candidates], inf = not allowed.

    `fixed` and `forbidden` are sorted candidate positions without duplicates.
    """

    weights: NDArray[np.float64]
    cost: NDArray[np.float64]
    p: int
    fixed: tuple[int, ...]
    forbidden: tuple[int, ...]

    def served(
        self, chosen: tuple[int, ...], at: NDArray[np.int64] | None = None
    ) -> tuple[float, NDArray[np.int64]]:
        """
        Return the objective of sites, and the candidate serving each demand [demand] (-1 = none).

        Each goes to the nearest, but those for whom `at` [demand] says where.
        """
        if not chosen:
            return 0.0, np.full(len(self.weights), -1)
        sites = np.array(chosen, dtype=np.int64)
        places = sites[self.cost[:, sites].argmin(axis=1)]
        if at is not None:
            places = np.where(at >= 0, at, places)
        cost = self.cost[np.arange(len(places)), places]
        live = self.weights > 0
        served = np.where(np.isfinite(cost), places, -1)
        return float(self.weights[live] @ cost[live]), served

    @property
    def possible(self) -> bool:
        """Whether `p` candidates can be chosen at all, demands left aside."""
        left = self.cost.shape[1] - len(self.forbidden)
        return not set(self.fixed) & set(self.forbidden) and len(self.fixed) <= self.p <= left


@dataclass(frozen=True, slots=True)
class Answer:
    """Chosen positions as asked, a bound, the ending, and who goes where [demand] if it matters."""

    chosen: tuple[int, ...]
    bound: float
    ending: Ending
    at: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True)
class Median:
    """
    The reduced problem: choose `p` of the candidates, the first `fixed` of them included.

    `table` [candidates, demand] is weight x cost, inf = not allowed; identical demands are one
    column and those of weight zero none. `candidates` are their positions as asked. Every value of
    the objective is a multiple of `step` (0 when nothing is known of it).
    """

    table: NDArray[np.float64]
    p: int
    fixed: int
    candidates: NDArray[np.int64]
    step: float


def asked(
    weights: ArrayLike, cost: ArrayLike, p: int, fixed: Iterable[int], forbidden: Iterable[int]
) -> Asked:
    """
    Check a request; `weights` [demand], `cost` [demand, candidates].

    Raises WrongUsage for what makes no sense: shapes that differ, NaN, negative numbers, an
    infinite weight, a position outside the candidates.
    """
    loads, table = _numbers(weights, "Les poids"), _numbers(cost, "Les coûts")
    if table.size == 0 and loads.ndim == 1 and table.ndim <= 2:  # noqa: PLR2004 - [] has no columns
        table = table.reshape(len(loads), -1 if len(loads) else table.shape[-1] * (table.ndim - 1))
    if loads.ndim != 1 or table.ndim != 2 or len(loads) != len(table):  # noqa: PLR2004 - a matrix
        raise WrongUsage("Il faut une ligne de coûts par poids, une colonne par lieu candidat.")
    if np.isinf(loads).any():
        raise WrongUsage("Un poids est infini : un poids est un nombre de personnes.")
    count = table.shape[1]
    chosen = positions(fixed, count, "imposés"), positions(forbidden, count, "interdits")
    return Asked(loads, table, whole_number(p, "Le nombre de lieux"), *chosen)


def capacities(given: ArrayLike, candidates: int) -> NDArray[np.float64]:
    """
    Return the capacity of each candidate [candidates], `given` for all or for each.

    Raises WrongUsage when they are not known positive numbers, one for all or one a candidate.
    """
    try:
        room = np.broadcast_to(np.asarray(given, dtype=float), (candidates,)).copy()
    except (TypeError, ValueError):
        raise WrongUsage("Il faut une capacité pour tous, ou une par lieu candidat.") from None
    if np.isnan(room).any() or (room < 0).any():
        raise WrongUsage("Les capacités doivent être connues et positives ou nulles.")
    return room


def reduced(request: Asked) -> Median:
    """
    Return the smallest problem with the same answer, in an order that is its own.

    Candidates and demands are ordered by their sums of costs: the search then does the same
    whatever the order they were given in.
    """
    kept = np.setdiff1d(np.arange(request.cost.shape[1]), request.forbidden)
    live = request.weights > 0
    cost = request.cost[np.ix_(live, kept)]
    weights, cost = _merged(request.weights[live], cost)
    table = (cost * weights[:, None]).T
    held = np.isin(kept, request.fixed)
    candidates = np.lexsort((order_key(table), ~held))
    demands = np.lexsort((order_key(table.T), weights))
    table = snapped(np.ascontiguousarray(table[np.ix_(candidates, demands)]))
    return Median(table, request.p, int(held.sum()), kept[candidates], step_of(table))


def snapped(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return `table` [a, b] in whole numbers when it is that but for the last digits."""
    finite = np.isfinite(table)
    near = np.rint(table)
    apart = np.abs(np.where(finite, table, 0.0) - np.where(finite, near, 0.0))
    return near if (apart <= SAME * np.where(finite, near, 0.0)).all() else table


def step_of(table: NDArray[np.float64]) -> float:
    """Return the largest number of which every finite entry [a, b] is a multiple, 0 = unknown."""
    values = table[np.isfinite(table)]
    large = values.max(initial=0.0) * table.shape[1] > WHOLE_UP_TO
    if large or (values != np.rint(values)).any():
        return 0.0
    return float(np.gcd.reduce(np.unique(values.astype(np.int64))))


def _numbers(given: ArrayLike, what: str) -> NDArray[np.float64]:
    try:
        values = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise WrongUsage(f"{what} ne sont pas des nombres en tableau.") from None
    if np.isnan(values).any() or (values < 0).any():
        raise WrongUsage(f"{what} doivent être connus et positifs ou nuls.")
    return values


def whole_number(given: int, what: str) -> int:
    """Return `given`, called `what` in French; raises WrongUsage if it is no whole number >= 0."""
    try:
        value = operator.index(given)
    except TypeError:
        raise WrongUsage(f"{what} doit être un nombre entier.") from None
    if value < 0:
        raise WrongUsage(f"{what} ne peut pas être négatif.")
    return value


def positions(given: Iterable[int], count: int, what: str) -> tuple[int, ...]:
    """
    Return positions sorted, each once; `what` names them in French.

    Raises WrongUsage for what is no position among `count`.
    """
    found = sorted({whole_number(j, f"Le rang d'un des lieux {what}") for j in given})
    if found and found[-1] >= count:
        raise WrongUsage(f"Un des lieux {what} n'est pas parmi les {count} donnés.")
    return tuple(found)


def order_key(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum each row [a] of [a, b], rounded so that the order of its terms does not show."""
    finite = np.isfinite(table)
    sums = np.where(finite, table, 0.0).sum(axis=1)
    digits, power = np.frexp(sums)
    rounded = np.ldexp(np.rint(digits * PRECISE) / PRECISE, power)
    return np.asarray(rounded - (~finite).sum(axis=1) * (1.0 + sums.max(initial=0.0)))


def _merged(
    weights: NDArray[np.float64], cost: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Add up the weights of demands with the same costs; rows are compared by their bytes."""
    seen: dict[bytes, int] = {}
    rows = np.array([seen.setdefault(row.tobytes(), i) for i, row in enumerate(cost)], dtype=int)
    firsts, group = np.unique(rows, return_inverse=True)
    return np.bincount(group, weights, len(firsts)).astype(float), cost[firsts]
