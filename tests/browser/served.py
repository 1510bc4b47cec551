"""The pages of a folder, really served, for a browser that may reach nothing else."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING

import uvicorn

from territory.web.app import make_app
from territory.web.config import WebConfig

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from territory.web.app import Served


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Yield the address at which the pages of `folder` answer; jobs start their own worker."""
    with served_app(make_app(WebConfig(folder)), warm=False) as address:
        yield address


@contextmanager
def served_app(app: Served, *, warm: bool) -> Iterator[str]:
    """Yield the address at which the pages of `app` answer; `warm`: with a worker that waits."""
    app.state.office.jobs.open(warm=warm)
    with socket.create_server(("127.0.0.1", 0)) as door:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(30)


@contextmanager
def visit(
    browser: Browser, *, width: int = 1280, **more: object
) -> Iterator[tuple[Page, list[str]]]:
    """Yield a page, and the list that fills with what it asks elsewhere and complains of."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **more)  # type: ignore[arg-type]
    page, wrong = context.new_page(), list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)

    def elsewhere(route: object) -> None:
        wrong.append(route.request.url)
        route.abort()

    context.route(lambda url: "//127.0.0.1:" not in url and url.startswith("http"), elsewhere)
    try:
        yield page, wrong
    finally:
        context.close()
