"""Shared territories: the fictional town, built once per worker."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from territory.cli import run

ROOT = Path(__file__).resolve().parents[1]

settings.register_profile("unhurried", deadline=None)  # nothing timed is a test
settings.register_profile("same-every-time", derandomize=True, deadline=None)
settings.load_profile("same-every-time" if os.environ.get("CI") == "true" else "unhurried")


@pytest.fixture(scope="session")
def fresh_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fictional town as a clone holds it: settings and received files, nothing built."""
    folder = tmp_path_factory.mktemp("ville-fictive")
    shutil.copy(ROOT / "territory.toml", folder)
    shutil.copytree(ROOT / "data" / "raw", folder / "data" / "raw")
    return folder


@pytest.fixture(scope="session")
def demo_town(fresh_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fictional town after `territory demo`."""
    folder = tmp_path_factory.mktemp("demonstration") / "ville"
    shutil.copytree(fresh_town, folder)
    assert run(["demo", str(folder)]) == 0
    return folder
