"""Tables of people who use Excel, CSV or XLSX alike: header found, lines numbered, kind told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.io.decoding import HEADER_ROWS, is_workbook, text_rows
from territory.io.headers import is_known, positions
from territory.io.privacy import check_headers
from territory.io.values import clean, is_empty
from territory.io.workbooks import sheet_names, sheet_rows
from territory.model.issues import Issue
from territory.model.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_SAMPLE_ROWS = 60
_PMI_WORDS = ("pmi", "protection_maternelle", "maternelle_et_infantile")
# (columns that must all be there) and how many of (others) beside them.
_SIGNS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("mednum", ("id", "pivot", "name"), ()),
    ("france_services", ("id", "name", "format"), ()),
    ("inclusion_structures", ("id", "source", "name", "updated_on"), ("networks", "old_labels")),
    ("inclusion_services", ("id", "structure_id", "source", "name"), ()),
    ("constraints", ("kind", "value"), ()),
    ("team", ("agent_code",), ("role", "weekly_hours", "walk_kmh", "walk_max_km", "start_place")),
    ("availability", ("agent_code", "kind"), ("weekday", "from_on", "recurrence")),
    ("sectors", ("unit",), ("city_code", "city")),
    ("contacts", ("count", "stage"), ()),
    ("activities", ("on", "kind"), ("place", "partner_id", "city", "city_code", "start", "agents",
                                    "n_informed", "n_engaged", "lat", "qpv_code", "hours")),
    ("walker_counts", ("walkers",), ("on", "start", "end", "lat")),
    ("places", ("name", "kind"), ()),
    ("partners", ("name",), ("city", "city_code")),
)  # fmt: skip
_STRONG_NAMES = (
    "nom_structure",
    "nom_de_la_structure",
    "structure",
    "raison_sociale",
    "lib_fs",
    "partenaire",
    "name",
)
_STRONG_PLACES = ("nom_lieu", "nom_du_lieu", "type_lieu")


@dataclass(frozen=True, slots=True)
class RawTable:
    """
    One table as received: headers as written, and rows of text with their spreadsheet line.

    `cells` has one tuple per kept row, as long as `headers`; `lines` their line numbers, header
    and titles included. Blank rows and a final total are not rows. `issues` tells what was skipped.
    """

    file: str
    sheet: str | None
    headers: tuple[str, ...]
    lines: tuple[int, ...]
    cells: tuple[tuple[str, ...], ...]
    since_1904: bool = False
    issues: tuple[Issue, ...] = ()

    def column(self, position: int) -> tuple[str, ...]:
        """Return every cell of one column (`position` 0 the first), in the order of the rows."""
        return tuple(row[position] for row in self.cells)


def sheets(path: Path) -> tuple[str, ...]:
    """Return the sheets of a workbook, () for a text file; raises UnreadableFile."""
    return sheet_names(path) if is_workbook(path) else ()


def read_table(path: Path, sheet: str | None = None) -> RawTable:
    """
    Return the table of a CSV, TSV or XLSX file (its first recognised sheet when `sheet` is None).

    The header is the first of ten rows where half of the filled cells are known; without one, the
    table is empty and carries E-ENTETE. Raises UnreadableFile (E-FICHIER, E-ENC), UnknownKind when
    `sheet` does not exist, RefusedFile when a sheet had to be looked for and one is about people.
    """
    if not is_workbook(path):
        return _table(path.name, None, text_rows(path), since_1904=False)
    rows, since_1904 = sheet_rows(path, sheet or _first_sheet(path))
    return _table(path.name, sheet, rows, since_1904=since_1904)


def recognise_table(path: Path) -> list[tuple[str, str | None]]:
    """
    Return (kind, sheet) of every table of `path` that is understood, told from its headers.

    Kinds: partners, activities, contacts, walker_counts, places, team, availability, constraints,
    sectors, france_services, inclusion_structures, inclusion_services, mednum, pmi, census, cells.
    The sheet is None for a text file. Raises RefusedFile (E-PERSO, E-SENSIBLE, naming the column,
    never a value) for a file about people, and UnreadableFile.
    """
    if not is_workbook(path):
        heads: list[tuple[str | None, list[list[str]]]] = [(None, text_rows(path, head=True))]
    else:
        heads = [(s, sheet_rows(path, s, limit=_SAMPLE_ROWS)[0]) for s in sheet_names(path)]
    found = []
    for sheet, rows in heads:
        table = _table(path.name, sheet, rows[:_SAMPLE_ROWS], since_1904=False)
        kind = table_kind(table)
        check_headers(path.name, table.headers, kind)
        found += [(kind, sheet)] if kind else []
    return found


def table_kind(table: RawTable) -> str | None:
    """Return the kind of a table from its headers (and names, for PMI), None when unknown."""
    names = {plain(h) for h in table.headers}
    if "iris" in names and any(n[:1] == "p" and n[3:] == "_chom1564" for n in names):
        return "census"
    if names & {"idcar_200m", "idinspire"} and "ind" in names:
        return "cells"
    if _is_pmi(table, names):
        return "pmi"
    return next((kind for kind, *_ in _SIGNS if _shows(kind, table.headers, names)), None)


def _shows(kind: str, headers: tuple[str, ...], names: set[str]) -> bool:
    required, beside = next(signs for name, *signs in _SIGNS if name == kind)
    found = positions(kind, headers)
    if not set(required) <= set(found) or (beside and not set(beside) & set(found)):
        return False
    if kind == "constraints":  # « valeur » alone could be of any table
        return len({"weekday", "strength", "agent_code", "from_on"} & set(found)) > 1
    if kind == "places":
        return bool(names & set(_STRONG_PLACES))
    if kind == "partners":  # a bare « nom » may be somebody's: structures say more about themselves
        more = {"kind", "status", "hosts", "hours", "siret", "partner_id", "lat"} & set(found)
        return bool(names & set(_STRONG_NAMES)) or len(more) > 1
    return True


def _is_pmi(table: RawTable, names: set[str]) -> bool:
    found = positions("pmi", table.headers)
    if not {"name", "address", "lat", "lon"} <= set(found) or names & {"commune", "code_insee"}:
        return False
    here = [plain(name) for name in table.column(found["name"])]
    return 2 * sum(any(word in name for word in _PMI_WORDS) for name in here) >= max(len(here), 1)


def _first_sheet(path: Path) -> str:
    found = [sheet for _, sheet in recognise_table(path) if sheet is not None]
    return found[0] if found else sheet_names(path)[0]


def _table(
    file: str, sheet: str | None, rows: Sequence[Sequence[str]], *, since_1904: bool
) -> RawTable:
    at = _header_row(rows)
    if at is None:
        return RawTable(file, sheet, (), (), (), since_1904, (_no_header(file, rows),))
    width = max((n for n, header in enumerate(rows[at], 1) if header.strip()), default=0)
    headers = tuple(" ".join(h.split()) for h in rows[at][:width])
    below = rows[at + 1 :]
    said = {text: _said(text) for text in {text for row in below for text in row[:width]}}
    numbered = [
        (line, (*(said[text] for text in row[:width]), *("",) * (width - len(row))))
        for line, row in enumerate(below, at + 2)
    ]
    filled = [(line, cells) for line, cells in numbered if any(cells)]
    issues = [*_doubled(file, headers)]
    if filled and _is_total(filled[-1][1]):
        issues.append(Issue("W-TOTAL", file, "ligne de total ignorée.", line=filled.pop()[0]))
    if not filled:
        issues.append(Issue("I-VIDE", file, "aucune ligne sous l'en-tête : rien à lire."))
    lines, cells = tuple(line for line, _ in filled), tuple(row for _, row in filled)
    return RawTable(file, sheet, headers, lines, cells, since_1904, tuple(issues))


def _said(written: str) -> str:
    """Return what a cell says, "" when it says nothing."""
    text = clean(written)
    return "" if is_empty(text) else text


def _header_row(rows: Sequence[Sequence[str]]) -> int | None:
    for at, row in enumerate(rows[:HEADER_ROWS]):
        filled = [cell for cell in row if cell.strip()]
        known = sum(map(is_known, filled))
        if known and 2 * known >= len(filled) and (known > 1 or len(filled) == 1):
            return at
    return None


def _no_header(file: str, rows: Iterable[Sequence[str]]) -> Issue:
    first = next((row for row in rows if any(c.strip() for c in row)), ())
    # Cells that look like values are not shown: without a header they may name somebody.
    found = [c for c in first if is_known(c)]
    return Issue(
        "E-ENTETE",
        file,
        "aucune ligne d'en-tête reconnue. Colonnes attendues au minimum : nom_structure et commune "
        "(partenaires), date et type_activite (activités). "
        f"Colonnes trouvées : {', '.join(found) or 'aucune'}.",
    )


def _doubled(file: str, headers: tuple[str, ...]) -> list[Issue]:
    twice = [h for h, n in Counter(headers).items() if h and n > 1]
    note = "colonne présente plusieurs fois : la première est lue."
    return [Issue("W-COLONNE", file, note, column=h) for h in twice]


def _is_total(cells: tuple[str, ...]) -> bool:
    first = plain(next(cell for cell in cells if cell))
    return first in {"total", "totaux", "total_general", "sous_total"}
