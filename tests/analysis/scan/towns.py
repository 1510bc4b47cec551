"""A square town of cells, with walks in straight lines and one permanence in a corner."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Town:
    """Walks [n, n] and to the permanence [n], minutes; need [n]."""

    minutes: np.ndarray
    walk: np.ndarray
    need: np.ndarray

    def around(self, cell: int, limit_min: float) -> np.ndarray:
        """Return the cells within `limit_min` of one."""
        return np.flatnonzero(self.minutes[cell] <= limit_min)


def town(side: int = 14, seed: int = 1) -> Town:
    """Return a town of side x side cells of 200 m."""
    random, at = np.random.default_rng(seed), np.arange(side) * 200.0
    x, y = (a.ravel() for a in np.meshgrid(at, at))
    minutes = np.hypot(x[:, None] - x, y[:, None] - y) * 1.2 / 75
    return Town(minutes, minutes[0], random.gamma(3.0, 10.0, side * side))


def counts(place: Town, rates: np.ndarray, *, total: int, of_cell: float, seed: int) -> np.ndarray:
    """Return contacts [n]: `rates` x need, cells varying by a gamma, `total` on average."""
    random = np.random.default_rng(seed)
    varied = random.gamma(1 / of_cell, of_cell, len(place.need)) if of_cell else 1.0
    fitted = place.need * rates * varied
    return random.poisson(total * fitted / fitted.sum())
