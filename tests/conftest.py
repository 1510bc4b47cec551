"""Shared territories: the fictional town, built once for all workers, a copy for each."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from scripts.bondy import REAL_FILES, prepare_bondy
from territory.cli import run
from tests.real_data import FOLDER, real_file
from tests.shared_folder import built_once, copy_of

ROOT = Path(__file__).resolve().parents[1]
BUILT = os.environ.get("TERRITORY_BUILT_TOWN")  # spares the build to whoever tries one test

# Workers and commands started by tests read compiled modules back: without, each compiles them all.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# The same cases every time: a run that is green stays green. TERRITORY_CASES=new draws others.
# CI draws a hundred of each, where a test asks for no other number; the gate the first thirty.
DRAWN = 100 if os.environ.get("CI") == "true" else 30
settings.register_profile("same", derandomize=True, deadline=None, max_examples=DRAWN)  # untimed
settings.register_profile("new", deadline=None)
settings.load_profile(os.environ.get("TERRITORY_CASES", "same"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests, those of a browser: at the end, workers would wait for one."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)
    if os.environ.get("TERRITORY_ORDER") == "backwards":  # finds who counts on another
        items.reverse()


def pytest_collection_finish() -> None:
    """Let the garbage collector forget what lasts as long as the run: a tenth of it goes there."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def fresh_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fictional town as a clone holds it, even where `demo` was run since: nothing built."""
    folder = tmp_path_factory.mktemp("ville-fictive")
    shutil.copy(ROOT / "territory.toml", folder)
    listed = shutil.ignore_patterns("manifeste.json")  # written by a run, not by the clone
    shutil.copytree(ROOT / "data" / "raw", folder / "data" / "raw", ignore=listed)
    return folder


@pytest.fixture(scope="session")
def untouched_demo(fresh_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fictional town as `territory demo` left it: no test may write here."""

    def demo(folder: Path) -> None:
        shutil.copytree(BUILT or fresh_town, folder)
        assert BUILT or run(["demo", str(folder)]) == 0

    return built_once(tmp_path_factory, "demonstration", demo)


@pytest.fixture(scope="session")
def demo_town(untouched_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fictional town after `territory demo`."""
    return copy_of(untouched_demo, tmp_path_factory, "demonstration")


@pytest.fixture(scope="session")
def built_bondy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bondy from its real files, built once for all workers: no test may write here."""
    for name in REAL_FILES:
        real_file(name)

    def build(folder: Path) -> None:
        assert prepare_bondy(FOLDER, folder) == 0
        assert run(["build", str(folder)]) == 0

    return built_once(tmp_path_factory, "bondy", build)
