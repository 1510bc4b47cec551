"""How many residents are within so many minutes of a place, on foot and with transport."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray


def residents_in_reach(
    seconds: ArrayLike, residents: ArrayLike, limits_min: Sequence[float]
) -> NDArray[np.float64]:
    """
    Return the residents within each limit of a place, [ways, limits].

    `seconds` [ways, cells] are the times from each cell, one row for a way to come (on foot, with
    transport in the morning...), inf out of reach; `residents` [cells] people; limits in minutes,
    included. Unknown residents (NaN) are counted nowhere; a way whose cells in reach are all
    unknown gives NaN. Raises WrongUsage (French) for lengths that differ.
    """
    times, people = np.atleast_2d(np.asarray(seconds, float)), np.asarray(residents, float)
    if times.shape[1] != len(people):
        raise WrongUsage("Accès : les durées et les habitants n'ont pas la même longueur.")
    limits = 60.0 * np.asarray(limits_min, float)
    reached = times[:, None, :] <= limits[None, :, None]
    counted = (reached * np.nan_to_num(people)).sum(axis=2)
    blind = reached.any(axis=2) & ~(reached & np.isfinite(people)).any(axis=2)
    return np.where(blind, np.nan, counted)
