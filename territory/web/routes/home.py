"""Accueil: what is missing or stale, and what to do next."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse

from territory.io.deposit import sweep
from territory.model.marked import marked
from territory.pipeline.workspace import next_week
from territory.web.home_view import home_view, refusal_file
from territory.web.office import office_of
from territory.web.rights import Right
from territory.web.routes.jobs import job_fragment
from territory.web.speaking import tongue_of
from territory.web.visitor import Visitor, needs

router = APIRouter()


@router.get("/")
def home(request: Request, _: Annotated[Visitor, Depends(needs(Right.READ))]) -> HTMLResponse:
    """Return the first page."""
    office = office_of(request)
    sweep(office.config.folder, time.time())
    return office.pages.page(
        request, "home.html", view=home_view(office.shelf.now(), tongue_of(request)),
        running=office.jobs.running(), refusals=refusal_file(office.config.folder),
    )  # fmt: skip


@router.post("/calcul", summary=marked("Tout recalculer"))
def build(
    request: Request, visitor: Annotated[Visitor, Depends(needs(Right.PLAN))]
) -> HTMLResponse:
    """Start the computation of everything; return its fragment."""
    jobs = office_of(request).jobs
    return job_fragment(request, jobs.start("build", {"seed": None}, by=visitor.login, back="/"))


@router.post("/semaine-prochaine", summary=marked("Semaine préparée"))
def next_one(
    request: Request, visitor: Annotated[Visitor, Depends(needs(Right.PLAN))]
) -> HTMLResponse:
    """Start the plan of the week after the one of today; return its fragment."""
    office = office_of(request)
    which = next_week(office.shelf.now().territory.today)
    job = office.jobs.start("week", {"which": which, "seed": None}, by=visitor.login,
                            back=f"/semaine?semaine={which}")  # fmt: skip
    return job_fragment(request, job)
