"""Accueil: what is missing or stale, and what to do next."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse

from territory.pipeline.last_build import is_current
from territory.web.office import office_of
from territory.web.rights import Right
from territory.web.routes.jobs import job_fragment
from territory.web.visitor import Visitor, needs

router = APIRouter()


@router.get("/")
def home(request: Request, _: Annotated[Visitor, Depends(needs(Right.READ))]) -> HTMLResponse:
    """Return the first page."""
    office = office_of(request)
    held = office.shelf.now()
    return office.pages.page(
        request, "home.html", held=held, current=is_current(held.territory),
        running=office.jobs.running(),
    )  # fmt: skip


@router.post("/calcul", summary="Tout recalculer")
def build(
    request: Request, visitor: Annotated[Visitor, Depends(needs(Right.PLAN))]
) -> HTMLResponse:
    """Start the computation of everything; return its fragment."""
    jobs = office_of(request).jobs
    return job_fragment(request, jobs.start("build", {"seed": None}, by=visitor.login, back="/"))
