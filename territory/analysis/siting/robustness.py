"""Does the choice hold when demand and behaviour are drawn again? How often a place comes back."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.proportions import wilson
from territory.analysis.siting.settled_slots import settled_slots
from territory.analysis.siting.slot_problem import attendance, checked
from territory.analysis.siting.solvers import TIGHT, keeps_rules, positions
from territory.errors import WrongUsage
from territory.model.dialogue_results import Frequency, Robustness
from territory.model.results import Ending

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from territory.analysis.siting.slot_problem import SlotProblem
    from territory.analysis.siting.solvers import SlotSolver


def robustness(
    problem: SlotProblem,
    chosen: Sequence[int],
    scenarios: Iterable[SlotProblem],
    solve: SlotSolver = settled_slots,
) -> Robustness:
    """
    Solve each of `scenarios` again and compare the base choice `chosen` (positions) with its best.

    `scenarios` are `problem` with other weights, pulls or outside pulls (`map(draw, range(99))` for
    a function of the scenario number); same options. The best of a scenario is what `solve` finds,
    or the base choice when that is as good and keeps the rules. Raises WrongUsage when the options
    are not the same.
    """
    base = tuple(positions(chosen, problem.options))
    picked: list[tuple[int, ...]] = []
    regrets: list[float] = []
    solved = kept = 0
    for scenario in scenarios:
        _same_options(problem, checked(scenario))
        found = solve(scenario, start=base)
        solved += 1
        holds, worth = keeps_rules(scenario, base), attendance(scenario, base).total
        if found.ending is Ending.IMPOSSIBLE and not holds:
            continue
        equal = worth >= found.objective * (1 - TIGHT)
        better = holds and (found.ending is Ending.IMPOSSIBLE or equal)
        picked.append(base if better else found.chosen)
        best = worth if better else found.objective
        regrets.append(max(1 - worth / best, 0.0) if best > 0 else 0.0)
        kept += holds
    options = Counter(j for choice in picked for j in choice)
    places = Counter(p for choice in picked for p in {int(problem.place[j]) for j in choice})
    return Robustness(
        solved, solved - len(picked), _frequencies(options, len(picked)),
        _frequencies(places, len(picked)), tuple(regrets), kept,
    )  # fmt: skip


def _same_options(problem: SlotProblem, scenario: SlotProblem) -> None:
    same = scenario.options == problem.options and np.array_equal(scenario.place, problem.place)
    if not same or not np.array_equal(scenario.slot, problem.slot):
        raise WrongUsage("Les scénarios doivent porter sur les mêmes lieux et demi-journées.")


def _frequencies(counts: Counter[int], among: int) -> tuple[Frequency, ...]:
    often = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Frequency(j, n, n / among, *wilson(n, among)) for j, n in often)
