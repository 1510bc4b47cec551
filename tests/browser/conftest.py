"""A real Chromium with the network cut, and pages that report what they asked and complained of."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

_NAMES = ("chromium", "chromium-browser", "google-chrome")


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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = find_chromium()
    if executable is None:
        pytest.skip("Chromium absent : les pages ne sont pas essayées dans un navigateur")
    api = pytest.importorskip("playwright.sync_api", reason="playwright absent")
    with api.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=executable, args=["--no-sandbox"])
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
