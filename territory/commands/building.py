"""Every product of a territory before a command, who waits being told which one is made."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console

from territory.model.progress import SILENT
from territory.pipeline.steps import build
from territory.pipeline.workspace import open_territory

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from rich.status import Status

    from territory.model.progress import ProgressReporter
    from territory.pipeline.workspace import Built


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


def built_with_progress(
    folder: Path,
    seed: int | None,
    *,
    sites: Mapping[str, Any] | None = None,
    progress: ProgressReporter | None = None,
) -> Built:
    """
    Build every product, or read it back, telling `progress`, else a terminal, where it is.

    Raises as `build`.
    """
    territory = open_territory(folder).with_options(seed=seed, sites=sites or {})
    with telling(progress) as told:
        return build(territory, progress=told)
