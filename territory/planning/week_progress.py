"""How far the plan of a week is: tries whose number nobody knows before, then explanations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.model.progress import Part

if TYPE_CHECKING:
    from collections.abc import Callable

    from territory.model.progress import ProgressReporter

SEARCHING, EXPLAINING = "recherche des sorties", "raisons de chaque choix"
SEARCHED = 0.5  # of the time when the search ends, in the fictional town


@dataclass(slots=True)
class Tries:
    """The searches of a week: each takes half of what is left, the share never goes back."""

    progress: ProgressReporter
    made: int = 0

    def next(self) -> Callable[[float, float], None]:
        """Return what the next search tells: its share done and the value of its best plan."""
        first, last = (SEARCHED * (1 - 0.5**n) for n in (self.made, self.made + 1))
        self.made += 1
        part = Part(self.progress, first, last)

        def told(done: float, _value: float) -> None:
            part.tell(SEARCHING, done)

        return told


@dataclass(frozen=True, slots=True)
class Known:
    """Tells each step after what is known already (French): nobody waits for the end to read it."""

    progress: ProgressReporter
    known: str

    def tell(self, step: str, done: float | None = None) -> None:
        """Tell what is known, then the step."""
        self.progress.tell(f"{self.known} ; {step}", done)

    @property
    def stopped(self) -> bool:
        """Return whether the work must end."""
        return self.progress.stopped


@dataclass(slots=True)
class Questions:
    """The places explained: asked before each one whether to end, it tells how many are done."""

    progress: ProgressReporter
    expected: int
    asked: int = 0

    def __call__(self) -> bool:
        """Tell that one more place is explained, and return whether to end."""
        part = Part(self.progress, SEARCHED, 1.0)
        part.tell(EXPLAINING, min(self.asked / max(self.expected, 1), 1.0))
        self.asked += 1
        return self.progress.stopped
