"""A recurrence written in French, as its reader (`recurrence_text`) gives it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.model.recurrence import (
    A_WEEK,
    IN_SCHOOL,
    LAST,
    FollowUp,
    Listed,
    Monthly,
    Recurrence,
    Rule,
    Weekly,
)
from territory.model.recurrence_rules import written_rule

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def french(recurrence: Recurrence) -> str:
    """Return « toutes les 6 semaines le mardi à partir du 13/01/2026, sauf jours fériés »."""
    rhythm, school = recurrence.rhythm, recurrence.school
    ends = _ends(recurrence)
    skipped = recurrence.skipped
    if isinstance(rhythm, Rule):
        ends, skipped = written_rule(recurrence, rhythm), ()
    words = [
        ends,
        "" if recurrence.public else "sauf jours fériés",
        f"{'pendant les' if school == IN_SCHOOL else 'hors'} vacances scolaires" if school else "",
        f"sauf {_the_days(skipped)}" if skipped else "",
    ]
    return ", ".join(word for word in words if word)


def _ends(recurrence: Recurrence) -> str:
    """Return the rhythm between its bounds."""
    begin = f" à partir du {_day(recurrence.start)}" if recurrence.start else ""
    end = f" jusqu'au {_day(recurrence.until)}" if recurrence.until else ""
    rhythm = recurrence.rhythm
    if isinstance(rhythm, FollowUp) and rhythm.then:
        pace = "toutes les semaines" if rhythm.then == A_WEEK else "tous les mois"
        return f"{_rhythm(rhythm)}{begin}, puis {pace}{end}"
    return f"{_rhythm(rhythm)}{begin}{end}"


def _rhythm(rhythm: Weekly | Monthly | Rule | Listed | FollowUp) -> str:
    if isinstance(rhythm, Weekly):
        return _weekly(rhythm)
    if isinstance(rhythm, Monthly):
        ranks = [{1: "1er", LAST: "dernier"}.get(rank, f"{rank}e") for rank in rhythm.ranks]
        return f"{_and(ranks)} {_and(DAYS[d] for d in rhythm.weekdays)} du mois"
    if isinstance(rhythm, FollowUp):
        told = [f"J+{rank}" if rhythm.after else str(rank) for rank in rhythm.ranks]
        return _and(told) if rhythm.after else f"jours {_and(told)}"
    return _the_days(rhythm.on) if isinstance(rhythm, Listed) else rhythm.text


def _weekly(rhythm: Weekly) -> str:
    days = [DAYS[d] for d in rhythm.weekdays]
    text = f"tous les {_and(f'{day}s' for day in days)}"
    if rhythm.interval > 1:
        text = f"toutes les {rhythm.interval} semaines {_and(f'le {day}' for day in days)}"
    text += f", semaines {rhythm.parity}s" if rhythm.parity else ""
    return text + (f", semaines {_and(map(str, rhythm.numbers))}" if rhythm.numbers else "")


def _the_days(days: tuple[date, ...]) -> str:
    return f"{'les' if len(days) > 1 else 'le'} {_and(map(_day, days))}"


def _day(day: date) -> str:
    return f"{day:%d/%m}/{day.year:04d}"


def _and(words: Iterable[str]) -> str:
    items = list(words)
    return " et ".join(part for part in [", ".join(items[:-1]), *items[-1:]] if part)
