"""Compile the loops of covering once, in the forms that the commands use."""

from __future__ import annotations

import numpy as np

from territory.analysis.siting.center import p_center
from territory.analysis.siting.cover import max_cover


def warm() -> None:
    """Choose among the places of a small ring: what is compiled is kept on disk by numba."""
    at = np.arange(12)
    apart = np.abs(at[:, None] - at)
    apart = np.minimum(apart, 12 - apart)
    max_cover(1.0 + at, apart <= 1, 3, time_limit_s=1)
    p_center(apart, 3, time_limit_s=1)
