"""One line of a received table, read cell by cell: typed values, and every problem as an issue."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from territory.io.headers import accepted, positions
from territory.io.privacy import check_headers, dropped_columns, holds_identifier, showable
from territory.io.values import (
    has_decimals,
    is_ambiguous_count,
    other_weekday,
    read_code,
    read_count,
    read_date,
    read_number,
    read_time,
    read_yes_no,
)
from territory.model.issues import Issue, ReadReport
from territory.model.words import find, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from territory.io.text_tables import RawTable
    from territory.model.tables import TableContract
    from territory.model.words import Vocabulary

_EMPTIED = "Case laissée vide."
Meant = TypeVar("Meant")


@dataclass(frozen=True)
class Columns:
    """A received table and where its known columns are."""

    kind: str
    raw: RawTable
    _known: dict[tuple[object, str], Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _finders: dict[int, Callable[[str], str | None]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )  # each holds its vocabulary, whose hash takes longer than to find a word

    def meaning(self, reader: Callable[[str], Meant], text: str) -> Meant:
        """Return `reader(text)`, a function of the text alone: the same cells come back a lot."""
        key = reader, text
        try:
            found: Meant = self._known[key]
        except KeyError:
            found = self._known[key] = reader(text)
        return found

    def finder(self, vocabulary: Vocabulary) -> Callable[[str], str | None]:
        """Return what finds words of `vocabulary`, always the same one for `meaning`."""
        if id(vocabulary) not in self._finders:
            self._finders[id(vocabulary)] = partial(find, vocabulary)
        return self._finders[id(vocabulary)]

    @cached_property
    def identifying(self) -> frozenset[str]:
        """Texts of the known columns that hold the telephone, the e-mail... of somebody."""
        texts = {cells[at] for cells in self.raw.cells for at in self.position.values()}
        return frozenset(filter(holds_identifier, texts))

    @cached_property
    def position(self) -> dict[str, int]:
        """Position (0 the first) of each known column, by its canonical name."""
        return positions(self.kind, self.raw.headers)

    @cached_property
    def date_reader(self) -> Callable[[str], date | None]:
        """What reads a date of this table, whose serial numbers begin in 1900 or in 1904."""
        return partial(read_date, since_1904=self.raw.since_1904)

    def rows(self) -> Iterator[Row]:
        """Yield each line in the order of the file, ready to be read."""
        for number in range(len(self.raw.lines)):
            yield Row(self, number)

    def opening_issues(self, required: Sequence[str | tuple[str, ...]]) -> list[Issue]:
        """
        Return what the headers alone show: columns left out, and required columns missing.

        A tuple in `required` is a choice of columns. Raises RefusedFile for a file about people.
        """
        file, headers = self.raw.file, self.raw.headers
        check_headers(file, headers, self.kind)
        known = {headers[p] for p in self.position.values()}
        issues = [*self.raw.issues, *dropped_columns(file, headers, known)]
        choices = [(r,) if isinstance(r, str) else r for r in required]
        missing = [c for c in choices if headers and not set(c) & set(self.position)]
        return issues + [self._missing(choice[0]) for choice in missing]

    def _missing(self, name: str) -> Issue:
        names = accepted(self.kind, name)
        column = names.split(", ")[0]
        return Issue(
            "E-COL",
            self.raw.file,
            f"la colonne obligatoire « {column} » est absente. Noms acceptés : {names}.",
        )

    def has_decimals(self, position: int) -> bool:
        """Whether some value of a column is certainly decimal."""
        return any(map(has_decimals, self.raw.column(position)))


@dataclass
class Row:
    """One line; asking for a cell adds to `issues`, and to `refused` when the line must go."""

    columns: Columns
    number: int
    issues: list[Issue] = field(default_factory=list)
    refused: bool = False

    def meaning(self, reader: Callable[[str], Meant], text: str) -> Meant:
        """Return `reader(text)`, read once for all the lines of the table."""
        return self.columns.meaning(reader, text)

    @property
    def line(self) -> int:
        """Return the line as the spreadsheet numbers it."""
        return self.columns.raw.lines[self.number]

    def text(self, name: str) -> str | None:
        """Return a cell as written, None when empty or when the column is absent."""
        return self._told.get(name)

    @cached_property
    def _told(self) -> dict[str, str]:
        """Cells of the line that say something, by the canonical name of their column."""
        cells = self.columns.raw.cells[self.number]
        return {name: cells[at] for name, at in self.columns.position.items() if cells[at]}

    def required(self, name: str) -> str | None:
        """Return a cell that must be filled; E-VIDE otherwise."""
        text = self.text(name)
        if text is None:
            problem = f"la colonne « {self.header(name)} » est vide."
            self.refuse("E-VIDE", name, problem, "Ligne ignorée.")
        return text

    def header(self, name: str) -> str:
        """Return the header of a column as written, its French name when absent."""
        position = self.columns.position.get(name)
        if position is not None:
            return self.columns.raw.headers[position]
        return accepted(self.columns.kind, name).split(", ")[0]

    def note(self, code: str, name: str, problem: str, remedy: str = "") -> None:
        """Add an issue about the column `name` ("" for the whole line); the line is kept."""
        self._add(code, name, problem, remedy, kept=True)

    def _add(self, code: str, name: str, problem: str, remedy: str, *, kept: bool) -> None:
        column, file = self.header(name) if name else "", self.columns.raw.file
        faulty = kept and code.startswith("E-")
        self.issues.append(Issue(code, file, problem, remedy, self.line, column, kept=faulty))

    def refuse(self, code: str, name: str, problem: str, remedy: str = "") -> None:
        """Add an issue and turn the line away."""
        self._add(code, name, problem, remedy, kept=False)
        self.refused = True

    def date(self, name: str, *, required: bool = False) -> date | None:
        """
        Return a civil date; E-DATE refuses the line when the cell is required or unreadable.

        E-JOUR instead when the weekday in front is that of another date: nobody knows which.
        """
        text = self.required(name) if required else self.text(name)
        if text is None:
            return None
        since_1904 = self.columns.raw.since_1904
        day = self.meaning(self.columns.date_reader, text)
        if day is None and (weekday := other_weekday(text, since_1904=since_1904)):
            problem = f"« {showable(text)} » : cette date est un {weekday}."
            self._unreadable("E-JOUR", name, problem, refused=required)
        elif day is None:
            problem = f"« {showable(text)} » n'est pas une date valide (attendu : jj/mm/aaaa)."
            self._unreadable("E-DATE", name, problem, refused=required)
        return day

    def _unreadable(self, code: str, name: str, problem: str, *, refused: bool) -> None:
        if refused:
            self.refuse(code, name, problem, "Ligne ignorée.")
        else:
            self.note(code.replace("E-", "W-"), name, problem, _EMPTIED)

    def number_of(self, name: str, low: float, high: float) -> float | None:
        """Return a number between `low` and `high` (else W-NUM and None); E-NUM when unreadable."""
        text = self.text(name)
        if text is None:
            return None
        value = self.meaning(read_number, text)
        if value is None:
            problem = f"« {showable(text)} » n'est pas un nombre."
            self.refuse("E-NUM", name, problem, "Ligne ignorée.")
        elif not low <= value <= high:
            problem = f"« {text} » n'est pas entre {low:g} et {high:g}."
            self.note("W-NUM", name, problem, _EMPTIED)
            return None
        return value

    def count(self, name: str, *, most: int = 2000) -> int | None:
        """Return a whole number of people, None when not counted; E-NUM refuses the line."""
        text = self.text(name)
        if text is None:
            return None
        whole = self.meaning(read_count, text)
        if whole is not None and whole <= most:
            return whole
        if self.meaning(is_ambiguous_count, text):
            return self._ambiguous(name, text, most)
        value = self.meaning(read_number, text)
        wanted = "n'est pas un nombre" if value is None else f"n'est pas un entier de 0 à {most}"
        self.refuse("E-NUM", name, f"« {showable(text)} » {wanted}.", "Ligne ignorée.")
        return None

    def _ambiguous(self, name: str, text: str, most: int) -> int | None:
        value = int(text.replace(",", "").replace(".", ""))
        if self.columns.has_decimals(self.columns.position[name]) or value > most:
            problem = f"« {text} » n'est pas un nombre entier sûr (de 0 à {most})."
            self.refuse("E-NUM", name, problem, "Ligne ignorée.")
            return None
        self.note("W-NUM", name, f"« {text} » est lu comme {value}.", "Écrivez-le sans séparateur.")
        return value

    def spare_count(self, name: str, *, most: int) -> int | None:
        """Return a whole number of things, not people; W-NUM and None when it is none."""
        text = self.text(name)
        value = None if text is None else self.meaning(read_number, text)
        if text is None or (value is not None and value.is_integer() and 0 <= value <= most):
            return None if value is None else int(value)
        problem = f"« {showable(text)} » n'est pas un entier de 0 à {most}."
        self.note("W-NUM", name, problem, _EMPTIED)
        return None

    def minutes(self, name: str) -> int | None:
        """Return minutes after midnight; W-HEURE and None when not understood."""
        text = self.text(name)
        found = None if text is None else self.meaning(read_time, text)
        if text is not None and found is None:
            problem = f"« {showable(text)} » n'est pas une heure (attendu : 9h30)."
            self.note("W-HEURE", name, problem, _EMPTIED)
        return found

    def yes_no(self, name: str) -> bool | None:
        """Return yes or no, None when empty; W-LISTE when the cell says something else."""
        text = self.text(name)
        found = None if text is None else self.meaning(read_yes_no, text)
        if text is not None and found is None:
            problem = f"« {showable(text)} » n'est ni oui ni non."
            self.note("W-LISTE", name, problem, _EMPTIED)
        return found

    def word(self, name: str, vocabulary: Vocabulary, *, required: bool = False) -> str | None:
        """Return the code of a listed value; unknown: E-LISTE if required, else W-LISTE, None."""
        text = self.required(name) if required else self.text(name)
        if text is None:
            return None
        code = self.meaning(self.columns.finder(vocabulary), text)
        if code is None:
            problem = _unknown(vocabulary, text, self.header(name))
            self._unreadable("E-LISTE", name, problem, refused=required)
        return code

    def code(self, name: str) -> str | None:
        """Return a five-character code, lost zero restored (W-ZERO), W-CODE when impossible."""
        text = self.text(name)
        if text is None:
            return None
        code, restored = self.meaning(read_code, text)
        if code is None:
            problem = f"« {showable(text)} » n'est pas un code à 5 caractères."
            self.note("W-CODE", name, problem, _EMPTIED)
        elif restored:
            problem = f"code « {text} » complété en « {code} » (zéro perdu par le tableur)."
            self.note("W-ZERO", name, problem)
        return code


def _unknown(vocabulary: Vocabulary, text: str, header: str) -> str:
    shown = showable(text)
    close = nearest(vocabulary, text)
    choices = ", ".join(word.label if word.code.isdigit() else word.code for word in vocabulary)
    proposal = f" Vouliez-vous dire « {close} » ?" if close and not close.isdigit() else ""
    return (
        f"« {shown} » n'est pas une valeur connue pour « {header} ». "
        f"Valeurs possibles : {choices}.{proposal}"
    )


def report_of(
    columns: Columns, opening: Sequence[Issue], rows: Sequence[Row], *, outside: int = 0
) -> ReadReport:
    """
    Return the report of a reading: rows read, kept, and every issue in the order of the lines.

    `outside` rows, left out because they are not in the territory, are neither read nor refused.
    """
    file = columns.raw.file
    note = f"lignes hors du territoire, non gardées : {outside}."
    issues = [*opening, *([Issue("I-HORS", file, note)] if outside else [])]
    issues += [issue for row in rows for issue in row.issues]
    kept = sum(not row.refused for row in rows)
    return ReadReport(file, columns.kind, len(rows), kept, tuple(issues))


def refuse_identifiers(row: Row) -> None:
    """Refuse a line with a telephone, an e-mail... in a column that would be imported."""
    identifying = row.columns.identifying
    for name in row.columns.position if identifying else ():
        if not row.refused and row.text(name) in identifying:
            problem = "un numéro de téléphone, un courriel ou un identifiant a été trouvé dans la "
            row.refuse(
                "E-TEXTE", name, f"{problem}cellule.", "Ligne refusée (valeur non affichée)."
            )


def record_frame(
    contract: TableContract, records: Sequence[Mapping[str, Any]], ids: Sequence[str]
) -> pd.DataFrame:
    """Return records as a table with the columns of `contract`, NA where unknown."""
    data = {c.name: [record.get(c.name) for record in records] for c in contract.columns}
    frame = pd.DataFrame(data, index=pd.Index(ids, dtype="object"), dtype="object")
    return frame.where(frame.notna(), pd.NA)
