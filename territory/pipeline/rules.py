"""What one week is read against, out of the products built: rules of the team, what is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.quarters import in_force, quarters_of
from territory.analysis.yields import made_visits
from territory.analysis.yields_fit import fit_yields
from territory.io.debriefs import in_force as typed_in_force
from territory.io.debriefs import read_debriefs, stop_activities
from territory.pipeline.rounds import zone_tours
from territory.planning.calendar import week_before, week_days
from territory.planning.desk import Asks
from territory.planning.guarantee import quarters_due, required_zones
from territory.planning.ledger import ledger
from territory.planning.records import own_agents
from territory.planning.rule_effects import Scene
from territory.planning.zone_debts import zone_presence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from territory.analysis.yields_fit import YieldLaw
    from territory.model.results import Gap
    from territory.model.week_edits import WeekEdit
    from territory.model.week_results import WeekPlan
    from territory.pipeline.workspace import Built
    from territory.settings import Week

LEAST_VISITS = 12  # counted in the log, for figures of its own rather than usual ones


def rules_scene(built: Built, week: str) -> Scene:
    """Return the scene of an ISO week, in the CRS of the settings; raises as `week_days`."""
    zones = in_force(built.table("zones"))
    return Scene(
        week_days(week),
        tuple(sorted(built.table("team").index)),
        built.table("places"),
        built.table("activities"),
        zones,
        quarters_of(built.gaps, built.table("cells"), zones),
    )


def week_asks(
    built: Built,
    scene: Scene,
    rules: Week,
    *,
    edits: Mapping[int, WeekEdit],
    before: WeekPlan | None,
    signed: Sequence[WeekPlan],
) -> tuple[tuple[Gap, ...], Asks]:
    """
    Return the zones of the week, quarters whose turn it is included, and what is asked of it.

    `signed` are the plans held for the weeks before, in any order.
    """
    zones: tuple[Gap, ...] = tuple(built.gaps)
    required: tuple[str, ...] = ()
    if rules.guarantee_weeks is not None:
        due = quarters_due(scene, rules.guarantee_weeks)
        zones, required = required_zones(
            due, scene, zones, built.table("cells"), built.table("need")
        )
    carried = _carried(built, scene, rules, signed)
    before_this = week_before(scene.days[0])
    last_week = next((p for p in signed if p.week == before_this), None)
    tours = built.table("tours")
    known = {g.zone_id for g in built.gaps}
    more = {g.zone_id: g.cells for g in zones if g.zone_id not in known}
    if more:
        tours = pd.concat([tours, zone_tours(built, more)[0]])
    presence = zone_presence(
        zones, built.table("cells"), scene.activities, scene.days[0],
        weeks=rules.ledger_weeks, last_week=last_week,
    )  # fmt: skip
    law = _law(built, scene)
    return zones, Asks(required, carried, edits, before, last_week, tours, law, presence)


def _carried(
    built: Built, scene: Scene, rules: Week, signed: Sequence[WeekPlan]
) -> pd.DataFrame | None:
    if not rules.ledger_weeks:
        return None
    return ledger(
        built.table("activities"),
        built.table("team"),
        built.table("places"),
        scene.days[0],
        weeks=rules.ledger_weeks,
        difficult_kinds=rules.difficult_kinds,
        signed=signed,
    )


def _law(built: Built, scene: Scene) -> YieldLaw | None:
    """Return what the debriefs of the log teach of visits, None when they are too few."""
    activities, places = built.table("activities"), built.table("places")
    typed = typed_in_force(read_debriefs(built.territory.folder)[0]).values()
    stops = stop_activities(typed, built.territory.settings.week.visit_min, activities)
    told = pd.concat([activities, stops]) if len(stops) else activities
    told = told.assign(agents=own_agents(told["agents"], built.table("team")))
    law = fit_yields(made_visits(told, places, reference=scene.days[0]))
    return law if law.n_visits >= LEAST_VISITS else None
