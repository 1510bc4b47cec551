"""The table of numbers of a report as XLSX and CSV: figures, lines behind them, guards, sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl import Workbook

from territory.outputs.still_workbook import still_bytes
from territory.outputs.workbook_cells import fill

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from territory.model.report import Guard, Source
    from territory.outputs.workbook_cells import Sheet

HEADER = (
    "chiffre", "titre", "libelle", "valeur", "unite", "denominateur", "part_basse", "part_haute",
    "lignes_utilisees", "lignes_sans_comptage", "mention",
)  # fmt: skip


def report_rows(numbers: Sequence[Sequence[object]]) -> list[list[str]]:
    """Return the table of numbers as text for a CSV, header first, decimals with a comma."""
    return [list(HEADER), *([_text(value) for value in row] for row in numbers)]


def report_xlsx(
    numbers: Sequence[Sequence[object]],
    guards: Iterable[Guard],
    sources: Iterable[Source],
    method: Iterable[str],
    digest: str,
) -> bytes:
    """Return the workbook of a report; same report, same bytes."""
    book = Workbook()
    sheets: list[Sheet] = [
        ("chiffres", HEADER, [tuple(row) for row in numbers]),
        ("à savoir", ("garde", "phrase"), [(g.code, g.sentence) for g in guards]),
        ("sources", ("fichier", "lignes lues", "refusées", "empreinte"),
         [(s.name, s.read, s.refused, s.sha256) for s in sources]),
        ("méthode", ("texte",), [(line,) for line in (*method, f"Empreinte : {digest}")]),
    ]  # fmt: skip
    for title, header, rows in sheets:
        fill(book.create_sheet(title), header, rows)
    book.remove(book.worksheets[0])
    return still_bytes(book)


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)
