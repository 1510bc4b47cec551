"""
One route found from above: prices on places, what may still be had from each, beams, a proof.

A cheap dynamic programme is run under prices that make visiting a place twice useless (Lagrangian
relaxation of « once at most », subgradient steps of Polyak 1969). What it says can still be had from
a place guides a beam of labels, from the front or from the back; and labels that keep more and more
in memory (ng-routes, then all) bound the answer, until none is left that could be better.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from territory.analysis.routing.orienteering_label_kernel import (
    NOTHING,
    Line,
    Shelf,
    gathered,
    spread,
)
from territory.analysis.routing.orienteering_sweep_kernel import sweep

if TYPE_CHECKING:
    from territory.analysis.routing.orienteering_problem import Asked, Ints, Route

Reals = NDArray[np.float64]
SLICES = 500
NEAR = 20  # places remembered by the sweep
LADDER = (8, 12, 20, 32)  # places remembered by the passes of the proof
HOPE = 0.95  # beams leave what looks worse than this share of the best
STALL = 5  # passes without a better bound before smaller steps
SURE = 1e-6


class Guide:
    """The prices of the places, and the searches that use them; routes as tuples of places."""

    def __init__(self, asked: Asked, seed: int, labels: int = 400_000) -> None:
        self.asked, self.draw = asked, np.random.default_rng(seed)
        self.prize = asked.prize.astype(float)
        self.price, self.step, self.low = np.zeros_like(self.prize), 1.0, np.inf
        self.lines = _forward(asked), _backward(asked)
        self.masks = _masks(asked, NEAR)
        self.shelf = _shelf(labels, self.masks.shape[1])
        self.passes = 0

    def tune(self, passes: int, best: float) -> None:
        """Move the prices `passes` times towards those under which routes repeat nothing."""
        kept, stalled = self.price, 0
        route = np.zeros(SLICES, np.int64)
        for _ in range(passes):
            line = self._line(self.passes % 2, self.masks)
            self.passes += 1
            most, size = sweep(line, self.prize - self.price, self._reach(), route)
            low = most + self.price.sum()
            slope = 1.0 - np.bincount(route[:size], minlength=len(self.prize))
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

    def beam(self, width: int, best: int, flag: Ints, *, backward: bool) -> Route:
        """Return the best route of a beam of `width` labels a slice of time; () : none."""
        red = self.prize - self.price
        rest = self._reach()
        sweep(self._line(not backward, self.masks), red, rest, np.zeros(SLICES, np.int64))
        line = self._line(backward, np.full_like(self.masks, -1))
        floor = HOPE * best - self.price.sum()
        x, _, _, _ = spread(
            line, self.prize, red, rest, floor, -1.0, width, True, self.shelf, self._reach(), flag
        )
        return self._route(x, backward)

    def prove(self, best: int, flag: Ints) -> tuple[Route, bool]:
        """
        Look for a route better than `best` until none can be left; return (it or (), proved).

        Not proved when the flag was raised or too many labels were needed.
        """
        red, rest = self.prize - self.price, np.full((len(self.prize), SLICES), 1e18)
        want = best + self.asked.step - SURE
        floor, backward = NOTHING, False
        for near in LADDER:
            reach = self._reach()
            line = self._line(backward, _masks(self.asked, near))
            x, most, _, ended = spread(
                line, red, red, rest, floor, -1.0, 0, True, self.shelf, reach, flag
            )
            if ended > 0:
                return (), False
            if x < 0 or most + self.price.sum() < want:
                return (), True
            gathered(reach)
            rest, floor, backward = reach, want - self.price.sum(), not backward
        line = self._line(backward, np.full_like(self.masks, -1))
        lift = self.asked.step - SURE - self.price.sum()
        x, most, _, ended = spread(
            line, self.prize, red, rest, floor, lift, 0, True, self.shelf, self._reach(), flag
        )
        return self._route(x, backward) if most > best else (), ended == 0

    def _line(self, backward: bool | int, masks: Ints) -> Line:  # noqa: FBT001
        return self.lines[int(backward)]._replace(masks=masks)

    def _reach(self) -> Reals:
        return np.full((len(self.prize), SLICES), NOTHING)

    def _route(self, x: int, backward: bool) -> Route:  # noqa: FBT001
        """Return the places of label `x` in the order of the day."""
        back = []
        while x > 0:
            back.append(int(self.shelf.node[x]))
            x = int(self.shelf.parent[x])
        return tuple(back if backward else back[::-1])


def _forward(asked: Asked) -> Line:
    none = np.zeros((0, 0), np.int64)
    return Line(
        asked.go, asked.soonest, asked.opens, asked.closes, asked.start, asked.end, asked.finish,
        asked.place, none,
    )  # fmt: skip


def _backward(asked: Asked) -> Line:
    """Return the same problem with time and ways turned round."""
    none = np.zeros((0, 0), np.int64)
    go, soonest = (np.ascontiguousarray(x.T) for x in (asked.go, asked.soonest))
    return Line(
        go, soonest, asked.finish - asked.closes, asked.finish - asked.opens, asked.end,
        asked.start, asked.finish, asked.place, none,
    )  # fmt: skip


def _masks(asked: Asked, near: int) -> Ints:
    """Return the places remembered at each, itself and the `near` nearest, as bits [n, words]."""
    n, place = len(asked.prize), asked.place
    bits = np.zeros((n, (n + 63) // 64), np.uint64)
    apart = (asked.soonest + asked.soonest.T)[:, place]
    order = place[np.argsort(apart, axis=1, kind="stable")[:, : near + 1]]
    for v in place:
        for u in {int(v), *order[v].tolist()}:
            bits[v, u >> 6] |= np.uint64(1 << (u & 63))
    return bits.view(np.int64)


def _shelf(labels: int, words: int) -> Shelf:
    short, long = np.zeros((3, labels), np.int32), np.zeros(labels, np.int64)
    reals = np.zeros((2, labels))
    memory = np.zeros((labels, words), np.int64)
    return Shelf(short[0], long, reals[0], reals[1], short[1], short[2], memory)
