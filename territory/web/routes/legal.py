"""What the footer leads to: how accessible the pages are, what is kept and for how long."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse

from territory.io.retention import next_purge
from territory.web.office import office_of
from territory.web.rights import Right
from territory.web.visitor import Visitor, needs

router = APIRouter()


@router.get("/accessibilite")
def accessibility(
    request: Request, _: Annotated[Visitor, Depends(needs(Right.READ))]
) -> HTMLResponse:
    """Return the declaration on accessibility."""
    return office_of(request).pages.page(request, "accessibility.html")


@router.get("/donnees-personnelles")
def personal_data(
    request: Request, _: Annotated[Visitor, Depends(needs(Right.READ))]
) -> HTMLResponse:
    """Return what is kept, what is refused, for how long, and who sees it."""
    office = office_of(request)
    purge = next_purge(office.shelf.now().territory.today)
    return office.pages.page(request, "personal_data.html", purge=purge, config=office.config)
