"""Travaux: how far each one is, who asked, how it ended; a fragment that follows one to its end."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from territory.model.marked import marked
from territory.web.job_model import Job
from territory.web.office import office_of
from territory.web.rights import Right
from territory.web.visitor import Visitor, needs

router = APIRouter()
SHOWN = 50
ENDING = "travail-fini"  # what pages hear when the job that they follow is over


@router.get("/travaux")
def jobs(request: Request, _: Annotated[Visitor, Depends(needs(Right.READ))]) -> HTMLResponse:
    """Return the last jobs, the newest first, and the one under way."""
    office = office_of(request)
    rows = [(job, office.jobs.title(job)) for job in office.jobs.latest(SHOWN)]
    running = office.jobs.running()
    return office.pages.page(
        request, "jobs.html", rows=rows, job=running,
        title=office.jobs.title(running) if running else "",
    )  # fmt: skip


@router.get("/travaux/{key}")
def job(
    request: Request,
    key: str,
    _: Annotated[Visitor, Depends(needs(Right.READ))],
    suivi: str = "",
) -> HTMLResponse:
    """
    Return the fragment of one job, or its page without JavaScript.

    Raises HTTPException: 404 when there is none of this key. Who follows it (`suivi`) is told its
    end once.
    """
    found = _found(request, key)
    answer = job_fragment(request, found)
    if found.over and suivi:
        answer.headers["HX-Trigger"] = ENDING
    return answer


@router.delete("/travaux/{key}", summary=marked("Travail arrêté"))
@router.post("/travaux/{key}/arret", summary=marked("Travail arrêté"))
def stop(request: Request, key: str, _: Annotated[Visitor, Depends(needs(Right.PLAN))]) -> Response:
    """Stop a job and return its fragment; raises HTTPException as `job`."""
    office_of(request).jobs.stop(_found(request, key).key)
    if "hx-request" not in request.headers:
        return RedirectResponse(f"/travaux/{key}", status_code=303)
    return job_fragment(request, _found(request, key))


def job_fragment(request: Request, found: Job) -> HTMLResponse:
    """
    Return the fragment of a job, for the page that started it and for those that follow it.

    Without JavaScript, a whole page that loads itself again until the job is over.
    """
    office = office_of(request)
    template = "job.html" if "hx-request" in request.headers else "job_page.html"
    return office.pages.page(request, template, job=found, title=office.jobs.title(found))


def _found(request: Request, key: str) -> Job:
    found = office_of(request).jobs.get(key)
    if found is None:
        raise HTTPException(404)
    return found
