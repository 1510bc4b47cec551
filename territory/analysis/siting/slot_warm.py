"""Compile the loops of the siting searches once, in the forms that the commands use."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from territory.analysis.siting.slot_problem import SlotLimits, SlotProblem
from territory.analysis.siting.slots import best_slots


def warm() -> None:
    """Choose among three half-days: what is compiled is kept on disk by numba."""
    one, none = np.ones(3), np.zeros(3, bool)
    at = np.arange(3)
    best_slots(
        SlotProblem(one, sp.csc_matrix(np.eye(3) + 0.1), one, at, at, one, one, one * 0, none, none,
                    none, SlotLimits(opened=1.0))
    )  # fmt: skip
