"""The places that bring most people in reach: maximal covering, with a proven bound."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.siting.cover_problem import Asked, asked, seconds
from territory.model.results import Ending, SiteOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from territory.analysis.siting.cover_hunt import Hunt

GAP = 0.005  # of the bound: the gap that may be called « within gap »
SAME = 1e-9  # of a value: less is no difference


def max_cover(  # noqa: PLR0913 - the contract of the siting problems
    weights: ArrayLike,
    covers: object,
    p: int | None,
    *,
    costs: ArrayLike | None = None,
    budget: float | None = None,
    fixed: Sequence[int] = (),
    forbidden: Sequence[int] = (),
    time_limit_s: float = 60.0,
    seed: int = 0,
) -> SiteOutcome:
    """
    Choose `p` candidates (the `fixed` ones included) covering most weight (Church, ReVelle 1974).

    `weights` [demand]; `covers` bool [demand, candidates], dense or sparse; `fixed` and `forbidden`
    are candidate positions. With `costs` [candidates] and a `budget` in the same unit, at most `p`
    candidates (None = any number) costing no more than the budget together (fixed ones included).
    The question is reduced without loss, searched by swaps (Resende, Werneck 2007; record to
    record), bounded by Lagrangian relaxation (Galvao, ReVelle 1996; volume algorithm), and what
    the bound leaves open is given to HiGHS. Ends as « optimal » when proved, « within gap » when
    stopped by the clock within 0.5 % of the bound, « time up » otherwise (Ctrl-C too), with the
    best found so far and a proven bound. A `p` that cannot be, a `fixed` candidate that is
    forbidden or too dear, end as « impossible ». Raises WrongUsage when an argument makes no sense.
    """
    from territory.analysis.siting.cover_hunt import hunt  # noqa: PLC0415 - numba is slow

    began = time.perf_counter()
    question = asked(weights, covers, p, fixed, forbidden, costs, budget)
    until = began + seconds(time_limit_s)
    if not question.possible:
        none = (-1,) * question.table.shape[0]
        return SiteOutcome((), 0.0, 0.0, Ending.IMPOSSIBLE, none, time.perf_counter() - began)
    return _outcome(question, hunt(question, until=until, seed=seed), began)


def _outcome(question: Asked, found: Hunt, began: float) -> SiteOutcome:
    chosen = _completed(question, found.chosen)
    objective = question.value(chosen)
    proved = found.bound - objective <= SAME * objective
    bound = objective if proved else found.bound
    ending = Ending.TIME_UP
    if proved:
        ending = Ending.OPTIMAL
    elif not found.stopped and bound - objective <= GAP * bound:
        ending = Ending.WITHIN_GAP
    return SiteOutcome(
        tuple(map(int, chosen)), objective, bound, ending, _serving(question, chosen),
        time.perf_counter() - began,
    )  # fmt: skip


def _completed(question: Asked, chosen: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return exactly p candidates, the first idle ones added; with a budget, only useful ones."""
    marks = question.fixed.copy()
    marks[chosen] = True
    if not question.capped and question.p is not None:
        idle = np.flatnonzero(question.free & ~marks)[: question.p - int(marks.sum())]
        marks[idle] = True
        return np.flatnonzero(marks)
    columns = question.table[question.weights > 0].tocsc()
    times = columns @ marks.astype(np.int64)
    movable = np.flatnonzero(marks & ~question.fixed)
    for j in movable[np.argsort(-question.cost[movable], kind="stable")]:
        rows = columns.indices[columns.indptr[j] : columns.indptr[j + 1]]
        if (times[rows] > 1).all():
            marks[j] = False
            times[rows] -= 1
    return np.flatnonzero(marks)


def _serving(question: Asked, chosen: NDArray[np.intp]) -> tuple[int, ...]:
    """Return the first chosen candidate covering each demand, -1 where none does."""
    table = question.table[:, chosen]
    table.sort_indices()
    some = np.diff(table.indptr) > 0
    serving = np.full(table.shape[0], -1)
    serving[some] = chosen[table.indices[table.indptr[:-1][some]]]
    return tuple(map(int, serving))
