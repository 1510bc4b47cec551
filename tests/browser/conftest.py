"""A real Chromium with the network cut, and pages that report what they asked and complained of."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from territory.commands.work import week
from territory.web.app import make_app
from territory.web.config import WebConfig
from tests.browser.served import served_app
from tests.shared_folder import built_once, copy_of
from tests.short_searches import hurried

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from territory.web.office import Office

# The first is the same engine without its windows, tabs and menus: half of the processor time.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# One process draws and nothing is kept apart: pages are our own, and shown to nobody.
LEAN = ("--no-sandbox", "--disable-gpu", "--in-process-gpu", "--disable-site-isolation-trials")


def find_chromium() -> str | None:
    """Return the browser of TERRITORY_CHROMIUM, or of the system, or None."""
    named = os.environ.get("TERRITORY_CHROMIUM")
    return named or next(filter(None, map(shutil.which, _NAMES)), None)


@dataclass
class Opened:
    """A page, what it requested, what was answered, and what its console said."""

    page: Page
    asked: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Town:
    """The fictional town and its pages: where they answer, and what is behind them."""

    folder: Path
    address: str
    office: Office


@pytest.fixture(scope="session")
def told_town(quick_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fictional town whose week of today was planned too: its sheets wait. To be copied."""

    def plan_today(folder: Path) -> None:
        week(shutil.copytree(quick_town, folder), "2026-W44", None)

    return built_once(tmp_path_factory, "parcours", plan_today)


@pytest.fixture(scope="session")
def quick_town(untouched_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fictional town whose weeks are searched shortly from now on. To be copied."""

    def hurry(folder: Path) -> None:
        hurried(shutil.copytree(untouched_demo, folder))

    return built_once(tmp_path_factory, "pressee", hurry)


@pytest.fixture(scope="session")
def town(quick_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """
    The fictional town served to journeys that do not disturb each other; short searches.

    Its worker is warm from the start, as that of `territory serve`.
    """
    folder = copy_of(quick_town, tmp_path_factory, "parcours-servi")
    app = make_app(WebConfig(folder))
    with served_app(app, warm=True) as address:
        yield Town(folder, address, app.state.office)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = find_chromium()
    if executable is None:
        pytest.skip("Chromium absent : les pages ne sont pas essayées dans un navigateur")
    api = pytest.importorskip("playwright.sync_api", reason="playwright absent")
    with api.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=executable, args=[*LEAN])
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Opened]]:
    """Return a function that opens a file offline and waits until it says it is ready."""
    contexts = []

    def open_file(path: Path, *, width: int = 1366, height: int = 850) -> Opened:
        context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
        contexts.append(context)
        opened = Opened(context.new_page())
        page = opened.page
        page.on("request", lambda r: opened.asked.append(r.url))
        page.on("response", lambda r: opened.answered.append(r.url))
        page.on("pageerror", lambda e: opened.complaints.append(str(e)))
        page.on(
            "console", lambda m: opened.complaints.append(m.text) if m.type == "error" else None
        )
        page.goto(path.as_uri())
        page.wait_for_selector("body[data-pret='1']", timeout=30_000)
        return opened

    yield open_file
    for context in contexts:
        context.close()
