"""Lower bounds of a p-median by prices on demands: Lagrangian relaxation, volume algorithm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from territory.analysis.siting.median_kernel import site_worth

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.siting.median_record import Record

FREE, OPEN, SHUT = 0, 1, -1
FLAT = 1e-4  # a step this small climbs no more
PATIENCE = 20  # rounds without gain before the step shrinks


class Priceable(Protocol):
    """Candidates of which `p` are chosen, once they can say what they earn at given prices."""

    @property
    def p(self) -> int:
        """How many are chosen."""

    def worth(self, prices: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return at least what each candidate [a] can earn at `prices` [demand]."""

    def served(self, chosen: NDArray[np.int64], prices: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how many `chosen` sites serve each demand [demand] for that."""


@dataclass(frozen=True, slots=True)
class Ground:
    """
    The candidates still in question, `names` [a] their positions in the reduced problem.

    `table` [a, demand] is their weighted cost; `nearest`, `costs` [demand, a] sort them by growing
    cost for each demand, the first `reach` [demand] allowed. `p` of them are chosen.
    """

    names: NDArray[np.int64]
    table: NDArray[np.float64]
    nearest: NDArray[np.int32]
    costs: NDArray[np.float64]
    reach: NDArray[np.int32]
    p: int

    @classmethod
    def of(cls, table: NDArray[np.float64], names: NDArray[np.int64], p: int) -> Ground:
        """Sort the candidates `names` [a] of `table` [candidates, demand]."""
        part = np.ascontiguousarray(table[names])
        order = np.empty(part.T.shape, np.int32)
        for i, row in enumerate(np.ascontiguousarray(part.T)):
            order[i] = np.argsort(row)
        costs = np.take_along_axis(part.T, order, axis=1)
        return cls(names, part, order, costs, np.isfinite(costs).sum(axis=1).astype(np.int32), p)

    def worth(self, prices: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what each candidate [a] earns when every demand pays up to its price [demand]."""
        worth = np.empty(len(self.names))
        site_worth(self.nearest, self.costs, self.reach, prices, worth)
        return worth

    def served(self, chosen: NDArray[np.int64], prices: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how many of the `chosen` [p] sites serve each demand at its price [demand]."""
        return np.asarray((self.table[chosen] < prices).sum(axis=0), dtype=float)

    def first_prices(self) -> NDArray[np.float64]:
        """Return prices [demand] to begin with: the cost of half of a p-th of the candidates."""
        rank = np.minimum(max(1, len(self.names) // self.p // 2), self.reach - 1)
        return self.costs[np.arange(len(rank)), rank]


@dataclass(frozen=True, slots=True)
class Priced:
    """
    The relaxed problem at some `prices` [demand]: its value, a bound; the `worth` [a] of each site.

    `chosen` [p] are the sites it opens; `last_in` and `first_out` the worth of the last free site
    opened and of the first one left out.
    """

    bound: float
    prices: NDArray[np.float64]
    worth: NDArray[np.float64]
    chosen: NDArray[np.int64]
    last_in: float
    first_out: float

    def fixed(self, state: NDArray[np.int8], goal: float) -> NDArray[np.int8]:
        """Return `state` [a] with the free sites that no choice within `goal` opens, or shuts."""
        state = state.copy()
        free = state == FREE
        inside = np.zeros(len(state), bool)
        inside[self.chosen] = True
        state[free & ~inside & (self.bound + self.last_in - self.worth > goal)] = SHUT
        state[free & inside & (self.bound + self.worth - self.first_out > goal)] = OPEN
        return state


def priced(ground: Priceable, prices: NDArray[np.float64], state: NDArray[np.int8]) -> Priced:
    """
    Relax « every demand is served once » at `prices` [demand]: the `p` sites worth most.

    `state` [a] says which must be open or shut (Cornuéjols, Fisher, Nemhauser 1977).
    """
    worth = ground.worth(prices)
    held, free = np.flatnonzero(state == OPEN), np.flatnonzero(state == FREE)
    count = ground.p - len(held)
    order = free[np.argsort(-worth[free], kind="stable")]
    chosen = np.r_[held, order[:count]]
    last = float(worth[order[count - 1]]) if count else np.inf
    after = float(worth[order[count]]) if count < len(order) else -np.inf
    return Priced(float(prices.sum() - worth[chosen].sum()), prices, worth, chosen, last, after)


@dataclass(slots=True)
class Ascent:
    """
    Where a climb stands: the best prices, the mean answer so far, the length of a step.

    `served` [demand] and `opened` [a] are means: the fractional answer.
    """

    best: Priced
    served: NDArray[np.float64]
    opened: NDArray[np.float64]
    scale: float
    idle: int = 0

    @classmethod
    def at(cls, ground: Priceable, now: Priced, scale: float) -> Ascent:
        """Begin at an answer of the relaxed problem."""
        return cls(now, ground.served(now.chosen, now.prices), _opened(now), scale)

    def step_to(self, goal: float) -> NDArray[np.float64] | None:
        """Return the next prices [demand] to try, None at a proven summit."""
        slope = 1.0 - self.served
        size = float(slope @ slope)
        length = self.scale * max(goal - self.best.bound, 1e-6 * abs(goal)) / max(size, FLAT**2)
        return None if size < FLAT**2 else np.maximum(self.best.prices + length * slope, 0.0)

    def learn(self, ground: Priceable, now: Priced) -> None:
        """Mix an answer into the mean one; move there when it is better; adapt the step."""
        served = ground.served(now.chosen, now.prices)
        old, new = 1.0 - self.served, 1.0 - served
        apart = old - new
        share = min(max(float(old @ apart) / max(float(apart @ apart), FLAT), 0.01), 0.1)
        self.served += share * (served - self.served)
        self.opened += share * (_opened(now) - self.opened)
        if now.bound > self.best.bound:
            self.scale = min(self.scale * (1.5 if new @ old > 0 else 1.05), 2.0)
            self.best, self.idle = now, 0
            return
        self.idle += 1
        if self.idle >= PATIENCE:
            self.scale, self.idle = self.scale * 0.67, 0


def climb(
    search: Record, ground: Priceable, state: NDArray[np.int8], prices: NDArray[np.float64],
    rounds: int, scale: float = 1.0,
) -> Ascent:  # fmt: skip
    """
    Raise the bound over `prices` [demand] for `rounds` rounds (volume: Barahona, Anbil 2000).

    `state` [a]; ends early when the bound passes the goal of the search, or with the clock.
    """
    at = Ascent.at(ground, priced(ground, prices, state), scale)
    for _ in range(rounds):
        known = np.isfinite(search.value)
        target = search.value if known else 1.05 * abs(at.best.bound) + 1.0
        prices_now = at.step_to(target)
        if prices_now is None or at.best.bound > search.goal or search.late or at.scale < FLAT:
            break
        at.learn(ground, priced(ground, prices_now, state))
    return at


def _opened(now: Priced) -> NDArray[np.float64]:
    opened = np.zeros(len(now.worth))
    opened[now.chosen] = 1.0
    return opened
