"""Comptes: who may come in, and to do what; kept by the managers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from territory.errors import WrongUsage
from territory.model.marked import marked
from territory.web.accounts import Accounts, code_of
from territory.web.office import office_of
from territory.web.rights import ROLE_NAMES, Right, Role
from territory.web.visitor import Visitor, needs

router = APIRouter()
Keeper = Annotated[Visitor, Depends(needs(Right.ACCOUNTS))]


@router.get("/comptes")
def listed(request: Request, _: Keeper) -> HTMLResponse:
    """Return the accounts."""
    return _page(request)


@router.post("/comptes", summary=marked("Compte créé"))
def create(
    request: Request, _: Keeper, role: Annotated[Role, Form()], code: Annotated[str, Form()] = ""
) -> Response:
    """Add an account; its password is shown this once."""
    try:
        drawn = _accounts(request).create(code, role)
    except WrongUsage as error:
        return _page(request, status=422, said=str(error))
    request.state.targets = {"code": code_of(code)}
    return _page(request, drawn=(code_of(code), drawn))


@router.post("/comptes/{login}/role", summary=marked("Rôle changé"))
def set_role(request: Request, login: str, _: Keeper, role: Annotated[Role, Form()]) -> Response:
    """Give an account another role, at once."""
    try:
        _accounts(request).set_role(login, role)
    except WrongUsage as error:
        return _page(request, status=422, said=str(error))
    return RedirectResponse("/comptes", status_code=303)


@router.post("/comptes/{login}/fermer", summary=marked("Compte fermé"))
def shut(request: Request, login: str, _: Keeper) -> Response:
    """Close an account and end its sessions."""
    return _set_active(request, login, active=False)


@router.post("/comptes/{login}/rouvrir", summary=marked("Compte rouvert"))
def reopen(request: Request, login: str, _: Keeper) -> Response:
    """Open again an account that was closed."""
    return _set_active(request, login, active=True)


@router.post("/comptes/{login}/mot-de-passe", summary=marked("Nouveau mot de passe donné"))
def reset(request: Request, login: str, _: Keeper) -> Response:
    """Draw another password, shown this once, and end the sessions."""
    try:
        drawn = _accounts(request).reset(login)
    except WrongUsage as error:
        return _page(request, status=422, said=str(error))
    return _page(request, drawn=(code_of(login), drawn))


def _set_active(request: Request, login: str, *, active: bool) -> Response:
    try:
        _accounts(request).set_active(login, active=active)
    except WrongUsage as error:
        return _page(request, status=422, said=str(error))
    return RedirectResponse("/comptes", status_code=303)


def _accounts(request: Request) -> Accounts:
    return office_of(request).store.accounts


def _page(
    request: Request,
    *,
    status: int = 200,
    said: str = "",
    drawn: tuple[str, str] | None = None,
) -> HTMLResponse:
    return office_of(request).pages.page(
        request, "accounts.html", status=status, said=said, drawn=drawn,
        accounts=_accounts(request).listed(), roles=ROLE_NAMES,
    )  # fmt: skip
