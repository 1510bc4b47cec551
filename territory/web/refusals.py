"""What is answered when the door stays shut."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from territory.model.marked import marked
from territory.web.office import office_of
from territory.web.own_forms import ForeignForm, OldForm
from territory.web.visitor import MustChange, SignedOut

if TYPE_CHECKING:
    from fastapi import FastAPI, Request

SIGN_IN, ACCOUNT = "/connexion", "/compte"
_OLD = marked("Ce formulaire est périmé : revenez à la page, rechargez-la et recommencez.")
_FOREIGN = marked("Cette demande vient d’un autre site : elle n’a pas été suivie.")


def install(app: FastAPI) -> None:
    """Give `app` its answers to who is not known and to forms not ours."""

    def refused(request: Request, sentence: str) -> Response:
        return office_of(request).pages.page(
            request, "failure.html", status=403, sentence=sentence, status_code=403
        )

    @app.exception_handler(ForeignForm)
    async def foreign(request: Request, _: ForeignForm) -> Response:
        return refused(request, _FOREIGN)

    @app.exception_handler(OldForm)
    async def old(request: Request, _: OldForm) -> Response:
        return refused(request, _OLD)

    @app.exception_handler(SignedOut)
    async def signed_out(request: Request, _: SignedOut) -> Response:
        return _sent_to(request, f"{SIGN_IN}?vers={quote(goal_of(request))}")

    @app.exception_handler(MustChange)
    async def must_change(request: Request, _: MustChange) -> Response:
        return _sent_to(request, ACCOUNT)


def _sent_to(request: Request, address: str) -> Response:
    """Send the whole page elsewhere, also when only a fragment was asked."""
    if request.headers.get("hx-request"):
        return Response(status_code=401, headers={"hx-redirect": address})
    return RedirectResponse(address, status_code=303)


def goal_of(request: Request) -> str:
    """Return the page to come back to: the one asked for, else the first one."""
    fragment = request.headers.get("hx-request")
    if request.method != "GET" or fragment:
        return "/"
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
