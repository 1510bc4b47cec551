"""Sectors of many cells, shared by blocks: the same hours as cell by cell, sectors that hold."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from territory.io.products import read_product
from territory.pipeline import sector_blocks, sector_compare, sectors
from territory.pipeline.sector_units import Sources, cell_ground
from territory.pipeline.sector_views import change_of_posts, sector_ground
from territory.pipeline.sources import gathered
from territory.pipeline.workspace import open_territory

if TYPE_CHECKING:
    from pathlib import Path

    from territory.pipeline.sector_views import SectorGround
    from territory.pipeline.workspace import Territory

NAMES = ("10_zones", "20_places", "30_activity", "40_walk", "50_need", "55_access")
VIEWED = ("57_effort", "60_gaps", "70_sectors")


@pytest.fixture(scope="module")
def town(demo_town: Path) -> tuple[Territory, Sources]:
    territory = open_territory(demo_town)
    products = [read_product(territory.processed, name) for name in NAMES]
    assert all(products)
    return territory, Sources(*products)  # type: ignore[arg-type] - just checked


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sector_blocks, "BLOCKS", 60)


@pytest.mark.usefixtures("few")
def test_blocks_hold_the_hours_of_their_cells(town: tuple[Territory, Sources]) -> None:
    by_cell, blocks = cell_ground(*town), sector_blocks.block_ground(*town)
    for part in by_cell.by_cell:
        one, other = (g.by_cell[part].to_numpy(float, na_value=np.nan) for g in (by_cell, blocks))
        assert other == pytest.approx(one, abs=1e-6, nan_ok=True), part
    assert blocks.holder.equals(by_cell.holder)
    cells = [cell for unit in blocks.units.cells for cell in unit]
    assert sorted(cells) == sorted(by_cell.by_cell.index)
    assert 50 <= len(blocks.units.cells) <= 70
    towns = dict(zip(by_cell.by_cell.index, by_cell.units.communes, strict=True))
    for unit, town_of in zip(blocks.units.cells, blocks.units.communes, strict=True):
        assert {towns[cell] for cell in unit} == {town_of}
    load = blocks.units.load["load_h"].to_numpy(float)
    assert load.sum() == pytest.approx(by_cell.by_cell["load_h"].astype(float).sum())


@pytest.mark.usefixtures("few")
def test_sectors_by_blocks_are_even_and_in_one_piece(town: tuple[Territory, Sources]) -> None:
    territory, sources = town
    units = sector_blocks.block_ground(territory, sources).units
    wished = territory.settings.sectors.model_copy(update={"seconds": 4.0})
    found = sectors.shared(units, 4, wished, locked={}, seed=0)
    assert set(found.sector) == {0, 1, 2, 3}
    assert found.pieces == 0
    assert found.load_deviation <= 0.08


def test_blocks_do_not_depend_on_the_order_of_towns() -> None:
    draw = np.random.default_rng(1)
    xy, towns = draw.uniform(0, 5000, (300, 2)), draw.choice(["B", "A"], 300).astype(object)
    of = sector_blocks.blocks_of(xy, towns)
    assert of[0] == 0
    assert (np.diff([np.flatnonzero(of == k)[0] for k in range(of.max() + 1)]) > 0).all()
    renamed = np.where(towns == "A", "Z", "Y").astype(object)
    assert (sector_blocks.blocks_of(xy, renamed) == of).all()


def view_of(folder: Path) -> SectorGround:
    """Return the views of the fictional town, half a second a search."""
    territory = open_territory(folder)
    hurried = territory.settings.sectors.model_copy(update={"seconds": 0.5})
    settings = territory.settings.model_copy(update={"sectors": hurried})
    kept = [read_product(territory.processed, name) for name in (*NAMES, *VIEWED)]
    return sector_ground(gathered(replace(territory, settings=settings), *filter(None, kept)))


@pytest.mark.usefixtures("few")
def test_views_of_many_cells_go_by_blocks_and_tell_cells(
    demo_town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = view_of(demo_town).cells
    monkeypatch.setattr(sector_blocks, "MANY_CELLS", 0)
    view = view_of(demo_town)
    assert len(view.cells.cells) < len(cells.cells)
    change = change_of_posts(view, posts=len(view.team) + 1)
    now = {cell: set(s.agents) for s in change.plan.sectors for cell in s.cells}
    assert sorted(now) == sorted(cell for (cell,) in cells.cells)
    first = {cell: set(s.agents) for s in view.built.sectors.sectors for cell in s.cells}
    had = {cell: first[unit[0]] for unit in view.cells.cells for cell in unit}
    people = dict(zip(view.ground.by_cell.index, cells.people, strict=True))
    moved = [cell for cell in now if not now[cell] & had[cell]]
    assert sum(taken.units for taken in change.takeovers) == len(moved) > 0
    total = sum(taken.people or 0.0 for taken in change.takeovers)
    assert total == pytest.approx(sum(people[cell] for cell in moved))
    assert change.people_moved == pytest.approx(total / cells.people.sum())


@pytest.mark.usefixtures("few")
def test_organisations_are_compared_by_blocks(
    demo_town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_cell = view_of(demo_town)
    assert sector_compare.unit_quarters(by_cell) == sector_compare.quarter_of(by_cell)
    monkeypatch.setattr(sector_blocks, "MANY_CELLS", 0)
    view = view_of(demo_town)
    quarters = sector_compare.unit_quarters(view)
    assert len(quarters) == len(view.cells.cells)
    assert {q for q in quarters if q} <= {q for q in sector_compare.quarter_of(view) if q}
    assert any(quarters)
    found, cells = (sector_compare.organisations_of(one) for one in (view, by_cell))
    assert list(found.index) == list(cells.index)
    assert found["without"].iloc[0] == pytest.approx(cells["without"].iloc[0], abs=0.1)


@pytest.mark.usefixtures("few")
def test_the_quarter_of_a_block_is_that_of_most_of_its_public(
    demo_town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sector_blocks, "MANY_CELLS", 0)
    view = view_of(demo_town)
    people = view.ground.by_cell["people"].fillna(0.0).to_dict()
    of = dict(zip(view.ground.by_cell.index, sector_compare.quarter_of(view), strict=True))
    for cells, told in zip(view.cells.cells, sector_compare.unit_quarters(view), strict=True):
        crowd = sum(people[cell] for cell in cells)
        inside = {q: sum(people[c] for c in cells if of[c] == q) for q in set(of.values()) - {None}}
        if told:
            assert inside[told] == max(inside.values())
            assert inside[told] >= 0.3 * crowd
        elif crowd:
            assert max(inside.values()) < 0.3 * crowd
