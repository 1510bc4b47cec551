"""Who of the team is free on which half-day of an ordinary week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.access import current

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

Span = tuple[int, int]
WORKDAYS = 5
NOT_RECEIVING = frozenset({"partenaire", "coordinateur"})  # roles that hold no permanence
USUAL: Span = (9 * 60, 17 * 60)  # hours of a worker who told none, Monday to Friday


def free_spans(
    team: pd.DataFrame, availability: pd.DataFrame, *, today: date
) -> dict[tuple[str, int], tuple[Span, ...]]:
    """
    Return when each worker of `tables.TEAM` is free every week, by (agent code, weekday).

    Minutes after midnight: the `disponible` spans of `tables.AVAILABILITY` (none at all: Monday to
    Friday, 9 to 17), less absences, meetings, training and permanences. Dated rows that do not hold
    in the week of `today` are left out; what takes every second week takes the half-day. Workers
    who have left, partners and coordinators hold no permanence.
    """
    rows = current(availability, today).dropna(subset=["weekday", "start_min", "end_min"])
    works: dict[tuple[str, int], list[Span]] = {}
    busy: dict[tuple[str, int], list[Span]] = {}
    told = set()
    for row in rows.itertuples():
        span, key = (int(row.start_min), int(row.end_min)), (str(row.agent_code), int(row.weekday))
        if row.kind != "disponible":
            busy.setdefault(key, []).append(span)
            continue
        told.add(key[0])
        if row.weeks not in {"paire", "impaire"}:
            works.setdefault(key, []).append(span)
    agents = _receiving(team, today)
    usual = {(a, day): [USUAL] for a in agents if a not in told for day in range(WORKDAYS)}
    spans = {k: without(v, busy.get(k, ())) for k, v in (works | usual).items() if k[0] in agents}
    return {key: free for key, free in sorted(spans.items()) if free}


def free_workers(
    spans: dict[tuple[str, int], tuple[Span, ...]], weekday: int, start_min: int, end_min: int
) -> int:
    """Return how many workers of `free_spans` are free on that day during the whole span."""
    return sum(
        day == weekday and any(a <= start_min and end_min <= b for a, b in free)
        for (_, day), free in spans.items()
    )


def without(spans: Iterable[Span], busy: Iterable[Span]) -> tuple[Span, ...]:
    """Return the minutes of `spans` that are in none of `busy`, sorted, without empty ones."""
    left = sorted(spans)
    for first, last in busy:
        left = [
            part
            for a, b in left
            for part in ((a, min(b, first)), (max(a, last), b))
            if part[1] > part[0]
        ]
    return tuple(sorted(set(left)))


def _receiving(team: pd.DataFrame, today: date) -> list[str]:
    now = pd.Timestamp(today)
    gone = team["active_to"].lt(now).fillna(value=False).astype(bool)
    able = ~gone & ~team["role"].isin(NOT_RECEIVING)
    return [str(code) for code in sorted(team.index[able])]
