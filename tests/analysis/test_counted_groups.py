"""Groups of people by zone and period, and rates only where they mean something."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point, box

from territory.analysis.counted_groups import (
    counted_groups,
    rate,
    residents_by_zone,
    square_of,
)
from territory.model.tables import ACTIVITIES, CELLS, COMMUNES, ZONES, conform

X, Y = 652_000.0, 6_862_000.0  # somewhere in Paris, EPSG:2154


def frame(contract, rows: dict[str, dict[str, object]]) -> gpd.GeoDataFrame:
    table = pd.DataFrame.from_dict(rows, orient="index")
    return conform(table, contract)


@pytest.fixture
def communes() -> gpd.GeoDataFrame:
    return frame(COMMUNES, {"00001": {"name": "Un", "geometry": box(X, Y, X + 2000, Y + 2000)}})


@pytest.fixture
def zones() -> gpd.GeoDataFrame:
    quarter = {"name": "Le Quart", "kind": "qpv", "generation": 2024, "commune_codes": "00001"}
    return frame(ZONES, {"QN1": {**quarter, "geometry": box(X, Y, X + 500, Y + 500)}})


def outing(day: str, people: int | None, at: tuple[float, float] | None, **other: object) -> dict:
    usual = {"on": day, "state": "realise", "sensitive": False, "commune_code": "00001"}
    return {**usual, "n_informed": people, "geometry": at and Point(at), **other}


def test_groups_by_hand(communes, zones) -> None:
    rows = {
        "a": outing("2026-01-05", 7, (X + 10, Y + 10)),
        "b": outing("2026-01-06", 5, (X + 10, Y + 10)),
        "c": outing("2026-01-31", 9, (X + 900, Y + 900)),
        "d": outing("2026-01-31", 3, None),
        "secret": outing("2026-01-05", 50, (X + 10, Y + 10), sensitive=True),
        "not known": outing("2026-01-05", 50, (X + 10, Y + 10), sensitive=None),
        "planned": outing("2026-01-05", 50, (X + 10, Y + 10), state="prevu"),
        "uncounted": outing("2026-01-05", None, (X + 10, Y + 10)),
        "elsewhere": outing("2026-01-05", 50, (X + 10, Y + 10), commune_code="99999"),
    }
    groups = counted_groups(frame(ACTIVITIES, rows), communes, zones)
    assert groups["people"].sum() == 24
    found = groups.set_index(["qpv", "semaine"])["people"].to_dict()
    assert found == {("QN1", "2026-W02"): 12, ("hors QPV", "2026-W05"): 9, ("", "2026-W05"): 3}
    assert set(groups["mois"]) == {"2026-01"}
    assert not {"on", "start_min", "agents", "place_name"} & set(groups)


def test_the_last_days_of_a_year_keep_their_own_week_year(communes, zones) -> None:
    rows = {"a": outing("2027-01-01", 20, None)}
    groups = counted_groups(frame(ACTIVITIES, rows), communes, zones)
    assert groups.loc[0, ["annee", "semaine"]].tolist() == ["2027", "2026-W53"]


def test_squares_are_those_of_insee() -> None:
    east, north = 3_760_123.0, 2_889_987.0
    points = gpd.GeoSeries([Point(east, north), None], crs=3035).to_crs(2154)
    assert square_of(points).tolist() == ["CRS3035RES200mN2889800E3760000", ""]


def test_squares_overseas_are_in_their_own_grid() -> None:
    points = gpd.GeoSeries([Point(340_050, 7_680_399)], crs=2975)
    assert square_of(points).tolist() == ["CRS2975RES200mN7680200E340000"]


@pytest.mark.parametrize(
    ("people", "residents", "imputed", "found"),
    [(20, 200.0, 0.5, 10.0), (20, 199.9, 0.0, None), (20, 5000.0, 0.51, None),
     (20, np.nan, 0.0, None), (20, 400.0, np.nan, None), (0, 400.0, 0.0, 0.0)],
)  # fmt: skip
def test_no_rate_without_enough_known_residents(people, residents, imputed, found) -> None:
    assert rate(people, residents, imputed) == found


def test_residents_of_a_quarter_follow_the_area_of_its_cells(zones) -> None:
    cell = {"commune_code": "00001", "inside_share": 1.0}
    cells = frame(CELLS, {
        "in": {**cell, "residents": 100, "imputed": True, "geometry": box(X, Y, X + 200, Y + 200)},
        "half": {**cell, "residents": 60, "imputed": False,
                 "geometry": box(X + 400, Y, X + 600, Y + 200)},
        "cut": {**cell, "residents": 40, "imputed": False, "inside_share": 0.4,
                "geometry": box(X + 800, Y, X + 1000, Y + 200)},
    })  # fmt: skip
    quarter = residents_by_zone("qpv", cells, zones)
    assert quarter.loc["QN1"].tolist() == pytest.approx([130, 100 / 130])
    assert residents_by_zone("commune", cells, zones).loc["00001", "residents"] == 200
    assert set(residents_by_zone("carreau", cells, zones).index) == {"in", "half"}
