"""
What was given outside, kept with its parameters so that the next publication can be compared.

One JSON line per publication, owner-only: the counts hidden outside are in it (PRIVACY section 4).
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from territory.errors import UnreadableFile
from territory.io.atomic import write_text
from territory.io.audit_log import append_json, read_json_lines
from territory.model.published import Published, PublishedReport

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "publications.jsonl"
REPORT = "bilan"  # what a line about a report is called; the others are tables


def read_published(folder: Path) -> tuple[Published, ...]:
    """
    Return the former publications of a territory, in order.

    Raises UnreadableFile (French) when a line was damaged: without it nothing could be compared.
    """
    return _read(folder)[0]


def read_published_reports(folder: Path) -> tuple[PublishedReport, ...]:
    """Return the reports given outside, in order; raises UnreadableFile as `read_published`."""
    return _read(folder)[1]


def _read(folder: Path) -> tuple[tuple[Published, ...], tuple[PublishedReport, ...]]:
    rows, torn = read_json_lines(folder / FILE_NAME)
    told = [_report(row) if row.get("nom") == REPORT else _table(row) for row in rows]
    if torn or None in told:
        raise UnreadableFile(
            f"« {FILE_NAME} », qui garde ce qui a déjà été publié, est abîmé. Remettez-en une "
            "copie : sans lui, une différence entre deux publications pourrait révéler un effectif."
        )
    return (
        tuple(one for one in told if isinstance(one, Published)),
        tuple(one for one in told if isinstance(one, PublishedReport)),
    )


def add_published(folder: Path, table: Published, *, on: date, k: int) -> Path:
    """
    Record a publication before it is given: a record too many hides more, one too few reveals.

    The same table twice is recorded once. Raises OSError when the disk refuses.
    """
    return _add(folder, {**_row(table), "seuil": k}, on)


def add_published_report(folder: Path, report: PublishedReport, *, on: date) -> Path:
    """Record a report before it is given, as `add_published` does; never a value of it."""
    row = {
        "nom": REPORT,
        "profil": report.profile,
        "periode": [report.first.isoformat(), report.last.isoformat()],
        "empreinte": report.digest,
        "seuil": report.k,
        "masques": list(report.hidden),
        "masques_un_an_avant": list(report.hidden_before),
        "tableau": report.table,
    }
    return _add(folder, row, on)


def _add(folder: Path, row: dict[str, Any], on: date) -> Path:
    rows, _ = read_json_lines(folder / FILE_NAME)
    if any({n: v for n, v in known.items() if n != "le"} == row for known in rows):
        return folder / FILE_NAME
    return append_json(folder / FILE_NAME, {**row, "le": on.isoformat()})


def forget_published(folder: Path, before: date, *, write: bool) -> int:
    """
    Drop, when `write`, the publications about years wholly before `before`; return how many.

    Raises UnreadableFile as `read_published`: a damaged record is never rewritten without its
    damage, which would hide that something is missing.
    """
    read_published(folder)
    rows, _ = read_json_lines(folder / FILE_NAME)
    kept = [row for row in rows if _last_year(row) >= str(before.year)]
    if write and len(kept) < len(rows):
        lines = [json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in kept]
        write_text(folder / FILE_NAME, "".join(lines))
    return len(rows) - len(kept)


def _last_year(row: dict[str, Any]) -> str:
    """Return the year of the last period; « 2026 », « 2026-09 » and « 2026-W38 » begin with it."""
    days = row.get("periode") if row.get("nom") == REPORT else row.get("colonnes")
    return max(map(str, days or ["9999"]))[:4]


def _row(table: Published) -> dict[str, Any]:
    return {
        "nom": table.name,
        "zonage": table.zoning,
        "periode": table.period,
        "lignes": list(table.rows),
        "colonnes": list(table.columns),
        "effectifs": table.counts.tolist(),
        "masques": table.hidden.tolist(),
    }


def _table(row: dict[str, Any]) -> Published | None:
    try:
        names = (str(row["nom"]), str(row["zonage"]), str(row["periode"]))
        rows, columns = tuple(map(str, row["lignes"])), tuple(map(str, row["colonnes"]))
        counts = np.array(row["effectifs"], dtype=np.int64).reshape(len(rows), len(columns))
        hidden = np.array(row["masques"], dtype=bool).reshape(len(rows) + 1, len(columns) + 1)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return Published(*names, rows, columns, counts, hidden)


def _report(row: dict[str, Any]) -> PublishedReport | None:
    try:
        first, last = map(date.fromisoformat, row["periode"])
        return PublishedReport(
            str(row["profil"]), first, last, str(row["empreinte"]), int(row["seuil"]),
            tuple(map(str, row["masques"])), tuple(map(str, row["masques_un_an_avant"])),
            str(row["tableau"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
