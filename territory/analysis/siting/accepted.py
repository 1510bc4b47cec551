"""The nearly best choices that every stakeholder can accept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.analysis.siting.requests import with_requests
from territory.analysis.siting.solvers import keeps_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.analysis.siting.slot_problem import SlotProblem
    from territory.model.dialogue_results import NearOptimal, NearSet
    from territory.model.requests import Request


def accepted_by_all(
    near: NearOptimal, problem: SlotProblem, requests: Sequence[Request]
) -> tuple[NearSet, ...]:
    """
    Return the sets of `near` (of `near_optimal` or `near_cover`) that keep every request, in order.

    None is left when agreement costs more than the share of `near`. Raises WrongUsage when a
    request is about no option.
    """
    asked = with_requests(problem, requests)
    return tuple(s for s in near.sets if keeps_rules(asked, s.chosen))
