"""Where a command is, told to whoever waits for it: a terminal, a notebook, or nobody."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console

from territory.model.progress import SILENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.status import Status

    from territory.model.progress import ProgressReporter


class OnScreen:
    """Tells a terminal or a notebook the step under way; Ctrl+C is how it is stopped."""

    stopped = False

    def __init__(self, status: Status) -> None:
        self._status = status

    def tell(self, step: str, done: float | None = None) -> None:  # noqa: ARG002 - a spinner
        """Show the step."""
        self._status.update(step)


@contextmanager
def telling(progress: ProgressReporter | None) -> Iterator[ProgressReporter]:
    """Yield `progress` when there is one, else what tells this terminal; nobody without any."""
    console = Console(stderr=True)
    if progress is not None:
        yield progress
    elif console.is_terminal or console.is_jupyter:
        with console.status("Préparation") as status:
            yield OnScreen(status)
    else:
        yield SILENT
