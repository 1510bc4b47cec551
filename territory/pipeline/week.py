"""Product 90: the plan of an ISO week, and the one that the team holds once it is signed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from territory.errors import UnreadableFile
from territory.io.hashing import value_sha256
from territory.io.products import step
from territory.io.week_edits import edits_in_force, read_edits
from territory.io.week_store import sign_plan, signed_plan
from territory.model.jsonable import from_json, to_json
from territory.model.progress import SILENT, Part
from territory.model.week_results import WeekPlan
from territory.pipeline.rides import rides_of
from territory.pipeline.rules import rules_scene, week_asks
from territory.pipeline.transit import NAME
from territory.pipeline.walking import network_of
from territory.planning.calendar import week_before, week_days
from territory.planning.checker import check_plan
from territory.planning.ride_words import with_stand_in
from territory.planning.team_rules import effects_of, ruled, with_rules_told
from territory.planning.week import network_walks, plan_week

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from territory.io.products import Computed
    from territory.model.progress import ProgressReporter
    from territory.model.results import Gap
    from territory.model.week_edits import WeekEdit
    from territory.pipeline.workspace import Built
    from territory.planning.week import Asks

_INPUTS = ("10_zones", "20_places", "30_activity", "40_walk", "50_need", "60_gaps", "80_rounds")


def week_step(built: Built, week: str, *, progress: ProgressReporter = SILENT) -> WeekPlan:
    """
    90: the plan of one ISO week, as « 2026-W48 », with its changes.

    A week that was signed is changed as little as can be; so is, when there are changes, the plan
    that would hold without any. `progress` is told how far the search is. Raises WrongUsage when
    `week` is none, UnreadableFile when the signed plan is damaged, Stopped when `progress` says so.
    """
    folder = built.territory.folder
    edits = edits_in_force(read_edits(folder, week)[0])
    before, name = signed_plan(folder, week), f"90_week_{week}"
    if not edits:
        return _planned(built, week, {}, before, name=name, progress=progress)
    if before is None:  # most often there already: it was told before anything changed
        before = _planned(built, week, {}, None, name=name, progress=Part(progress, 0.0, 0.5))
        progress = Part(progress, 0.5, 1.0)
    return _planned(built, week, edits, before, name=f"{name}_changed", progress=progress)


def sign_week(built: Built, plan: WeekPlan) -> Path:
    """Keep `plan` as what the team holds; return its file. Raises OSError when it cannot."""
    return sign_plan(built.territory.folder, plan)


def _planned(
    built: Built,
    week: str,
    edits: Mapping[int, WeekEdit],
    before: WeekPlan | None,
    *,
    name: str,
    progress: ProgressReporter,
) -> WeekPlan:
    territory = built.territory
    weeks = territory.settings.week.ledger_weeks
    signed = _signed_before(territory.folder, week_days(week)[0], weeks)

    def compute() -> Computed:
        plan = _plan(built, week, edits, before, signed, progress=progress)
        return {}, {"plan": to_json(plan)}

    depends = {
        "semaine": week,
        "week": to_json(territory.settings.week),
        "limits": territory.settings.freshness.limits,
        "seed": territory.settings.ground.seed,
        "changes": {str(n): to_json(e) for n, e in edits.items()},
        "before": None if before is None else value_sha256(to_json(before)),
        "signed": {p.week: value_sha256(to_json(p)) for p in signed},
    }
    inputs = {n: built.products[n].digest for n in (*_INPUTS, *_timetable(built))}
    product = step(territory.processed, name, compute, settings=depends, inputs=inputs)
    return from_json(WeekPlan, product.facts["plan"])


def _timetable(built: Built) -> tuple[str, ...]:
    return (NAME,) if NAME in built.products else ()


def _signed_before(folder: Path, monday: date, weeks: int) -> tuple[WeekPlan, ...]:
    """
    Return the plans held for the weeks before, the last one first; what is not known is left out.

    A damaged plan is an error for the last week, of which the team was told; an older one only says
    how much people walked: it is as if it had never been signed.
    """
    names = [week_before(monday - timedelta(weeks=n)) for n in range(max(weeks, 1))]
    found = [signed_plan(folder, names[0])]
    for name in names[1:]:
        with suppress(UnreadableFile):
            found.append(signed_plan(folder, name))
    return tuple(plan for plan in found if plan is not None)


def _plan(
    built: Built,
    week: str,
    edits: Mapping[int, WeekEdit],
    before: WeekPlan | None,
    signed: Sequence[WeekPlan],
    *,
    progress: ProgressReporter,
) -> WeekPlan:
    rules, scene = built.table("constraints"), rules_scene(built, week)
    settings = ruled(built.territory.settings, rules, scene.days)
    gaps, asks = week_asks(built, scene, settings.week, edits=edits, before=before, signed=signed)
    tables: dict[str, Any] = {
        name: built.table(name) for name in ("places", "team", "availability", "activities")
    }
    tables |= {"settings": settings, "effects": effects_of(rules, scene)}
    rides = rides_of(built, scene.days)
    tables["walks"] = network_walks(network_of(built.products["40_walk"]), rides)
    plan = plan_week(
        week,
        gaps=gaps,
        need=built.table("need"),
        facts=built.table("facts"),
        asks=asks,
        seed=settings.ground.seed,
        progress=progress,
        **tables,
    )
    judged = _judged(with_stand_in(plan, rides), gaps, asks, tables)
    names = built.table("communes")["name"].to_dict()
    return with_rules_told(judged, rules, scene, communes=names, gaps=built.gaps)


def _judged(plan: WeekPlan, gaps: Sequence[Gap], asks: Asks, tables: Mapping[str, Any]) -> WeekPlan:
    """Return the plan with what a judge that knows nothing of the search finds broken in it."""
    faults = check_plan(
        plan, edits=tuple(asks.edits.values()), tours=asks.tours, gaps=gaps, before=asks.before,
        **tables,
    )  # fmt: skip
    told = tuple(f"À vérifier avant de partir, le contrôle du plan dit : {f}" for f in faults)
    return replace(plan, warnings=(*plan.warnings, *told))
