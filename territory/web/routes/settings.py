"""Réglages: the handful that coordinators change, with what each means."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from territory.errors import BadSettings
from territory.io.settings_file import settings_text, state_of, write_values
from territory.model.marked import marked
from territory.outputs.settings_form import changed_values, settings_form
from territory.pipeline.last_build import is_current
from territory.settings import read_settings
from territory.web.office import office_of
from territory.web.rights import Right
from territory.web.visitor import Visitor, needs

router = APIRouter()
PAGE = "/reglages"
Planner = Annotated[Visitor, Depends(needs(Right.PLAN))]
Typed = dict[str, list[str]]


@router.get(PAGE)
def shown(request: Request, _: Planner, fait: str = "") -> HTMLResponse:
    """Return the page of the settings; `fait` is « oui » when they were just written."""
    return _page(request, done=bool(fait))


@router.post(PAGE, summary=marked("Réglages changés"))
async def write(request: Request, _: Planner) -> Response:
    """Write what was changed; say on the same page what cannot be, with what was typed."""
    form = await request.form()
    typed = {name: [str(v) for v in form.getlist(name)] for name in form}
    try:
        await run_in_threadpool(_write, request, typed)
    except BadSettings as error:
        return await run_in_threadpool(_page, request, wrong=str(error), typed=typed, status=422)
    return RedirectResponse(f"{PAGE}?fait=oui", status_code=303)


def _write(request: Request, typed: Typed) -> None:
    folder = office_of(request).config.folder
    changes = changed_values(read_settings(folder), typed)
    if changes:
        write_values(folder, changes, seen="".join(typed.get("etat", ())))


def _page(
    request: Request, *, done: bool = False, wrong: str = "", typed: Typed | None = None,
    status: int = 200,
) -> HTMLResponse:  # fmt: skip
    office = office_of(request)
    territory = office.shelf.now().territory
    return office.pages.page(
        request, "settings.html", status=status, groups=settings_form(territory.settings),
        state=state_of(settings_text(office.config.folder)), done=done, wrong=wrong, typed=typed,
        current=is_current(territory), running=office.jobs.running(),
    )  # fmt: skip
