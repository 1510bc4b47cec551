"""The codes of a week, kept when printed so that they can be typed whatever the plan becomes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from territory.io.coarse_points import square_middles
from territory.io.debriefs import append_sheets, read_debriefs, read_sheets
from territory.model.debriefs import PrintedSheet
from territory.outputs.week_shown import shown_plan
from territory.planning.codes import coded, identity

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from territory.model.week_results import Session, WeekPlan

PLAN = "semaine.json"


def printed_plan(folder: Path, plan: WeekPlan, hidden: frozenset[str], *, epsg: int) -> WeekPlan:
    """
    Return the plan as it is printed: coded, nothing of the `hidden` places; keep its sheets.

    Sheets go to the register of the territory `folder`, where `epsg` is the metric CRS; one printed
    before keeps its code. Raises NoAnswer as `coded`, OSError when the disk refuses.
    """
    known = read_sheets(folder)
    codes = {code: sheet.identity for (week, code), sheet in known.items() if week == plan.week}
    whole = coded(plan, codes)
    shown = shown_plan(whole, hidden)
    pairs = zip(whole.sessions, shown.sessions, strict=True)
    append_sheets(folder, [_sheet(a, b, plan.week, epsg) for a, b in pairs])
    return shown


def awaited_sheets(folder: Path, today: date) -> list[PrintedSheet]:
    """Return the outings up to `today` of the plans last delivered that nobody told of yet."""
    typed, _ = read_debriefs(folder)
    told = {one.sheet.key for one in typed.values()}
    codes: dict[str, frozenset[str]] = {}
    awaited = []
    for (week, code), sheet in read_sheets(folder).items():
        if week not in codes:
            codes[week] = _delivered(folder / "outputs" / week / PLAN)
        if sheet.stops and sheet.on <= today and (week, code) not in told and code in codes[week]:
            awaited.append(sheet)
    return awaited


def _delivered(path: Path) -> frozenset[str]:
    """Return the codes of a plan written by `deliver`, none when it is not there or torn."""
    try:
        return frozenset(s["code"] for s in json.loads(path.read_bytes())["sessions"])
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()


def _sheet(whole: Session, shown: Session, week: str, epsg: int) -> PrintedSheet:
    middle = _middle(shown, epsg)
    return PrintedSheet(
        code=shown.code,
        week=week,
        identity=identity(whole, week),
        on=shown.on,
        half_day=shown.half_day,
        kind=shown.kind,
        agents=shown.agents,
        start_min=shown.start_min,
        end_min=shown.end_min,
        place_id=None if shown.stops else shown.place_id,  # an outing's place is where it starts
        zone_id=shown.zone_id,
        x=middle[0] if middle else None,
        y=middle[1] if middle else None,
        stops={stop.code: stop.place_id or "" for stop in shown.stops},
        partners=shown.partners,
    )


def _middle(session: Session, epsg: int) -> tuple[float, float] | None:
    """Return the middle of the 100 m square where the stops are, on average."""
    if not session.stops:
        return None
    mean = np.array([[s.x, s.y] for s in session.stops], dtype=float).mean(axis=0, keepdims=True)
    x, y = square_middles(mean, epsg)[0].tolist()
    return x, y
