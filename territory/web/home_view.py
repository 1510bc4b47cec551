"""What the first page and the page of files show, taken from the products as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from territory.analysis.freshness import fact_freshness
from territory.io.audit_log import read_entries
from territory.io.retention import next_purge
from territory.model.kinds import OWN
from territory.outputs.data_state import (
    SourceState,
    last_days,
    missing_kinds,
    old_facts,
    source_states,
)
from territory.outputs.debrief_account import sheet_line
from territory.outputs.journal_rows import journal_rows
from territory.outputs.next_step import NextStep, Standing, next_steps
from territory.outputs.week_grid import HALVES
from territory.outputs.who import who_goes
from territory.outputs.zone_cards import ZoneCard, zone_cards
from territory.pipeline.last_build import is_current
from territory.pipeline.week_codes import awaited_sheets
from territory.pipeline.week_held import delivered_plan, held_week
from territory.pipeline.workspace import next_week
from territory.web.translations import FRENCH, Tongue

if TYPE_CHECKING:
    from pathlib import Path

    from territory.model.week_results import WeekPlan
    from territory.web.shelf import Holdings

_FIRST = 3


@dataclass(frozen=True, slots=True)
class ShortWeek:
    """A planned week in short: its days, and for each half-day who goes out when."""

    iso: str
    days: tuple[tuple[date, tuple[tuple[str, ...], ...]], ...]


@dataclass(frozen=True, slots=True)
class HomeView:
    """All that the first page shows; the first of `steps` is the one to do now."""

    steps: list[NextStep]
    week: ShortWeek | None
    zones: list[ZoneCard]
    awaited: int
    sheets: list[str]
    sources: list[SourceState]
    purge: date
    journal: list[tuple[str, str, str]]


def home_view(held: Holdings, tongue: Tongue = FRENCH) -> HomeView:
    """Return what the first page shows; raises what reading a damaged product does."""
    territory = held.territory
    sheets = sorted(
        awaited_sheets(territory.folder, territory.today), key=lambda s: (s.on, s.start_min, s.code)
    )
    sources = received(held)
    steps = next_steps(_standing(held, len(sheets), sources))
    communes = dict(held.built.table("communes")["name"]) if held.built else {}
    entries, _ = read_entries(territory.folder)
    return HomeView(
        steps,
        _shown_week(held, tongue),
        zone_cards(held.gaps[:_FIRST], communes=communes),
        len(sheets),
        [sheet_line(s) for s in sheets[:_FIRST]],
        sources,
        next_purge(territory.today),
        journal_rows(entries),
    )


def received(held: Holdings) -> list[SourceState]:
    """Return the state of each received file, by what the last reading said of it."""
    territory, files = held.territory, held.territory.raw.files
    freshness = territory.settings.freshness
    if held.built is None:
        return source_states(
            files, (), last_days={}, old_facts={}, most_months=freshness.status_months,
            today=territory.today,
        )  # fmt: skip
    judged = fact_freshness(held.built.table("facts"), freshness.limits, territory.today)
    return source_states(
        files,
        held.built.reports,
        last_days=last_days(files, held.built.table("activities"), territory.today),
        old_facts=old_facts(judged),
        most_months=freshness.status_months,
        today=territory.today,
    )


def refusal_file(folder: Path) -> str:
    """Return the name in outputs/ of the latest list of refused lines, "" without one."""
    found = sorted((folder / "outputs").glob("refus_*.csv"))
    return found[-1].name if found else ""


def short_week(plan: WeekPlan, tongue: Tongue = FRENCH) -> ShortWeek:
    """Return a plan in short, Monday to Friday and the other days that have a session."""
    by_half: dict[tuple[date, str], list[str]] = {}
    for session in sorted(plan.sessions, key=lambda s: (s.on, s.start_min, s.agents)):
        said = f"{tongue.figures.clock(session.start_min)} {who_goes(session)}"
        by_half.setdefault((session.on, session.half_day), []).append(said)
    year, number = plan.week.split("-W")
    monday = date.fromisocalendar(int(year), int(number), 1)
    days = sorted({monday + timedelta(days=n) for n in range(5)} | {day for day, _ in by_half})
    rows = tuple((day, tuple(tuple(by_half.get((day, h), ())) for h in HALVES)) for day in days)
    return ShortWeek(plan.week, rows)


def _standing(held: Holdings, awaited: int, sources: list[SourceState]) -> Standing:
    territory = held.territory
    own = {f.name for f in territory.raw.files if any(kind in OWN for kind, _ in f.sources)}
    week = next_week(territory.today)
    plan = held_week(held.built, week) if held.built is not None and week in held.weeks else None
    return Standing(
        missing=missing_kinds(territory.raw.files),
        built=held.built is not None,
        current=is_current(territory),
        awaited=awaited,
        planned=plan is not None,
        renewed=plan is not None and plan.current,
        signed=plan is not None and plan.signed,
        week=week,
        refused=sum(s.refused for s in sources if s.name in own),
        stale=sum(bool(s.stale) for s in sources),
    )


def _shown_week(held: Holdings, tongue: Tongue) -> ShortWeek | None:
    """Return the week of today when it is planned, else the next one, else the latest."""
    today = held.territory.today
    year, number, _ = today.isocalendar()
    wanted = (f"{year}-W{number:02d}", next_week(today), *held.weeks)
    week = next((one for one in wanted if one in held.weeks), None)
    plan = delivered_plan(held.territory.folder, week) if week else None
    return short_week(plan, tongue) if plan else None
