"""What one week is planned from: the records read, the appointments kept, rules, walks and asks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.freshness import fact_freshness
from territory.model.french_calendar import calendar_of
from territory.planning.calendar import Sources, agenda, week_days
from territory.planning.edits import edit_slots
from territory.planning.joint_wishes import JointWish, joint_wishes, met_days
from territory.planning.legs import sure_minutes
from territory.planning.records import (
    partner_records,
    place_records,
    planned_records,
    slot_records,
    team_records,
)
from territory.planning.rule_effects import Effects, together
from territory.planning.walks import Walks, remembered
from territory.planning.zone_debts import resting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from territory.analysis.yields_fit import YieldLaw
    from territory.model.week_edits import WeekEdit
    from territory.model.week_results import WeekPlan
    from territory.planning.calendar import Agenda
    from territory.planning.records import Place
    from territory.settings import Settings


@dataclass(frozen=True, slots=True)
class Asks:
    """
    What is asked of a week beside its rules.

    `required` zone_ids that must be visited if they can; `carried` (`ledger.ledger`) what each
    worker carried before, for hours to come out even (None: not asked); `edits` changes of the
    week by line of their log; `before` the plan that the team holds (None: a new week), which is
    changed as little as can be; `last_week` the plan of the week before; `tours` (TOURS) the walks
    that patrol the streets of zones (None: none drawn); `law` what debriefs taught of visits (None:
    too little); `presence` (`zone_debts.zone_presence`) what zones saw of the team (None: not
    asked).
    """

    required: tuple[str, ...] = ()
    carried: pd.DataFrame | None = None
    edits: Mapping[int, WeekEdit] = field(default_factory=dict)
    before: WeekPlan | None = None
    last_week: WeekPlan | None = None
    tours: pd.DataFrame | None = None
    law: YieldLaw | None = None
    presence: pd.DataFrame | None = None


@dataclass(frozen=True)
class Desk:
    """Days, records, appointments, rules, walks, settings, asks and joint outings of one week."""

    days: tuple[date, ...]
    sources: Sources
    agenda: Agenda
    effects: Effects
    walks: Walks
    settings: Settings
    asks: Asks = field(default_factory=Asks)
    joint: tuple[JointWish, ...] = ()

    def minutes(self, a: str, b: str, slow: float) -> float:
        """Return minutes from point `a` to point `b`, on foot or by bus, whatever the hour."""
        return 0.0 if a == b else sure_minutes(a, b, slow, self.walks, self.settings)


def week_desk(  # noqa: PLR0913 - the tables of a week
    week: str,
    *,
    places: pd.DataFrame,
    team: pd.DataFrame,
    availability: pd.DataFrame,
    activities: pd.DataFrame,
    walks: Walks,
    settings: Settings,
    facts: pd.DataFrame | None,
    effects: Effects | None,
    asks: Asks | None,
) -> Desk:
    """Return the desk of an ISO week; arguments as those of `plan_week`, errors too."""
    days, asked = week_days(week), asks or Asks()
    rests = Effects(shut=resting(asked.presence, days[0], settings.week.spacing_days))
    rules = together([rests, effects or Effects()])
    judged = None if facts is None else fact_freshness(facts, settings.freshness.limits, days[0])
    sources = Sources(
        team_records(team),
        (*slot_records(availability), *rules.slots, *edit_slots(asked.edits)),
        _welcoming(place_records(places, days[0], judged), rules),
        planned_records(activities),
        calendar_of(settings.ground.communes),
        partner_records(team),
    )
    kept = agenda(days, sources)
    met = met_days(activities, asked.last_week)
    joint = joint_wishes(days, sources, kept.appointments, met, settings.week)
    return Desk(days, sources, kept, rules, remembered(walks), settings, asked, joint)


def _welcoming(places: Mapping[str, Place], rules: Effects) -> dict[str, Place]:
    return {key: replace(p, avoided=key in rules.avoided) for key, p in places.items()}


def weeks_since_visits(activities: pd.DataFrame, before: date) -> dict[str, float]:
    """Return weeks from the last outing done at each place to the day `before`, by place_id."""
    seen = activities["state"].eq("realise").fillna(value=False).astype(bool)
    if not seen.any():
        return {}
    done = activities[seen]
    done = done[done["place_id"].notna() & (done["on"] < pd.Timestamp(before))]
    last = done.groupby("place_id")["on"].max()
    return {str(key): (pd.Timestamp(before) - on).days / 7 for key, on in last.items()}
