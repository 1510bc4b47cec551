"""What each worker carries in a plan, beside what would have been a fair share."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from territory.model.week_results import Carried, Turns
from territory.planning.days import is_evening
from territory.planning.ledger import COUNTED, dues

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from territory.model.week_results import Session
    from territory.planning.desk import Desk
    from territory.planning.fair_turns import Shares
    from territory.planning.records import Place
    from territory.planning.week_scene import WeekScene
    from territory.settings import Week

USUAL_OUTING_H = 1.5  # of visits in an outing, for the hours that a week may hold
KIND_NAMES = ("soirees", "lieux_difficiles", "marche_km")  # in the order of fair_turns.KINDS


def with_dues(scene: WeekScene, carried: pd.DataFrame | None, rules: Week) -> WeekScene:
    """Return the scene whose workers are due their share of the week (None: no ledger)."""
    if carried is None:
        return scene
    team = scene.problem.team
    hours = USUAL_OUTING_H * rules.maraudes_per_agent * len(scene.agents)
    due = dues(carried, hours, hours_held(scene, rules))
    burden = np.array([due.get(a.code, 0.0) for a in scene.agents], float)
    team = replace(team, due=burden, unfairness=rules.unfairness)
    return replace(scene, problem=replace(scene.problem, team=team))


def hours_held(scene: WeekScene, rules: Week) -> dict[str, float]:
    """Return the hours of outings that this week can hold at most for each worker, by code."""
    most = scene.problem.team.half_days_most.tolist()
    free = {a.code: {(w.on, w.half_day) for w in scene.windows if a.code in w.agents}
            for a in scene.agents}  # fmt: skip
    longest = rules.maraude_max_min / 60
    return {a.code: min(n, len(free[a.code])) * longest
            for a, n in zip(scene.agents, most, strict=True)}  # fmt: skip


def week_carried(
    sessions: Sequence[Session], desk: Desk, scene: WeekScene, shares: Shares | None
) -> tuple[Carried, ...]:
    """
    Return the load of each worker of the team, by code: outings only, a pair carries them twice.

    `due_h` shares the hours of the plan out by contract, debts of `desk.asks.carried` included, as
    far as the week can hold them for each; `left_h` is what is still owed after the week. `shares`
    tells the turns of evenings, difficult places and walks (None: not asked).
    """
    rules = desk.settings.week
    outings = [s for s in sessions if s.kind in COUNTED]
    hard = _hard(desk.sources.places, rules.difficult_kinds)
    codes = sorted(a.code for a in desk.sources.team)
    loads = [_of(c, [s for s in outings if c in s.agents], hard) for c in codes]
    ledger = desk.asks.carried
    if ledger is None:
        return tuple(loads)
    whole = sum(one.hours for one in loads)
    kept = {c: sum(_hours(s) for s in outings if s.fixed and c in s.agents) for c in codes}
    most = {c: h + kept.get(c, 0.0) for c, h in hours_held(scene, rules).items()}
    due = dues(ledger, whole, most)
    level = ledger["share"] * (ledger["hours"].sum() + whole) - ledger["hours"]
    told = [
        replace(one, due_h=round(due.get(one.agent, 0.0), 2),
                left_h=round(max(float(level[one.agent]) - one.hours, 0.0), 2))
        for one in loads
    ]  # fmt: skip
    return tuple(told) if shares is None else _with_turns(told, ledger, shares, rules)


def _with_turns(
    loads: Sequence[Carried], ledger: pd.DataFrame, shares: Shares, rules: Week
) -> tuple[Carried, ...]:
    """Return the loads with what each had of what is shared out, this week included."""
    more = np.array([[c.evenings, c.difficult, c.walk_m / 1000] for c in loads], float)
    had = shares.past + more.reshape(-1, len(KIND_NAMES)).T
    fair = had - shares.gap(had - shares.past)
    known = int(ledger["walk_weeks"].max()) if "walk_weeks" in ledger and len(ledger) else 0
    weeks = [rules.ledger_weeks + 1, rules.ledger_weeks + 1, known + 1]
    told = [k for k in range(len(KIND_NAMES)) if shares.price[k] > 0 and had[k].sum() > 0]
    return tuple(
        replace(one, turns=tuple(
            Turns(KIND_NAMES[k], round(float(had[k, m]), 2), round(float(fair[k, m]), 2), weeks[k])
            for k in told if shares.share[k, m] > 0
        ))
        for m, one in enumerate(loads)
    )  # fmt: skip


def _of(agent: str, own: Sequence[Session], hard: set[str]) -> Carried:
    return Carried(
        agent,
        hours=round(sum(map(_hours, own)), 2),
        walk_m=sum(s.walk_m for s in own),
        evenings=len({s.on for s in own if is_evening((s.start_min, s.end_min))}),
        difficult=len({s.on for s in own if hard & _seen(s)}),
    )


def _hard(places: Mapping[str, Place], kinds: Iterable[str]) -> set[str]:
    return {key for key, p in places.items() if p.kind in set(kinds)}


def _seen(session: Session) -> set[str | None]:
    """Return the places an outing went to; the base it starts from is none of them."""
    return {session.place_id} if session.fixed else {stop.place_id for stop in session.stops}


def _hours(session: Session) -> float:
    return (session.end_min - session.start_min) / 60
