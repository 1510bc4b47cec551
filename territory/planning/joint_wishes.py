"""Joint outings sought in a week: with whom, when, how many are still wanted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from territory.planning.joint import OUTINGS, joint_slots
from territory.planning.spans import without

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from territory.model.week_results import WeekPlan
    from territory.planning.calendar import Appointment, Sources
    from territory.planning.joint import JointSlot
    from territory.planning.records import Agent
    from territory.settings import Week

    Met = Sequence[tuple[date, frozenset[str]]]

JOINT_KINDS = (*OUTINGS, "visite_partenaire")
_STATES = ("prevu", "realise")


@dataclass(frozen=True, slots=True)
class JointWish:
    """
    What is sought with one other team: `left` more outings in the times `slots` it is free.

    `near` is the day of an outing with it in another week that leaves none to seek (None: none).
    """

    partner: Agent
    slots: tuple[JointSlot, ...]
    left: int
    near: date | None = None


def met_days(activities: pd.DataFrame, last: WeekPlan | None) -> Met:
    """
    Return the outings done or planned, each the day and the codes of those who went.

    Those of `activities` (ACTIVITIES), and those of the plan `last` that nobody has told of yet.
    """
    told = activities["state"].isin(_STATES) & activities["kind"].isin(JOINT_KINDS)
    rows = activities[told.fillna(value=False).astype(bool) & activities["on"].notna()]
    found = [
        (pd.Timestamp(on).date(), frozenset(c.strip() for c in str(who).split("|")))
        for on, who in zip(rows["on"], rows["agents"].fillna(""), strict=True)
    ]
    made = [] if last is None else [s for s in last.sessions if s.kind in JOINT_KINDS]
    return [*found, *((s.on, frozenset(s.partners)) for s in made)]


def joint_wishes(
    days: Sequence[date],
    sources: Sources,
    appointments: Iterable[Appointment],
    met: Met,
    rules: Week,
) -> tuple[JointWish, ...]:
    """
    Return what is sought with each other team that is available on `days`, by its code.

    Outings already planned with it are of the number wanted; `met` (`met_days`) in a week nearer
    than the settings want leaves none. Its appointments are taken out of its free times.
    """
    kept = list(appointments)
    free = [s for slot in joint_slots(days, sources) if not slot.fixed for s in _left(slot, kept)]
    found = []
    for partner in sources.partners:
        own = tuple(sorted({slot for slot in free if slot.partner == partner.code}))
        held = sum(partner.code in a.partners and a.kind in JOINT_KINDS for a in kept)
        near = _near(partner.code, days[0], met, rules.joint_apart_weeks)
        left = 0 if near is not None else max(rules.joint_week - held, 0)
        if own:
            found.append(JointWish(partner, own, left, near if rules.joint_week > held else None))
    return tuple(found)


def _left(slot: JointSlot, kept: Iterable[Appointment]) -> list[JointSlot]:
    """Return what its appointments leave of a slot."""
    busy = [a.span for a in kept if a.on == slot.on and slot.partner in {*a.agents, *a.partners}]
    return [replace(slot, span=span) for span in without([slot.span], busy)]


def _near(partner: str, monday: date, met: Met, apart: int) -> date | None:
    """Return the day of the last outing with a partner in a week too near, not this one."""
    days = [on for on, who in met if partner in who and 0 < _weeks(monday, on) < apart]
    return max(days, default=None)


def _weeks(monday: date, on: date) -> int:
    return abs((on - monday).days // 7)
