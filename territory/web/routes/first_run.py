"""The first steps: from an empty folder to a first week, led by the hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from territory.commands.audit import audited
from territory.commands.founding import init
from territory.errors import TerritoryError, WrongUsage
from territory.fetch.addresses import Ask, hosts
from territory.fetch.sources import ALL
from territory.io import deposit
from territory.io.commune_list import communes_named, outline_files
from territory.model.ept import EPTS
from territory.model.marked import marked
from territory.outputs.first_steps import FirstSteps, first_steps
from territory.pipeline.workspace import next_week
from territory.web.office import Office, office_of
from territory.web.rights import Right
from territory.web.routes.jobs import job_fragment
from territory.web.visitor import Visitor, needs

if TYPE_CHECKING:
    from territory.fetch.sources import Source

router = APIRouter()
PAGE = "/premiers-pas"
Importer = Annotated[Visitor, Depends(needs(Right.IMPORT))]


async def lead(_request: Request, _: Exception) -> Response:
    """Lead any page of a folder that is no territory yet to the first steps."""
    return RedirectResponse(PAGE, status_code=303)


@router.get(PAGE)
def steps(request: Request, _: Importer, commune: str = "", nom: str = "") -> HTMLResponse:
    """Return the page of the first steps; `commune` is a name looked for, `nom` as typed so far."""
    return _page(request, searched=commune, name=nom)


@router.post(PAGE + "/territoire", summary=marked("Territoire créé"))
def found(
    request: Request, _: Importer, nom: Annotated[str, Form()] = "",
    codes: Annotated[str, Form()] = "", choisies: Annotated[list[str] | None, Form()] = None,
    epci: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Make the folder a territory; say on the same page what is wrong with what was typed."""
    folder = office_of(request).config.folder
    communes = ",".join([*(choisies or []), *codes.replace(";", ",").replace(" ", ",").split(",")])
    try:
        if not communes.strip(",") and not epci:
            raise WrongUsage(
                marked("Dites au moins une commune : par son code Insee, son nom ou son EPT.")
            )
        audited("init", init, (folder, communes, nom.strip() or "Mon territoire", epci))
    except TerritoryError as error:
        return _page(request, wrong=str(error), name=nom, codes=codes, status=422)
    return RedirectResponse(PAGE, status_code=303)


@router.post(PAGE + "/telechargement", summary=marked("Données téléchargées"))
def fetch(request: Request, visitor: Importer, accord: Annotated[str, Form()] = "") -> HTMLResponse:
    """
    Start bringing in the official files not there yet.

    Raises WrongUsage (French) when it was not agreed that servers are contacted.
    """
    if accord != "oui":
        raise WrongUsage(marked("Cochez d’abord que ces serveurs peuvent être contactés."))
    office = office_of(request)
    keys = [source.key for source in _lacking(office)]
    asked = {"keys": keys, "given": None, "dry_run": False}
    return job_fragment(request, office.jobs.start("fetch", asked, by=visitor.login, back=PAGE))


def _page(
    request: Request, *, searched: str = "", name: str = "", codes: str = "", wrong: str = "",
    status: int = 200,
) -> HTMLResponse:  # fmt: skip
    office = office_of(request)
    folder, founded = office.config.folder, office.shelf.founded
    context: dict[str, Any] = {"searched": searched, "typed": name, "codes": codes, "wrong": wrong}
    context |= {
        "matches": communes_named(folder, searched) if searched and not founded else (),
        "listed": not founded and bool(outline_files(folder)),
        "epts": EPTS,
        "lacking": _lacking(office) if founded else (),
        "sources": {source.kind: source for source in reversed(ALL)},
        "steps": _steps(office),
        "accepted": ",".join(deposit.ACCEPTED),
        "running": office.jobs.running(),
    }
    communes = office.shelf.now().territory.settings.ground.communes if founded else ()
    context |= {"communes": communes, "servers": hosts(context["lacking"], Ask(communes))}
    return office.pages.page(request, "first_run.html", status=status, **context)


def _steps(office: Office) -> FirstSteps:
    if not office.shelf.founded:
        return first_steps((), founded=False, built=False, planned=False)
    held = office.shelf.now()
    here = {kind for file in held.territory.raw.files for kind, _ in file.sources}
    planned = next_week(held.territory.today) in held.weeks
    return first_steps(here, founded=True, built=held.built is not None, planned=planned)


def _lacking(office: Office) -> tuple[Source, ...]:
    """Return the official sources of which no file holds the kind yet."""
    files = office.shelf.now().territory.raw.files
    here = {kind for file in files for kind, _ in file.sources}
    return tuple(source for source in ALL if source.kind not in here)
