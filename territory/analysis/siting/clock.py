"""How long a search may still take."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Clock:
    """`limit_s` seconds from now on, on the wall."""

    limit_s: float
    began: float = field(default_factory=time.perf_counter)

    @property
    def spent(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self.began

    @property
    def left(self) -> float:
        """Seconds left, 0 when it is up."""
        return max(self.limit_s - self.spent, 0.0)

    @property
    def up(self) -> bool:
        """Whether the time is over."""
        return self.spent >= self.limit_s

    def part(self, share: float) -> Clock:
        """Return a clock for `share` (0-1) of the time left."""
        return Clock(self.left * share)
