"""Compile the loops of tours of streets once, in the forms that the commands use."""

from __future__ import annotations

import numpy as np

from territory.analysis.routing.street_tour import street_tour


def warm() -> None:
    """Walk a small ring, exactly then by search: what is compiled is kept on disk by numba."""
    for n in (6, 20):
        at = np.arange(n)
        street_tour(at, (at + 1) % n, np.ones(n), np.ones(n), start=0, budget_s=n, iterations=3)
