"""Why a place is out of the plan, and the smallest change that admits it, planned again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.binding import Rule, binding, nearest, never
from territory.analysis.routing.exchange import Exchange, exchanged
from territory.analysis.routing.insertions import insertions, remedies, standing
from territory.analysis.routing.ladders import Case, Step, kept, lowest
from territory.analysis.routing.relaxed import LADDERS, Kind, free_room, relaxed
from territory.analysis.routing.resolve import EPSILON, moved, spread
from territory.analysis.routing.week_judge import week_faults, week_value
from territory.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from territory.analysis.routing.insertions import Insertion, Lack, Standing
    from territory.analysis.routing.relaxed import Change, Room
    from territory.analysis.routing.resolve import Solver
    from territory.analysis.routing.week_problem import Walked, WeekOutcome, WeekProblem

_FITS_TRIED = 12  # insertions that fit, judged to take the best


@dataclass(frozen=True, slots=True)
class Admission:
    """
    Why a place is out, and what would admit it.

    `lack` is the nearest miss (None: nothing comes near, or it fits). With `change`, `plan` visits
    the place and all those of the plan: `moved` are the places that change team or half-day (none:
    « sans rien déplacer »), `gain` its value beside the plan's. A `plan` without `change`: the
    place fits and is not worth it (R-VALEUR). No `plan`: no single change was found. `least`: every
    smaller step of the ladder of that kind, on any route or walker, was proved not to do (else it
    was not found to); without `plan`, no step of the kinds searched. `exchange` admits the place
    with no rule changed (None: no plan found).
    """

    group: int
    rule: Rule
    lack: Lack | None
    change: Change | None
    plan: WeekOutcome | None
    gain: float
    moved: tuple[int, ...]
    least: bool
    exchange: Exchange | None


@dataclass(frozen=True, slots=True)
class Admissions:
    """The admissions in the order asked; `better`: a better lawful plan met on the way (None)."""

    of: tuple[Admission, ...]
    better: WeekOutcome | None


@dataclass(frozen=True, slots=True)
class Effort:
    """
    How hard to look.

    `kinds` of changes searched by planning again where no insertion in the plan as it is would do;
    `singles` routes or walkers tried one by one where all of them together admit the place.
    `stop()` -> True ends between two places: those left are not explained. `cores` places are
    explained at a time; the answers are the same.
    """

    kinds: int = 1
    singles: int = 4
    cores: int = 1
    stop: Callable[[], bool] | None = None


def admissions(
    problem: WeekProblem,
    outcome: WeekOutcome,
    groups: Iterable[int],
    solve: Solver,
    *,
    room: Room | None = None,
    effort: Effort | None = None,
) -> Admissions:
    """
    Return why each of `groups` (left out) is out and the smallest change that admits it.

    `room` says how far routes may be stretched (None: up to the next route of their walkers: pass
    it when there are appointments). Raises WrongUsage where the plan breaks rules: nothing can be
    proved from it.
    """
    if faults := week_faults(problem, outcome.routes):
        raise WrongUsage(f"Un plan qui enfreint des règles ne s’explique pas : {faults[0]}.")
    effort, room = effort or Effort(), room or free_room(problem)
    plan = standing(problem, outcome.routes)
    cases = [Case(problem, outcome, group, solve, room, effort.singles) for group in groups]

    def explained(case: Case) -> tuple[Admission, WeekOutcome] | None:
        ended = effort.stop is not None and effort.stop()
        return None if ended else _admission(case, plan, effort.kinds)

    told = [pair for pair in spread(explained, cases, effort.cores) if pair is not None]
    best = max((plan for _, plan in told), key=lambda p: p.value, default=outcome)
    better = best if best.value > outcome.value + EPSILON else None
    return Admissions(tuple(admission for admission, _ in told), better)


def _admission(case: Case, plan: Standing, kinds: int) -> tuple[Admission, WeekOutcome]:
    """Explain one place; return also the best lawful plan met."""
    problem, base = case.problem, case.outcome
    ways = list(insertions(plan, case.group))
    step, least, way = _smallest(case, plan, ways, kinds)
    lack = nearest(ways if way is None else [way])
    fits = step is not None and step.change is None
    exchange, met = exchanged(case, plan, step.plan if step is not None and fits else None)
    kind = step.change.kind if step is not None and step.change is not None else None
    told = Admission(
        group=case.group,
        rule=Rule.WORTH if fits else binding(problem, case.group, kind, lack),
        lack=None if fits else lack,
        change=step.change if step is not None else None,
        plan=step.plan if step is not None else None,
        gain=step.plan.value - base.value if step is not None else np.nan,
        moved=moved(problem, base.routes, step.plan.routes) if step is not None else (),
        least=least,
        exchange=exchange,
    )
    return told, met or base


def _smallest(
    case: Case, plan: Standing, ways: Sequence[Insertion], kinds: int
) -> tuple[Step | None, bool, Insertion | None]:
    """Return the smallest change found, whether smaller ones are proved vain, where it inserts."""
    if not ways:
        return None, never(case.problem, case.group) is not None, None
    if fitting := [way for way in ways if not way.lacks]:
        return _fitting(case, plan, fitting), True, None
    for change, way in _offers(case, plan, ways):
        if step := _proved(case, [change], _put(plan, way)):
            low, least = lowest(case, change.kind, step)
            return low, least, way if low is step else None
    vain = True
    for kind in _hopes(ways, kinds):
        found, proved = lowest(case, kind, None)
        if found is not None:
            return found, proved, None
        vain &= proved
    return None, vain, None


def _hopes(ways: Sequence[Insertion], kinds: int) -> list[Kind]:
    """
    Return the kinds of changes worth planning again for: of the nearest misses, then others.

    A budget is the same wherever the place is put: where it lacks, no other change can do alone.
    """
    if any(lack.kind is Kind.BUDGET for way in ways[:1] for lack in way.lacks):
        return [Kind.BUDGET]
    near = nearest(ways)
    first = [near.kind] if near is not None and near.kind in LADDERS else [Kind.FINISH]
    vain = {*first, Kind.APART}  # a place left out has no visit to be too near of
    return [*first, *(k for k in LADDERS if k not in vain)][:kinds]


def _put(plan: Standing, way: Insertion) -> tuple[Walked, ...]:
    return (*plan.routes[: way.route], way.walked, *plan.routes[way.route + 1 :])


def _proved(case: Case, changes: Sequence[Change], begin: tuple[Walked, ...]) -> Step | None:
    """Plan again the only route that an insertion changes; None where it breaks a rule."""
    if week_faults(relaxed(case.problem, changes), begin):
        return None
    pairs = zip(begin, case.outcome.routes, strict=True)
    frozen = np.array([now == before for now, before in pairs])
    answer = kept(case, changes, begin, frozen)
    return Step(changes[0] if changes else None, answer.plan) if answer.plan is not None else None


def _fitting(case: Case, plan: Standing, fitting: Sequence[Insertion]) -> Step | None:
    """Return the plan with the place where it fits best."""
    ordered = sorted(fitting, key=lambda way: -case.problem.value[way.visit, way.route])
    tried = [_put(plan, way) for way in ordered[:_FITS_TRIED]]
    return _proved(case, (), max(tried, key=lambda routes: week_value(case.problem, routes)))


def _offers(
    case: Case, plan: Standing, ways: Sequence[Insertion]
) -> list[tuple[Change, Insertion]]:
    """Return the single changes under which the place enters the plan as it is, smallest first."""
    value = case.problem.value
    offers = [(c, way) for way in ways for c in remedies(plan, way, case.room)]
    return sorted(offers, key=lambda o: (o[0].size, -value[o[1].visit, o[1].route], o[0].target))
