"""Folders that cost much to build: built once for all workers of a run, then left as they are."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from territory.io.one_writer import one_writer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

WAIT_S = 280  # less than the time that a test may take


def built_once(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], object]) -> Path:
    """
    Return the folder made by `build` of the first worker to ask for `name`: to be read or copied.

    A folder half built is never seen: `build` is given a folder that does not exist yet, put in
    place when it is done.
    """
    base = factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    shared.mkdir(exist_ok=True)
    kept, half = shared / name, shared / f"{name}.half"
    with one_writer(shared / f"{name}.lock", wait_s=WAIT_S):
        if not kept.exists():
            shutil.rmtree(half, ignore_errors=True)
            build(half / "ville")
            half.rename(kept)
    return kept / "ville"


def copy_of(built: Path, factory: pytest.TempPathFactory, name: str) -> Path:
    """Return a copy of a folder built once, to be written in by one worker."""
    folder = factory.mktemp(name) / built.name
    shutil.copytree(built, folder)
    return folder
