"""The lines behind one figure as texts: a page of them, or all for a spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.report.behind import PARTNERS, PEOPLE
from territory.model.marked import marked
from territory.model.words import ACTIVITY_KINDS, PLACE_KINDS, STAGES, STATES, STATUSES, label
from territory.outputs.french import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from territory.analysis.report.behind import Behind

SHOWN = 100  # lines of a page
SECRET = marked("lieu sensible ou inconnu")
UNCOUNTED = marked("non compté")
_TRAITS = {"sexe": marked("sexe noté"), "age": marked("âge noté")}
WHAT = {PEOPLE: marked("Étape"), PARTNERS: marked("Statut")}
STATE, TEAM = marked("État"), marked("Équipe")
_SOURCES = {"contacts": marked("feuille contacts"), "activités": marked("feuille activites")}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: texts (French), "" where nothing is noted."""

    name: str
    day: str
    kind: str
    what: str
    commune: str
    place: str
    agents: str
    count: str
    source: str


def lines_of(
    found: Behind, communes: Mapping[str, str], *, hours: bool, first: int = 0, most: int = 0
) -> list[Line]:
    """Return `most` lines from `first` on (0: all); without `hours`, nobody of the team is told."""
    rows = found.lines.iloc[first : first + most if most else None]
    return [_line(found.table, str(n), row, communes, hours=hours) for n, row in rows.iterrows()]


def total_of(found: Behind) -> tuple[float, int]:
    """Return what the lines add up to, and how many of them hold no number."""
    adds = found.lines["adds"]
    return float(adds.sum()), int(adds.isna().sum())


def line_rows(
    found: Behind, communes: Mapping[str, str], *, hours: bool
) -> Iterator[tuple[str, ...]]:
    """Yield the lines as rows of a CSV, headers first; « equipe » only with `hours`."""
    head = ("ligne", "date", "type", "etat_ou_etape", "commune", "lieu", "compte", "source")
    yield (*head, "equipe") if hours else head
    for one in lines_of(found, communes, hours=hours):
        row = (one.name, one.day, one.kind, one.what, one.commune, one.place, one.count, one.source)
        yield (*row, one.agents) if hours else row


def _line(
    table: str, name: str, row: pd.Series, communes: Mapping[str, str], *, hours: bool
) -> Line:
    kinds = PLACE_KINDS if table == PARTNERS else ACTIVITY_KINDS
    commune = _text(row["commune_code"])
    source = _text(row["source"])
    return Line(
        name="" if table == PARTNERS and row["sensitive"] else name.partition(":")[0],
        day="" if pd.isna(row["on"]) else f"{row['on']:%d/%m/%Y}",
        kind=label(kinds, _text(row["kind"])),
        what=_what(table, _text(row["what"])),
        commune=communes.get(commune, commune),
        place=SECRET if row["sensitive"] else _text(row["place"]),
        agents=_text(row["agents"]).replace("|", " + ") if hours else "",
        count=_count(row["adds"]),
        source=_SOURCES.get(source, source),
    )


def _what(table: str, code: str) -> str:
    if table == PEOPLE:
        return _TRAITS.get(code) or label(STAGES, code)
    return label(STATUSES if table == PARTNERS else STATES, code)


def _count(value: float) -> str:
    if pd.isna(value):
        return UNCOUNTED
    return number(value, 0 if value == int(value) else 2)


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)
