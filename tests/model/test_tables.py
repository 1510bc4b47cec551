"""Table contracts: what is promised is checked, every fault is named at once."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point, box

from territory.errors import BrokenTable
from territory.model.tables import ALL, CELLS, PLACES, check_table, conform, empty_table


@pytest.mark.parametrize("contract", ALL, ids=lambda c: c.name)
def test_an_empty_table_keeps_its_contract(contract) -> None:
    check_table(empty_table(contract), contract)


def raw_places() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"name": ["B", "A"], "kind": ["autre", "autre"], "other": [1, 2]},
        geometry=[Point(1, 1), None],
        index=["p2", "p1"],
        crs=2154,
    )


def test_conform_sorts_completes_and_drops() -> None:
    table = conform(raw_places(), PLACES)
    check_table(table, PLACES)
    assert list(table.index) == ["p1", "p2"]
    assert "other" not in table
    assert table["status"].isna().all()


def test_conform_never_changes_its_argument() -> None:
    before = raw_places()
    conform(before, PLACES)
    pd.testing.assert_frame_equal(before, raw_places())


def test_conform_refuses_text_in_a_number_column() -> None:
    cells = gpd.GeoDataFrame({"residents": ["douze"]}, geometry=[box(0, 0, 1, 1)], index=["c"])
    with pytest.raises(BrokenTable, match=r"« cells » : colonne « residents » illisible"):
        conform(cells, CELLS)


def test_every_fault_is_named_at_once() -> None:
    table = conform(raw_places(), PLACES).drop(columns="kind").to_crs(4326)
    twice = pd.concat([table, table]).rename_axis("id")
    with pytest.raises(BrokenTable) as caught:
        check_table(twice, PLACES)
    message = str(caught.value)
    for expected in ("« kind » manque", "« id »", "doublons", "4326, attendu EPSG:2154"):
        assert expected in message


def test_missing_geometry_is_refused_where_it_is_required() -> None:
    cells = empty_table(CELLS)
    with pytest.raises(BrokenTable, match="système de coordonnées"):
        check_table(pd.DataFrame(cells), CELLS)
