"""Whom a choice of permanences receives: people a week of each row, and of groups of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.siting.slot_problem import attendance
from territory.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from territory.analysis.siting.slot_problem import SlotProblem
    from territory.model.dialogue_results import PerGroup


def received_by_row(
    problem: SlotProblem, chosen: Sequence[int] | NDArray[np.int64]
) -> NDArray[np.float64]:
    """
    Return people a week [rows] received at the options `chosen`; they add up to its total.

    Where there is no room for all, every row is turned away in the same proportion.
    """
    picked = np.asarray(chosen, np.int64)
    found = attendance(problem, picked)
    pull = problem.pull[:, picked]
    drawn = problem.outside + np.asarray(pull.sum(axis=1), float).ravel()
    came = found.coming > 0
    room = np.divide(found.served, found.coming, out=np.zeros(len(picked)), where=came)
    shares: NDArray[np.float64] = np.asarray(pull @ room, float).ravel() / drawn
    return shares * problem.weights


def by_group(values: NDArray[np.float64], groups: Sequence[str]) -> PerGroup:
    """
    Return the sums of `values` [rows] by label of `groups` [rows], largest first; zeros left out.

    Without groups there is nothing to tell. Raises WrongUsage when there is not one label a row.
    """
    if not len(groups):
        return ()
    if len(groups) != len(values):
        raise WrongUsage("Il faut un groupe (commune, quartier, public…) pour chaque ligne.")
    sums = pd.Series(values).groupby(np.asarray(groups, object), sort=True).sum()
    pairs = [(str(name), float(value)) for name, value in sums.items() if value != 0]
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))
