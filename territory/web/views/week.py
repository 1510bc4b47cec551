"""What the page of a week lays out: the grid, the outings, what was left out, what to download."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.model.marked import marked
from territory.model.results import Ending
from territory.model.week_edits import EditKind
from territory.outputs.file_names import file_name, file_part
from territory.outputs.french import weekday
from territory.outputs.map_content import hidden_places
from territory.outputs.week_grid import HALVES, week_grid
from territory.outputs.week_shown import UNNAMED
from territory.outputs.who import who_goes
from territory.planning.calendar import week_days
from territory.web.recognised import recognised
from territory.web.translations import FRENCH, Tongue

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from territory.model.week_edits import WeekEdit
    from territory.model.week_results import LeftOut, Session, WeekPlan
    from territory.outputs.week_grid import Entry

_BARE = "Maraude : "  # a cell says « Sortie » already
_SHOWN = 6
_HALF_WORDS = {"matin": marked("matin"), "apres-midi": marked("après-midi")}


@dataclass(frozen=True, slots=True)
class Cell:
    """
    One half-day of one mediator: its sessions, and what a form calls it.

    `moment` is « mardi matin » as forms send it; `title` what a screen reader says of it.
    """

    moment: str
    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class GridRow:
    """The half-days of one mediator, in order."""

    agent: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Out:
    """What was left out, and the place or zone that placing would admit ("" none)."""

    name: str
    reason: str
    remedy: str
    target: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a list: what the form sends, what is read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class File:
    """A file to keep: its path in outputs/, and what it is called."""

    path: str
    label: str


def day_heads(plan: WeekPlan, tongue: Tongue = FRENCH) -> tuple[str, ...]:
    """Return the days of the grid, as « lundi 2 », each the head of two half-days."""
    named = tongue.figures.weekday
    return tuple(f"{named(day.weekday())} {day.day}" for day in week_grid(plan).days)


def grid_rows(plan: WeekPlan, tongue: Tongue = FRENCH) -> tuple[GridRow, ...]:
    """Return a row for each mediator, a cell for each half-day of `day_heads`, in order."""
    grid = week_grid(plan)
    moments = [f"{weekday(day.weekday())} {half}" for day in grid.days for half in HALVES]
    halves = [tongue.say(_HALF_WORDS[half]) for half in HALVES]
    heads = [f"{day} {half}" for day in day_heads(plan, tongue) for half in halves]
    return tuple(
        GridRow(agent, tuple(map(Cell, moments, heads, cells)))
        for agent, cells in zip(grid.agents, grid.cells, strict=True)
    )


def short_title(title: str) -> str:
    """Return the title of a session without the word that its tag says."""
    return title.removeprefix(_BARE)


def moments(plan: WeekPlan, *, whole_days: bool, tongue: Tongue = FRENCH) -> tuple[Choice, ...]:
    """Return the half-days of the grid as choices, preceded by their days when `whole_days`."""
    choices = []
    for day in week_grid(plan).days:
        name, told = weekday(day.weekday()), f"{tongue.figures.weekday(day.weekday())} {day.day}"
        whole = tongue.say("%(day)s, toute la journée", day=told)
        choices += [Choice(name, whole)] if whole_days else []
        choices += [
            Choice(f"{name} {half}", f"{told} {tongue.say(_HALF_WORDS[half])}") for half in HALVES
        ]
    return tuple(choices)


def days(plan: WeekPlan, tongue: Tongue = FRENCH) -> tuple[Choice, ...]:
    """Return the days of the grid as choices."""
    names = (weekday(day.weekday()) for day in week_grid(plan).days)
    return tuple(map(Choice, names, day_heads(plan, tongue)))


def outings(plan: WeekPlan) -> tuple[Session, ...]:
    """Return the sessions that have stops, by date and start."""
    return tuple(sorted((s for s in plan.sessions if s.stops), key=lambda s: (s.on, s.start_min)))


def stops_to_move(session: Session) -> tuple[Choice, ...]:
    """Return the stops of an outing that a form can move: what it sends, their name, once each."""
    named = {s.place_id or s.zone_id: s.name for s in session.stops}
    return tuple(Choice(key, name) for key, name in named.items() if key)


def outing_label(session: Session, tongue: Tongue = FRENCH) -> str:
    """Return « mardi 3 matin, M2 + M3 : Brume-sur-Canal »."""
    title = short_title(session.title)
    said = recognised(title, tongue.language) or title
    return f"{outing_moment(session, tongue)}{tongue.colon} {said}"


def outing_moment(session: Session, tongue: Tongue = FRENCH) -> str:
    """Return « mardi 3 matin, M2 + M3 »."""
    day = f"{tongue.figures.weekday(session.on.weekday())} {session.on.day}"
    return f"{day} {tongue.say(_HALF_WORDS[session.half_day])}, {who_goes(session)}"


def outing_hours(session: Session | Entry, tongue: Tongue = FRENCH) -> str:
    """Return « 9 h–11 h 58 »."""
    clock = tongue.figures.clock
    return f"{clock(session.start_min)}–{clock(session.end_min)}"


def week_title(week: str, tongue: Tongue = FRENCH) -> str:
    """Return « Semaine 45, du lundi 2 au dimanche 8 novembre 2026 »; raises as `week_days`."""
    monday, sunday = (tongue.figures.long_date(week_days(week)[n]) for n in (0, 6))
    return tongue.say("Semaine %(number)s, du %(monday)s au %(sunday)s",
                      number=int(week[-2:]), monday=monday, sunday=sunday)  # fmt: skip


def left_rows(plan: WeekPlan) -> tuple[tuple[Out, ...], tuple[Out, ...]]:
    """Return what was left out, those with a remedy first: the first six, and the others."""
    rows = [_out(one) for one in sorted(plan.left_out, key=lambda one: not one.remedy)]
    return tuple(rows[:_SHOWN]), tuple(rows[_SHOWN:])


def lock_line(edits: Mapping[int, WeekEdit], session_id: str) -> int:
    """Return the number of the change that locks an outing, 0 when none does."""
    locks = (n for n, e in edits.items() if e.kind is EditKind.LOCK and e.target == session_id)
    return next(locks, 0)


def ending_words(plan: WeekPlan) -> str:
    """Say what is wrong with how the plan was found, "" when nothing is."""
    return {
        Ending.IMPOSSIBLE: marked("Les règles demandées ne peuvent pas toutes être tenues."),
        Ending.FAILED: marked("La recherche s’est arrêtée avant la fin."),
    }.get(plan.ending, "")


def whole_files(folder: Path, plan: WeekPlan, *, hours: bool) -> tuple[File, ...]:
    """
    Return the files of the whole week that are there; `folder` is outputs/.

    Those that tell the hours of each mediator only with `hours`.
    """
    named = [
        ("semaine.pdf", marked("Semaine sur une page (PDF)"), hours),
        ("semaine.xlsx", marked("Classeur (XLSX)"), hours),
        ("semaine.json", marked("Données (JSON)"), hours),
        ("semaine.csv", marked("Tableau (CSV)"), True),
        ("semaine.ics", marked("Agenda de l’équipe (ICS)"), True),
        ("carte.html", marked("Carte (HTML)"), True),
    ]
    found = [File(f"{plan.week}/{name}", label) for name, label, offered in named if offered]
    return tuple(file for file in found if (folder / file.path).is_file())


def diaries(folder: Path, plan: WeekPlan) -> tuple[File, ...]:
    """Return the diary of each mediator that is there; `folder` is outputs/."""
    agents = week_grid(plan).agents
    found = [
        File(f"{plan.week}/agendas/{file_part(a)}.ics", marked("Agenda de %(who)s (ICS)", who=a))
        for a in agents
    ]
    return tuple(file for file in found if (folder / file.path).is_file())


def outing_files(folder: Path, week: str, session: Session) -> tuple[File, ...]:
    """Return the sheet and the track of one outing, those that are there; `folder` is outputs/."""
    name = file_name(session)
    found = [
        File(f"{week}/fiches/{name}.pdf", marked("Fiche (PDF)")),
        File(f"{week}/traces/{name}.gpx", marked("Trace (GPX)")),
    ]
    return tuple(file for file in found if (folder / file.path).is_file())


def place_names(places: pd.DataFrame) -> dict[str, str]:
    """Return the names of PLACES by identifier; sensitive ones are called « Lieu protégé »."""
    hidden = hidden_places(places)
    named = places["name"].dropna()
    return {str(k): UNNAMED if k in hidden else str(name) for k, name in named.items()}


def named_choices(names: Mapping[str, str]) -> tuple[Choice, ...]:
    """
    Return what can be named in a form, `names` by identifier: by its name when no other has it.

    Sensitive places are not offered.
    """
    often = Counter(names.values())
    return tuple(
        Choice(name, "") if often[name] == 1 else Choice(key, name)
        for key, name in names.items()
        if name != UNNAMED
    )


def _out(one: LeftOut) -> Out:
    target = one.place_id or one.zone_id or ""
    return Out(one.name, one.reason, one.remedy, target if one.by_placing else "")
