"""Compile the loops of sectors once, in the forms that the commands use."""

from __future__ import annotations

import numpy as np

from territory.analysis.sectors.balanced import balanced_sectors


def warm() -> None:
    """Share a row of few units, weighed one by one, and a longer one that is searched."""
    for n in (6, 30):
        at = np.arange(float(n))
        pairs = [(i, i + 1) for i in range(n - 1)]
        balanced_sectors(np.ones(n), at, at, pairs, 2, tolerance=0.5)
