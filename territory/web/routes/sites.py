"""Permanences: where to open and when, what else would do, what-ifs, decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse, Response

from territory.analysis.access import slot_names
from territory.io.decision_log import in_force, read_decisions
from territory.model.marked import marked
from territory.outputs.request_account import decision_rows
from territory.pipeline.site_names import decision_name
from territory.web.files import latest_files, standing_files
from territory.web.office import office_of
from territory.web.results import found_by, listed, made_at, trials_of
from territory.web.rights import Right
from territory.web.routes.jobs import job_fragment
from territory.web.routes.zones import communes_of
from territory.web.speaking import tongue_of
from territory.web.views import sites as view
from territory.web.visitor import Visitor, needs

if TYPE_CHECKING:
    from territory.model.results import SitePlan
    from territory.pipeline.workspace import Built
    from territory.web.job_model import Job
    from territory.web.translations import Tongue

router = APIRouter()
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Decider = Annotated[Visitor, Depends(needs(Right.DECIDE))]
_PAGE = "/permanences"
# Where jobs lead back to: an address of its own, so that the browser reads the page again.
_PARTS = frozenset({"essai", "discussion", "decisions"})


async def fields_of(request: Request) -> FormData:
    """Return the fields of the form sent."""
    return await request.form()


@router.get("/permanences")
def sites(request: Request, visitor: Reader, essai: str = "") -> HTMLResponse:
    """Return the page; `essai` is the key of a supposition, else the last of the visitor."""
    office = office_of(request)
    held = office.shelf.now()
    built, plan = held.built, held.sites
    if built is None or plan is None:
        return office.pages.page(request, "not_built.html", title=marked("Permanences"))
    tongue = tongue_of(request)
    names, places = communes_of(held), built.table("places")
    since = made_at(held.territory.processed, "75_sites")
    recent = office.jobs.latest(50)
    tried = trials_of(
        recent, "suppose_sites", since, by=visitor.login,
        chosen=office.jobs.get(essai) if essai else None,
    )  # fmt: skip
    choices = view.place_choices(built.table("site_options"), places, names, tongue)
    return office.pages.page(
        request, "sites.html",
        plan=plan, sites=view.site_rows(plan, names, tongue),
        sentence=view.plan_sentence(plan, tongue),
        today=view.today_rows(built.table("permanences"), places, tongue), view=view,
        talk=_sections(found_by(recent, "sites", since), tongue),
        trial=_trial(tried.shown, plan, names, tongue),
        trials=listed(tried, lambda asked: view.asked_words(asked, dict(choices), tongue)),
        places=choices, slots=slot_names(), decisions=_decisions(built),
        files=latest_files(held, ("carte.html",)), notes=standing_files(held, ("permanences.pdf",)),
    )  # fmt: skip


@router.get("/permanences/{part}")
def part(part: str, _: Reader) -> RedirectResponse:
    """Go to a part of the page, read again; raises HTTPException 404 for any other name."""
    if part not in _PARTS:
        raise HTTPException(404)
    return RedirectResponse(f"{_PAGE}#{part}", status_code=303)


@router.post("/permanences/essai", summary=marked("Essai de permanences"))
def suppose(
    request: Request, visitor: Decider, form: Annotated[FormData, Depends(fields_of)]
) -> Response:
    """Start the search with what the form asks, today's proposal staying as it is."""
    asked = view.supposition_of({key: str(value) for key, value in form.items()})
    order = "suppose_sites" if asked.changes else "sites"
    back = f"{_PAGE}/essai" if asked.changes else f"{_PAGE}/discussion"
    job = office_of(request).jobs.start(order, asked.arguments(), by=visitor.login, back=back)
    return job_fragment(request, job)


@router.post("/permanences/decisions", summary=marked("Décision notée"))
def decide(  # noqa: PLR0913, PLR0917 - one for each field
    request: Request,
    visitor: Decider,
    demande: Annotated[str, Form()] = "",
    lieu: Annotated[str, Form()] = "",
    creneau: Annotated[str, Form()] = "",
    organisme: Annotated[str, Form()] = "",
    motif: Annotated[str, Form()] = "",
    annule: Annotated[int, Form()] = 0,
) -> Response:
    """Note a decision of an organisation, or the undoing of an earlier one."""
    known = {kind for kind, _ in view.DECISIONS}
    place = f"{lieu}:{creneau}" if creneau else lieu
    asked = {demande: place} if demande in known and not annule else {}
    arguments = {
        "asked": asked, "who": organisme, "why": motif, "undo": annule, "listing": False,
        "seed": None,
    }  # fmt: skip
    back = f"{_PAGE}/decisions"
    job = office_of(request).jobs.start("decide", arguments, by=visitor.login, back=back)
    return job_fragment(request, job)


def _decisions(built: Built) -> list[dict[str, Any]]:
    decisions, _ = read_decisions(built.territory.folder)
    held = in_force(decisions, built.territory.today)
    return decision_rows(decisions, held, lambda one: decision_name(built, one))


def _sections(job: Job | None, tongue: Tongue) -> dict[str, Any] | None:
    """Return what a search found beside its plan, ready to lay out; None without one."""
    if job is None:
        return None
    value = job.value
    curve, equity = value["courbe"], value["equite"]
    return {
        "curve": None if curve is None else {
            "rows": view.curve_rows(curve["points"], tongue),
            "drawing": view.curve_points(curve["points"], tongue),
            "elbow": curve["coude"],
        },
        "near": value["equivalents"], "robust": value["robustesse"],
        "equity": None if equity is None else view.equity_rows(equity, tongue),
        "requests": value["demandes"]["lignes"],
    }  # fmt: skip


def _trial(
    job: Job | None, plan: SitePlan, names: dict[str, str], tongue: Tongue
) -> dict[str, Any] | None:
    """Return a supposition beside today's proposal; None without one."""
    if job is None:
        return None
    supposed = view.plan_of(job.value)
    return {
        "sides": view.side_rows(plan, supposed, tongue),
        "sites": view.site_rows(supposed, names, tongue),
        "notes": supposed.notes, "sections": _sections(job, tongue),
        "file": job.value["fichier"].removeprefix("outputs/"),
        "sentence": view.plan_sentence(supposed, tongue),
    }  # fmt: skip
