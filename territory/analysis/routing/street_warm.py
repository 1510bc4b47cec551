"""Compile the loops of tours of streets once, in the forms that the commands use."""

from __future__ import annotations

import numpy as np

from territory.analysis.routing.street_tour import street_tour


def warm() -> None:
    """
    Walk a small ring, exactly, then by search: what is compiled is kept on disk by numba.

    A second is lacking to go all around, else there would be nothing to search for.
    """
    for n in (6, 20):
        at, one = np.arange(n), np.ones(n)
        street_tour(at, (at + 1) % n, one, one, start=0, budget_s=n - 1, iterations=3)
