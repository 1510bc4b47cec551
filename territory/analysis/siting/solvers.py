"""What the dialogue asks of a solver: a choice, its value, a proven bound, how it ended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from territory.analysis.siting.slot_problem import attendance, broken, rules_of
from territory.analysis.siting.slots import EXACT
from territory.errors import WrongUsage
from territory.model.results import Ending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from territory.analysis.siting.slot_problem import SlotProblem
    from territory.model.site_results import SlotOutcome

TIGHT = 1e-9  # relative: below it, two values are one


class Found(Protocol):
    """An answer of a search (SlotOutcome, SiteOutcome): larger objectives are better."""

    @property
    def chosen(self) -> tuple[int, ...]:
        """Sorted positions chosen."""

    @property
    def objective(self) -> float:
        """What the choice is worth."""

    @property
    def bound(self) -> float:
        """What no choice exceeds, proven."""

    @property
    def ending(self) -> Ending:
        """How the search ended."""


class SlotSolver(Protocol):
    """A search of the best choice of a problem, from a known choice `start`, as `settled_slots`."""

    def __call__(self, problem: SlotProblem, *, start: Sequence[int] = ()) -> SlotOutcome:
        """Return the best choice found."""


def ending_of(value: float, bound: float, ending: Ending) -> Ending:
    """Return « optimal » when `value` meets `bound` (as in `best_slots`), and only then."""
    if bound - value <= EXACT * bound:
        return Ending.OPTIMAL
    return Ending.TIME_UP if ending in {Ending.OPTIMAL, Ending.IMPOSSIBLE} else ending


def positions(chosen: Sequence[int] | NDArray[np.int64], count: int) -> list[int]:
    """
    Return `chosen` sorted, each once; raises WrongUsage when one is not among `count` options.

    `chosen` [chosen] are positions.
    """
    picked = sorted({int(j) for j in chosen})
    if picked and (picked[0] < 0 or picked[-1] >= count):
        raise WrongUsage("Une permanence choisie n'est pas parmi les permanences possibles.")
    return picked


def keeps_rules(problem: SlotProblem, chosen: Sequence[int]) -> bool:
    """
    Return whether `chosen` holds what is fixed, nothing forbidden, and keeps every limit.

    As in `best_slots`, no least attendance is asked of what must be chosen: few or many, it is.
    Raises WrongUsage when `chosen` is not of the options.
    """
    picked = positions(chosen, problem.options)
    if problem.fixed.sum() > problem.fixed[picked].sum() or problem.forbidden[picked].any():
        return False
    asked = replace(problem, least=np.where(problem.fixed, 0.0, problem.least))
    kept = broken(rules_of(problem), picked) == (False, 0)
    return kept and attendance(asked, picked).short == 0
