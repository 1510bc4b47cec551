"""The workers of a server as it sees them: started, given a task, asked to stop, replaced."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from time import monotonic
from typing import TYPE_CHECKING, Any

from territory.web.worker import work

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from territory.web.worker import Ended, Task

GRACE_S = 1.0  # to stop by itself; then the process is ended


@dataclass(frozen=True, slots=True)
class Wear:
    """When a process is replaced: after so many jobs, or one that left it above `mib`."""

    jobs: int = 30
    mib: float = 500.0


@dataclass(slots=True, eq=False)
class Worker:
    """One process and the line to it; `key` is the job that it runs, "" for none."""

    process: SpawnProcess
    line: Connection
    key: str = ""
    ends_at: float | None = None  # of the monotonic clock, once it was asked to stop
    ended: Ended | None = None  # how its job ended, until that is noted
    dead: bool = False
    fresh: bool = False  # hired to take the place of one that is worn
    warm: bool = False  # it loaded what it was hired to load
    done: int = 0  # jobs that it ended
    mib: float = float("nan")  # what it weighed at the end of the last one

    def give(self, task: Task) -> None:
        """Send a task; a process that died meanwhile is seen by its line."""
        self.key, self.ends_at, self.ended = task.key, None, None
        with suppress(OSError):
            self.line.send(task)

    def ask_stop(self) -> None:
        """Ask for the end of its job, once."""
        if self.ends_at is None:
            self.ends_at = monotonic() + GRACE_S
            with suppress(OSError):
                self.line.send(self.key)

    def worn(self, wear: Wear) -> bool:
        """Return whether another should take its place, now that it does nothing."""
        return not self.key and bool(self.done >= wear.jobs or self.mib > wear.mib)

    @property
    def late(self) -> bool:
        """Return whether it had the time to stop by itself."""
        return self.ends_at is not None and monotonic() >= self.ends_at

    def heard(self) -> tuple[Any, ...] | None:
        """Return what it says, None when it is dead."""
        try:
            said: tuple[Any, ...] = self.line.recv()
        except (EOFError, OSError):
            return None
        return said

    def end(self) -> None:
        """End the process at once: what it was writing is dropped, what was there stays."""
        self.dead = True
        self.process.kill()
        self.process.join()
        self.line.close()


def hired(*, warm: bool) -> Worker:
    """Return a worker just started."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs,), kwargs={"warm": warm}, daemon=True)
    process.start()
    theirs.close()
    return Worker(process, ours)
