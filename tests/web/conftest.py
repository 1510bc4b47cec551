"""The fictional town with its week, built once for every worker, and clients of its pages."""

from __future__ import annotations

import re
import shutil
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from territory.web.app import make_app
from territory.web.config import WebConfig
from tests.shared_folder import copy_of
from tests.web.as_typed import AsTyped
from tests.web.bases import base_url, postgis, postgres, postgres_base  # noqa: F401 - fixtures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from starlette.testclient import TestClient

BASE = "http://127.0.0.1"
_TOKEN = re.compile(r'(?:name="csrf" value=|"x-csrf-token":)"([^"]+)"')


@pytest.fixture(scope="session")
def demo_folder(untouched_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    The fictional town after `territory demo`, week 2026-W45 planned. To read: see `own_demo`.

    A copy for each worker: the pages keep a base in the folder that they show.
    """
    return copy_of(untouched_demo, tmp_path_factory, "pages")


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
            pages = opened.enter_context(AsTyped(app, base_url=BASE))
            pages.headers["x-csrf-token"] = token_of(pages.get("/").text)
            return pages

        yield of


def token_of(page: str) -> str:
    """Return the token of the forms of a page, "" when it has none."""
    found = _TOKEN.search(page)
    return found.group(1) if found else ""
