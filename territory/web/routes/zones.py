"""Zones: where to go first and why, the same for one public or half-day, where nobody came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from territory.analysis.access import slot_names
from territory.io.table_writer import csv_bytes
from territory.model.jsonable import from_json
from territory.model.marked import marked
from territory.model.results import Gap
from territory.outputs.effort_account import unvisited_rows
from territory.outputs.zone_cards import zone_cards
from territory.outputs.zone_geojson import zones_geojson
from territory.web.files import latest_files
from territory.web.office import built_of, office_of
from territory.web.results import found_by, made_at
from territory.web.rights import Right
from territory.web.routes.jobs import job_fragment
from territory.web.speaking import tongue_of
from territory.web.views import zones as view
from territory.web.views.zones import Choice
from territory.web.visitor import Visitor, needs

if TYPE_CHECKING:
    from territory.web.shelf import Holdings
    from territory.web.translations import Tongue

router = APIRouter()
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
_FILES = ("zones.pdf", "semaine.xlsx", "territoire.gpkg", "carte.html")


@dataclass(frozen=True, slots=True)
class _Found:
    """The zones of a choice, and whether they must still be searched."""

    gaps: tuple[Gap, ...]
    missing: bool


def choice_of(
    commune: str = "", public: str = "", creneau: str = "", semaines: str = "",
    tri: str = "rang", sens: str = "",
) -> Choice:  # fmt: skip
    """Return what an address asks; weeks that are no number, or not 1 to 520, are left out."""
    weeks = int(semaines) if semaines.isdecimal() and 0 < int(semaines) <= 520 else None  # noqa: PLR2004 - ten years
    slot = creneau if creneau in slot_names() else ""
    return Choice(commune[:10], public[:60], slot, weeks, tri, sens == "baisse")


Chosen = Annotated[Choice, Depends(choice_of)]


@router.get("/zones")
def zones(request: Request, _: Reader, choice: Chosen) -> HTMLResponse:
    """Return the page: zones to go to first, map, filters, table, doubts, files."""
    office = office_of(request)
    held = office.shelf.now()
    if held.built is None:
        return office.pages.page(request, "not_built.html", title=marked("Zones"))
    names = communes_of(held)
    found = _searched(request, held, choice)
    gaps = view.of_commune(found.gaps, choice.commune)
    tongue = tongue_of(request)
    lines = view.zone_lines(gaps, names, tongue)
    usual = not (choice.public or choice.slot)
    return office.pages.page(
        request, "zones.html",
        choice=choice, found=found, cards=zone_cards(gaps[: view.FIRST], held.variants, names),
        ids=[gap.zone_id for gap in gaps], columns=view.COLUMNS, figures=view.FIGURES,
        lines=view.sorted_lines(lines, choice), names=names, usual=usual, slots=slot_names(),
        publics=[cohort.name for cohort in held.territory.settings.need.cohorts],
        stable=view.stable_sentence(gaps, held.variants, tongue) if usual else "",
        stability=view.stability_rows(gaps, held.variants) if usual else [],
        waiting=_waiting(request, held, choice), searched=held.built.searched,
        limits=held.territory.settings, files=latest_files(held, _FILES),
    )  # fmt: skip


@router.get("/zones/zones.csv")
def table(request: Request, _: Reader, choice: Chosen) -> Response:
    """Send the table of the zones chosen, as French spreadsheets open it."""
    held = office_of(request).shelf.now()
    gaps = view.of_commune(_searched(request, held, choice).gaps, choice.commune)
    lines = view.sorted_lines(view.zone_lines(gaps, communes_of(held)), choice)
    sent = {"content-disposition": 'attachment; filename="zones.csv"'}
    return Response(csv_bytes(view.export_rows(lines)), media_type="text/csv", headers=sent)


@router.get("/zones/zones.geojson")
def areas(request: Request, _: Reader, choice: Chosen) -> Response:
    """Send the areas of the zones chosen; raises HTTPException 404 before the first build."""
    held = office_of(request).shelf.now()
    cells = built_of(held).table("cells")
    gaps = view.of_commune(_searched(request, held, choice).gaps, choice.commune)
    texts = view.export_properties(view.zone_lines(gaps, communes_of(held)))
    sent = {"content-disposition": 'attachment; filename="zones.geojson"'}
    return Response(
        zones_geojson(gaps, cells, texts), media_type="application/geo+json", headers=sent
    )


@router.post("/zones/recherche", summary=marked("Zones cherchées"))
def search(
    request: Request,
    visitor: Reader,
    commune: Annotated[str, Form()] = "",
    public: Annotated[str, Form()] = "",
    creneau: Annotated[str, Form()] = "",
    semaines: Annotated[str, Form()] = "",
) -> Response:
    """Search the zones of a public or half-day, or who waits; go to the address that shows them."""
    office, choice = office_of(request), choice_of(commune, public, creneau, semaines)
    held, address = office.shelf.now(), choice.address()
    asked = [a for a in _asked(held, choice) if _answer(request, held, a) is None]
    if not asked:
        return _to(request, address)
    started = [office.jobs.start("zones", a, by=visitor.login, back=address) for a in asked]
    return job_fragment(request, started[-1])


@router.get("/zones/{zone_id}")
def zone(request: Request, zone_id: str, _: Reader, choice: Chosen) -> HTMLResponse:
    """Return the page of one zone with its whole card; raises HTTPException 404 for no zone."""
    office = office_of(request)
    held = office.shelf.now()
    gaps = _searched(request, held, choice).gaps
    position = next((n for n, gap in enumerate(gaps) if gap.zone_id == zone_id), None)
    if position is None:
        raise HTTPException(404)
    usual = not (choice.public or choice.slot)
    card = zone_cards([gaps[position]], held.variants if usual else (), communes_of(held))[0]
    around = [gaps[n] if 0 <= n < len(gaps) else None for n in (position - 1, position + 1)]
    return office.pages.page(
        request, "zone.html", card=card, gap=gaps[position], around=around, choice=choice,
        line=view.zone_lines([gaps[position]], communes_of(held), tongue_of(request))[0],
        columns=view.COLUMNS, files=latest_files(held, _FILES),
    )  # fmt: skip


def communes_of(held: Holdings) -> dict[str, str]:
    """Return the name of each commune by code, in the order of names."""
    table = held.built.table("communes") if held.built else None
    if table is None:
        return {}
    return {str(code): str(name) for code, name in table["name"].sort_values().items()}


def _to(request: Request, address: str) -> Response:
    if "hx-request" in request.headers:
        return Response(status_code=204, headers={"hx-redirect": address})
    return RedirectResponse(address, status_code=303)


def _asked(held: Holdings, choice: Choice) -> list[dict[str, Any]]:
    """Return the arguments of the searches that a choice needs and no product holds."""
    wanted: list[dict[str, Any]] = []
    if choice.weeks not in {None, held.territory.settings.effort.unvisited_weeks}:
        wanted.append({"cohort": "", "slot": "", "unvisited": choice.weeks, "seed": None})
    if choice.public or choice.slot:
        wanted.append(
            {"cohort": choice.public, "slot": choice.slot, "unvisited": None, "seed": None}
        )
    return wanted


def _answer(request: Request, held: Holdings, arguments: dict[str, Any]) -> Any:  # noqa: ANN401
    since = made_at(held.territory.processed, "60_gaps")
    job = found_by(office_of(request).jobs.latest(50), "zones", since, arguments)
    return None if job is None else job.value


def _searched(request: Request, held: Holdings, choice: Choice) -> _Found:
    if not (choice.public or choice.slot):
        return _Found(held.gaps, missing=False)
    arguments = {"cohort": choice.public, "slot": choice.slot, "unvisited": None, "seed": None}
    value = _answer(request, held, arguments)
    if value is None:
        return _Found((), missing=True)
    return _Found(from_json(tuple[Gap, ...], value["zones"]), missing=False)


def _waiting(request: Request, held: Holdings, choice: Choice) -> dict[str, Any]:
    """Return for how many weeks nobody came, and where; rows None when still to be searched."""
    usual, tongue = held.territory.settings.effort.unvisited_weeks, tongue_of(request)
    weeks = choice.weeks or usual
    if weeks == usual:
        named = ("sans passage", tongue.language)
        return {"weeks": weeks, "rows": held.once(named, lambda: _usual_waiting(held, tongue))}
    arguments = {"cohort": "", "slot": "", "unvisited": weeks, "seed": None}
    value = _answer(request, held, arguments)
    rows = None if value is None else view.waiting_rows(value["sans_passage"]["lieux"], tongue)
    return {"weeks": weeks, "rows": rows}


def _usual_waiting(held: Holdings, tongue: Tongue) -> list[dict[str, str]]:
    """Return who waits for as long as the settings say."""
    if held.built is None:
        return []
    table, apart = (held.built.table(name) for name in ("unvisited", "unvisited_apart"))
    return view.waiting_rows(unvisited_rows(table, apart), tongue)
