"""Every action asked of the pages leaves one line in their journal, whatever came of it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from territory.web.own_forms import SAFE

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from territory.web.actions import Actions

UNKNOWN = "adresse inconnue"
_BROKEN = 500
_NO_ACTION = frozenset({"/langue"})  # it changes the browser that asks, nothing else


class Noted:
    """
    The application with its actions noted: who, which route, which codes, which answer.

    A route that signs somebody in says who in `request.state.acting`; one whose form names what it
    changes says which in `request.state.targets` (name to code, once checked). A journal that
    cannot be written is told to the log of the server: the action is already done.
    """

    def __init__(self, app: ASGIApp, *, actions: Actions) -> None:
        self.app = app
        self.actions = actions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] in SAFE or scope["path"] in _NO_ACTION:
            await self.app(scope, receive, send)
            return
        status = _BROKEN

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, seen)
        finally:
            await run_in_threadpool(self._note, scope, status)

    def _note(self, scope: Scope, status: int) -> None:
        route = scope.get("route")
        action = f"{scope['method']} {getattr(route, 'path', UNKNOWN)}"
        title = getattr(route, "summary", None) or ""
        visitor = scope["state"].get("visitor")
        login = scope["state"].get("acting") or (visitor.login if visitor else "")
        parts = {**scope.get("path_params", {}), **scope["state"].get("targets", {})}
        try:
            self.actions.note(login, (action, title), parts, status)
        except SQLAlchemyError:
            logging.getLogger(__name__).exception("The journal of the pages was not written.")
