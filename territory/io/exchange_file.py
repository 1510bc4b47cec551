"""
What another software exports, often one row a person, read as counts and as nothing else.

Only the month, the commune, the stage, the kind of structure and the outcome are looked at; rows
are added up as they are read and never kept. A file with any other column is turned away.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import ValidationError

from territory.errors import BadSettings, RefusedFile, WrongUsage
from territory.io.decoding import HEADER_ROWS, is_workbook, text_rows
from territory.io.exchange_words import HEADERS, OUTCOME_WORDS, POSITIVE, STAGE_WORDS
from territory.io.privacy import refusal, refusal_code
from territory.io.rows import Columns, Row, refuse_identifiers, report_of
from territory.io.text_tables import RawTable
from territory.io.values import clean, is_empty, read_date
from territory.io.workbooks import sheet_names, sheet_rows
from territory.model.issues import Issue
from territory.model.words import PLACE_KINDS, plain
from territory.settings.exchange import ExchangeMap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from territory.model.issues import ReadReport

DATED = ("oriente", "entree", "sortie_positive")  # in the order that somebody goes through them
_MONTH = re.compile(r"(?:(\d{4})-(\d{2})|(\d{2})/(\d{4}))")
_EARLIEST = date(2015, 1, 1)
_MOST = 2000
_LEAST_KNOWN = 2


@dataclass(frozen=True, slots=True, order=True)
class Counted:
    """What people of one count have in common: month (its first day), and traits ("" untold)."""

    month: date
    stage: str
    commune: str = ""
    structure: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """The counts of one file, people elsewhere or out without a positive exit, its report."""

    counts: Mapping[Counted, int]
    elsewhere: int
    not_positive: int
    report: ReadReport


@dataclass(frozen=True)
class _Found(Columns):
    """A table of which the mapping says where the columns are."""

    at: tuple[tuple[str, int], ...] = ()

    @cached_property
    def position(self) -> dict[str, int]:
        """Position (0 the first) of each known column, by its canonical name."""
        return dict(self.at)


def read_mapping(path: Path | None) -> ExchangeMap:
    """Return the mapping of a TOML file, an empty one without; raises BadSettings (French)."""
    if path is None:
        return ExchangeMap()
    try:
        return ExchangeMap.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSettings(f"La correspondance « {path.name} » n’est pas lisible.") from error
    except ValidationError as error:
        where = sorted({".".join(map(str, fault["loc"])) for fault in error.errors()})
        raise BadSettings(
            f"La correspondance « {path.name} » est impossible, à revoir : {', '.join(where)}."
        ) from error


def read_exchange(path: Path, mapping: ExchangeMap, communes: Mapping[str, str]) -> Received:
    """
    Return the counts of a CSV or XLSX export of other software; its rows are kept nowhere.

    `communes` are the names of the communes of the territory by code. Raises RefusedFile for a
    column about people, or one that nobody asked for; WrongUsage without a date or a stage;
    UnreadableFile.
    """
    columns = _columns(path, mapping)
    names = {plain(text): name for code, name in communes.items() for text in (code, name)}
    found: Counter[Counted] = Counter()
    elsewhere, not_positive, rows = 0, 0, list(columns.rows())
    for row in rows:
        people, count, strange, out = _people(row, mapping, names)
        if not row.refused:
            found.update(dict.fromkeys(people, count))
            elsewhere, not_positive = elsewhere + strange * count, not_positive + out * count
    report = report_of(columns, columns.raw.issues, rows)
    return Received(dict(sorted(found.items())), elsewhere, not_positive, report)


def _columns(path: Path, mapping: ExchangeMap) -> _Found:
    """Return the table with only the columns asked for; raises RefusedFile, WrongUsage."""
    rows, since_1904 = _rows(path)
    headers_of = _headers(mapping)
    line = _header_line(rows, headers_of)
    headers = tuple(" ".join(text.split()) for text in rows[line]) if rows else ()
    if sum(plain(header) in headers_of for header in headers) < _LEAST_KNOWN:
        raise WrongUsage(_no_column(path.name))  # what is read there may be no header: not shown
    _refuse_strange(path.name, headers, headers_of, mapping)
    at: dict[str, int] = {}
    for position, header in enumerate(headers):
        if plain(header) in headers_of:
            at.setdefault(headers_of[plain(header)], position)
    _need_dates(path.name, at, mapping)
    words = {text.strip().casefold(): word for text, word in mapping.words.items()}
    kept = [
        (n, _cells(row, len(headers), words)) for n, row in enumerate(rows[line + 1 :], line + 2)
    ]
    kept = [(number, cells) for number, cells in kept if any(cells)]
    raw = RawTable(path.name, None, headers, tuple(n for n, _ in kept),
                   tuple(cells for _, cells in kept), since_1904)  # fmt: skip
    return _Found("contacts", raw, tuple(at.items()))


def _rows(path: Path) -> tuple[Sequence[Sequence[str]], bool]:
    if not path.is_file():
        raise WrongUsage(f"« {path.name} » est introuvable. Vérifiez le chemin du fichier.")
    if is_workbook(path):
        return sheet_rows(path, sheet_names(path)[0])
    return text_rows(path), False


def _headers(mapping: ExchangeMap) -> dict[str, str]:
    """Return the canonical column of each header, those of the mapping in place of ours."""
    found = {}
    for column, (name, usual) in HEADERS.items():
        told = mapping.columns.get(column)  # type: ignore[call-overload]
        found.update(dict.fromkeys([plain(told)] if told else usual, name))
    return found


def _header_line(rows: Sequence[Sequence[str]], known: Mapping[str, str]) -> int:
    """Return which of the first rows names the most columns known, the first of them."""
    head = [sum(plain(text) in known for text in row) for row in rows[:HEADER_ROWS]]
    return head.index(max(head)) if head else 0


def _cells(row: Sequence[str], width: int, words: Mapping[str, str]) -> tuple[str, ...]:
    texts = [clean(row[n]) if n < len(row) else "" for n in range(width)]
    texts = ["" if is_empty(text) else text for text in texts]
    return tuple(words.get(text.casefold(), text) for text in texts)


def _refuse_strange(
    file: str, headers: Sequence[str], known: Mapping[str, str], mapping: ExchangeMap
) -> None:
    """Turn a file away for a column about people, then for one that is not of the exchange."""
    for header in headers:
        code = refusal_code(header, "contacts")
        if code:
            raise RefusedFile(str(refusal(code, file, header)))
    unread = {plain(header) for header in mapping.unread}
    strange = [h for h in headers if plain(h) and plain(h) not in known and plain(h) not in unread]
    if strange:
        problem = (
            f"colonnes que l’échange ne lit pas : {', '.join(strange)}. Le fichier est refusé : il "
            "peut dire qui sont les personnes."
        )
        remedy = (
            "Ne gardez que la date, la commune, l’étape, le type de structure et l’issue, ou "
            "nommez dans la correspondance celles à ignorer."
        )
        raise RefusedFile(str(Issue("E-PERSO", file, problem, remedy)))


def _need_dates(file: str, at: Mapping[str, int], mapping: ExchangeMap) -> None:
    dated = any(stage in at for stage in DATED)
    if not dated and not ("on" in at and ("stage" in at or mapping.stage)):
        raise WrongUsage(_no_column(file))


def _no_column(file: str) -> str:
    return (
        f"« {file} » : il faut une colonne de date et une d’étape (oriente, entree, "
        "sortie_positive), ou les colonnes date_orientation, date_entree, date_sortie. "
        "Une correspondance (--correspondance) dit comment elles s’appellent."
    )


def _people(
    row: Row, mapping: ExchangeMap, communes: Mapping[str, str]
) -> tuple[list[Counted], int, bool, bool]:
    """Return the counts that a row adds to, how many people, if elsewhere, if badly out."""
    refuse_identifiers(row)
    count = row.count("count", most=_MOST) if row.text("count") is not None else 1
    structure = row.word("referred_to", PLACE_KINDS) or ""
    outcome = row.word("outcome", OUTCOME_WORDS) or ""
    written = row.text("city")
    commune = communes.get(plain(written or ""), "")
    steps = _steps(row, mapping)
    last = max((DATED.index(stage) for stage, _ in steps), default=-1)
    found, out = [], False
    for stage, month in steps:
        ends = DATED.index(stage) == last
        if stage == DATED[-1] and not _positive(row, outcome, mapping):
            out = True
            continue
        found.append(Counted(month, stage, commune, structure if stage != DATED[-1] else "",
                             outcome if ends else ""))  # fmt: skip
    if not count:
        row.refuse("E-NUM", "count", "le nombre doit être d'au moins 1.", "Ligne ignorée.")
    return found, count or 0, bool(written and not commune), out


def _positive(row: Row, outcome: str, mapping: ExchangeMap) -> bool:
    """Whether an exit is a positive one: its outcome tells, else the words of its stage."""
    if outcome:
        return outcome in POSITIVE
    told = plain(row.text("stage") or mapping.stage)
    return "positive" in told or "emploi" in told


def _steps(row: Row, mapping: ExchangeMap) -> list[tuple[str, date]]:
    """Return the stages of a row, each with its month; the row is refused when it has none."""
    if "on" in row.columns.position and ("stage" in row.columns.position or mapping.stage):
        stage = mapping.stage or row.word("stage", STAGE_WORDS, required=True) or ""
        month = _month(row, "on", required=True)
        return [(stage, month)] if stage and month else []
    months = [(stage, _month(row, stage)) for stage in DATED]
    found = [(stage, month) for stage, month in months if month is not None]
    if not found and not row.refused:
        row.refuse("E-VIDE", "", "aucune date.", "Ligne ignorée.")
    return found


def _month(row: Row, name: str, *, required: bool = False) -> date | None:
    """Return the first day of the month of a cell, a date or a month; never the day itself."""
    text = row.required(name) if required else row.text(name)
    if text is None:
        return None
    if told := _MONTH.fullmatch(text):
        year, month = int(told[1] or told[4]), int(told[2] or told[3])
        day = date(year, month, 1) if 1 <= month <= 12 else None  # noqa: PLR2004 - months
    else:
        day = read_date(text, since_1904=row.columns.raw.since_1904)
    if day is None or day < _EARLIEST:
        problem = "ce n'est pas une date valide (attendu : jj/mm/aaaa ou mm/aaaa)."
        row.refuse("E-DATE", name, problem, "Ligne ignorée.")
        return None
    return day.replace(day=1)


def counts_file(counts: Mapping[Counted, int], since: date | None = None) -> list[list[str]]:
    """
    Return counts as rows of « contacts » (LOG_FORMAT 3.3), header first.

    The day is the first of the month, or `since` (launch) when the month begins before it.
    """
    rows = [["date", "commune", "nombre", "etape", "orientation_vers", "issue"]]
    for key, people in sorted(counts.items()):
        same = since is not None and (since.year, since.month) == (key.month.year, key.month.month)
        day = since if same and since is not None else key.month
        rows.append([f"{day:%d/%m/%Y}", key.commune, str(people), key.stage, key.structure,
                     key.outcome])  # fmt: skip
    return rows
