"""How far units are from the centre of their sector: metres squared, or minutes squared."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.sectors.problem import Ground, Reals

    Sectors = NDArray[np.int32]


def costs(ground: Ground, sector: Sectors) -> Reals:
    """
    Return what each unit costs in each sector [units, sectors], centres being those of `sector`.

    That is weight x distance squared, with what moving costs. A centre is the weighted mean of the
    places (metres), or, with minutes, the unit of the sector from which the sum of weight x minutes
    squared is least. Every sector of `sector` [units] must have a unit.
    """
    if ground.minutes is None:
        return costs_to(ground, centres=_means(ground, sector))
    return costs_to(ground, middles=_middles(ground, sector))


def costs_to(
    ground: Ground, *, centres: Reals | None = None, middles: NDArray[np.int64] | None = None
) -> Reals:
    """Return the same to `centres` [sectors, 2] in metres, or to the units `middles` [sectors]."""
    if centres is not None:
        away = ((ground.points[:, None, :] - centres[None]) ** 2).sum(axis=2)
    elif ground.minutes is not None:
        away = ground.minutes[:, middles] ** 2
    else:
        return costs_to(ground, centres=ground.points[middles])
    cost = ground.pull * ground.weight[:, None] * away
    return np.asarray(cost if ground.moving is None else cost + ground.moving)


def whole_inertia(ground: Ground) -> float:
    """Return the inertia were there one sector only."""
    one = replace(ground, k=1, moving=None)
    return inertia(one, np.zeros(len(ground.load), np.int32))


def inertia(ground: Ground, sector: Sectors) -> float:
    """Return the sum of the costs of `sector` [units]: weight x distance squared to the centres."""
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
