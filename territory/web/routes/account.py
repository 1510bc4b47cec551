"""Mon compte: who I am here, and another password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from territory.errors import WrongUsage
from territory.model.marked import marked
from territory.web.office import office_of
from territory.web.passwords import LEAST
from territory.web.rights import ROLE_NAMES
from territory.web.routes.sign_in import address_of, too_often
from territory.web.tokens import cookie, new_secret
from territory.web.visitor import Visitor, visitor_of

router = APIRouter()
NOT_THIS = marked("Le mot de passe actuel n’est pas le bon.")
NOT_TWICE = marked("Les deux nouveaux mots de passe ne sont pas les mêmes.")
SAME = marked("Le nouveau mot de passe doit être différent de l’actuel.")


@router.get("/compte")
def own(request: Request, _: Annotated[Visitor, Depends(visitor_of)]) -> HTMLResponse:
    """Return the page of one's own account."""
    return _page(request, changed="fait" in request.query_params)


@router.post("/compte", summary=marked("Mot de passe changé"))
def change(
    request: Request,
    visitor: Annotated[Visitor, Depends(visitor_of)],
    former: Annotated[str, Form(alias="actuel")] = "",
    chosen: Annotated[str, Form(alias="nouveau")] = "",
    again: Annotated[str, Form(alias="encore")] = "",
) -> Response:
    """Take another password: every session of the account ends, and this one begins anew."""
    office, store = office_of(request), office_of(request).store
    if not store.attempts.allow(visitor.login, address_of(request)):
        return _page(request, status=429, said=too_often(office))
    known = store.accounts.check(visitor.login, former)
    problem = _problem(former, chosen, again) if known else NOT_THIS
    if known is None or problem:
        return _page(request, status=422, said=problem)
    store.attempts.forgive(visitor.login, address_of(request))
    try:
        kept = store.accounts.set_password(visitor.login, chosen, known.mark)
    except WrongUsage as error:
        return _page(request, status=422, said=str(error))
    secret = store.sessions.open(kept.login, kept.mark) or new_secret()
    answer = RedirectResponse("/compte?fait=1", status_code=303)
    answer.headers.append("set-cookie", cookie(office.config, secret))
    return answer


def _problem(former: str, chosen: str, again: str) -> str:
    if chosen != again:
        return NOT_TWICE
    return SAME if chosen == former else ""


def _page(
    request: Request, *, status: int = 200, said: str = "", changed: bool = False
) -> HTMLResponse:
    return office_of(request).pages.page(
        request, "account.html", status=status, said=said, changed=changed, least=LEAST,
        roles=ROLE_NAMES,
    )  # fmt: skip
