"""Received files: sent, read apart, shown, and only then kept; taken out; the empty workbook."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, File, Form, HTTPException, Request, UploadFile
from starlette.responses import HTMLResponse, RedirectResponse, Response

from territory.commands.audit import audited
from territory.commands.deposit import keep, look, looked, remove
from territory.io import deposit
from territory.io.table_writer import write_refused
from territory.model.marked import marked
from territory.pipeline.last_build import is_current
from territory.web.home_view import received, refusal_file
from territory.web.office import Office, office_of
from territory.web.rights import Right
from territory.web.routes.jobs import job_fragment
from territory.web.trial_view import trial_view
from territory.web.visitor import Visitor, needs

if TYPE_CHECKING:
    from territory.pipeline.trial import Trial

router = APIRouter()
PAGE = "/fichiers-recus"
EVERY = -1
QUICK_BYTES = 300_000  # read at once, in a second or two; larger ones by a job
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Importer = Annotated[Visitor, Depends(needs(Right.IMPORT))]


@router.get(PAGE)
def files(request: Request, _: Reader, fait: str = "") -> HTMLResponse:
    """Return the page of the received files; `fait` names what was just done."""
    office = office_of(request)
    deposit.sweep(office.config.folder, time.time())
    held = office.shelf.now()
    return office.pages.page(
        request, "files.html", view={"sources": received(held)}, done=fait,
        current=is_current(held.territory), built=held.built is not None,
        running=office.jobs.running(), refusals=refusal_file(office.config.folder),
        accepted=",".join(deposit.ACCEPTED),
    )  # fmt: skip


@router.post(PAGE, summary=marked("Fichiers envoyés"))
def send(
    request: Request, visitor: Importer, fichiers: Annotated[list[UploadFile], File()]
) -> RedirectResponse:
    """Keep the files apart and have them read; lead to what was found."""
    office = office_of(request)
    folder = office.config.folder
    deposit.sweep(folder, time.time())
    key = deposit.put(folder, [(f.filename or "", f.file) for f in fichiers if f.filename])
    page = f"{PAGE}/depot/{key}"
    if deposit.size_of(folder, key) <= QUICK_BYTES:
        audited("look", look, (folder, key))
        return RedirectResponse(page, status_code=303)
    job = office.jobs.start("look", {"key": key}, by=visitor.login, back=page)
    return RedirectResponse(f"{page}?travail={job.key}", status_code=303)


@router.get(PAGE + "/depot/{key}")
def preview(
    request: Request, key: str, _: Importer, travail: str = "", fait: str = ""
) -> HTMLResponse:
    """Return what was found in the files of a deposit, or how far their reading is."""
    office = office_of(request)
    trials = looked(office.config.folder, key)
    return office.pages.page(
        request, "preview.html", key=key,
        views=None if trials is None else [trial_view(t) for t in trials],
        job=office.jobs.get(travail), done=fait,
    )  # fmt: skip


@router.post(PAGE + "/depot/{key}/garder", summary=marked("Fichier gardé"))
def keep_one(
    request: Request, key: str, _: Importer,
    fichier: Annotated[int, Form()], remplace: Annotated[str, Form()] = "",
) -> RedirectResponse:  # fmt: skip
    """
    Receive one file of a deposit, or every one that was read; lead to what is left.

    Raises HTTPException 404 for a number that is none of its files, and what `keep` raises.
    """
    office = office_of(request)
    folder = office.config.folder
    if fichier == EVERY:
        names = [t.name for t in looked(folder, key) or () if not t.refused]
    else:
        names = [_found(office, key, fichier).name]
    for name in names:
        audited("keep", keep, (folder, key, name, remplace))
    return _after(office, key, "tout" if fichier == EVERY else "garde")


@router.post(PAGE + "/depot/{key}/abandonner", summary=marked("Fichier abandonné"))
def forget_one(
    request: Request, key: str, _: Importer, fichier: Annotated[int, Form()]
) -> RedirectResponse:
    """Delete one file of a deposit; raises HTTPException 404 when it is none of its files."""
    office = office_of(request)
    found = _found(office, key, fichier)
    deposit.forget(office.config.folder, key, None if found.personal else found.name)
    return _after(office, key, "abandon")


@router.get(PAGE + "/depot/{key}/refus-{fichier}.csv")
def refusals_of(request: Request, key: str, fichier: int, _: Importer) -> Response:
    """
    Send the refused lines of one file of a deposit, without their values.

    Raises HTTPException 404 for a number that is none of its files.
    """
    office = office_of(request)
    trial = _found(office, key, fichier)
    path = deposit.place_of(office.config.folder, key) / ".refus.csv"
    content = write_refused(trial.reports, path).read_bytes()
    return _attached(content, "text/csv; charset=utf-8", "lignes_refusees.csv")


@router.get(PAGE + "/classeur-vide.xlsx")
def empty_workbook(_: Reader) -> Response:
    """Send the workbook that a team fills in."""
    from territory.outputs.template import template_bytes  # noqa: PLC0415 - slow to load

    return _attached(template_bytes(), _SHEET, "classeur_vide.xlsx")


@router.get(PAGE + "/retrait/{number}")
def ask_removal(request: Request, number: int, _: Importer) -> HTMLResponse:
    """Ask before a received file is taken out; raises HTTPException 404 for none of them."""
    office = office_of(request)
    sources = received(office.shelf.now())
    if not 0 <= number < len(sources):
        raise HTTPException(404)
    return office.pages.page(request, "removal.html", source=sources[number])


@router.post(PAGE + "/retrait", summary=marked("Fichier retiré"))
def take_out(request: Request, _: Importer, nom: Annotated[str, Form()]) -> RedirectResponse:
    """Take a received file out."""
    audited("remove", remove, (office_of(request).config.folder, nom))
    return RedirectResponse(f"{PAGE}?fait=retrait", status_code=303)


@router.post(PAGE + "/relecture", summary=marked("Fichiers relus"))
def read_again(
    request: Request, visitor: Annotated[Visitor, Depends(needs(Right.PLAN))]
) -> HTMLResponse:
    """Read every received file again; return the fragment of the job."""
    jobs = office_of(request).jobs
    return job_fragment(
        request, jobs.start("check", {"strict": False}, by=visitor.login, back=PAGE)
    )


def _found(office: Office, key: str, number: int) -> Trial:
    trials = looked(office.config.folder, key) or ()
    if not 0 <= number < len(trials):
        raise HTTPException(404)
    return trials[number]


def _after(office: Office, key: str, done: str) -> RedirectResponse:
    folder = office.config.folder
    left = (folder / deposit.FOLDER / key).is_dir() and looked(folder, key)
    page = f"{PAGE}/depot/{key}" if left else PAGE
    return RedirectResponse(f"{page}?fait={done}", status_code=303)


def _attached(content: bytes, media_type: str, name: str) -> Response:
    kept = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=kept)
