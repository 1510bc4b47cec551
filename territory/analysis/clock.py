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
    def spent_s(self) -> float:
        """Seconds since the search began."""
        return time.perf_counter() - self.began

    @property
    def left_s(self) -> float:
        """Seconds left, 0 when it is up."""
        return max(self.limit_s - self.spent_s, 0.0)

    @property
    def up(self) -> bool:
        """Whether the time is over."""
        return self.spent_s >= self.limit_s

    def part(self, share: float) -> Clock:
        """Return a clock of a share of the whole limit, started now, that ends with this one."""
        return Clock(min(share * self.limit_s, self.left_s))
