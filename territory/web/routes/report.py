"""Bilan: the figures of a civil year with their definitions, and what may leave the team."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from territory.analysis.counted_groups import PERIODS, ZONINGS
from territory.analysis.disclosure import K_PUBLIC
from territory.analysis.partners import funnel, funnel_by
from territory.analysis.year_figures import activities_of, years_of
from territory.io.table_writer import csv_bytes
from territory.model.marked import marked
from territory.web.files import latest_files
from territory.web.office import built_of, office_of
from territory.web.rights import Right
from territory.web.routes.jobs import job_fragment
from territory.web.routes.zones import communes_of
from territory.web.speaking import tongue_of
from territory.web.translations import FRENCH
from territory.web.views import report as view
from territory.web.visitor import Visitor, needs

if TYPE_CHECKING:
    import pandas as pd

    from territory.web.shelf import Holdings
    from territory.web.translations import Tongue

router = APIRouter()
Viewer = Annotated[Visitor, Depends(needs(Right.READ))]
Decider = Annotated[Visitor, Depends(needs(Right.DECIDE))]
ZONES = dict(
    zip(
        ZONINGS,
        (marked("commune"), marked("quartier prioritaire"), marked("carreau de 200 m")),
        strict=True,
    )
)
TIMES = dict(zip(PERIODS, (marked("mois"), marked("semaine"), marked("année")), strict=True))


@dataclass(frozen=True, slots=True)
class _Year:
    """The year asked, those there are, its activities, and who reads."""

    year: int
    years: list[int]
    done: pd.DataFrame
    reader: view.Reader


@router.get("/bilan")
def report(request: Request, _: Viewer, annee: str = "", pour: str = "") -> HTMLResponse:
    """
    Return the page of a year, the last one by default; `pour=equipe` is the team's own view.

    Before the first build a page says so: the HTTPException 404 is for the tables asked alone.
    """
    office = office_of(request)
    held = office.shelf.now()
    built = held.built
    if built is None:
        return office.pages.page(request, "not_built.html", title=marked("Bilan"))
    tongue = tongue_of(request)
    asked = _asked(held, annee, pour, tongue)
    done, reader, today = asked.done, asked.reader, held.territory.today
    return office.pages.page(
        request, "report.html", asked=asked, until=tongue.figures.long_date(today),
        whole_year=asked.year < today.year, empty=done.empty,
        **held.once(
            ("bilan", asked.year, reader.outside, tongue.language), lambda: _tables(held, asked)
        ),
        warnings=view.warnings_of(done, reader), missing=view.MISSING,
        zonings=ZONES, periods=TIMES, k=K_PUBLIC, published=_published(held),
        files=latest_files(held, ("semaine.xlsx",)),
    )  # fmt: skip


@router.get("/bilan/bilan.csv")
def table(request: Request, _: Viewer, annee: str = "", pour: str = "") -> Response:
    """
    Send the tables of the page as French spreadsheets open them, hidden counts as on it.

    Raises HTTPException: 404 before the first build.
    """
    held = office_of(request).shelf.now()
    asked = _asked(held, annee, pour, FRENCH)
    rows = view.export_rows([
        ("par activité", view.kind_rows(asked.done, asked.reader)),
        ("par mois", view.month_rows(asked.done, asked.reader)),
        ("par commune", view.commune_rows(asked.done, communes_of(held), asked.reader)),
    ])  # fmt: skip
    sent = {"content-disposition": f'attachment; filename="bilan_{asked.year}.csv"'}
    return Response(csv_bytes(rows), media_type="text/csv", headers=sent)


@router.get("/bilan/dehors")
def outside(_: Viewer) -> RedirectResponse:
    """Go to what may leave the team, the page read again."""
    return RedirectResponse("/bilan#dehors", status_code=303)


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


def _asked(held: Holdings, year: str, audience: str, tongue: Tongue) -> _Year:
    """
    Return the year asked, the last one with activities when it is not one of them.

    Raises HTTPException: 404 when nothing is built.
    """
    today = held.territory.today
    activities = built_of(held).table("activities")
    years = years_of(activities, today) or [today.year]
    chosen = int(year) if year.isdecimal() and int(year) in years else years[0]
    outside = audience != "equipe"

    def read() -> _Year:
        done = activities_of(activities, chosen, today)
        reader = view.reader_of(done, outside=outside, tongue=tongue)
        return _Year(chosen, years, done, reader)

    return held.once(("année", chosen, outside, tongue.language), read)


def _tables(held: Holdings, asked: _Year) -> dict[str, Any]:
    """Return every table of a year."""
    done, reader, built = asked.done, asked.reader, built_of(held)
    places, contacts = built.table("places"), built.table("contacts")
    return {
        "keys": view.key_figures(done, funnel(places), reader),
        "kinds": view.kind_rows(done, reader),
        "months": view.month_rows(done, reader),
        "communes": view.commune_rows(done, communes_of(held), reader),
        "publics": [view.public_rows(done, which, reader) for which in ("sexe", "age")],
        "channels": view.noted_rows(contacts, done, "channel", reader),
        "homes": view.noted_rows(contacts, done, "home_zone", reader),
        "partners": view.partner_rows(funnel_by(places, "kind"), reader.tongue),
    }


def _published(held: Holdings) -> list[str]:
    """Return the tables for outside already written, by name."""
    folder = held.territory.folder / "outputs" / "public"
    return sorted(path.name for path in folder.glob("*") if path.suffix in {".csv", ".geojson"})
