"""What each request costs: the best choice with all of them, without each, with none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from territory.analysis.siting.requests import with_requests
from territory.analysis.siting.settled_slots import settled_slots
from territory.analysis.siting.slot_problem import checked
from territory.model.dialogue_results import Price, Prices
from territory.model.results import Ending

if TYPE_CHECKING:
    from territory.analysis.siting.slot_problem import SlotProblem
    from territory.analysis.siting.solvers import Found, SlotSolver
    from territory.model.requests import Request

Answer = Callable[[Sequence["Request"], tuple[int, ...]], "Found"]


def price_of_requests(
    problem: SlotProblem, requests: Sequence[Request], solve: SlotSolver = settled_slots
) -> Prices:
    """
    Return what each request costs in people received a week; `solve` answers each question.

    The price of a request is what the best choice would gain without it, all others kept; those of
    one organisation are also taken away together. Raises WrongUsage when a request is about no
    option.
    """
    checked(problem)
    return priced(requests, lambda asked, start: solve(with_requests(problem, asked), start=start))


def priced(requests: Sequence[Request], answer: Answer) -> Prices:
    """
    Price `requests` with any search: `answer(requests kept, a known choice)`.

    Dropping a request never makes things worse: the choice that keeps all is kept as a start, and
    as the value when a search finds nothing better.
    """
    every = answer(requests, ())
    base = None if every.ending is Ending.IMPOSSIBLE else every

    def without(dropped: tuple[int, ...]) -> Price:
        who = requests[dropped[0]].who
        kept = [r for i, r in enumerate(requests) if i not in dropped]
        found = answer(kept, base.chosen if base else ())
        return _price(who, dropped, base, found)

    each = tuple(without((i,)) for i in range(len(requests)))
    whose = {r.who: tuple(i for i, s in enumerate(requests) if s.who == r.who) for r in requests}
    several = tuple(without(at) for at in whose.values() if len(at) > 1)
    free = answer((), base.chosen if base else ())
    known = [p.without for p in (*each, *several) if p.without is not None]
    known += [found.objective for found in (base, free) if found and _possible(found)]
    return Prices(
        base.objective if base else None, max(known, default=None),
        base.chosen if base else (), each, several,
    )  # fmt: skip


def _possible(found: Found) -> bool:
    return found.ending is not Ending.IMPOSSIBLE


def _price(who: str, dropped: tuple[int, ...], base: Found | None, found: Found) -> Price:
    possible = _possible(found)
    if base is None:
        return Price(who, dropped, found.objective if possible else None, None, None, None)
    value = max(base.objective, found.objective) if possible else base.objective
    low = max(value - base.bound, 0.0)
    high = max(found.bound, value) - base.objective if possible else None
    return Price(who, dropped, value, value - base.objective, low, high)
