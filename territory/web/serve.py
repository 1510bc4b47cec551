"""Opening the pages of a folder on this machine."""

from __future__ import annotations

import threading
import webbrowser
from typing import TYPE_CHECKING

import uvicorn

from territory.web.app import make_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from territory.web.config import WebConfig


def serve(
    config: WebConfig,
    *,
    host: str = "127.0.0.1",
    port: int = 8017,
    browse: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """
    Answer at `host`:`port` until interrupted; `tell` is told the address once it answers.

    Raises what `make_app` raises, and OSError when the port is taken.
    """
    address = f"http://{host}:{port}/"
    server = uvicorn.Server(
        uvicorn.Config(
            make_app(config),
            host=host,
            port=port,
            log_level="warning",
            server_header=False,
            access_log=False,
        )
    )

    def ready() -> None:
        tell(f"Territoire ouvert à l’adresse {address} (Ctrl+C pour fermer).")
        if browse:
            webbrowser.open(address)

    timer = threading.Timer(1.0, ready)
    timer.daemon = True
    timer.start()
    server.run()
