"""A file read apart as its page shows it: what it is, rows to mend, what keeping it changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.model.issues import SHOWN_PER_CODE, without_code
from territory.model.marked import marked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from territory.model.issues import Issue
    from territory.pipeline.trial import Trial


@dataclass(frozen=True, slots=True)
class Told:
    """One row of the table of problems: where, what, and what to do; "" for the whole file."""

    line: str
    column: str
    problem: str
    remedy: str


@dataclass(frozen=True, slots=True)
class TrialView:
    """
    One file: the trial, its problems by weight (lines refused, doubts, for information).

    `refusal` says why the whole file was turned away, without the code that the log gives it.
    """

    trial: Trial
    refusal: str
    refused: tuple[Told, ...]
    doubts: tuple[Told, ...]
    notes: tuple[str, ...]


def trial_view(trial: Trial) -> TrialView:
    """Return what the page shows of one file, 20 problems of each code at most."""
    kept = [i for i in trial.issues if not i.refused and i.code[0] in "EW"]
    return TrialView(
        trial,
        without_code(trial.refused),
        _rows(i for i in trial.issues if i.refused),
        _rows(kept),
        tuple(f"{i.problem} {i.remedy}".strip() for i in trial.issues if i.code[0] == "I"),
    )


def _rows(issues: Iterable[Issue]) -> tuple[Told, ...]:
    by_code: dict[str, list[Issue]] = {}
    for issue in issues:
        by_code.setdefault(issue.code, []).append(issue)
    rows = []
    for members in by_code.values():
        rows += [
            Told(str(i.line or ""), i.column, _capital(i.problem), i.remedy)
            for i in members[:SHOWN_PER_CODE]
        ]
        hidden = len(members) - SHOWN_PER_CODE
        rows += [_more(hidden)] if hidden > 0 else []
    return tuple(rows)


def _more(hidden: int) -> Told:
    return Told("", "", marked("Et %(n)s autres de la même sorte.", n=hidden), "")


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
