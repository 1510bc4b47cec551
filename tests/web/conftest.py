"""The fictional town with its week, built once for every worker, and clients of its pages."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from territory.cli import run
from territory.web.app import make_app
from territory.web.config import WebConfig
from tests.web.bases import base_url, postgres  # noqa: F401 - fixtures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_BUILT = os.environ.get("TERRITORY_BUILT_TOWN")  # spares the build to whoever tries one page
BASE = "http://127.0.0.1"
_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


@pytest.fixture(scope="session")
def demo_folder(fresh_town: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The fictional town after `territory demo`, week 2026-W45 planned. To read: see `own_demo`."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared if worker_id == "master" else shared.parent
    folder = shared / "pages-demonstration"
    # A database being written is a lock that works on every system, and falls with its process.
    with closing(sqlite3.connect(shared / "pages.lock", timeout=280)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        if not (folder / "outputs").exists():
            making = shared / "pages-demonstration-en-cours"
            shutil.rmtree(making, ignore_errors=True)
            shutil.copytree(_BUILT or fresh_town, making)
            assert _BUILT or run(["demo", str(making)]) == 0
            making.rename(folder)
    return folder


@pytest.fixture
def own_demo(demo_folder: Path, tmp_path: Path) -> Path:
    """A copy of the built town for one test that writes."""
    return shutil.copytree(demo_folder, tmp_path / "ville")


@pytest.fixture
def client() -> Iterator[Callable[..., TestClient]]:
    """
    A function that opens the pages of a folder, with other values of `WebConfig` when wanted.

    The client gives back the token of the forms by itself: `client(folder).post("/calcul")`.
    """
    with ExitStack() as opened:

        def of(folder: Path, **config: object) -> TestClient:
            app = make_app(WebConfig(folder, **config))
            pages = opened.enter_context(TestClient(app, base_url=BASE))
            pages.headers["x-csrf-token"] = token_of(pages.get("/").text)
            return pages

        yield of


def token_of(page: str) -> str:
    """Return the token of the forms of a page, "" when it has none."""
    found = _TOKEN.search(page)
    return found.group(1) if found else ""
