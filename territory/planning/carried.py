"""What each worker carries in a plan, beside what would have been a fair share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.model.week_results import Carried
from territory.planning.days import is_evening
from territory.planning.ledger import COUNTED, dues

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from territory.model.week_results import Session
    from territory.planning.desk import Desk
    from territory.planning.records import Place


def week_carried(sessions: Sequence[Session], desk: Desk) -> tuple[Carried, ...]:
    """
    Return the load of each worker of the team, by code: outings only, a pair carries them twice.

    `due_h` shares the hours of the plan out by contract, debts of `desk.asks.carried` included.
    """
    outings = [s for s in sessions if s.kind in COUNTED]
    whole = sum(_hours(s) * len(s.agents) for s in outings)
    ledger = desk.asks.carried
    due = {} if ledger is None else dues(ledger, whole)
    hard = _hard(desk.sources.places, desk.settings.week.difficult_kinds)
    codes = sorted(a.code for a in desk.sources.team)
    return tuple(_of(c, [s for s in outings if c in s.agents], hard, due.get(c)) for c in codes)


def _of(agent: str, own: Sequence[Session], hard: set[str], due: float | None) -> Carried:
    return Carried(
        agent,
        hours=round(sum(map(_hours, own)), 2),
        walk_m=sum(s.walk_m for s in own),
        evenings=sum(is_evening((s.start_min, s.end_min)) for s in own),
        difficult=sum(bool(hard & _seen(s)) for s in own),
        due_h=None if due is None else round(due, 2),
    )


def _hard(places: Mapping[str, Place], kinds: Iterable[str]) -> set[str]:
    return {key for key, p in places.items() if p.kind in set(kinds)}


def _seen(session: Session) -> set[str | None]:
    """Return the places an outing went to; the base it starts from is none of them."""
    return {session.place_id} if session.fixed else {stop.place_id for stop in session.stops}


def _hours(session: Session) -> float:
    return (session.end_min - session.start_min) / 60
