"""Requests of stakeholders put into a choice of permanences."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.errors import WrongUsage
from territory.model.requests import Ask, Decision, Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from territory.analysis.siting.slot_problem import SlotProblem


def with_requests(problem: SlotProblem, requests: Iterable[Request]) -> SlotProblem:
    """
    Return `problem` where every request is a rule; requests that contradict make it impossible.

    Raises WrongUsage when a request is about no option, or about one that does not exist.
    """
    fixed, forbidden = problem.fixed.copy(), problem.forbidden.copy()
    reach: list[sp.csr_matrix] = [] if problem.limits.reach is None else [problem.limits.reach]
    for request in requests:
        at = known_options(request, problem.options)
        if request.kind is Ask.REQUIRE and len(at) > 1:
            row = np.isin(np.arange(problem.options), at).astype(float)
            reach.append(sp.csr_matrix(row))
        elif request.kind is Ask.REQUIRE:
            fixed[at] = True
        elif request.kind is Ask.FORBID:
            forbidden[at] = True
        else:
            held = [j for j in at if problem.present[j]]
            (fixed if request.kind is Ask.KEEP else forbidden)[held] = True
    guaranteed = sp.vstack(reach).tocsr() if reach else None
    limits = replace(problem.limits, reach=guaranteed)
    return replace(problem, fixed=fixed, forbidden=forbidden, limits=limits)


def known_options(request: Request, count: int) -> list[int]:
    """Return the positions of `request`; raises WrongUsage when one is not among `count`."""
    at = sorted({int(j) for j in request.options})
    if not at or at[0] < 0 or at[-1] >= count:
        raise WrongUsage(f"La demande de « {request.who} » porte sur un lieu inconnu.")
    return at


def requests_of(
    decisions: Iterable[Decision], place_ids: Sequence[str], slots: Sequence[str]
) -> tuple[tuple[Request, ...], tuple[Decision, ...]]:
    """
    Return the requests of decisions in force, and the decisions that match no option any more.

    `place_ids` and `slots` [options] name the place and the half-day of each option.
    """
    requests: list[Request] = []
    unmatched: list[Decision] = []
    for decision in decisions:
        at = tuple(
            j
            for j, (place, slot) in enumerate(zip(place_ids, slots, strict=True))
            if place == decision.place_id and decision.slot in {None, slot}
        )
        if decision.kind is None or not at:
            unmatched.append(decision)
            continue
        requests.append(Request(decision.who, decision.kind, at, decision.why, decision.on))
    return tuple(requests), tuple(unmatched)
