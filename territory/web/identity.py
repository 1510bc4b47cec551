"""Who each request comes from: the cookie of a browser, and the session of a team behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse

from territory.web.rights import Role
from territory.web.speaking import language_of
from territory.web.tokens import cookie, cookie_name, form_token, is_secret, new_secret
from territory.web.visitor import Visitor

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from territory.web.config import WebConfig
    from territory.web.sessions import Sessions

_FREE = "/static/"  # the same for everybody, without a cookie
_AGAIN = (
    '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Territoire</title>'
    '<meta http-equiv="refresh" content="0"></head>'
    '<body><p><a href="">Continuer</a></p></body></html>'
)


class Known:
    """
    The application told who asks: `request.state` holds what is known.

    That is visitor, language, secret and form_token. Each browser gets a secret in a cookie that
    scripts do not read and other sites do not send. It signs nobody in by itself: with accounts,
    the visitor is None unless `sessions` holds it.
    """

    def __init__(self, app: ASGIApp, *, config: WebConfig, sessions: Sessions) -> None:
        self.app = app
        self.config = config
        self.sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        state: dict[str, Any] = scope.setdefault("state", {})
        if scope["type"] != "http" or scope["path"].startswith(_FREE):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        given = request.cookies.get(cookie_name(self.config), "")
        known = is_secret(given)
        if not known and _comes_by_a_link(request):
            await HTMLResponse(_AGAIN)(scope, receive, send)
            return
        secret = given if known else new_secret()
        state |= {"secret": secret, "form_token": form_token(secret)}
        state["language"] = language_of(request, self.config)
        state["visitor"] = await self._visitor(secret, known=known)

        own = f"{cookie_name(self.config)}="

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                given = headers.getlist("set-cookie")
                if not any(one.startswith(own) for one in given):  # else a route gave another one
                    headers.append("set-cookie", cookie(self.config, secret))
            await send(message)

        await self.app(scope, receive, send if known else with_cookie)

    async def _visitor(self, secret: str, *, known: bool) -> Visitor | None:
        token = form_token(secret)
        if not self.config.team:
            return Visitor("", Role.COORDINATOR, token, alone=True)
        account = await run_in_threadpool(self.sessions.who, secret) if known else None
        if account is None:
            return None
        return Visitor(account.login, account.role, token, must_change=account.must_change)


def _comes_by_a_link(request: Request) -> bool:
    """
    Return whether a link of another site led here: the browser then keeps the cookie back.

    The page asks for itself again, and the cookie comes; a new one would end the session.
    """
    told = request.headers
    return (
        request.method == "GET"
        and told.get("sec-fetch-site") == "cross-site"
        and told.get("sec-fetch-dest") == "document"
    )
