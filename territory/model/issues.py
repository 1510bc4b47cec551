"""Data problems as rows: where, what, and what to do, gathered first and shown once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.model.kinds import kind_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SHOWN_PER_CODE = 20
_CODE = re.compile(r"\[[EWI]-[A-Z]+\] (.)")


@dataclass(frozen=True, slots=True, order=True)
class Issue:
    """
    One problem of one file, as a coordinator will read it.

    ``code`` starts with ``E-`` (a fault to correct: the row or file is refused unless ``kept``),
    ``W-`` (kept, with a doubt) or ``I-`` (for information). ``line`` is the line as seen in the
    spreadsheet (header included), 0 when the problem concerns the whole file or column. ``problem``
    and ``remedy`` are French sentences and never hold a value of a column that may be personal.
    """

    code: str
    file: str
    problem: str
    remedy: str = ""
    line: int = 0
    column: str = ""
    kept: bool = False

    @property
    def refused(self) -> bool:
        """Whether the row (or the file, for line 0) was turned away."""
        return self.code.startswith("E-") and not self.kept

    def __str__(self) -> str:
        """Return the one-line French form of LOG_FORMAT section 6."""
        where = f"fichier « {self.file} »"
        where += f", ligne {self.line}" if self.line else ""
        where += f", colonne « {self.column} »" if self.column else ""
        return f"[{self.code}] {where} : {self.problem} {self.remedy}".rstrip()


@dataclass(frozen=True, slots=True)
class ReadReport:
    """Counts and issues of one reading: rows read = kept + refused + skipped."""

    file: str
    kind: str
    read: int
    kept: int
    issues: tuple[Issue, ...] = ()

    @property
    def refused(self) -> int:
        """Number of rows read and not kept, whatever the reason."""
        return self.read - self.kept

    def summary(self) -> str:
        """Return the closing line of an import, in French."""
        return (
            f"« {self.file} », {kind_name(self.kind)} : lignes lues {self.read}, gardées "
            f"{self.kept}, corrigées {corrected(self.issues)}, refusées {self.refused}"
        )


def without_code(sentence: str) -> str:
    """Return a French line without the code that logs give it, as a page says it."""
    return _CODE.sub(lambda found: found[1].upper(), sentence)


def corrected(issues: Iterable[Issue]) -> int:
    """Count the distinct lines kept with a correction or a doubt."""
    return len({(i.file, i.line) for i in issues if i.code.startswith("W-") and i.line})


def shown(issues: Sequence[Issue], limit: int = SHOWN_PER_CODE) -> list[str]:
    """Return printable lines: at most `limit` per file and code, then « et N autres »."""
    groups: dict[tuple[str, str], list[Issue]] = {}
    for issue in issues:
        groups.setdefault((issue.file, issue.code), []).append(issue)
    lines: list[str] = []
    for (file, code), members in groups.items():
        lines += [str(issue) for issue in members[:limit]]
        hidden = len(members) - limit
        lines += [f"[{code}] fichier « {file} » : et {hidden} autres"] if hidden > 0 else []
    return lines
