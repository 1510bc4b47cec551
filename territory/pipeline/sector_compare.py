"""Other organisations of the same team, and of a larger one, on the same data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from territory.analysis.effort import outings_in
from territory.analysis.quarters import in_force
from territory.analysis.sectors.organisation_figures import Assumptions, compared, scene
from territory.analysis.sectors.organisations import Organisation, by_quarters, by_sectors
from territory.model.sector_tables import OUTSIDE_PARTS
from territory.pipeline.sector_units import RIDE_MIN, commune_units
from territory.pipeline.sectors import present_organisation, shared, unit_of_cells

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.sectors.sector_plan import Units
    from territory.pipeline.sector_views import SectorGround

MORE_POSTS = (4, 5, 6, 7, 8)
_IN_QUARTER = 0.3  # share of a cell inside a quarter from which it belongs to it
_NOBODY = 1e-9  # weighs what nobody lives in
_DEVIATIONS = 3.29  # between the ends of a 90 % interval
TOGETHER = "Ensemble, sans secteurs"


def organisations_of(view: SectorGround) -> pd.DataFrame:
    """
    Return ORGANISATIONS (model/sector_tables): today's, and others for 3 (or as many) to 8 posts.

    For as many posts as today, then more: one balanced sector each, several whole communes each
    (where there are enough), one group of priority quarters each (where there are any). Raises as
    `compared` and `balanced_sectors`.
    """
    cells, team = view.cells, len(view.team)
    today = present_organisation(cells, view.team)
    first = today or Organisation(TOGETHER, np.ones((team, len(cells.cells)), bool))
    quarter = unit_quarters(view)
    asked = [team, *(n for n in MORE_POSTS if n > team)]
    others = [o for n in asked for o in _with_posts(view, n, quarter)]
    ground = scene(
        cells.people,
        _doubt(view),
        cells.balanced_h,
        cells.load["permanences_h"].fillna(0.0),
        cells.minutes,
    )
    settings = view.built.territory.settings
    return compared([first, *others], ground, assumptions(view), seed=settings.ground.seed)


def assumptions(view: SectorGround) -> Assumptions:
    """Return what the comparison assumes, from the log, the loads and the settings."""
    settings, work = view.built.territory.settings, view.ground.work
    done = outings_in(
        view.sources.activity.tables["activities"], view.built.territory.today,
        settings.effort.months,
    )  # fmt: skip
    outside = float(view.cells.load[list(OUTSIDE_PARTS)].sum().sum())
    totals = view.built.products["57_effort"].facts["totals"]
    return Assumptions(
        field_h=outside / max(len(view.team), 1),
        outing_h=work.outing_h,
        contacts_week=work.contacts_week,
        contacts_counted=float(done["n_engaged"].fillna(0).sum()),
        clumping=float(totals["clumping"]),
        near_min=settings.access.far_min,
        ride_min=RIDE_MIN,
    )


def quarter_of(view: SectorGround) -> list[str | None]:
    """Return the priority quarter (QPV in force) of each cell, None outside."""
    cells = view.sources.ground.tables["cells"].sort_index()
    zones = in_force(view.sources.ground.tables["zones"])
    qpv = zones[zones["kind"] == "qpv"].sort_index()
    shapes = cells.geometry.to_numpy()
    area, tree = shapely.area(shapes), shapely.STRtree(shapes)
    best, found = np.full(len(shapes), _IN_QUARTER), np.full(len(shapes), None, object)
    for code, quarter in qpv.geometry.items():
        near = tree.query(quarter)
        inside = shapely.area(shapely.intersection(shapes[near], quarter)) / area[near]
        more = inside > best[near]
        best[near[more]], found[near[more]] = inside[more], str(code)
    return list(found)


def unit_quarters(view: SectorGround) -> list[str | None]:
    """
    Return the priority quarter of each unit, None outside.

    That of a block of cells is the one where most of its public in quarters lives, when that is as
    large a share of its public as a cell must have inside.
    """
    load = view.ground.by_cell
    crowd = load["people"].fillna(0.0).to_numpy(float) + _NOBODY
    mine = pd.DataFrame({"unit": _unit(view), "code": quarter_of(view), "people": crowd})
    whole = mine.groupby("unit")["people"].sum()
    within = mine.dropna().groupby(["unit", "code"])["people"].sum().reset_index()
    first = within.sort_values(["unit", "people", "code"], ascending=[True, False, True])
    first = first.drop_duplicates("unit").set_index("unit")
    kept = first["code"][first["people"] >= _IN_QUARTER * whole[first.index]]
    return [kept.get(unit) for unit in range(len(view.cells.cells))]


def _with_posts(view: SectorGround, posts: int, quarter: list[str | None]) -> list[Organisation]:
    """Return the organisations of one number of posts that the territory allows."""
    found, cells = [], view.cells
    balanced = _balanced(view, cells, posts)
    found.append(by_sectors(f"Un secteur équilibré par poste ({posts})", balanced, posts))
    if len(set(cells.communes)) >= max(posts, 2):
        towns = commune_units(cells)
        own = dict(zip(towns.communes, _balanced(view, towns, posts), strict=True))
        several = np.array([own[c] for c in cells.communes])
        found.append(by_sectors(f"Plusieurs communes par poste ({posts})", several, posts))
    if any(quarter):
        name = f"Un groupe de quartiers par poste ({posts})"
        found.append(by_quarters(name, quarter, cells.people, cells.minutes, posts))
    return found


def _balanced(view: SectorGround, units: Units, posts: int) -> NDArray[np.int64]:
    settings = view.built.territory.settings
    free = settings.sectors.model_copy(update={"bounds": "aucune"})
    return shared(units, posts, free, locked={}, seed=settings.ground.seed, quick=True).sector


def _doubt(view: SectorGround) -> NDArray[np.float64]:
    """
    Return the relative standard deviation of the public of each unit, from 90 % intervals.

    Cells of a block are held to err together: the doubt of a block is not made too small.
    """
    need = view.sources.need.tables["need"].sort_index()
    width = (need["target_high"] - need["target_low"]).astype(float)
    sums = (
        np.bincount(_unit(view), values.fillna(0.0).to_numpy(float), len(view.cells.cells))
        for values in (width, need["target"].astype(float))
    )
    wide, target = sums
    with np.errstate(divide="ignore", invalid="ignore"):
        doubt = wide / _DEVIATIONS / target
    return np.where(np.isfinite(doubt), np.maximum(doubt, 0.0), 0.0)


def _unit(view: SectorGround) -> NDArray[np.int64]:
    """Return the position of the unit of each cell, sorted by id."""
    of = unit_of_cells(view.cells)
    return np.array([of[str(cell)] for cell in view.ground.by_cell.index], np.int64)
