"""Saisie: what became of an outing, by taps or in one typed line; corrections and history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from territory.commands.audit import audited
from territory.commands.debrief import issue_words, noted, sheet_and_words
from territory.errors import Overtaken, WrongUsage
from territory.io.debrief_line import line_of, read_line
from territory.io.debriefs import in_force, read_debriefs, read_sheets, sheet_revision
from territory.model.debriefs import COUNT_SIGNS
from territory.model.marked import marked
from territory.model.words import ACTIVITY_KINDS, CANCEL_REASONS, WEATHERS
from territory.outputs.debrief_account import debrief_line, sheet_line
from territory.pipeline.week_codes import awaited_sheets
from territory.web.debrief_forms import form_values, typed_words
from territory.web.fields import form_fields, whole_number
from territory.web.office import office_of
from territory.web.rights import Right
from territory.web.views import week as week_view
from territory.web.visitor import Visitor, needs

if TYPE_CHECKING:
    from pathlib import Path

    from territory.model.debriefs import Debrief, PrintedSheet
    from territory.web.shelf import Holdings

router = APIRouter()
Typist = Annotated[Visitor, Depends(needs(Right.DEBRIEF))]
Fields = Annotated[dict[str, str], Depends(form_fields)]
_SHOWN = 40


@router.get("/saisie")
def entry(request: Request, _: Typist, note: str = "") -> HTMLResponse:
    """Return the sheets awaited, the line to type, and what was typed; `note`: the last one."""
    return _entry(request, number=whole_number(note))


@router.post("/saisie/lecture", summary=marked("Ligne lue"))
def read(request: Request, _: Typist, fields: Fields) -> HTMLResponse:
    """Say in French what a typed line means, before it is kept."""
    folder, line = office_of(request).config.folder, fields.get("ligne", "")
    reading = _reading_context() | _reading(request, folder, line)
    if request.headers.get("hx-request"):
        return office_of(request).pages.page(request, "debrief_reading.html", **reading)
    return _entry(request, **reading)


@router.post("/saisie/ligne", summary=marked("Retour de sortie"))
def keep_line(request: Request, _: Typist, fields: Fields) -> Response:
    """Keep a typed line that was read before."""
    folder = office_of(request).config.folder
    try:
        sheet, words = sheet_and_words(folder, fields.get("ligne", ""))
        return _kept(folder, sheet, words, fields)
    except WrongUsage as error:
        status = 409 if isinstance(error, Overtaken) else 422
        return _entry(request, faults=str(error).splitlines(), status=status)


@router.get("/saisie/{week}/{code}")
def sheet_form(request: Request, week: str, code: str, _: Typist) -> HTMLResponse:
    """
    Return the form of one sheet, filled with what was typed of it.

    Raises HTTPException (404) for a sheet that was never printed here.
    """
    return _form(request, _sheet(request, week, code))


@router.post("/saisie/{week}/{code}", summary=marked("Retour de sortie"))
def keep_form(request: Request, week: str, code: str, _: Typist, fields: Fields) -> Response:
    """
    Keep what the form of a sheet says; what cannot be is said beside it.

    Raises HTTPException (404) as `sheet_form`.
    """
    folder, sheet = office_of(request).config.folder, _sheet(request, week, code)
    try:
        return _kept(folder, sheet, typed_words(fields, sheet), fields)
    except Overtaken as error:
        return _form(request, sheet, faults=[str(error)], status=409)
    except WrongUsage as error:
        return _form(request, sheet, faults=str(error).splitlines(), values=fields, status=422)


def _kept(
    folder: Path, sheet: PrintedSheet, words: str, fields: dict[str, str]
) -> RedirectResponse:
    seen = whole_number(fields.get("revision", ""))
    answer, _ = audited("debrief", noted, (folder, sheet, words, seen))
    return RedirectResponse(f"/saisie?note={answer.value['numero']}", status_code=303)


def _reading(request: Request, folder: Path, line: str) -> dict[str, Any]:
    """Return what a line means, or why it is not understood; nothing typed is repeated then."""
    if not line.strip():
        return {}
    today = office_of(request).shelf.now().territory.today
    try:
        sheet, words = sheet_and_words(folder, line)
    except WrongUsage as error:
        return {"faults": str(error).splitlines()}
    done, issues = read_line(words, sheet, today=today)
    if done is None:
        return {"faults": [issue_words(i) for i in issues if i.refused]}
    return {
        "read": debrief_line(done),
        "line": f"{sheet.code} {line_of(done)}",
        "doubts": [issue_words(i) for i in issues],
        "revision": sheet_revision(read_debriefs(folder)[0], sheet),
    }


def _entry(request: Request, *, status: int = 200, **more: Any) -> HTMLResponse:  # noqa: ANN401
    office, holdings = office_of(request), office_of(request).shelf.now()
    folder, today = office.config.folder, holdings.territory.today
    debriefs, torn = read_debriefs(folder)
    login = request.state.visitor.login
    waiting = sorted(
        awaited_sheets(folder, today),
        key=lambda s: (login not in s.agents, -s.on.toordinal(), s.start_min, s.code),
    )
    told = debriefs.get(more.pop("number", 0))
    context = _reading_context() | {
        "waiting": waiting,
        "zones": {gap.zone_id: gap.name for gap in holdings.gaps},
        "kinds": {w.code: w.label for w in ACTIVITY_KINDS},
        "told": debrief_line(told) if told else "",
        "told_doubts": _doubts(told) if told else [],
        "history": _history(debriefs),
        "torn": [issue_words(i) for i in torn],
    }
    return office.pages.page(request, "debrief.html", status=status, **context | more)


def _reading_context() -> dict[str, Any]:
    return {"read": "", "line": "", "faults": [], "doubts": [], "revision": 0}


def _history(debriefs: dict[int, Debrief]) -> list[dict[str, Any]]:
    held = in_force(debriefs)
    return [
        {"number": n, "words": debrief_line(one), "held": n in held,
         "path": f"/saisie/{one.sheet.week}/{one.sheet.code}", "entered": one.entered}
        for n, one in sorted(debriefs.items(), reverse=True)[:_SHOWN]
    ]  # fmt: skip


def _doubts(done: Debrief) -> list[str]:
    _, issues = read_line(line_of(done), done.sheet, today=done.entered)
    return [issue_words(i) for i in issues]


def _sheet(request: Request, week: str, code: str) -> PrintedSheet:
    found = read_sheets(office_of(request).config.folder).get((week, code))
    if found is None:
        raise HTTPException(404)
    return found


def _form(
    request: Request,
    sheet: PrintedSheet,
    *,
    faults: list[str] | None = None,
    values: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    office, holdings = office_of(request), office_of(request).shelf.now()
    debriefs = read_debriefs(office.config.folder)[0]
    revision = sheet_revision(debriefs, sheet)
    if values is not None:  # a correction of what was refused keeps what it was made from
        revision = whole_number(values.get("revision", ""))
    if values is None:
        values = form_values(debriefs.get(revision), sheet)
    context = {
        "sheet": sheet,
        "title": sheet_line(sheet),
        "stops": _stop_names(holdings, sheet),
        "values": values,
        "stops_told": any(v for k, v in values.items() if k.startswith(("arret-", "ferme-"))),
        "former": {n: debrief_line(d) for n, d in debriefs.items() if d.sheet.key == sheet.key},
        "revision": revision,
        "faults": faults or [],
        "signs": COUNT_SIGNS,
        "reasons": CANCEL_REASONS,
        "kinds": [w for w in ACTIVITY_KINDS if w.code != sheet.kind],
        "weathers": WEATHERS,
    }
    return office.pages.page(request, "debrief_sheet.html", status=status, **context)


def _stop_names(holdings: Holdings, sheet: PrintedSheet) -> dict[str, str]:
    """Return the names of the stops of a sheet by letter."""
    built = holdings.built
    names = week_view.place_names(built.table("places")) if built else {}
    return {
        a: names.get(key, key) if key else marked("Tour de rue") for a, key in sheet.stops.items()
    }
