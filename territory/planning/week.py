"""The week of the team: appointments kept, maraudes in free half-days around the highest gaps."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from territory.analysis.freshness import fact_freshness
from territory.model.french_calendar import calendar_of
from territory.model.results import Ending
from territory.model.week_results import LeftOut, Session, WeekPlan
from territory.planning import explain
from territory.planning.calendar import (
    OUTINGS,
    Sources,
    agenda,
    assumed_hours,
    half_day,
    minutes_of,
    week_days,
)
from territory.planning.choice import choose_rounds
from territory.planning.openings import TRANSFER_MAX_MIN, Desk, Findings, look_for_rounds
from territory.planning.records import place_records, planned_records, slot_records, team_records
from territory.planning.rounds import Round, Workshop, zone_stops
from territory.planning.rule_effects import Effects
from territory.planning.sessions import fixed_session, round_session
from territory.planning.walks import Walks, network_walks, remembered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from territory.model.results import Gap
    from territory.planning.calendar import Appointment
    from territory.planning.records import Place
    from territory.settings import Settings

__all__ = ["Walks", "network_walks", "plan_week"]


def plan_week(  # noqa: PLR0913 - one keyword per table of the week
    week: str,
    *,
    gaps: Sequence[Gap],
    places: pd.DataFrame,
    team: pd.DataFrame,
    availability: pd.DataFrame,
    activities: pd.DataFrame,
    need: pd.DataFrame,
    walks: Walks,
    settings: Settings,
    facts: pd.DataFrame | None = None,
    effects: Effects | None = None,
    seed: int = 0,
) -> WeekPlan:
    """
    Return the plan of one ISO week (« 2026-W48 »).

    Appointments (weekly permanences, meetings, trainings, activities of state `prevu`) are kept
    as they are. For every zone of `gaps`, free half-day and team, one best round is sought (exact
    orienteering over at most 8 places); an exact 0/1 program then chooses among them. Every zone
    not visited is listed with the rule that kept it out. `effects` are those of the team's own
    rules; `facts` (facts.FACT_TABLE) tell which hours are old. `need` (index cell_id) gives
    `target`, people; `walks` gives minutes and paths in metres, metric CRS. Same input, in any
    row order, same plan (the search is exact: `seed` is only recorded). Raises WrongUsage when
    `week` is no ISO week.
    """
    days, walks, rules = week_days(week), remembered(walks), effects or Effects()
    limits = settings.freshness.limits
    judged = None if facts is None else fact_freshness(facts, limits, days[0])
    sources = Sources(
        team_records(team),
        (*slot_records(availability), *rules.slots),
        _welcoming(place_records(places, days[0], judged), rules),
        planned_records(activities),
        calendar_of(settings.ground.communes),
    )
    desk = Desk(days, sources, agenda(days, sources), Workshop(walks, settings), rules)
    ranked = sorted(gaps, key=lambda g: (g.rank, g.zone_id))
    findings = {
        g.zone_id: look_for_rounds(zone_stops(g, sources.places, need, walks), desk) for g in ranked
    }
    chosen, ending = _chosen(findings, desk)
    return WeekPlan(
        week=week,
        sessions=_numbered(week, _sessions(chosen, desk)),
        left_out=(*_zones_left(ranked, findings, chosen, desk), *desk.agenda.lost),
        warnings=_warnings(desk),
        ending=ending,
        seed=seed,
    )


def _welcoming(places: Mapping[str, Place], rules: Effects) -> dict[str, Place]:
    return {key: replace(p, avoided=key in rules.avoided) for key, p in places.items()}


def _chosen(findings: Mapping[str, Findings], desk: Desk) -> tuple[tuple[Round, ...], Ending]:
    every = sorted((r for f in findings.values() for r in f.rounds), key=_by_time)
    picked, ending = choose_rounds(every, _quotas(desk), one_a_day=_short_lunch(desk))
    if findings and not every:
        return (), Ending.IMPOSSIBLE
    if ending is Ending.OPTIMAL and any(r.ending is not Ending.OPTIMAL for r in every):
        ending = Ending.TIME_UP
    return tuple(every[i] for i in picked), ending


def _by_time(r: Round) -> tuple[object, ...]:
    return r.zone.gap.rank, r.zone.gap.zone_id, r.on, r.start_min, r.agents


def _quotas(desk: Desk) -> dict[str, int]:
    outings = [a for a in desk.agenda.appointments if a.kind in OUTINGS]
    return {
        g.code: max(0, _most(g.code, desk) - sum(g.code in a.agents for a in outings))
        for g in desk.sources.team
    }


def _most(agent: str, desk: Desk) -> int:
    """Return the most rounds a worker may have in the week."""
    most = desk.shop.settings.week.maraudes_per_agent
    return min(most, desk.rules.most.get(agent, most))


def _short_lunch(desk: Desk) -> bool:
    week = desk.shop.settings.week
    return minutes_of(week.lunch_end) - minutes_of(week.lunch_start) < TRANSFER_MAX_MIN


def _sessions(chosen: Sequence[Round], desk: Desk) -> list[Session]:
    rules = desk.shop.settings.week
    coming = _coming_permanences(desk)
    fixed = [fixed_session(a, half_day(a.start_min, rules)) for a in desk.agenda.appointments]
    return [*fixed, *(round_session(r, coming, desk.shop.walks) for r in chosen)]


def _coming_permanences(desk: Desk) -> list[Appointment]:
    """Return the permanences of this week and the next, where a round may send people."""
    after = tuple(d + timedelta(days=7) for d in desk.days)
    both = [*desk.agenda.appointments, *agenda(after, desk.sources).appointments]
    return [a for a in both if a.kind == "permanence" and a.place_id]


def _numbered(week: str, sessions: Sequence[Session]) -> tuple[Session, ...]:
    ordered = sorted(sessions, key=lambda s: (s.on, s.start_min, s.agents, s.kind, s.title))
    return tuple(_with_id(s, f"{week}-{n:02d}") for n, s in enumerate(ordered, start=1))


def _with_id(session: Session, session_id: str) -> Session:
    fields = {name: getattr(session, name) for name in session.__dataclass_fields__}
    return Session(**{**fields, "session_id": session_id})


def _zones_left(
    ranked: Sequence[Gap], findings: Mapping[str, Findings], chosen: Sequence[Round], desk: Desk
) -> list[LeftOut]:
    visited = {r.zone.gap.zone_id for r in chosen}
    return [
        LeftOut(g.name, findings[g.zone_id].obstacle or _crowded(findings[g.zone_id], chosen, desk))
        for g in ranked
        if g.zone_id not in visited
    ]


def _crowded(findings: Findings, chosen: Sequence[Round], desk: Desk) -> str:
    """Name what blocks each round the zone could have had: weekly limits, slots taken, or both."""
    quotas = _quotas(desk)
    used = {g: sum(g in r.agents for r in chosen) for g in quotas}
    full = sorted(
        {g for r in findings.rounds for g in r.agents if used.get(g, 0) >= quotas.get(g, 0)}
    )
    unlimited = [r for r in findings.rounds if not set(r.agents) & set(full)]
    whole_day = _short_lunch(desk)
    blockers = {
        c.zone.gap.rank: c.zone.gap.name
        for r in unlimited
        for c in chosen
        if c.on == r.on
        and (whole_day or c.half_day == r.half_day)
        and set(c.agents) & set(r.agents)
    }
    limits = sorted({_most(g, desk) for g in full})
    limit = [explain.quota([g for g in full if _most(g, desk) == n], n) for n in limits]
    names = [blockers[rank] for rank in sorted(blockers)]
    busy = [explain.taken(findings.rounds[0].agents, names)] if names else []
    return " ".join([*limit, *busy]) or explain.not_worth()


def _warnings(desk: Desk) -> tuple[str, ...]:
    team, rules = desk.sources.team, desk.shop.settings.week
    empty = [] if team else [explain.nobody()]
    return (*empty, *assumed_hours(team, desk.sources.slots, rules), *desk.agenda.warnings)
