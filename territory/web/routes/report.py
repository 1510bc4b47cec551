"""Bilan: the figures of a period with their definitions, and what may leave the team."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from territory.analysis.counted_groups import PERIODS, ZONINGS
from territory.analysis.disclosure import K_PUBLIC
from territory.io.table_writer import csv_bytes
from territory.model.marked import marked
from territory.web.office import office_of
from territory.web.report_choice import Choice, choices_of, chosen
from territory.web.report_read import report_for
from territory.web.rights import Right
from territory.web.routes.jobs import job_fragment
from territory.web.speaking import tongue_of
from territory.web.views import report as view
from territory.web.visitor import Forbidden, Visitor, needs

if TYPE_CHECKING:
    from territory.analysis.report.findings import Findings
    from territory.web.shelf import Holdings

router = APIRouter()
Viewer = Annotated[Visitor, Depends(needs(Right.READ))]
Decider = Annotated[Visitor, Depends(needs(Right.DECIDE))]
Year = Annotated[str, Query(alias="annee")]  # addresses kept from before periods
ZONES = dict(
    zip(
        ZONINGS,
        (marked("commune"), marked("quartier prioritaire"), marked("carreau de 200 m")),
        strict=True,
    )
)
TIMES = dict(zip(PERIODS, (marked("mois"), marked("semaine"), marked("année")), strict=True))


@router.get("/bilan")
def report(
    request: Request, visitor: Viewer, periode: str = "", profil: str = "", pour: str = "",
    year: Year = "",
) -> HTMLResponse:  # fmt: skip
    """
    Return the report of a period, the last year by default; `pour=equipe` is the team's own view.

    Before the first build a page says so: the HTTPException 404 is for the tables asked alone.
    """
    office = office_of(request)
    held = office.shelf.now()
    if held.built is None:
        return office.pages.page(request, "not_built.html", title=marked("Bilan"))
    choices = choices_of(held)
    choice = chosen(choices, periode or year, profil, pour)
    made = report_for(held, choice, visitor)
    return office.pages.page(
        request, "report.html", choices=choices, choice=choice, report=made, found=made.found,
        width=view.bar_width, unit=view.unit_name, most=view.MOST,
        part=partial(view.part_name, tongue=tongue_of(request)), digest=_digest(made.found),
        zonings=ZONES, periods=TIMES, k=K_PUBLIC, published=_published(held),
        documents=_documents(held, made.found, choice),
    )  # fmt: skip


@router.get("/bilan/bilan.csv")
def table(
    request: Request, visitor: Viewer, periode: str = "", profil: str = "", pour: str = "",
    year: Year = "",
) -> Response:  # fmt: skip
    """
    Send the table of numbers of the page, as the command writes it.

    Raises HTTPException: 404 before the first build.
    """
    from territory.outputs.report_tables import report_rows  # noqa: PLC0415 - slow to load

    held = office_of(request).shelf.now()
    choice = chosen(choices_of(held), periode or year, profil, pour)
    made = report_for(held, choice, visitor)
    named = f"{_stem(made.found, choice)}.csv"
    sent = {"content-disposition": f'attachment; filename="{named}"'}
    return Response(csv_bytes(report_rows(made.numbers)), media_type="text/csv", headers=sent)


@router.get("/bilan/dehors")
def outside(_: Viewer) -> RedirectResponse:
    """Go to what may leave the team, the page read again."""
    return RedirectResponse("/bilan#dehors", status_code=303)


@router.post("/bilan/documents", summary=marked("Documents du bilan"))
def documents(
    request: Request, visitor: Decider, periode: Annotated[str, Form()] = "",
    profil: Annotated[str, Form()] = "", pour: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """
    Start the writing of the documents of a report; those of the team tell hours of each.

    Raises Forbidden for them when the visitor may not see hours; HTTPException 404 before a build.
    """
    office = office_of(request)
    choice = chosen(choices_of(office.shelf.now()), periode, profil, pour)
    if not choice.outside and not visitor.may(Right.HOURS):
        raise Forbidden
    asked = {"span": choice.span, "profile": choice.profile, "team": not choice.outside}
    back = f"/bilan?{choice.query}#dehors"
    return job_fragment(request, office.jobs.start("report", asked, by=visitor.login, back=back))


@router.post("/bilan/export", summary=marked("Tableau pour l’extérieur"))
def export(
    request: Request,
    visitor: Decider,
    zonage: Annotated[str, Form()] = "commune",
    periode: Annotated[str, Form()] = "mois",
) -> Response:
    """Start the writing of a table for outside, guarded and recorded."""
    asked = {
        "zoning": zonage if zonage in ZONES else "commune",
        "period": periode if periode in TIMES else "mois", "extra": "", "k": K_PUBLIC,
    }  # fmt: skip
    jobs = office_of(request).jobs
    job = jobs.start("export", asked, by=visitor.login, back="/bilan/dehors")
    return job_fragment(request, job)


def _digest(found: Findings) -> str:
    return found.digest[: view.HASH_SHOWN]


def _stem(found: Findings, choice: Choice) -> str:
    """Return what the command calls the documents of a report, without their kind."""
    days = f"{found.span.first:%Y%m%d}_{found.span.last:%Y%m%d}"
    return f"{found.profile.code}_{days}{'' if choice.outside else '_equipe'}"


def _documents(held: Holdings, found: Findings, choice: Choice) -> list[str]:
    """Return the documents of this report already written, by name."""
    folder = held.territory.folder / "outputs" / "bilan"
    return sorted(path.name for path in folder.glob(f"{_stem(found, choice)}.*"))


def _published(held: Holdings) -> list[str]:
    """Return the tables for outside already written, by name."""
    folder = held.territory.folder / "outputs" / "public"
    return sorted(path.name for path in folder.glob("*") if path.suffix in {".csv", ".geojson"})
