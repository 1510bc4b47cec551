"""Compile the loops of the p-median once, in the forms that the commands use."""

from __future__ import annotations

import numpy as np

from territory.analysis.siting.median import p_median


def warm() -> None:
    """Choose three sites of a drawn town, without and with capacities: numba keeps the code."""
    minutes = np.random.default_rng(0).uniform(1.0, 60.0, (30, 12))
    p_median(np.ones(30), minutes, 3)
    p_median(np.ones(30), minutes, 3, capacity=11)
