"""Requests and limits that contradict one another: the smallest sets to give up."""

from __future__ import annotations

import time
from itertools import chain, combinations
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.siting.elastic import (
    LIMITS,
    Part,
    least_excess,
    parts_of,
    stretched,
    unlimited,
    without,
)
from territory.analysis.siting.near_optimal import near_optimal
from territory.analysis.siting.requests import with_requests
from territory.analysis.siting.settled_slots import settled_slots
from territory.analysis.siting.slot_problem import attendance, checked
from territory.analysis.siting.solvers import ending_of, keeps_rules
from territory.analysis.siting.spoken import number
from territory.model.dialogue_results import Loosened, Relaxation, Relaxations
from territory.model.results import Ending

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from territory.analysis.siting.slot_problem import SlotProblem
    from territory.analysis.siting.solvers import SlotSolver
    from territory.model.requests import Request

CHECK_S = 2.0  # to look for a choice with its least attendances, set by set


def smallest_relaxations(
    problem: SlotProblem,
    requests: Sequence[Request],
    solve: SlotSolver = settled_slots,
    *,
    time_limit_s: float = 30.0,
    words: Mapping[str, str] = LIMITS,
) -> Relaxations:
    """
    Return every smallest set of requests and limits to give up so that some choice is possible.

    Given up may be: a request, a guarantee of `reach`, a limit, the least attendance; what
    `problem` fixes or forbids by itself stays. Sets are tried by increasing size, each settled by
    solving again. A limit is loosened by the least that is needed (where least attendances stand in
    the way: by what the best choice uses). Ctrl-C or `time_limit_s` seconds: what was found, told
    as unproved. `words` are the French names of limits. Raises WrongUsage when a request is about
    no option.
    """
    with_requests(checked(problem), requests)
    until = time.perf_counter() + time_limit_s
    found: list[Relaxation] = []
    proved, size = True, 0
    try:
        for given_up in _by_size(parts_of(problem, len(requests))):
            if found and len(given_up) > size:
                break
            if time.perf_counter() > until:
                return _told(found, size, proved=False)
            size = len(given_up)
            answer, sure = _given_up(problem, requests, given_up, (solve, words))
            found += [answer] if answer else []
            proved &= sure
    except KeyboardInterrupt:
        proved = False
    return _told(found, size, proved=proved)


def _by_size(parts: Sequence[Part]) -> Iterator[tuple[Part, ...]]:
    return chain.from_iterable(combinations(parts, size) for size in range(len(parts) + 1))


def _told(found: list[Relaxation], size: int, *, proved: bool) -> Relaxations:
    best_first = sorted(found, key=lambda r: (-r.objective, r.sentence))
    return Relaxations(tuple(best_first), size if found else None, proved)


def _given_up(
    problem: SlotProblem,
    requests: Sequence[Request],
    parts: tuple[Part, ...],
    means: tuple[SlotSolver, Mapping[str, str]],
) -> tuple[Relaxation | None, bool]:
    """Return the best choice once `parts` are given up (None: none), and whether that is sure."""
    gone = [p.number for p in parts if p.kind == "request"]
    kept = [r for i, r in enumerate(requests) if i not in gone]
    asked = without(with_requests(problem, kept), parts)
    start, sure = _some_choice(asked, parts)
    if start is None:
        return None, sure
    loose = stretched(asked, parts, start)
    answer = means[0](loose, start=start)
    good = answer.ending is not Ending.IMPOSSIBLE and keeps_rules(loose, answer.chosen)
    chosen = answer.chosen if good else start
    value = answer.objective if good else attendance(loose, chosen).total
    bound = max(answer.bound, value) if good else float(problem.weights.sum())
    loosened = _loosened(problem, loose, parts, means[1])
    guarantees = tuple(p.number for p in parts if p.kind == "guarantee")
    said = _sentence(parts, [requests[i] for i in gone], loosened)
    ending = ending_of(value, bound, answer.ending)
    return Relaxation(tuple(gone), guarantees, loosened, chosen, value, bound, ending, said), sure


def _some_choice(
    asked: SlotProblem, parts: tuple[Part, ...]
) -> tuple[tuple[int, ...] | None, bool]:
    """Return a choice that goes least beyond the limits given up, None when there is none."""
    start, sure = least_excess(asked, parts)
    if start is None or keeps_rules(stretched(asked, parts, start), start):
        return start, sure
    # Limits alone would allow it: least attendances do not, or not with so little.
    near = near_optimal(unlimited(asked, parts), share=0.0, most=1, time_limit_s=CHECK_S)
    return (near.sets[0].chosen, True) if near.sets else (None, near.complete)


def _loosened(
    problem: SlotProblem, loose: SlotProblem, parts: Sequence[Part], words: Mapping[str, str]
) -> tuple[Loosened, ...]:
    rows = []
    for kind in [p.kind for p in parts if p.kind in LIMITS]:
        was, now = (np.atleast_1d(getattr(p.limits, kind)) for p in (problem, loose))
        rows += [
            Loosened(words[kind], float(a), float(b))
            for a, b in zip(was, now, strict=True)
            if b > a
        ]
    return tuple(rows)


def _sentence(
    parts: Sequence[Part], requests: Sequence[Request], loosened: Sequence[Loosened]
) -> str:
    if not parts:
        return "Toutes les demandes peuvent être tenues ensemble."
    said = [f"renoncer à la demande de « {r.who} » ({r.kind.verb} : {r.why})" for r in requests]
    said += [
        f"renoncer à la garantie n°\u00a0{p.number + 1}" for p in parts if p.kind == "guarantee"
    ]
    said += [f"porter {w.name} de {number(w.was)} à {number(w.becomes)}" for w in loosened]
    said += ["renoncer à la fréquentation minimale"] * (Part("least") in parts)
    return "Il suffit de " + ", et de ".join(said) + "."
