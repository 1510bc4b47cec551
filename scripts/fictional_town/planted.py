"""What is planted in the fictional town: three zones hardly visited, one far zone well served."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scripts.fictional_town.people import POCKET

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scripts.fictional_town.ground import Ground
    from scripts.fictional_town.people import People

MISSED_AT = ((0.14, 0.27), (0.87, 0.40), POCKET)  # two in a QPV, one that no perimeter shows
DECOY_AT = (0.87, 0.80)
MISSED, AROUND, SERVED = 0.2, 0.5, 2.0  # activity for one unit of need, 1 elsewhere
RING_M, MARGIN_M = 130.0, 60.0  # places are written to about 100 m
SHARE_MIN, SHARE_MAX = 0.015, 0.028  # of the need of the town
FAR_M = 720.0  # 9 minutes at 75 m a minute, and a little more


@dataclass(frozen=True)
class Zone:
    """Centre (EPSG:2154), radius that holds its cells, cell numbers and share of the need."""

    x: float
    y: float
    radius_m: float
    rows: tuple[int, ...]
    share_of_need: float


@dataclass(frozen=True)
class Planted:
    """The missed zones, the decoy, and the centres of all their cells."""

    missed: tuple[Zone, ...]
    decoy: Zone
    centres: NDArray[np.float64]

    def distance(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return metres from each point to the nearest cell centre planted."""
        gaps = np.hypot(*(xy[:, None] - self.centres[None]).transpose(2, 0, 1))
        return np.asarray(gaps.min(axis=1))

    def across(self, points: NDArray[np.float64], xy: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which points lie on the other side of the edge of a zone than `xy`."""
        found = np.zeros(len(points), dtype=bool)
        for zone in (*self.missed, self.decoy):
            centre, edge = np.array([zone.x, zone.y]), zone.radius_m + MARGIN_M
            inside = np.hypot(*(points - centre).T) <= edge
            found |= inside != (np.hypot(*(xy - centre)) <= zone.radius_m)
        return found


def plant(ground: Ground, people: People) -> Planted:
    """Choose the cells of each zone: the nearest to its spot, up to 2.8 % of the need."""
    cells = people.cells
    xy = cells[["x", "y"]].to_numpy(float)
    need = (cells["target"] / cells["target"].sum()).to_numpy()
    zones = [_zone(ground.at(*spot).coords[0], xy, need) for spot in (*MISSED_AT, DECOY_AT)]
    spots = [[z.x, z.y] for z in zones]
    centres = np.vstack([*(xy[list(z.rows)] for z in zones), np.array(spots)])
    return Planted(tuple(zones[:-1]), zones[-1], centres)


def _zone(spot: tuple[float, ...], xy: NDArray[np.float64], need: NDArray[np.float64]) -> Zone:
    near = np.lexsort((np.arange(len(xy)), np.hypot(*(xy - np.array(spot)).T)))
    rows: list[int] = []
    for row in near[:400]:
        if need[rows].sum() + need[row] > SHARE_MAX:
            break
        rows.append(int(row))
    share = float(need[rows].sum())
    if share < SHARE_MIN:  # cells are too big a share of a very small town
        rows, share = [int(near[0])], float(need[near[0]])
    centre = np.average(xy[rows], axis=0)
    radius = float(np.hypot(*(xy[rows] - centre).T).max()) + 100
    return Zone(
        round(float(centre[0]), 1), round(float(centre[1]), 1), round(radius, 1),
        tuple(sorted(rows)), round(share, 4),
    )  # fmt: skip


def factors(people: People, planted: Planted) -> NDArray[np.float64]:
    """Return the activity each cell gets for one unit of need."""
    xy = people.cells[["x", "y"]].to_numpy(float)
    found = np.ones(len(xy))
    for zone in planted.missed:
        away = np.hypot(*(xy - np.array([zone.x, zone.y])).T)
        found[away <= zone.radius_m + RING_M] = AROUND
    for zone in planted.missed:
        found[list(zone.rows)] = MISSED
        found[np.hypot(*(xy - np.array([zone.x, zone.y])).T) <= zone.radius_m] = MISSED
    decoy = planted.decoy
    found[np.hypot(*(xy - np.array([decoy.x, decoy.y])).T) <= decoy.radius_m] = SERVED
    return found
