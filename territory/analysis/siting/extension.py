"""Extension quarters: which groups of quarters to serve next, negotiated and justified."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.analysis.siting.extension_note import justification
from territory.analysis.siting.group_cover import cover_groups, group_problem, need_of_each
from territory.analysis.siting.prices import price_of_requests
from territory.analysis.siting.relaxation import smallest_relaxations
from territory.analysis.siting.requests import with_requests
from territory.errors import WrongUsage
from territory.model.dialogue_results import ChosenGroup, Extension
from territory.model.results import Ending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from territory.analysis.siting.slot_problem import SlotProblem
    from territory.model.requests import Request

WORDS = {"hours": "le nombre de postes", "opened": "le nombre de groupes retenus"}


def extension(  # noqa: PLR0913 - all that is negotiated stays visible
    need: NDArray[np.float64],
    members: object,
    k: int,
    *,
    names: Sequence[str],
    quarters: Sequence[str],
    served: NDArray[np.float64] | None = None,
    requests: Sequence[Request] = (),
    posts: NDArray[np.float64] | None = None,
    budget: float = np.inf,
    time_limit_s: float = 20.0,
) -> Extension:
    """
    Choose `k` groups of quarters at most that hold most need not served yet.

    `need` [quarters] people, `served` [quarters] the share (0-1) of them served already, `members`
    bool [quarters, groups]; `names` [groups] and `quarters` [quarters] are what the note calls
    them. Options of `requests` are groups; `posts` [groups] count against `budget`. A group that
    adds nothing is not retained unless asked for. `time_limit_s` seconds a search. Raises
    WrongUsage when the arrays or a request make no sense.
    """
    left = _not_served(need, served)
    problem = group_problem(left, members, k, posts=posts, budget=budget)
    if (len(left), problem.options) != (len(quarters), len(names)):
        raise WrongUsage("Il faut un nom pour chaque quartier et pour chaque groupe.")
    solve = partial(cover_groups, time_limit_s=time_limit_s)
    found = solve(with_requests(problem, requests))
    prices = price_of_requests(problem, requests, solve)
    ways_out = None
    if found.ending is Ending.IMPOSSIBLE:
        ways_out = smallest_relaxations(problem, requests, solve, words=WORDS)
    asked = {j for r in requests for j in r.options}
    groups = _best_first(problem, found.chosen, asked, (names, quarters))
    plan = Extension(
        groups, found.objective, float(left.sum()), found.bound, found.ending, prices, ways_out, ()
    )
    return justification(plan, requests, names)


def _not_served(
    need: NDArray[np.float64], served: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    people = np.asarray(need, float)
    share = np.zeros(len(people)) if served is None else np.asarray(served, float)
    if share.shape != people.shape or not ((share >= 0) & (share <= 1)).all():
        raise WrongUsage("La part déjà servie d'un quartier doit être entre 0 et 1.")
    left: NDArray[np.float64] = people * (1 - share)
    return left


def _best_first(
    problem: SlotProblem,
    chosen: Sequence[int],
    asked: set[int],
    words: tuple[Sequence[str], Sequence[str]],
) -> tuple[ChosenGroup, ...]:
    """Order groups by what each adds; one that adds nothing stays only when it was asked for."""
    table, order, waiting = sp.csc_matrix(problem.pull), list[int](), sorted(chosen)
    groups = []
    while waiting:
        gains = [need_of_each(problem, [*order, j])[1][-1] for j in waiting]
        order.append(waiting.pop(int(np.argmax(gains))))
        inside = table[:, [order[-1]]].nonzero()[0]
        names = tuple(words[1][i] for i in sorted(inside))
        groups.append(ChosenGroup(order[-1], words[0][order[-1]], names, max(gains)))
    return tuple(g for g in groups if g.gain > 0 or g.group in asked)
