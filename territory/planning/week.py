"""The week of the team: appointments kept, outings in the free time where they bring most."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.week import best_week
from territory.analysis.routing.week_exact import proved
from territory.model.progress import SILENT, Part, go_on
from territory.model.results import Ending
from territory.model.week_results import WeekPlan
from territory.planning import explain
from territory.planning.calendar import agenda, assumed_hours, half_day, minutes_of
from territory.planning.carried import week_carried, with_dues
from territory.planning.changes import (
    change_count,
    change_sentences,
    difference,
    since_last_week,
)
from territory.planning.desk import Asks, Desk, week_desk, weeks_since_visits
from territory.planning.edits import (
    added_worth,
    edit_bonus,
    hours_bonus,
    kept_routes,
    locks_moved,
    open_after,
    with_locks,
)
from territory.planning.explained import (
    LONGEST_S,
    Explained,
    explained,
    unmet,
    with_losses,
)
from territory.planning.fair_turns import evened, shares_of
from territory.planning.joint_told import joint_told
from territory.planning.lead_up import lead_up
from territory.planning.left_out import places_left, zones_left
from territory.planning.legs import on_streets
from territory.planning.outings import outing
from territory.planning.sessions import fixed_session
from territory.planning.shelters import sheltered
from territory.planning.team_windows import Shifts, team_windows
from territory.planning.visit_options import doors_open, place_options, street_options
from territory.planning.walks import Walks, network_walks
from territory.planning.week_progress import EXPLAINING, SEARCHED, Known, Tries
from territory.planning.week_scene import Wishes, week_scene, zone_people
from territory.planning.yield_values import week_yields
from territory.planning.zone_debts import presence_notes, with_debts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from territory.analysis.routing.week_problem import Flags, Walked, WeekOutcome, WeekProblem
    from territory.model.progress import ProgressReporter
    from territory.model.results import Gap
    from territory.model.week_results import Session
    from territory.planning.calendar import Appointment
    from territory.planning.edits import Kept
    from territory.planning.fair_turns import Search, Shares
    from territory.planning.rule_effects import Effects
    from territory.planning.visit_options import Option
    from territory.planning.week_scene import WeekScene
    from territory.settings import Settings

__all__ = ["Asks", "Walks", "network_walks", "plan_week"]
REQUIRED_PEOPLE = 1000.0  # what going to a zone that must be visited is worth: before all else


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
    asks: Asks | None = None,
    seed: int = 0,
    progress: ProgressReporter = SILENT,
) -> WeekPlan:
    """
    Return the plan of one ISO week (« 2026-W48 »).

    Appointments (weekly permanences, meetings, trainings, activities of state `prevu`) are kept
    as they are. In what is left free, places and streets are visited where they bring most
    (`best_week`), zones of `gaps` first. Every zone not visited is listed with the rule that kept
    it out. `effects` are those of the team's own rules, `asks` what is asked beside; `facts`
    (facts.FACT_TABLE) tell which hours are old. `need` (index cell_id) gives `target`, people;
    `walks` gives minutes and paths in metres, metric CRS. Same input, in any row order, and same
    `seed`, same plan. `progress` is told how far the search is. Raises WrongUsage when `week` is no
    ISO week, Stopped when `progress` says so.
    """
    desk = week_desk(
        week, places=places, team=team, availability=availability, activities=activities,
        walks=walks, settings=settings, facts=facts, effects=effects, asks=asks,
    )  # fmt: skip
    ranked = sorted(gaps, key=lambda g: (g.rank, g.zone_id))
    since = weeks_since_visits(activities, desk.days[0])
    drawn = drawn_scene(desk, ranked, need, since, seed)
    search = _searched(drawn, desk, seed, progress)
    known = _with_changes(progress, week, search, desk)
    return _plan(week, _with_reasons(search, desk, known), desk, ranked)


@dataclass(frozen=True, slots=True)
class _Search:
    """
    The scene searched, what its changes and turns made of the worth of visits, and the plan found.

    `shares` is what is shared out beside the hours (None: not asked).
    """

    scene: WeekScene
    bonus: NDArray[np.float64]
    kept: Kept
    why: Explained
    seed: int
    shares: Shares | None


def _searched(drawn: WeekScene, desk: Desk, seed: int, progress: ProgressReporter) -> _Search:
    edits, limits = tuple(desk.asks.edits.values()), desk.settings.week
    bonus = edit_bonus(drawn, edits, desk.asks.before)
    kept = kept_routes(_worth_more(drawn, bonus), edits, desk.asks.before, limits.maraude_min_min)
    bonus = bonus + hours_bonus(drawn, kept)
    asked = _worth_more(drawn, bonus)
    shares = None if desk.asks.carried is None else shares_of(asked, desk.asks.carried, limits)
    cost, found = evened(asked, shares, _search(kept, limits.iterations, seed, Tries(progress)))
    scene = _worth_more(drawn, bonus - cost)
    return _Search(scene, bonus - cost, kept, Explained(found, {}, {}, {}), seed, shares)


def _with_changes(
    progress: ProgressReporter, week: str, search: _Search, desk: Desk
) -> ProgressReporter:
    """
    Return what tells how much the plan before changes: known long before the reasons are.

    It is a first plan: a better one may be met while it is explained.
    """
    before = desk.asks.before
    if before is None:
        return progress
    sessions = _named(week, _sessions(search.why, search.scene, desk))
    count = change_count(difference(before, replace(before, sessions=sessions)))
    return Known(progress, f"premier plan : {count}")


def _with_reasons(search: _Search, desk: Desk, progress: ProgressReporter) -> _Search:
    """Return a search with why each place is in or out, and what no plan exceeds."""
    limits, found = desk.settings.week, search.why.found
    Part(progress, SEARCHED, 1.0).tell(EXPLAINING)
    go_on(progress)
    why = explained(
        search.scene, _bounded(search, found, limits.bound_turns),
        search.kept.frozen, most_out=limits.explained, seed=search.seed, progress=progress,
    )  # fmt: skip
    return replace(search, why=why)


def _worth_more(scene: WeekScene, bonus: NDArray[np.float64]) -> WeekScene:
    problem = replace(scene.problem, value=scene.problem.value + bonus)
    return replace(scene, problem=problem)


def _bounded(search: _Search, found: WeekOutcome, turns: int) -> WeekOutcome:
    """Return the plan with what no other exceeds, after so many prices; as it is for none."""
    if turns == 0 or found.ending is Ending.OPTIMAL:
        return found
    return proved(
        search.scene.problem, found, time_limit_s=LONGEST_S, turns=turns, frozen=search.kept.frozen
    )


def _search(kept: Kept, iterations: int, seed: int, tries: Tries) -> Search:
    """Return a search around the outings kept, which may move afterwards where it is worth it."""

    def search(problem: WeekProblem, begin: Sequence[Walked], frozen: Flags) -> WeekOutcome:
        return best_week(
            problem, time_limit_s=LONGEST_S, iterations=iterations, seed=seed, begin=begin,
            frozen=frozen, progress=tries.next(), stop=lambda: tries.progress.stopped,
        )  # fmt: skip

    def nearby(problem: WeekProblem, begin: Sequence[Walked] | None = None) -> WeekOutcome:
        begun = np.array([bool(walked.visits) for walked in kept.begin], bool)
        if begin is None and begun.any():
            begin = search(problem, kept.begin, kept.frozen | begun).routes
        return search(problem, begin or kept.begin, kept.frozen)

    return nearby


def _plan(week: str, search: _Search, desk: Desk, ranked: Sequence[Gap]) -> WeekPlan:
    """Return the plan of a search, with what was left out and what changed."""
    found, scene, asks = search.why.found, search.scene, desk.asks
    asked, out = _asked(search, desk), search.why.out
    left = (*zones_left(ranked, scene, found.routes, desk, out), *places_left(scene, out))
    sessions = _named(week, _sessions(search.why, scene, desk))
    plan = WeekPlan(
        week=week,
        sessions=sessions,
        left_out=(*left, *desk.agenda.lost),
        warnings=(*_warnings(desk), *map(explain.lock_broken, search.kept.broken)),
        ending=found.ending,
        seed=search.seed,
        value=found.value - asked,
        bound=found.bound - asked if np.isfinite(found.bound) else None,
        carried=week_carried(sessions, desk, scene, search.shares),
        notes=presence_notes(asks.presence, desk.settings.week.ledger_weeks),
    )
    moved = () if asks.before is None else change_sentences(asks.before, plan)
    moved += () if asks.last_week is None else since_last_week(asks.last_week, plan)
    lacking = unmet(scene, found, asks.required, search.kept.frozen, seed=search.seed)
    told = (
        *lacking,
        *_pairs_told(plan, desk),
        *joint_told(scene, found.routes, desk.joint),
        *locks_moved(plan, asks.edits.values(), asks.before),
    )
    plan = replace(plan, changes=moved, warnings=(*plan.warnings, *told))
    return with_locks(plan, asks.edits.values())


def _pairs_told(plan: WeekPlan, desk: Desk) -> tuple[str, ...]:
    """Say that the outings in pairs are not as many as the settings want."""
    wanted = desk.settings.week.pairs_week
    made = sum(len(s.agents) > 1 for s in plan.sessions if not s.fixed)
    return () if wanted in {None, made} else (explain.pairs_missed(made, wanted or 0),)


def _asked(search: _Search, desk: Desk) -> float:
    """Return how much of the value of the plan is what must be or was asked for, not people."""
    routes, scene = search.why.found.routes, search.scene
    walked = [scene.doors[v].option for w in routes for v in w.visits]
    seen = {o.zone.zone_id for o in walked if o.zone is not None and o.place is None}
    required = REQUIRED_PEOPLE * len(seen & set(desk.asks.required))
    return required + added_worth(search.bonus, routes)


def drawn_scene(
    desk: Desk,
    ranked: Sequence[Gap],
    need: pd.DataFrame,
    since: Mapping[str, float],
    seed: int = 0,
) -> WeekScene:
    """Return the scene of a week: windows of teams, doors that open, and what all is worth."""
    rules = desk.settings.week
    speed = desk.settings.walk.speed_kmh
    shifts = Shifts(desk.agenda, desk.sources, rules, speed, cache(desk.minutes), desk.joint)
    options = (
        *street_options(ranked, need, rules, desk.asks.tours),
        *place_options(desk.sources.places, ranked, desk.walks, rules, since),
    )
    noon = minutes_of(rules.lunch_start), minutes_of(rules.lunch_end)
    doors = doors_open(options, desk.days, desk.sources.calendar, desk.effects, noon)
    doors = open_after(doors, desk.asks.edits.values())
    windows = team_windows(desk.days, shifts)
    wishes = _wishes(desk, ranked, options, seed)
    scene = week_scene(doors, windows, shifts, wishes, desk.walks, desk.settings)
    return with_dues(scene, desk.asks.carried, rules)


def _wishes(desk: Desk, ranked: Sequence[Gap], options: Sequence[Option], seed: int) -> Wishes:
    rules = desk.settings.week
    worth = zone_people(ranked, rules.zone_people)
    to_pair = {key for key, p in desk.sources.places.items() if p.kind in rules.pair_kinds}
    return Wishes(
        zone_people=with_debts(worth, desk.asks.presence, rules.zone_debts),
        usual_min=rules.street_min,
        required=dict.fromkeys(desk.asks.required, REQUIRED_PEOPLE),
        bonus=None,
        lead_up=lead_up(options, _coming_permanences(desk), desk.walks, rules.before_permanence),
        pair_only=frozenset(to_pair) | desk.effects.pair_only,
        most=desk.effects.most,
        joint=rules.joint_people,
        yields=None
        if desk.asks.law is None
        else week_yields(
            desk.asks.law, options, desk.days, rules, walkers=len(desk.sources.team), seed=seed
        ),
    )


def _sessions(why: Explained, scene: WeekScene, desk: Desk) -> list[Session]:
    rules, sources = desk.settings.week, desk.sources
    coming = _coming_permanences(desk)
    fixed = [fixed_session(a, half_day(a.start_min, rules)) for a in desk.agenda.appointments]
    made = [
        with_losses(outing(r, walked, scene, coming, desk.walks, rules.maraude_min_min), scene, why)
        for r, walked in enumerate(why.found.routes)
        if walked.visits
    ]
    points = {d.option.zone.zone_id: on_streets(d.option.point_id) for d in scene.doors
              if d.option.zone is not None and d.option.place is None}  # fmt: skip
    return [*fixed, *sheltered(made, sources.places, desk.walks, sources.calendar, points)]


def _coming_permanences(desk: Desk) -> list[Appointment]:
    """Return the permanences of this week and the next, where a round may send people."""
    after = tuple(d + timedelta(days=7) for d in desk.days)
    both = [*desk.agenda.appointments, *agenda(after, desk.sources).appointments]
    return [a for a in both if a.kind == "permanence" and a.place_id]


def _named(week: str, sessions: Sequence[Session]) -> tuple[Session, ...]:
    """Return the sessions in order of time, each with an identifier that a new plan keeps."""
    ordered = sorted(sessions, key=lambda s: (s.on, s.start_min, s.agents, s.kind, s.title))
    seen: Counter[str] = Counter()
    named = []
    for session in ordered:
        name = f"{week}-{_moment(session)}-{'.'.join(session.agents)}"
        seen[name] += 1
        again = f"-{seen[name]}" if seen[name] > 1 else ""
        named.append(replace(session, session_id=name + again))
    return tuple(named)


def _moment(session: Session) -> str:
    """Return « 4M », Thursday morning, of an outing; « 4-0930 » of an appointment at 9 h 30."""
    day = session.on.isoweekday()
    if not session.fixed:
        return f"{day}{session.half_day[0].upper()}"
    return f"{day}-{session.start_min // 60:02d}{session.start_min % 60:02d}"


def _warnings(desk: Desk) -> tuple[str, ...]:
    team, rules = desk.sources.team, desk.settings.week
    empty = [] if team else [explain.nobody()]
    return (*empty, *assumed_hours(team, desk.sources.slots, rules), *desk.agenda.warnings)
