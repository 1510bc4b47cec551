"""The received files as a coordinator reads them: what each is, how old, what was refused."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.freshness import STALE
from territory.model.kinds import LABELS
from territory.model.marked import marked
from territory.outputs.french import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from territory.io.raw_folder import RawFile
    from territory.model.issues import ReadReport

NEEDED = ("communes", "cells", "streets", "team")
_DAYS_A_MONTH = 30.44


@dataclass(frozen=True, slots=True)
class SourceState:
    """
    One received file by its name: what it holds, its date, and why it is to be renewed, in French.

    `read` lines of the last reading (None: not read yet), of which `refused`; `doubts` counts the
    faults and doubts that were told.
    """

    name: str
    holds: tuple[str, ...]
    dated: str
    stale: str
    read: int | None
    refused: int
    doubts: int


def source_states(
    files: Sequence[RawFile],
    reports: Iterable[ReadReport],
    *,
    last_days: Mapping[str, date],
    old_facts: Mapping[str, int],
    most_months: int,
    today: date,
) -> list[SourceState]:
    """
    Return the state of each received file, in the order of `files`.

    `last_days` is the last civil day a log holds and `old_facts` how many facts are to be verified
    again, by file name; a file fetched `most_months` ago or more is to be renewed.
    """
    told: dict[str, list[ReadReport]] = {}
    for report in reports:
        told.setdefault(report.file, []).append(report)
    return [
        SourceState(
            file.name,
            tuple(dict.fromkeys(LABELS.get(kind, kind) for kind, _ in file.sources)),
            _dated(file, last_days.get(file.name)),
            _stale(file, old_facts.get(file.name, 0), most_months, today),
            sum(r.read for r in told[file.name]) if file.name in told else None,
            sum(r.refused for r in told.get(file.name, ())),
            sum(i.code[0] in "EW" for r in told.get(file.name, ()) for i in r.issues),
        )
        for file in files
    ]


def last_days(files: Iterable[RawFile], activities: pd.DataFrame, today: date) -> dict[str, date]:
    """Return the last day (not after `today`) of the one file of activities; {} when several."""
    names = [f.name for f in files if any(kind == "activities" for kind, _ in f.sources)]
    days = activities.loc[activities["on"] <= pd.Timestamp(today), "on"]
    return {names[0]: days.max().date()} if len(names) == 1 and len(days) else {}


def old_facts(judged: pd.DataFrame) -> dict[str, int]:
    """Return how many facts of `fact_freshness` are to be verified again, by file."""
    stale = judged.loc[judged["level"] == STALE, "source"].dropna()
    return dict(Counter(map(str, stale)))


def missing_kinds(files: Iterable[RawFile]) -> tuple[str, ...]:
    """Return the kinds without which no week can be planned and that no file holds."""
    here = {kind for file in files for kind, _ in file.sources}
    return tuple(kind for kind in NEEDED if kind not in here)


def _dated(file: RawFile, last: date | None) -> str:
    parts = [f"édition {file.vintage}"] if file.vintage[:1].isdigit() else []
    if file.fetched_on:
        parts.append(f"téléchargé le {date.fromisoformat(file.fetched_on):%d/%m/%Y}")
    if last is not None:
        parts.append(f"dernière activité le {last:%d/%m/%Y}")
    return ", ".join(parts) or marked("sans date")


def _stale(file: RawFile, facts: int, most_months: int, today: date) -> str:
    if file.fetched_on:
        months = int((today - date.fromisoformat(file.fetched_on)).days / _DAYS_A_MONTH)
        if months >= most_months:
            return f"à télécharger de nouveau : {months} mois"
    if facts:
        many = "s" if facts > 1 else ""
        return f"{number(facts)} information{many} à vérifier de nouveau"
    return ""
