"""Opening the pages of a folder on this machine."""

from __future__ import annotations

import socket
import webbrowser
from contextlib import suppress
from typing import TYPE_CHECKING

import uvicorn

from territory.errors import WrongUsage
from territory.web.app import make_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from territory.web.config import WebConfig

_CLOSE_S = 2  # for answers under way once Ctrl+C was pressed


class _Told(uvicorn.Server):
    """A server that tells once it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def serve(
    config: WebConfig,
    *,
    host: str = "127.0.0.1",
    port: int = 8017,
    browse: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> None:
    """
    Answer at `host`:`port` (0: a free one) until interrupted; `tell` is told once it does.

    Raises what `make_app` raises, and WrongUsage (French) when the port is taken or the address is
    not of this machine.
    """
    app, door = make_app(config), _door(host, port)
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{door.getsockname()[1]}/"

    def ready() -> None:
        tell(f"Territoire ouvert à l’adresse {address} (Ctrl+C pour fermer).")
        if browse:
            webbrowser.open(address)

    settings = uvicorn.Config(
        app, log_level="warning", server_header=False, access_log=False,
        timeout_graceful_shutdown=_CLOSE_S,
    )  # fmt: skip
    with door, suppress(KeyboardInterrupt):
        _Told(settings, ready).run(sockets=[door])
    tell("Territoire fermé. Un calcul interrompu reprendra à la prochaine ouverture.")


def _door(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        raise WrongUsage(
            f"Impossible d’ouvrir l’adresse {host}, port {port} : un autre programme l’utilise "
            "peut-être, ou ce territoire est déjà ouvert. Essayez « --port 8018 »."
        ) from error
