"""What the footer leads to: how accessible the pages are, what is kept and for how long."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import HTMLResponse, Response

from territory.io.retention import next_purge
from territory.web.documents import MEDIA_TYPE, TITLES, document
from territory.web.office import office_of
from territory.web.rights import Right, rights_table, role_titles
from territory.web.speaking import tongue_of
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
    return office.pages.page(
        request, "personal_data.html", purge=purge, config=office.config,
        roles=role_titles(tongue_of(request)), rights=rights_table(), documents=TITLES,
    )  # fmt: skip


@router.get("/donnees-personnelles/{name}.docx")
def to_complete(name: str, _: Annotated[Visitor, Depends(needs(Right.READ))]) -> Response:
    """Send a document that the structure completes; raises HTTPException (404) for none of them."""
    if name not in TITLES:
        raise HTTPException(404)
    sent = {"content-disposition": f'attachment; filename="{name}.docx"'}
    return Response(document(name), media_type=MEDIA_TYPE, headers=sent)
