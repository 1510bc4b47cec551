"""Connexion: a code and a password; who tries too often waits, and learns nothing."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from territory.model.marked import marked
from territory.web.office import Office, office_of
from territory.web.tokens import cookie, new_secret
from territory.web.visitor import Visitor, visitor_of

router = APIRouter()
WRONG = marked("Ce code et ce mot de passe ne vont pas ensemble, ou le compte est fermé.")
_INSIDE = re.compile(r"/(?![/\\])[^\\\x00-\x20]*")  # never another site


@router.get("/connexion")
def asked(request: Request, vers: str = "/") -> Response:
    """Return the page that asks who comes; who is signed in goes on."""
    if request.state.visitor is not None:
        return RedirectResponse(inside(vers), status_code=303)
    return _page(request, vers)


@router.post("/connexion", summary=marked("Connexion"))
def sign_in(
    request: Request,
    code: Annotated[str, Form()] = "",
    password: Annotated[str, Form(alias="mot_de_passe")] = "",
    goal: Annotated[str, Form(alias="vers")] = "/",
) -> Response:
    """Open a session under a secret made now, so that no older cookie is worth anything."""
    office, store = office_of(request), office_of(request).store
    address = address_of(request)
    if not store.attempts.allow(code, address):
        return _page(request, goal, status=429, said=too_often(office))
    account = store.accounts.check(code, password)
    if account is None:
        return _page(request, goal, status=401, said=WRONG)
    store.attempts.forgive(code, address)
    store.sessions.close(request.state.secret)
    request.state.acting = account.login
    secret = store.sessions.open(account.login, account.mark)
    if secret is None:  # closed, or another password, since it was looked at
        return _page(request, goal, status=401, said=WRONG)
    target = "/compte" if account.must_change else inside(goal)
    return _with_cookie(office, RedirectResponse(target, status_code=303), secret)


@router.post("/deconnexion", summary=marked("Déconnexion"))
def sign_out(request: Request, _: Annotated[Visitor, Depends(visitor_of)]) -> Response:
    """End the session and give the browser a secret that is worth nothing."""
    office = office_of(request)
    office.store.sessions.close(request.state.secret)
    return _with_cookie(office, RedirectResponse("/connexion", status_code=303), new_secret())


def inside(goal: str) -> str:
    """Return `goal` when it is a page of this server, else the first page."""
    return goal if _INSIDE.fullmatch(goal) else "/"


def address_of(request: Request) -> str:
    """Return the address that asks, "" when the server does not know it."""
    return request.client.host if request.client else ""


def too_often(office: Office) -> str:
    """Return what is said to who tried too often."""
    minutes = office.config.tries_min
    return marked("Trop d’essais. Attendez %(n)s minutes, puis recommencez.", n=minutes)


def _page(request: Request, goal: str, *, status: int = 200, said: str = "") -> HTMLResponse:
    return office_of(request).pages.page(
        request, "sign_in.html", status=status, said=said, goal=inside(goal),
        token=request.state.form_token,
    )  # fmt: skip


def _with_cookie(office: Office, response: Response, secret: str) -> Response:
    response.headers.append("set-cookie", cookie(office.config, secret))
    return response
