"""How far a job is: a fragment that asks again until it is over."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import HTMLResponse

from territory.web.job_model import Job
from territory.web.office import office_of
from territory.web.orders import ORDERS
from territory.web.rights import Right
from territory.web.visitor import Visitor, needs

router = APIRouter()


@router.get("/travaux/{key}")
def job(
    request: Request, key: str, _: Annotated[Visitor, Depends(needs(Right.READ))]
) -> HTMLResponse:
    """Return the fragment of one job; 404 when there is none of this key."""
    return job_fragment(request, _found(request, key))


@router.delete("/travaux/{key}", summary="Travail arrêté")
def stop(
    request: Request, key: str, _: Annotated[Visitor, Depends(needs(Right.PLAN))]
) -> HTMLResponse:
    """Stop a job and return its fragment."""
    office_of(request).jobs.stop(_found(request, key).key)
    return job_fragment(request, _found(request, key))


def job_fragment(request: Request, found: Job) -> HTMLResponse:
    """Return the fragment of a job, for the page that started it and for those that follow it."""
    title = ORDERS[found.order].title
    return office_of(request).pages.page(request, "job.html", job=found, title=title)


def _found(request: Request, key: str) -> Job:
    found = office_of(request).jobs.get(key)
    if found is None:
        raise HTTPException(404)
    return found
