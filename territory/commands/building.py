"""Every product of a territory before a command, a terminal being told which one is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console

from territory.pipeline.steps import build
from territory.pipeline.workspace import open_territory

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from territory.pipeline.workspace import Built


def built_with_progress(
    folder: Path, seed: int | None, *, sites: Mapping[str, Any] | None = None
) -> Built:
    """Build every product, or read it back, telling a terminal where it is; raises as `build`."""
    territory = open_territory(folder).with_options(seed=seed, sites=sites or {})
    console = Console(stderr=True)
    if not console.is_terminal:
        return build(territory)
    with console.status("Préparation") as status:
        return build(territory, progress=status.update)
