"""Every product of a territory before a command, who waits being told which one is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from territory.commands.telling import telling
from territory.pipeline.steps import build
from territory.pipeline.workspace import open_territory

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from territory.model.progress import ProgressReporter
    from territory.pipeline.workspace import Built


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
