"""Small towns drawn by lot: people, places, half-days, rules; and the judge that tries all."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.analysis.siting.slot_problem import (
    SlotLimits,
    SlotProblem,
    attendance,
    broken,
    rules_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def drawn_town(
    seed: int, *, rows: int = 25, places: int = 6, slots: int = 2, share: float = 0.8
) -> SlotProblem:
    """Return a problem of places x slots options, some shut; capacities bind here and there."""
    draw = np.random.default_rng(seed)
    spots, doors = draw.uniform(0, 2000, (rows, 2)), draw.uniform(0, 2000, (places, 2))
    minutes = np.abs(spots[:, None] - doors[None]).sum(axis=2) / 75
    open_ = draw.random((places, slots)) < share
    open_[0, 0] = True
    place, slot = np.nonzero(open_)
    near = np.where(minutes <= 25, np.exp(-np.log(2) * (minutes / 10) ** 2), 0.0)
    pull = near[:, place] * draw.uniform(0.5, 2.0, (places, slots))[place, slot]
    n = len(place)
    none = np.zeros(n, bool)
    return SlotProblem(
        weights=draw.gamma(2.0, 2.0, rows),
        pull=sp.csc_matrix(pull),
        outside=np.full(rows, draw.choice([0.5, 2.0, 8.0])),
        place=place,
        slot=slot,
        hours=draw.choice([3.0, 3.5, 4.0], n),
        capacity=draw.uniform(3.0, 12.0, n),
        least=np.zeros(n),
        present=none,
        fixed=none,
        forbidden=none,
        limits=SlotLimits(hours=11.0, at_once=np.full(slots, 2.0), in_place=2),
    )


def market_town(*, market_pull: float, fixed: tuple[int, ...] = ()) -> SlotProblem:
    """Return three places in a row, mornings and afternoons; the second has a market (slot 0)."""
    near = np.array([[1.0, 0.3, 0.0], [0.3, 1.0, 0.3], [0.0, 0.3, 1.0]])
    place, slot = np.repeat(np.arange(3), 2), np.tile(np.arange(2), 3)
    pull = near[:, place]
    pull[:, 2] *= market_pull
    none = np.zeros(6, bool)
    return SlotProblem(
        weights=np.array([10.0, 9.0, 10.0]),
        pull=sp.csc_matrix(pull),
        outside=np.full(3, 2.0),
        place=place,
        slot=slot,
        hours=np.full(6, 3.0),
        capacity=np.full(6, 50.0),
        least=np.zeros(6),
        present=none,
        fixed=np.isin(np.arange(6), fixed),
        forbidden=none,
        limits=SlotLimits(opened=1.0 + len(fixed)),
    )


def every_choice(problem: SlotProblem) -> Iterator[tuple[tuple[int, ...], float]]:
    """Yield each choice that keeps every rule, and what it brings."""
    rules = rules_of(problem)
    free = np.flatnonzero(~problem.fixed & ~problem.forbidden)
    must = tuple(int(k) for k in np.flatnonzero(problem.fixed))
    asked = replace(problem, least=np.where(problem.fixed, 0.0, problem.least))
    for size in range(len(free) + 1):
        some = False
        for more in combinations(free.tolist(), size):
            chosen = tuple(sorted(must + more))
            over, missed = broken(rules, chosen)
            some = some or not over
            found = attendance(asked, chosen)
            if not over and not missed and not found.short:
                yield chosen, found.total
        if not some:
            return


def best_by_trying(problem: SlotProblem) -> tuple[tuple[int, ...], float] | None:
    """Return the best of `every_choice`, None when there is none."""
    return max(every_choice(problem), key=lambda c: (c[1], c[0]), default=None)
