"""What a search of sites has found so far, and when it must stop."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOTHING = 1e-300  # nothing is better than free
TINY = 1e-9  # relative: two objectives nearer than this are one


class Record:
    """
    The best choice so far, kept whatever happens.

    `sites` are candidate positions (None while no choice serves every demand), `value` their
    objective, `bound` the best proven lower one, `step` what every objective is a multiple of (0:
    nothing known), `until` the end of the clock.
    """

    def __init__(self, step: float, until: float) -> None:
        self.step, self.until = step, until
        self.sites: NDArray[np.int32] | None = None
        self.value, self.bound = np.inf, 0.0

    @property
    def late(self) -> bool:
        """Whether the clock has run out."""
        return time.perf_counter() >= self.until

    @property
    def left_s(self) -> float:
        """Seconds left on the clock."""
        return max(self.until - time.perf_counter(), 0.0)

    @property
    def goal(self) -> float:
        """What a better choice costs at most: a part of the search above it may be left out."""
        step = self.step
        return self.value - (step * (1 - 1e-6) if step else TINY * abs(self.value) + NOTHING)

    @property
    def proved(self) -> bool:
        """Whether no choice can be better than the one held."""
        return self.bound > self.goal

    def raise_bound(self, bound: float) -> None:
        """Keep a proven lower bound, rounded up to a value that the objective can have."""
        step = self.step
        if step:
            bound = step * float(np.ceil(bound / step - 1e-6))
        self.bound = max(self.bound, min(bound, self.value))
