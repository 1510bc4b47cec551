"""A notebook given away as a page: with the network cut, it asks for nothing and shows all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jupytext
import pytest

from tests.notebook_run import NOTEBOOKS, report_executed

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytest.importorskip("nbconvert", reason="nbconvert absent : les carnets ne sont pas exportés")
from scripts.notebook_page import page_of

pytestmark = pytest.mark.browser
SHOWN = "() => [...document.images].map((i) => i.naturalWidth)"


def opened(browser: Browser, html: str, path: Path) -> tuple[list[str], list[str], list[int]]:
    """Return what the page asks for beside itself, its complaints, the widths of its images."""
    path.write_text(html, encoding="utf-8")
    context = browser.new_context(offline=True)
    page, asked, complaints = context.new_page(), [], []
    page.on("request", lambda r: asked.append(r.url))
    page.on("pageerror", lambda e: complaints.append(str(e)))
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.goto(path.as_uri())
    page.wait_for_load_state("networkidle")
    widths: list[int] = page.evaluate(SHOWN)
    assert page.evaluate("() => document.documentElement.lang") == "fr"
    context.close()
    return (
        [u for u in asked if u != path.as_uri() and not u.startswith("data:")],
        complaints,
        widths,
    )


@pytest.mark.filterwarnings("default")  # Jupyter's own machinery warns on some Pythons
def test_the_page_of_a_notebook_is_whole_and_silent(
    browser: Browser, untouched_demo: Path, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    notebook = report_executed(untouched_demo, tmp_path_factory)
    for other in NOTEBOOKS:  # what they say, not run again: one page of all is quick to make
        notebook.cells += jupytext.read(other).cells
    asked, complaints, widths = opened(browser, page_of(notebook, "carnets"), tmp_path / "a.html")
    assert (asked, complaints) == ([], [])
    assert widths
    assert all(width > 100 for width in widths)
