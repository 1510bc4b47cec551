"""Journal: which actions were asked of the pages, by whom, and what came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse

from territory.io.audit_log import read_entries
from territory.model.marked import marked
from territory.outputs.journal_rows import journal_rows
from territory.web.moments import spoken_moment
from territory.web.office import office_of
from territory.web.rights import Right
from territory.web.speaking import tongue_of
from territory.web.visitor import Visitor, needs

if TYPE_CHECKING:
    from territory.web.actions import Action
    from territory.web.translations import Tongue

router = APIRouter()
_ENDINGS = {
    401: marked("refusé : mot de passe"),
    403: marked("refusé"),
    404: marked("introuvable"),
    409: marked("dépassé par un autre changement"),
    413: marked("refusé : trop gros"),
    422: marked("refusé : à corriger"),
    429: marked("refusé : trop d’essais"),
}
_BROKEN, _REFUSED = 500, 400
_SHOWN = 20


@router.get("/journal")
def journal(
    request: Request, _: Annotated[Visitor, Depends(needs(Right.ACCOUNTS))]
) -> HTMLResponse:
    """Return the last actions and the last commands of the folder."""
    office = office_of(request)
    rows = [_row(action, tongue_of(request)) for action in office.store.actions.latest()]
    entries, _torn = read_entries(office.config.folder)
    return office.pages.page(
        request, "journal.html", rows=rows, days=office.config.journal_days,
        commands=journal_rows(entries, _SHOWN),
    )  # fmt: skip


def ending_of(status: int) -> str:
    """Return what came of an action, in French, by the status of its answer."""
    if status >= _BROKEN:
        return marked("erreur imprévue")
    return _ENDINGS.get(status, marked("refusé")) if status >= _REFUSED else marked("fait")


def _row(action: Action, tongue: Tongue) -> dict[str, str]:
    return {
        "when": spoken_moment(action.at_s, tongue=tongue),
        "who": action.login,
        "what": action.title or action.action,
        "targets": action.targets,
        "ending": ending_of(action.status),
    }
