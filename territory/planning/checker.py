"""An independent judge of a week: it re-reads every rule and trusts nothing of the planner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.planning.checker_appointments import appointment_faults
from territory.planning.checker_doors import door_faults, tour_faults
from territory.planning.checker_edits import edit_faults
from territory.planning.checker_facts import facts_of
from territory.planning.checker_joint import joint_faults
from territory.planning.checker_legs import leg_faults
from territory.planning.checker_people import people_faults

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from territory.model.results import Gap
    from territory.model.week_edits import WeekEdit
    from territory.model.week_results import WeekPlan
    from territory.planning.rule_effects import Effects
    from territory.planning.walks import Walks
    from territory.settings import Settings


def check_plan(  # noqa: PLR0913 - one keyword per table of the week
    plan: WeekPlan,
    *,
    places: pd.DataFrame,
    team: pd.DataFrame,
    availability: pd.DataFrame,
    activities: pd.DataFrame,
    walks: Walks,
    settings: Settings,
    effects: Effects | None = None,
    edits: Sequence[WeekEdit] = (),
    tours: pd.DataFrame | None = None,
    gaps: Sequence[Gap] = (),
    before: WeekPlan | None = None,
) -> list[str]:
    """
    Return the faults of `plan` as French sentences; an empty list means that every rule holds.

    Tables keep their contracts, in one metric CRS; `walks` is the planner's, in minutes. `effects`,
    `edits` and `tours` (TOURS) are those the plan was made with; `before` is the plan whose outings
    the edits lock; without `gaps` the communes and the streets of zones are not judged. Rules:
    appointments kept or told as lost, nobody in two places (unless said in the warnings), shifts,
    absences, public holidays, lunch, opening hours to the end of the visit, legs on foot or by bus,
    walks of a day, durations, numbers of outings, zones days apart, pairs, communes,
    other teams free and met no more than wanted, locks and exclusions.
    """
    facts = facts_of(
        plan, places=places, team=team, availability=availability, activities=activities,
        walks=walks, settings=settings, effects=effects, edits=edits, tours=tours, gaps=gaps,
        before=before,
    )  # fmt: skip
    return [
        *appointment_faults(facts),
        *people_faults(facts),
        *door_faults(facts),
        *tour_faults(facts),
        *leg_faults(facts),
        *joint_faults(facts),
        *edit_faults(facts),
    ]
