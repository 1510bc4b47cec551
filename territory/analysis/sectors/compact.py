"""How far units are from the centre of their sector: metres squared, or minutes squared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.sectors.problem import Ground, Reals

    Sectors = NDArray[np.int32]


def costs(ground: Ground, sector: Sectors) -> Reals:
    """
    Return weight x distance squared [units, sectors] to the centres of `sector` [units].

    A centre is the weighted mean of the places (metres), or, with minutes, the unit of the sector
    from which the sum of weight x minutes squared is least. Every sector must have a unit.
    """
    if ground.minutes is None:
        return costs_to(ground, _means(ground, sector))
    return ground.weight[:, None] * ground.minutes[:, _middles(ground, sector)] ** 2


def costs_to(ground: Ground, centres: Reals) -> Reals:
    """Return weight x metres squared [units, sectors] to `centres` [sectors, 2]."""
    away = ((ground.points[:, None, :] - centres[None]) ** 2).sum(axis=2)
    return np.asarray(ground.weight[:, None] * away)


def inertia(ground: Ground, sector: Sectors) -> float:
    """Return the sum of weight x distance squared of `sector` [units] to the centres."""
    return float(costs(ground, sector)[np.arange(len(sector)), sector].sum())


def _means(ground: Ground, sector: Sectors) -> Reals:
    mass = np.bincount(sector, ground.weight, minlength=ground.k)
    axes = [
        np.bincount(sector, ground.weight * ground.points[:, d], minlength=ground.k) / mass
        for d in (0, 1)
    ]
    return np.column_stack(axes)


def _middles(ground: Ground, sector: Sectors) -> NDArray[np.int64]:
    minutes, found = ground.minutes, []
    assert minutes is not None  # noqa: S101 - the caller chose
    for s in range(ground.k):
        mine = np.flatnonzero(sector == s)
        far = minutes[np.ix_(mine, mine)] ** 2 @ ground.weight[mine]
        found.append(mine[far.argmin()])
    return np.array(found)
