"""Sectors of many cells, shared by blocks: the same hours as cell by cell, sectors that hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from territory.io.products import read_product
from territory.pipeline import sector_blocks, sectors
from territory.pipeline.sector_units import Sources, cell_ground
from territory.pipeline.workspace import open_territory

if TYPE_CHECKING:
    from pathlib import Path

    from territory.pipeline.workspace import Territory

NAMES = ("10_zones", "20_places", "30_activity", "40_walk", "50_need", "55_access")


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
