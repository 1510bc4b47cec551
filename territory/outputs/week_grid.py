"""The week as a coordinator reads it: mediators in rows, half-days in columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from territory.model.results import Ending
from territory.outputs.french import clock, number, weekday
from territory.outputs.who import team_of

if TYPE_CHECKING:
    from territory.model.week_results import Session, WeekPlan

HALVES = ("matin", "apres-midi")
_WORKING_DAYS = 5
COUNTED = "présence dans les zones, équité et marche comptées"


@dataclass(frozen=True, slots=True)
class Entry:
    """One session in the cell of one mediator; `mates` are the others there, other teams last."""

    start_min: int
    end_min: int
    title: str
    mates: tuple[str, ...]
    fixed: bool
    locked: bool
    code: str
    session_id: str = ""

    @property
    def hours(self) -> str:
        """Return « 9 h–11 h 58 »."""
        return f"{clock(self.start_min)}–{clock(self.end_min)}"


@dataclass(frozen=True, slots=True)
class Grid:
    """
    The week by mediator and half-day.

    `days` are civil dates, Monday to Friday and the days of the week-end that have a session; each
    has the two columns of HALVES, in order. `cells[row][column]` are the sessions of `agents[row]`.
    """

    days: tuple[date, ...]
    agents: tuple[str, ...]
    cells: tuple[tuple[tuple[Entry, ...], ...], ...]


def week_grid(plan: WeekPlan) -> Grid:
    """
    Return the grid of a plan; mediators of `plan.carried` without a session have empty rows.

    Other teams have none: they are named beside those they go with.
    """
    agents = {a for s in plan.sessions for a in team_of(s) or s.agents}
    agents |= {c.agent for c in plan.carried}
    days = _days(plan)
    columns = [(day, half) for day in days for half in HALVES]
    rows = []
    for agent in sorted(agents):
        own = sorted(
            (s for s in plan.sessions if agent in s.agents), key=lambda s: (s.on, s.start_min)
        )
        rows.append(
            tuple(
                tuple(_entry(s, agent) for s in own if (s.on, s.half_day) == column)
                for column in columns
            )
        )
    return Grid(days, tuple(sorted(agents)), tuple(rows))


def column_names(grid: Grid) -> tuple[str, ...]:
    """Return the half-days of the columns, as « lundi 2 matin »."""
    words = {"matin": "matin", "apres-midi": "après-midi"}
    return tuple(
        f"{weekday(day.weekday())} {day.day} {words[half]}" for day in grid.days for half in HALVES
    )


def worth(plan: WeekPlan) -> str:
    """Say in French what the outings bring and how much better any other plan could be."""
    if not plan.value:
        return "Ce que rapportent les sorties n'a pas été estimé."
    people = sum(stop.value for session in plan.sessions for stop in session.stops)
    said = f"Environ {number(people)} personnes attendues aux sorties de la semaine"
    if plan.ending is Ending.OPTIMAL:
        return f"{said}. Aucun autre plan ne vaut plus, {COUNTED}."
    if plan.bound is None:
        return f"{said}. Ce qu'un autre plan apporterait n'a pas été cherché."
    more = round(max(plan.bound - plan.value, 0.0), 1)
    many = "s" if more >= 2 else ""  # noqa: PLR2004 - the French plural
    told = f"{number(more, 1)} personne{many} de plus"
    return f"{said}. Un autre plan vaudrait au plus {told}, {COUNTED}."


def _days(plan: WeekPlan) -> tuple[date, ...]:
    year, number_of_week = plan.week.split("-W")
    monday = date.fromisocalendar(int(year), int(number_of_week), 1)
    week = [monday + timedelta(days=n) for n in range(7)]
    busy = {s.on for s in plan.sessions}
    return tuple(d for n, d in enumerate(week) if n < _WORKING_DAYS or d in busy)


def _entry(session: Session, agent: str) -> Entry:
    return Entry(
        start_min=session.start_min,
        end_min=session.end_min,
        title=session.title,
        mates=tuple(a for a in dict.fromkeys((*session.agents, *session.partners)) if a != agent),
        fixed=session.fixed,
        locked=session.locked,
        code=session.code,
        session_id=session.session_id,
    )
