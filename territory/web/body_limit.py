"""How much a request may send: refused as announced, or as soon as it has sent too much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from territory.web.config import WebConfig


class Limited:
    """
    The application with its bodies counted; what is too large is answered 413.

    Files are sent by somebody known only, to disk beyond a megabyte; all else is read in memory and
    weighs `form_bytes` at most.
    """

    def __init__(self, app: ASGIApp, *, config: WebConfig) -> None:
        self.app = app
        self.config = config

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        most = self._most(scope, headers.get("content-type", ""))
        announced = headers.get("content-length", "")
        too_large = announced.isdecimal() and int(announced) > most
        scope["state"]["too_large"] = too_large
        got = 0

        async def counted() -> Message:
            nonlocal got
            if too_large:
                raise HTTPException(413)
            message = await receive()
            got += len(message.get("body", b""))
            if got > most:
                raise HTTPException(413)
            return message

        await self.app(scope, counted, send)

    def _most(self, scope: Scope, kind: str) -> int:
        sends_files = kind.startswith("multipart/form-data")
        known = scope["state"].get("visitor") is not None
        return self.config.upload_bytes if sends_files and known else self.config.form_bytes
