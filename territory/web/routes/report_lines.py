"""The lines behind one figure of the report: for the team, never for outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import HTMLResponse, Response

from territory.analysis.report.behind import Behind, behind
from territory.io.table_writer import csv_bytes
from territory.web.office import built_of, office_of
from territory.web.report_choice import TEAM, choices_of, chosen
from territory.web.report_read import report_for
from territory.web.rights import Right
from territory.web.routes.zones import communes_of
from territory.web.speaking import tongue_of
from territory.web.views import report as view
from territory.web.views import report_lines as lines_view
from territory.web.visitor import Visitor, needs

if TYPE_CHECKING:
    import pandas as pd

    from territory.web.report_choice import Choice
    from territory.web.shelf import Holdings
    from territory.web.views.report import Report

router = APIRouter()
Viewer = Annotated[Visitor, Depends(needs(Right.READ))]
Figure = Annotated[str, Query(max_length=300)]
Page = Annotated[int, Query(ge=1, le=100_000)]


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """One figure of a report: what was asked, its report, its row of FIGURES, its lines."""

    choice: Choice
    report: Report
    row: pd.Series
    behind: Behind
    communes: dict[str, str]
    hours: bool


@router.get("/bilan/lignes")
def lines(
    request: Request, visitor: Viewer, chiffre: Figure = "", periode: str = "", profil: str = "",
    page: Page = 1,
) -> HTMLResponse:  # fmt: skip
    """
    Return a page of the lines behind a figure of the team's view.

    Raises HTTPException 404 for a figure, a period or a profile that is not there.
    """
    office = office_of(request)
    asked = _asked(office.shelf.now(), visitor, chiffre, (periode, profil))
    count = len(asked.behind.lines)
    pages = max(1, -(-count // lines_view.SHOWN))
    at = min(page, pages)
    first = (at - 1) * lines_view.SHOWN
    total, uncounted = lines_view.total_of(asked.behind)
    return office.pages.page(
        request, "report_lines.html", asked=asked, found=asked.report.found, figure=chiffre,
        rows=lines_view.lines_of(
            asked.behind, asked.communes, hours=asked.hours, first=first, most=lines_view.SHOWN
        ),
        what=lines_view.WHAT.get(asked.behind.table, lines_view.STATE),
        label=view.part_name(str(asked.row["label"]), tongue_of(request)),
        count=count, total=total, uncounted=uncounted, at=at, pages=pages, first=first,
        query=urlencode({"chiffre": chiffre, "periode": asked.choice.span,
                         "profil": asked.choice.profile}),
        unit=view.unit_name,
    )  # fmt: skip


@router.get("/bilan/lignes.csv")
def lines_table(
    request: Request, visitor: Viewer, chiffre: Figure = "", periode: str = "", profil: str = ""
) -> Response:
    """Send all the lines behind a figure; raises HTTPException as `lines`."""
    asked = _asked(office_of(request).shelf.now(), visitor, chiffre, (periode, profil))
    rows = lines_view.line_rows(asked.behind, asked.communes, hours=asked.hours)
    code = asked.behind.counting.code
    sent = {"content-disposition": f'attachment; filename="lignes_{code}_equipe.csv"'}
    return Response(csv_bytes(rows), media_type="text/csv", headers=sent)


def _asked(held: Holdings, visitor: Visitor, figure: str, told: tuple[str, str]) -> _Asked:
    """Return the figure asked; raises HTTPException 404 when there is no such one."""
    span, profile = told
    choices = choices_of(held)
    if (span and span not in choices.spans) or (profile and profile not in choices.profiles):
        raise HTTPException(404)
    choice = chosen(choices, span, profile, TEAM)
    made = report_for(held, choice, visitor)
    table = made.found.figures.table
    codes = {counting.code for counting in made.found.profile.countings}
    if figure not in table.index or table.loc[figure, "definition"] not in codes:
        raise HTTPException(404)
    names = built_of(held).table("places")["name"].dropna().to_dict()
    return _Asked(
        choice, made, table.loc[figure], behind(made.found, figure, names), communes_of(held),
        visitor.may(Right.HOURS),
    )  # fmt: skip
