"""What a state is, and the scene on which it is reached: a browser page before a served folder."""

from __future__ import annotations

import shutil
import socket
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Thread
from typing import TYPE_CHECKING, Any

import uvicorn

from territory.web.app import make_app
from territory.web.config import WebConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from territory.web.office import Office

WEEK = "2026-W45"
PATIENCE_MS = 240_000  # of a job on a loaded machine
NEW_DAY = "# date_reference"  # the line of settings that a new territory has


@dataclass
class Scene:
    """A page of a browser, the server before it, and the files of the fictional town."""

    page: Page
    address: str
    app: Any
    town: Path
    drawn: dict[str, str] = field(default_factory=dict)  # passwords, by code

    @property
    def office(self) -> Office:
        """What the server holds."""
        office: Office = self.app.state.office
        return office

    @property
    def folder(self) -> Path:
        """The folder served."""
        return self.office.config.folder

    def go(self, path: str) -> None:
        """Open a page and wait for it."""
        self.page.goto(self.address + path)
        self.ready()

    def ready(self) -> None:
        """Wait for the scripts of the page."""
        self.page.wait_for_selector("body[data-pret]")

    def press(self, name: str, number: int = 0) -> None:
        """Press the button of this name."""
        self.page.get_by_role("button", name=name).nth(number).click()
        self.ready()

    def unfold(self, words: str) -> None:
        """Open what is folded under these words."""
        self.page.locator("summary", has_text=words).first.click()

    def see(self, words: str) -> None:
        """Wait for words, as long as a job takes."""
        self.page.get_by_text(words).first.wait_for(timeout=PATIENCE_MS)
        self.ready()

    def quiet(self) -> None:
        """Wait until no job runs or waits."""
        while self.office.jobs.running() is not None:
            self.page.wait_for_timeout(100)

    def send(self, *files: Path | dict[str, Any]) -> None:
        """Send files by the form of the page shown."""
        self.page.locator("input[type=file]").set_input_files(list(files))
        self.press("Lire ces fichiers")

    @contextmanager
    def broken(self) -> Iterator[None]:
        """Let a part of the server be missing, as a fault of the code would."""
        whole = self.office
        self.app.state.office = replace(whole, jobs=None)
        yield
        self.app.state.office = whole


@dataclass(frozen=True)
class State:
    """
    One thing that a visitor may see.

    `name` is that of its picture, `sentence` says in French what it shows; `reach` leads there from
    the state before. `status` is the one answered when it is not 200; `phone`: a picture of 390
    pixels too; `drawn`: a map must be drawn first.
    """

    name: str
    sentence: str
    reach: Callable[[Scene], None]
    status: int = 200
    phone: bool = False
    drawn: bool = False


@dataclass(frozen=True)
class Stage:
    """States reached one after the other in one folder, which `prepare` makes from the town."""

    title: str
    prepare: Callable[[Path, Path], WebConfig]
    states: tuple[State, ...]


def page(path: str) -> Callable[[Scene], None]:
    """Return what opens one page."""
    return lambda scene: scene.go(path)


def copied(town: Path, folder: Path) -> WebConfig:
    """Copy the town; return how it is served."""
    shutil.copytree(town, folder)
    return WebConfig(folder)


@contextmanager
def opened(config: WebConfig) -> Iterator[tuple[str, Any]]:
    """
    Yield the address at which the pages of a folder answer, and the application.

    No worker waits warm: most states need none, and a job starts its own.
    """
    app = make_app(config)
    app.state.office.jobs.open(warm=False)
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
        thread = Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}", app
        finally:
            server.should_exit = True
            thread.join(30)
