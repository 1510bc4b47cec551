"""Where the people of a drawn town are missed: zones planted district by district, and decoys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial.distance import cdist

from territory.network.graph import WalkGraph
from territory.simulate.contacts import expected_contacts
from territory.simulate.geography import WALKED_M_MIN, Ground
from territory.simulate.people import People
from territory.simulate.planting import draw_permanences, draw_zones
from territory.simulate.scenario import SCENARIOS, USUAL_CELLS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from territory.simulate.country_people import Cells
    from territory.simulate.country_plan import TownPlan
    from territory.simulate.planting import Planted
    from territory.simulate.scenario import Scenario

DISTRICT_CELLS = 32  # side: planting looks at all pairs of cells of a district, never of a town
LEAST_CELLS = 120  # fewer cells are left as usual
DETOUR = 1.3  # the walk over the straight line
# Plain enough to be found in 18 months of one team's log.
_USUAL = replace(SCENARIOS["default"], frailty_variance=0.1, field_sd=0.15, zone_rate=0.1)


@dataclass(frozen=True, slots=True, eq=False)
class DrawnZones:
    """
    What is planted in a town of n cells, as in PlantedTruth.

    `zone` [n] 0 or the number of the planted zone, `far_served` and `low_need` [n] the decoys,
    `rates` [n] contacts to be expected (relative), `permanences` [p] their cells.
    """

    zone: NDArray[np.int64]
    far_served: NDArray[np.bool_]
    low_need: NDArray[np.bool_]
    rates: NDArray[np.float64]
    permanences: NDArray[np.int64]


def plant_town(plan: TownPlan, cells: Cells) -> DrawnZones:
    """
    Plant zones in every district of 32 x 32 cells of a town, as `simulate.plant` does in one.

    Walks are straight lines times 1.3: only their order matters here.
    """
    n, draw = len(cells.xy), plan.stream(3)
    zone, rates = np.zeros(n, np.int64), np.zeros(n)
    far, low = np.zeros(n, bool), np.zeros(n, bool)
    permanences = []
    for rows in _districts(cells):
        ground, people = _ground(cells, rows), _people(cells, rows, draw)
        if not people.need.any():
            continue
        scenario = _scenario(len(rows))
        held, minutes, found = _planted(ground, people, draw, scenario)
        drawn = expected_contacts(ground, people, minutes, found, draw, scenario)
        permanences.append(rows[held])
        zone[rows] = np.where(found.zone > 0, found.zone + zone.max(), 0)
        far[rows], low[rows], rates[rows] = found.far_served, found.low_need, drawn
    return DrawnZones(zone, far, low, rates, np.concatenate(permanences))


def _planted(
    ground: Ground, people: People, draw: np.random.Generator, scenario: Scenario
) -> tuple[NDArray[np.int64], NDArray[np.float64], Planted]:
    """Return permanences, minutes to them and zones; fewer permanences where zones find no room."""
    while True:
        held = draw_permanences(ground, people, draw, scenario)
        minutes = ground.minutes[:, held].min(axis=1).astype(float)
        found = draw_zones(ground, people, minutes, draw, scenario)
        fewer = min(scenario.permanences, len(held)) - 1
        if fewer < 1 or found.zone.any():
            return held, minutes, found
        scenario = replace(scenario, permanences=fewer)


def _districts(cells: Cells) -> Iterator[NDArray[np.int64]]:
    """Yield the cells of each district; those of a corner too small go with the one before."""
    rows, columns = (max(1, round(side / DISTRICT_CELLS)) for side in cells.shape)
    at = np.flatnonzero(cells.land)
    row, column = np.divmod(at, cells.shape[1])
    block = (row * rows // cells.shape[0]) * columns + column * columns // cells.shape[1]
    order = np.argsort(block, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(block[order])) + 1)
    held = np.empty(0, np.int64)
    for k, part in enumerate(parts):
        held = np.concatenate([held, part])
        if len(held) >= LEAST_CELLS or k == len(parts) - 1:
            yield np.sort(held)
            held = np.empty(0, np.int64)


def _scenario(n: int) -> Scenario:
    """Return the usual scenario for a district of `n` cells: as many of everything a cell."""
    part = n / USUAL_CELLS
    counts = {
        name: max(least, round(getattr(_USUAL, name) * part))
        for name, least in (("permanences", 2), ("zones", 1), ("far_served", 0), ("low_need", 0))
    }
    return replace(_USUAL, contacts=_USUAL.contacts * part, **counts)


def _ground(cells: Cells, rows: NDArray[np.int64]) -> Ground:
    """Return a district as ground: its walks, and the smallest rectangle around it."""
    at = np.flatnonzero(cells.land)[rows]
    row, column = np.divmod(at, cells.shape[1])
    row, column = row - row.min(), column - column.min()
    shape = int(row.max()) + 1, int(column.max()) + 1
    land = np.zeros(shape[0] * shape[1], bool)
    land[row * shape[1] + column] = True
    xy = cells.xy[rows]
    minutes = (cdist(xy, xy) * (DETOUR / WALKED_M_MIN)).astype(np.float32)
    one, none = np.ones(len(rows)), np.empty(0)
    graph = WalkGraph.from_edges(none.astype(int), none.astype(int), none, none, none)
    return Ground("district", graph, shape, land, xy, minutes, one, np.zeros(len(rows)))


def _people(cells: Cells, rows: NDArray[np.int64], draw: np.random.Generator) -> People:
    """Return who lives in a district, and the need as an analyst sees it."""
    target = cells.target[rows]
    need = target * np.exp(_USUAL.need_noise * draw.normal(size=len(rows)))
    residents = cells.residents[rows]
    return People(residents, draw.poisson(target), need, residents == 0)
