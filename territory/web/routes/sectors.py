"""Secteurs: who covers what, how even, what changes hands, and what an absence would change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from territory.errors import BadSettings, WrongUsage
from territory.model.marked import marked
from territory.model.sector_tables import HOUR_PARTS
from territory.outputs.sector_account import ASSUMED, basis_lines
from territory.pipeline.last_build import is_current
from territory.web.fields import form_fields
from territory.web.files import latest_files, standing_files
from territory.web.office import built_of, office_of
from territory.web.reserves import keep, reserves_of
from territory.web.results import found_by, listed, made_at, trials_of
from territory.web.rights import Right
from territory.web.routes.jobs import job_fragment
from territory.web.routes.zones import communes_of
from territory.web.speaking import tongue_of
from territory.web.views import sectors as view
from territory.web.visitor import Visitor, needs

if TYPE_CHECKING:
    from territory.web.job_model import Job
    from territory.web.translations import Tongue

router = APIRouter()
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Planner = Annotated[Visitor, Depends(needs(Right.PLAN))]
Fields = Annotated[dict[str, str], Depends(form_fields)]
Decider = Annotated[Visitor, Depends(needs(Right.DECIDE))]
_PAGE, _MOST_POSTS = "/secteurs", 20
_PARTS = frozenset({"essai", "reprises"})  # where jobs lead back to, the page read again


@router.get("/secteurs")
def sectors(
    request: Request, visitor: Reader, essai: str = "", quoi: str = "", avant: str = ""
) -> HTMLResponse:
    """
    Return the page: sectors with their balance, map, today's split, reserves, a supposition.

    `essai` is the key of a supposition, else the last of the visitor; the commune or zone `quoi`
    has just been reserved or released, and was kept by `avant`.
    """
    return _page(request, visitor, essai=essai, changed=quoi, before=avant)


def _page(  # noqa: PLR0913 - what addresses say
    request: Request,
    visitor: Visitor,
    *,
    essai: str = "",
    changed: str = "",
    before: str = "",
    refusal: str = "",
    status: int = 200,
) -> HTMLResponse:
    office = office_of(request)
    held = office.shelf.now()
    built, plan = held.built, held.sectors
    if built is None or plan is None:
        return office.pages.page(request, "not_built.html", title=marked("Secteurs"))
    tongue = tongue_of(request)
    hours, names, team = visitor.may(Right.HOURS), communes_of(held), built.table("team")
    since, recent = made_at(held.territory.processed, "70_sectors"), office.jobs.latest(50)
    usual = found_by(recent, "sectors", since)
    tried = trials_of(
        recent, "suppose_sectors", since, by=visitor.login,
        chosen=office.jobs.get(essai) if essai else None,
    )  # fmt: skip
    return office.pages.page(
        request, "sectors.html", status=status, refusal=refusal,
        plan=plan, rows=view.sector_rows(plan, hours=hours, tongue=tongue), hours=hours,
        sentence=view.balance_sentence(plan, tongue),
        parts=view.part_rows(plan, tongue) if hours else [],
        part_names=list(HOUR_PARTS.values()), today=view.today_rows(team, names, tongue),
        basis=basis_lines(built.products["70_sectors"].facts, plan),
        reserves=reserves_of(built, names, changed=changed, before=before),
        current=is_current(held.territory),
        change=_change(usual, tongue), organisations=_organisations(usual, tongue), assumed=ASSUMED,
        columns=view.ORGANISATION_COLUMNS, trial=_trial(tried.shown, tongue, hours=hours),
        trials=listed(tried, lambda asked: view.asked_words(asked, tongue)),
        agents=[str(code) for code in team.index],
        files=latest_files(held, ("carte.html",)),
        notes=standing_files(held, ("secteurs.pdf",)) if hours else [],
    )  # fmt: skip


@router.get("/secteurs/{part}")
def part(part: str, _: Reader) -> RedirectResponse:
    """Go to a part of the page, read again; raises HTTPException 404 for any other name."""
    if part not in _PARTS:
        raise HTTPException(404)
    return RedirectResponse(f"{_PAGE}#{part}", status_code=303)


@router.post("/secteurs/reserves", summary=marked("Commune ou zone réservée ou libérée"))
def reserve(request: Request, visitor: Planner, fields: Fields) -> Response:
    """
    Keep a commune or zone with somebody, or nobody, in the settings; say why when it cannot be.

    Raises HTTPException 404 before the first build.
    """
    office, held = office_of(request), office_of(request).shelf.now()
    built, target = built_of(held), fields.get("quoi", "")
    try:
        before = keep(
            office.config.folder, built, communes_of(held), target, fields.get("qui", ""),
            seen=fields.get("etat", ""),
        )  # fmt: skip
    except (WrongUsage, BadSettings) as error:
        return _page(request, visitor, refusal=str(error), status=422)
    told = urlencode({"quoi": target, "avant": before})
    return RedirectResponse(f"{_PAGE}?{told}#annuler", status_code=303)


@router.post("/secteurs/comparaison", summary=marked("Comparaison des secteurs"))
def compare(
    request: Request, visitor: Decider, organisations: Annotated[str, Form()] = ""
) -> Response:
    """Start the comparison with today's split, and with other organisations when asked."""
    asked = {"absent": "", "posts": 0, "compare": organisations == "oui", "seed": None}
    jobs = office_of(request).jobs
    job = jobs.start("sectors", asked, by=visitor.login, back=f"{_PAGE}/reprises")
    return job_fragment(request, job)


@router.post("/secteurs/essai", summary=marked("Essai de secteurs"))
def suppose(
    request: Request,
    visitor: Decider,
    absent: Annotated[list[str] | None, Form()] = None,
    postes: Annotated[str, Form()] = "",
) -> Response:
    """Start the search of who takes over when somebody is away, or with another number of posts."""
    posts = min(int(postes), _MOST_POSTS) if postes.isdecimal() else 0
    asked = {"absent": ",".join(absent or []), "posts": posts, "compare": False, "seed": None}
    jobs = office_of(request).jobs
    job = jobs.start("suppose_sectors", asked, by=visitor.login, back=f"{_PAGE}/essai")
    return job_fragment(request, job)


def _change(job: Job | None, tongue: Tongue) -> dict[str, Any] | None:
    if job is None or job.value.get("changement") is None:
        return None
    return view.change_of(job.value["changement"], tongue)


def _organisations(job: Job | None, tongue: Tongue) -> list[dict[str, Any]]:
    if job is None or "organisations" not in job.value:
        return []
    return view.organisation_table(job.value["organisations"], tongue)


def _trial(job: Job | None, tongue: Tongue, *, hours: bool) -> dict[str, Any] | None:
    """Return a supposition, ready to lay out; None without one."""
    if job is None:
        return None
    plan = view.plan_of(job.value)
    return {
        "rows": view.sector_rows(plan, hours=hours, tongue=tongue),
        "sentence": view.balance_sentence(plan, tongue), "change": _change(job, tongue),
        "note": plan.note, "file": job.value["fichier"].removeprefix("outputs/") if hours else "",
    }  # fmt: skip
