"""Compile the loops of team orienteering once, in the forms that the commands use."""

from __future__ import annotations

import numpy as np

from territory.analysis.routing.orienteering import team_orienteering


def warm() -> None:
    """Plan one route, then two, along a line of places: numba keeps the code."""
    at = np.arange(14)
    apart, one = np.abs(at[:, None] - at), np.ones(14, int)
    for routes in (1, 2):
        team_orienteering(apart, one, one, 0 * at, 0 * at + 27, routes, iterations=20)
