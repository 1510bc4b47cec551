"""A person before the pages: what holds at every state that they meet, and how they go on."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.served import visit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Download, Locator, Page

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],  # what passes is not told: nobody reads it
}
JOB_MS = 240_000  # a loaded machine; nothing timed is a test
PICTURES = os.environ.get("TERRITORY_PICTURES")  # a folder: a picture of every state met
_FOLLOWED = re.compile(r"/travaux/[^/?]+\?suivi=")
_UNFOLD = """() => {
  window.pliees = [...document.querySelectorAll('details:not([open])')];
  window.pliees.forEach((one) => { one.open = true; });
}"""
_FOLD = "() => window.pliees.forEach((one) => { one.open = false; })"
_WATCH = """new MutationObserver(() => {
  const bar = document.querySelector('.job progress');
  if (bar) { window.avance(bar.getAttribute('value') || '', bar.nextElementSibling.innerText); }
}).observe(document, {childList: true, subtree: true});"""


def faults(page: Page) -> list[str]:
    """Return what axe finds, rule and place."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']} {node['target']}" for one in found for node in one["nodes"]]


def typed(text: str) -> str:
    """Return a text as it is typed: no-break spaces and line ends are spaces."""
    return " ".join(text.split())


@dataclass
class Person:
    """
    Somebody in front of the pages served at `address`.

    `wrong` fills with what a page asks elsewhere or complains of, `told` with what the bar of a job
    says, each once.
    """

    page: Page
    address: str
    wrong: list[str]
    told: list[tuple[str, str]] = field(default_factory=list)
    met: int = 0

    def goes(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.page.wait_for_selector("body[data-pret]")

    def meets(self, state: str, *, refused: int = 0) -> None:
        """
        Check what holds at every state: silent, French, readable by axe, unfolded as it is folded.

        `refused`: the status that the browser itself reports when a form is turned down.
        """
        self.page.wait_for_selector("body[data-pret]")
        self.wrong[:] = [w for w in self.wrong if not refused or f"status of {refused}" not in w]
        assert self.wrong == [], state
        assert self.page.evaluate("() => document.documentElement.lang") == "fr"
        assert self.page.locator("h1").count() == 1, state
        self._picture(state)
        self.page.evaluate(_UNFOLD)
        assert (state, faults(self.page)) == (state, [])
        self.page.evaluate(_FOLD)

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name).first

    def unfolds(self, name: str) -> Locator:
        """Open what is folded under `name`, and return it."""
        box = self.page.locator("details", has=self.page.locator("summary", has_text=name)).last
        box.locator("summary").first.click()
        return box

    def waits(self) -> None:
        """Wait until the job under way is over and the page shows what it changed by itself."""
        self.page.wait_for_selector(".job", state="detached", timeout=JOB_MS)
        self.page.wait_for_selector("body[data-pret]")

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Hold what the page asks of its job meanwhile: a state that passes can be looked at."""
        self.page.route(_FOLLOWED, lambda _: None)
        yield
        self.page.unroute(_FOLLOWED)  # lets go what waits

    def keeps(self, link: Locator) -> Path:
        """
        Follow a link to a file, and return the file as the browser kept it.

        Chromium now and then drops one of many downloads in a row: it is then asked once more.
        """
        for wait_ms in (10_000, 30_000):
            with suppress(PlaywrightTimeout), self.page.expect_download(timeout=wait_ms) as waited:
                link.click()
            if waited.is_done():
                break
        download: Download = waited.value
        return Path(download.path()).rename(Path(download.path()).with_name(_name(download)))

    def receives(self, link: Locator, folder: Path) -> Path:
        """Ask for the file of a link with what the browser is known by; return it in `folder`."""
        address = link.get_attribute("href") or ""
        answer = self.page.request.get(self.address + address)
        assert answer.ok, address
        path = folder / address.rsplit("/", 1)[-1]
        path.write_bytes(answer.body())
        return path

    def _picture(self, state: str) -> None:
        if PICTURES:
            self.met += 1
            name = re.sub(r"\W+", "_", f"{self.met:02d} {state}")
            self.page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def _name(download: Download) -> str:
    return download.suggested_filename


@contextmanager
def somebody(browser: Browser, address: str) -> Iterator[Person]:
    """Yield somebody in front of a page of `address`, still blank."""
    with visit(browser) as (page, wrong):
        one = Person(page, address, wrong)

        def note(share: str, step: str) -> None:
            if (share, step) not in one.told:
                one.told.append((share, step))

        page.expose_function("avance", note)
        page.add_init_script(_WATCH)
        yield one
        assert wrong == []
