"""What a coordinator changes in a week: locks, exclusions, moves, appointments, absences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003 - read at run time by the JSON reader
from enum import StrEnum


class EditKind(StrEnum):
    """
    What one change does.

    LOCK keeps an outing as the plan has it; EXCLUDE a place or zone from the week (or one of its
    half-days); PLACE wants a place or zone visited, on a day or half-day or by somebody when said;
    APPOINTMENT adds a fixed one; ABSENCE takes a worker away.
    """

    LOCK = "verrouiller"
    EXCLUDE = "exclure"
    PLACE = "placer"
    APPOINTMENT = "rendez_vous"
    ABSENCE = "absence"


@dataclass(frozen=True, slots=True)
class WeekEdit:
    """
    One change of the plan of a week; `kind` None: it only undoes line `undoes` of the log.

    `target` is a session_id (LOCK), a place_id or zone_id (EXCLUDE, PLACE), a place_id or ""
    (APPOINTMENT). Times are minutes after midnight of day `on`; None: the whole day.
    """

    kind: EditKind | None
    target: str = ""
    agent: str = ""
    on: date | None = None
    half_day: str = ""
    start_min: int | None = None
    end_min: int | None = None
    undoes: int | None = None
