"""The solver of the dialogue: exact at once when few options may change, else search and bound."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from territory.analysis.siting.near_optimal import near_optimal
from territory.analysis.siting.slot_problem import attendance
from territory.analysis.siting.slots import best_slots
from territory.model.results import Ending
from territory.model.site_results import SlotOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.analysis.siting.slot_problem import SlotProblem
    from territory.model.dialogue_results import NearOptimal

FEW = 6  # options opened and closed, up to which trying all with a bound may end
FIRST_SHARE = 0.3  # of the time, for that


def settled_slots(
    problem: SlotProblem,
    *,
    start: Sequence[int] = (),
    time_limit_s: float = 8.0,
    gap: float = 0.01,
    seed: int = 0,
) -> SlotOutcome:
    """
    Choose the places and half-days that receive most people a week; as `best_slots`, and sooner.

    When few options may be opened or closed, all choices are tried first, with the bound of
    `near_optimal`: it ends « optimal » or « impossible » when that ends in time. Otherwise
    `best_slots` begins from the best choice met. Raises WrongUsage when arrays make no sense.
    """
    began = time.perf_counter()
    known: Sequence[int] = start
    if problem.limits.opened + problem.limits.closed <= FEW:
        tried = near_optimal(
            problem, share=0.0, most=1, time_limit_s=FIRST_SHARE * time_limit_s, start=start
        )
        if tried.sets and (tried.complete or tried.above is not None):
            return _outcome(problem, tried, time.perf_counter() - began)
        known = tried.sets[0].chosen if tried.sets else start
        if tried.complete:
            return replace(best_slots(problem, time_limit_s=0.1), ending=Ending.IMPOSSIBLE)
    left_s = time_limit_s - (time.perf_counter() - began)
    return best_slots(problem, time_limit_s=left_s, gap=gap, seed=seed, start=known)


def _outcome(problem: SlotProblem, tried: NearOptimal, seconds: float) -> SlotOutcome:
    chosen = tried.sets[0].chosen
    found = attendance(problem, chosen)
    coming, served = (tuple(map(float, values)) for values in (found.coming, found.served))
    return SlotOutcome(chosen, found.total, found.total, Ending.OPTIMAL, coming, served, 0, seconds)
