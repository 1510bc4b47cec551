"""Every choice worth nearly as much as the best: what is indispensable, what can be exchanged."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.siting.best_sets import Sets, best_sets
from territory.analysis.siting.near_cover import CoverQuestion
from territory.analysis.siting.near_slots import SlotQuestion
from territory.analysis.siting.slot_problem import attendance, checked
from territory.analysis.siting.solvers import keeps_rules, positions
from territory.errors import WrongUsage
from territory.model.dialogue_results import NearOptimal, NearSet, Swap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from territory.analysis.siting.slot_problem import SlotProblem

SHARE, MOST = 0.02, 200
NOTHING = Sets([], np.nan, complete=True, above=np.nan)


def near_optimal(
    problem: SlotProblem,
    *,
    share: float = SHARE,
    most: int = MOST,
    time_limit_s: float = 20.0,
    start: Sequence[int] = (),
) -> NearOptimal:
    """
    Return all choices that keep the rules and receive `share` (0-1) less than the best at most.

    Exact: a set is left out only when a bound shows that it falls short. `start` is a known good
    choice (that of `best_slots`), which makes the search shorter. More than `most` sets: the best
    of them, and it is told; the same after `time_limit_s` seconds or Ctrl-C. Raises WrongUsage when
    a number makes no sense.
    """
    _asked(share, most)
    question = SlotQuestion(checked(problem))
    must = problem.fixed | (problem.present & (problem.limits.closed < 1))
    if (must & problem.forbidden).any():
        return _told(NOTHING, share, set())
    begin = tuple(np.flatnonzero(must).tolist()), np.flatnonzero(~must & ~problem.forbidden)
    good = positions(start, problem.options)
    known = attendance(problem, good).total if keeps_rules(problem, good) else -np.inf
    sets = best_sets(
        question, begin, share=share, most=most, time_limit_s=time_limit_s, known=known
    )
    obvious = set(np.flatnonzero(problem.fixed | problem.present).tolist())
    return _told(sets, share, obvious)


def near_cover(  # noqa: PLR0913 - the arguments of the question, as in max_cover
    weights: NDArray[np.float64],
    covers: object,
    p: int,
    *,
    fixed: Sequence[int] = (),
    forbidden: Sequence[int] = (),
    share: float = SHARE,
    most: int = MOST,
    time_limit_s: float = 20.0,
) -> NearOptimal:
    """
    Return all sets of `p` candidates covering `share` (0-1) less weight than the best at most.

    Arguments as in `max_cover` (`weights` [demand], `covers` [demand, candidates]), the rest as in
    `near_optimal`. No set when none is possible. Raises WrongUsage when a number makes no sense.
    """
    _asked(share, most)
    question = CoverQuestion(weights, covers, p)
    must, no = (set(positions(some, question.candidates)) for some in (fixed, forbidden))
    if must & no:
        return _told(NOTHING, share, must)
    free = np.array(sorted(set(range(question.candidates)) - must - no), np.int64)
    start = (tuple(sorted(must)), free)
    sets = best_sets(question, start, share=share, most=most, time_limit_s=time_limit_s)
    return _told(sets, share, must)


def _asked(share: float, most: int) -> None:
    if not 0 <= share <= 1:
        raise WrongUsage("L'écart toléré doit être une part entre 0 et 1.")
    if most < 1:
        raise WrongUsage("Il faut garder au moins un choix.")


def _told(sets: Sets, share: float, obvious: set[int]) -> NearOptimal:
    counts = Counter(j for _, chosen in sets.found for j in chosen if j not in obvious)
    size = len(sets.found)
    often = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return NearOptimal(
        share,
        sets.best if sets.found else None,
        tuple(NearSet(chosen, value) for value, chosen in sets.found),
        sets.complete,
        None if np.isnan(sets.above) or not sets.found else sets.above,
        tuple(sorted(j for j, n in counts.items() if n == size)),
        tuple((j, n / size) for j, n in often if n < size),
        _swaps(sets),
    )


def _swaps(sets: Sets) -> tuple[Swap, ...]:
    if not sets.found:
        return ()
    value, best = sets.found[0]
    pairs = [
        (set(best) - set(chosen), set(chosen) - set(best), value - v) for v, chosen in sets.found
    ]
    return tuple(
        Swap(out.pop(), into.pop(), loss) for out, into, loss in pairs if len(out) == len(into) == 1
    )
