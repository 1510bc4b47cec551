"""How a long work tells where it is, and learns that nobody waits for it any more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from territory.errors import Stopped

if TYPE_CHECKING:
    from collections.abc import Mapping


class ProgressReporter(Protocol):
    """What is told where a work is: a terminal, a page, a notebook, nobody."""

    def tell(self, step: str, done: float | None = None) -> None:
        """Tell the step under way (French) and the share of all done, 0-1 (None: unknown)."""

    @property
    def stopped(self) -> bool:
        """Return whether the work must end now, without its result."""


@dataclass(frozen=True, slots=True)
class Silent:
    """Tells nobody, and is never stopped."""

    stopped: bool = False

    def tell(self, step: str, done: float | None = None) -> None:
        """Tell nothing."""


SILENT = Silent()


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a larger work: its own 0-1 is `first` to `last` of the whole."""

    whole: ProgressReporter
    first: float
    last: float

    def tell(self, step: str, done: float | None = None) -> None:
        """Tell the step, and how much of the whole is done: the beginning of the part at least."""
        self.whole.tell(step, self.first + (self.last - self.first) * (done or 0.0))

    @property
    def stopped(self) -> bool:
        """Return whether the whole must end."""
        return self.whole.stopped


@dataclass(frozen=True, slots=True)
class Stages:
    """Steps in a row by French name, each with its usual part of the time, in any unit."""

    progress: ProgressReporter
    usual: Mapping[str, float]

    def begin(self, step: str) -> Part:
        """Tell that `step` begins and return what tells the inside of it; raises as `go_on`."""
        names, whole = list(self.usual), sum(self.usual.values())
        before = sum(self.usual[name] for name in names[: names.index(step)])
        part = Part(self.progress, before / whole, (before + self.usual[step]) / whole)
        go_on(self.progress)
        part.tell(step)
        return part


def go_on(progress: ProgressReporter) -> None:
    """Do nothing, or raise Stopped when nobody waits for the work any more."""
    if progress.stopped:
        raise Stopped("Arrêté à la demande. Rien n’est à moitié écrit.")
