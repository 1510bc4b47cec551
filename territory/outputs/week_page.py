"""The week on one printed page: who goes where each half-day, what it brings, what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from territory.io.atomic import write_bytes
from territory.model.results import Ending
from territory.outputs.french import THIN, distance, number, weekday
from territory.outputs.load_words import hours_owed, turns_words
from territory.outputs.map_tables import short_week, week_name
from territory.outputs.paper import pages, printed, running
from territory.outputs.week_grid import week_grid, worth

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from territory.model.week_results import Carried, LeftOut, WeekPlan
    from territory.outputs.week_grid import Entry
    from territory.settings import Settings

# Size in points, letters of a title, left out shown and letters of each: tried in this order.
_TRIES = ((9.5, 70, 8, 300), (9.0, 70, 6, 220), (9.0, 60, 4, 160), (9.0, 60, 2, 120),
          (9.0, 46, 2, 120), (9.0, 28, 2, 120), (9.0, 36, 6, 160))  # fmt: skip
_OUTING = "Maraude : "  # said by the frame of the cell
_ENDINGS = {
    Ending.OPTIMAL: "Plan prouvé le meilleur.",
    Ending.WITHIN_GAP: "Plan proche du meilleur, écart prouvé.",
    Ending.TIME_UP: "Meilleur plan trouvé dans le temps donné.",
    Ending.IMPOSSIBLE: "Les règles demandées ne peuvent pas toutes être tenues.",
    Ending.FAILED: "La recherche s'est arrêtée avant la fin.",
}


def write_week_page(path: Path, plan: WeekPlan, settings: Settings, *, digest: str = "") -> Path:
    """
    Write the week on one A4 landscape, atomically; return `path`.

    The letters shrink to 9 points, then titles and what was left out are cut, until all holds on
    one page; a team too large for that gets more pages. `digest`: hash of what the plan rests on.
    PDF/UA-1 (ISO 14289-1), no moment of writing: same plan, same bytes. Raises ModuleNotFoundError
    when matplotlib, which carries the fonts, is not installed.
    """
    head = running(settings, what="Qui va où", when=short_week(plan.week), digest=digest)
    tries = (
        printed("week.typ", {**_content(plan, settings, tried), "running": head})
        for tried in _TRIES
    )
    pdf = b""
    for pdf in tries:
        if pages(pdf) == 1:
            break
    return write_bytes(path, pdf)


def _content(
    plan: WeekPlan, settings: Settings, tried: tuple[float, int, int, int]
) -> dict[str, Any]:
    size, letters, most, length = tried
    grid = week_grid(plan)
    return {
        "title": f"{settings.ground.name} – {week_name(plan.week)}",
        "heading": week_name(plan.week),
        "size": size,
        "days": [f"{weekday(day.weekday())} {day.day}" for day in grid.days],
        "rows": [
            {"who": who, "cells": [[_entry(e, letters) for e in entries] for entries in cells]}
            for who, cells in zip(grid.agents, grid.cells, strict=True)
        ],
        "worth": worth(plan),
        "load": [_load(one) for one in plan.carried],
        "changes": list(plan.changes[:most]),
        "left": list(_left_out(plan.left_out, most, length)),
        "ending": _ENDINGS[plan.ending],
    }


def _entry(entry: Entry, letters: int) -> dict[str, Any]:
    return {
        "hours": entry.hours,
        "title": _cut(entry.title if entry.fixed else entry.title.removeprefix(_OUTING), letters),
        "mates": f"avec {', '.join(entry.mates)}" if entry.mates else "",
        "fixed": entry.fixed,
        "locked": entry.locked,
        "code": entry.code,
    }


def _load(one: Carried) -> str:
    owed = f" ({', '.join(hours_owed(one))})" if hours_owed(one) else ""
    head = (
        f"{one.agent}{THIN}: {number(one.hours, 1)}{THIN}h de sortie, {distance(one.walk_m)}{owed}"
    )
    return ", ".join((head, *turns_words(one)))


def _left_out(left: Sequence[LeftOut], most: int, length: int) -> list[list[str]]:
    """Return name, why and remedy of what was left out, those that have a remedy first."""
    ranked = sorted(left, key=lambda one: not one.remedy)
    rows = [[_cut(part, length) for part in (o.name, o.reason, o.remedy)] for o in ranked]
    more = len(rows) - most
    last = ["Et encore", f"{more} autres (voir le classeur).", ""]
    return rows if more <= 0 else [*rows[:most], last]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
