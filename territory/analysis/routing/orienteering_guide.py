"""
One route found from above: prices on places, what may still be had from each, beams, a proof.

A cheap dynamic programme is run under prices that make visiting a place twice useless (Lagrangian
relaxation of « once at most », subgradient steps of Polyak 1969). What it says can still be had
from a place guides a beam of labels, from the front or from the back; and labels that keep more
and more in memory (ng-routes, then all) bound the answer, until none is left that could be better.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from territory.analysis.routing.orienteering_label_kernel import (
    NOTHING,
    PARENT,
    PLACE,
    spread,
)
from territory.analysis.routing.orienteering_sweep_kernel import sweep

if TYPE_CHECKING:
    from territory.analysis.routing.orienteering_problem import Asked, Ints, Route

Reals = NDArray[np.float64]
Line = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
LABELS = 400_000  # room for labels at first
ALL = 1 << 30  # near: every place is remembered
SLICES = 500
NEAR = 20  # places remembered by the sweep
LADDER = (8, 12, 20, 32)  # places remembered by the passes of the proof
HOPE = 0.95  # beams leave what looks worse than this share of the best
STALL = 5  # passes without a better bound before smaller steps
SURE = 1e-6


class Guide:
    """The prices of the places, and the searches that use them; routes as tuples of places."""

    def __init__(self, asked: Asked, seed: int, flag: Ints) -> None:
        self.asked, self.draw = asked, np.random.default_rng(seed)
        self.prize = asked.prize.astype(float)
        self.price, self.step, self.low = np.zeros_like(self.prize), 1.0, np.inf
        self.lines = _forward(asked), _backward(asked)
        self.masks = masks(asked, NEAR)
        self.flag = flag  # [1 + BINS] raised to stop; then room to work
        self.passes = 0
        self.room(LABELS)

    def room(self, labels: int) -> None:
        """Make room for so many labels."""
        self.labels = (
            np.zeros((labels, 3), np.int32), np.zeros(labels, np.int64), np.zeros((labels, 2)),
            np.zeros((labels, self.masks.shape[1]), np.int64),
        )  # fmt: skip

    def tune(self, passes: int, best: float) -> None:
        """Move the prices `passes` times towards those under which routes repeat nothing."""
        kept, stalled = self.price, 0
        for _ in range(passes):
            low, count, _ = self._swept(backward=bool(self.passes % 2))
            self.passes += 1
            slope = 1.0 - count
            if low < self.low - SURE:
                self.low, kept, stalled = low, self.price, 0
            else:
                stalled += 1
                if stalled % STALL == 0:
                    self.step, self.price = 0.7 * self.step, kept
            slope[(self.price <= 0) & (slope > 0)] = 0.0
            if not slope.any():
                break
            length = self.step * max(low - 0.98 * best, 1.0) / (slope @ slope)
            self.price = np.maximum(self.price - length * slope, 0.0)
        self.price = kept

    def shake(self) -> None:
        """Blur the prices, so that the next beams look elsewhere."""
        self.price = self.price * self.draw.uniform(0.7, 1.3, len(self.price))
        self.step, self.low = 0.5, np.inf

    def beam(self, width: int, best: int, *, backward: bool) -> Route:
        """Return the best route of a beam of `width` labels a slice of time; () : none."""
        _, _, rest = self._swept(backward=not backward)
        gains = np.stack([self.prize, self.prize - self.price])
        floor = HOPE * best - self.price.sum()
        x, _, _, _ = self._spread(backward, ALL, gains, rest, (floor, NOTHING, width))
        return self._route(x, backward)

    def prove(self, best: int) -> tuple[Route, bool]:
        """
        Look for a route better than `best` until none can be left; return (it or (), proved).

        Not proved when the flag was raised or too many labels were needed.
        """
        red, rest = self.prize - self.price, np.full((len(self.prize), SLICES), 1e18)
        want, paid = best + self.asked.step - SURE, float(self.price.sum())
        floor, backward = NOTHING, False
        for near in LADDER:
            limits = floor, NOTHING, 0
            x, most, ended, reach = self._spread(backward, near, np.stack([red, red]), rest, limits)
            if ended > 0:
                return (), False
            if most + paid < want:
                return (), True
            rest, floor, backward = reach, want - paid, not backward
        limits = floor, self.asked.step - SURE - paid, 0
        gains = np.stack([self.prize, red])
        x, most, ended, _ = self._spread(backward, ALL, gains, rest, limits)
        return self._route(x, backward) if most > best else (), ended == 0

    def _swept(self, *, backward: bool) -> tuple[float, Reals, Reals]:
        """Return what a sweep gathers at most, how often it visits places [n], what it reaches."""
        n, words = self.masks.shape
        held, top = np.full((SLICES, n), NOTHING), np.full(n, NOTHING)
        label = np.zeros((SLICES, n, 2), np.int64)
        memory = np.empty((SLICES, n, words), np.int64)
        red = self.prize - self.price
        last = sweep(*self.lines[backward], self.masks, red, held, label, memory, top)
        most = held.flat[last - 1] if last else 0.0
        count = np.zeros(n)
        while last:
            count[(last - 1) % n] += 1
            last = label[(last - 1) // n, (last - 1) % n, 1]
        reach = np.maximum.accumulate(held.T - red[:, None], axis=1)
        return float(most + self.price.sum()), count, np.ascontiguousarray(reach)

    def _spread(
        self, backward: bool, near: int, gains: Reals, rest: Reals,  # noqa: FBT001
        limits: tuple[float, float, int],
    ) -> tuple[int, float, int, Reals]:  # fmt: skip
        """Spread labels under `limits` (floor, lift, width); see `spread`."""
        reach = np.full_like(rest, NOTHING)
        heads, closed = np.full(SLICES, -1, np.int32), np.full(len(rest), -1, np.int32)
        link, when, worth, memory = self.labels
        x, most, ended = spread(
            *self.lines[backward], masks(self.asked, near), gains, rest, reach, *limits, heads,
            closed, link, when, worth, memory, self.flag,
        )  # fmt: skip
        return x, most, ended, np.ascontiguousarray(np.maximum.accumulate(reach, axis=1))

    def _route(self, x: int, backward: bool) -> Route:  # noqa: FBT001
        """Return the places of label `x` in the order of the day."""
        back, link = [], self.labels[0]
        while x > 0:
            back.append(int(link[x, PLACE]))
            x = int(link[x, PARENT])
        return tuple(back if backward else back[::-1])


def _forward(asked: Asked) -> Line:
    return (
        np.stack([asked.go, asked.soonest]), np.stack([asked.opens, asked.closes]),
        np.array([asked.start, asked.end, asked.finish]), asked.place,
    )  # fmt: skip


def _backward(asked: Asked) -> Line:
    """Return the same problem with time and ways turned round."""
    return (
        np.ascontiguousarray(np.stack([asked.go.T, asked.soonest.T])),
        np.stack([asked.finish - asked.closes, asked.finish - asked.opens]),
        np.array([asked.end, asked.start, asked.finish]), asked.place,
    )  # fmt: skip


def masks(asked: Asked, near: int) -> Ints:
    """Return the places remembered at each, itself and the `near` nearest, as bits [n, words]."""
    n, place = len(asked.prize), asked.place
    apart = (asked.soonest + asked.soonest.T)[:, place]
    order = place[np.argsort(apart, axis=1, kind="stable")[:, : near + 1]]
    seen = np.zeros((n, -(-n // 64) * 64), bool)
    np.put_along_axis(seen, order, values=True, axis=1)
    seen[place, place] = True
    return np.ascontiguousarray(np.packbits(seen, axis=1, bitorder="little")).view(np.int64)
