"""Who each request comes from, and that its forms were ours."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse

from territory.web.rights import Role
from territory.web.visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fastapi import FastAPI, Request
    from starlette.responses import Response

    from territory.web.config import WebConfig

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
TOKEN_HEADER = "x-csrf-token"  # noqa: S105 - the name of a header


def install(app: FastAPI, config: WebConfig) -> None:
    """Give each request of `app` its visitor, and refuse forms without the visitor's token."""
    alone = Visitor("", Role.COORDINATOR, secrets.token_urlsafe(24), config.language, alone=True)

    @app.middleware("http")
    async def known(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        request.state.visitor = alone
        if request.method not in SAFE:
            await request.body()  # kept for the route, which would else find nothing to read
            given = request.headers.get(TOKEN_HEADER) or (await request.form()).get("csrf")
            if not secrets.compare_digest(str(given or ""), alone.token):
                return PlainTextResponse("Formulaire périmé : rechargez la page.", status_code=403)
        return await call_next(request)
