"""The units that sectors share, with their hours a week, from the products."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from territory.analysis.access_capacity import place_hours
from territory.analysis.sectors.cell_links import joined_links, walked_links
from territory.analysis.sectors.sector_load import by_unit, known_load, team_work, unit_load
from territory.analysis.sectors.sector_plan import Units
from territory.network.walk import minutes_between
from territory.pipeline.sector_people import sector_team
from territory.pipeline.walking import network_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.sectors.sector_load import TeamWork
    from territory.io.products import Product
    from territory.network.walk import WalkNetwork
    from territory.pipeline.workspace import Territory

    Reals = NDArray[np.float64]

RIDE_MIN = 40.0  # a longer walk is not walked: somebody rides, and needs about that


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """The products that sectors rest on, in their order."""

    ground: Product
    places: Product
    activity: Product
    walk: Product
    need: Product
    access: Product


@dataclass(frozen=True, slots=True, eq=False)
class CellGround:
    """
    Cells as units, the work of the team, and the permanences.

    `holder` [place_id] is the cell nearest to each place on foot, NA = none; `unplaced_h` hours a
    week of permanences that have none; `by_cell` the hours of each cell (SECTOR_LOAD).
    """

    units: Units
    work: TeamWork
    holder: pd.Series
    unplaced_h: float
    by_cell: pd.DataFrame


def week_work(territory: Territory, activities: pd.DataFrame, team: pd.DataFrame) -> TeamWork:
    """Return what `team` does in a usual week: its log, else what the settings plan."""
    settings = territory.settings
    speed = team["walk_kmh"].dropna().mean()
    work = team_work(
        activities,
        territory.today,
        months=settings.effort.months,
        planned_week=settings.week.maraudes_per_agent * len(team),
        planned_h=(settings.week.maraude_min_min + settings.week.maraude_max_min) / 120.0,
        contact_h=settings.sectors.contact_h,
        pace=1.0 if pd.isna(speed) else settings.walk.speed_kmh / float(speed),
    )
    wished = settings.sectors.outings_week
    return work if wished is None else replace(work, outings_week=wished)


def cell_ground(territory: Territory, sources: Sources) -> CellGround:
    """
    Return the cells of the territory as units (metric CRS), with their hours a week.

    An outing leaves from the nearest place the team leaves from, else that holds a permanence; a
    walk beyond RIDE_MIN counts as that. Raises WrongUsage as `network_of` and `unit_load`.
    """
    cells, network = sources.ground.tables["cells"].sort_index(), network_of(sources.walk)
    team = sector_team(sources.activity.tables["team"], territory.today)
    work = week_work(territory, sources.activity.tables["activities"], team)
    staffing = sources.access.tables["staffing"]
    people = sources.need.tables["need"]["target"].reindex(cells.index)
    minutes = _between(network, cells.index)
    holder = _holder(network, cells.index, sources.places.tables["places"].index)
    held, lost = by_unit(place_hours(staffing), holder)
    load = unit_load(
        people,
        _to_base(network, cells.index, starts_of(team, staffing)),
        _inside(minutes, people, territory.settings.week.street_min, work),
        held if len(staffing) else None,
        work,
    )
    return CellGround(_as_units(cells, load, minutes), work, holder, lost, load)


def commune_units(cells: Units) -> Units:
    """Return communes as units, of cells as units: hours added up, walks between the middles."""
    towns = sorted(set(cells.communes))
    of = np.array([towns.index(c) for c in cells.communes], np.int64)
    mine = [np.flatnonzero(of == t) for t in range(len(towns))]
    middle = np.array([_middle(cells, rows) for rows in mine], np.int64)
    names = np.array(towns, object)
    return Units(
        cells.load.groupby(names[of]).sum(min_count=1).rename_axis("unit_id"),
        np.bincount(of, cells.balanced_h, minlength=len(towns)).astype(float),
        names,
        tuple(tuple(c for i in rows for c in cells.cells[i]) for rows in mine),
        cells.minutes[np.ix_(middle, middle)],
        cells.xy[middle],
        joined_links(cells.links, of),
    )


def _as_units(cells: pd.DataFrame, load: pd.DataFrame, minutes: Reals) -> Units:
    balanced, _ = known_load(load, cells["commune_code"])
    return Units(
        load,
        balanced.to_numpy(float),
        cells["commune_code"].fillna("").to_numpy(object),
        tuple((str(i),) for i in cells.index),
        minutes,
        shapely.get_coordinates(cells.geometry.representative_point().to_numpy()),
        walked_links(cells.geometry, minutes),
    )


def _between(network: WalkNetwork, cells: pd.Index) -> Reals:
    """Return minutes [cells, cells], the longer way where only one is short."""
    names = [f"c:{i}" for i in cells]
    minutes = minutes_between(network, names, names).to_numpy(float)
    both: Reals = np.maximum(minutes, minutes.T)
    np.fill_diagonal(both, 0.0)
    return both


def _holder(network: WalkNetwork, cells: pd.Index, places: pd.Index) -> pd.Series:
    """Return the nearest cell of each place on foot, NA for a place that is not on the map."""
    found = pd.Series(pd.NA, index=places, dtype="object")
    walks = minutes_between(network, [f"c:{i}" for i in cells], [f"p:{i}" for i in places])
    best = walks.to_numpy(float)
    if best.size:
        near = np.isfinite(best.min(axis=0))
        found[near] = cells.to_numpy(object)[best.argmin(axis=0)[near]]
    return found


def starts_of(team: pd.DataFrame, staffing: pd.DataFrame) -> list[str]:
    """Return the places `team` leaves from, else those where it holds permanences."""
    told = sorted(set(team["start_place_id"].dropna().astype(str)))
    return told or sorted(set(staffing["place_id"].astype(str)))


def _to_base(network: WalkNetwork, cells: pd.Index, starts: list[str]) -> pd.Series:
    """Return minutes to the nearest start, RIDE_MIN at most, inf where none can be walked to."""
    walks = minutes_between(network, [f"c:{i}" for i in cells], [f"p:{i}" for i in starts])
    nearest = walks.to_numpy(float).min(axis=1, initial=np.inf)
    return pd.Series(np.where(np.isfinite(nearest), np.minimum(nearest, RIDE_MIN), np.inf), cells)


def _inside(minutes: Reals, people: pd.Series, stop_min: float, work: TeamWork) -> pd.Series:
    """Return minutes walked during an outing: from one stop to the next, the nearest lived-in."""
    lived = people.fillna(0.0).to_numpy(float) > 0
    steps = np.where(lived[None, :], minutes, np.inf)
    np.fill_diagonal(steps, np.inf)
    return pd.Series(hops_of(steps.min(axis=1, initial=np.inf), stop_min, work), people.index)


def hops_of(hop_min: Reals, stop_min: float, work: TeamWork) -> Reals:
    """Return minutes walked during an outing [units], one stop every `stop_min` minutes."""
    hops = max(60.0 * work.outing_h / stop_min - 1.0, 0.0)
    return np.where(np.isfinite(hop_min), hop_min * hops, 0.0)


def _middle(cells: Units, mine: NDArray[np.int64]) -> int:
    """Return the cell of a commune nearest on foot to its public."""
    walks = np.minimum(cells.minutes[np.ix_(mine, mine)], 1e6)
    return int(mine[(walks @ cells.people[mine]).argmin()])
