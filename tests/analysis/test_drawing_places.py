"""What draws walkers: sensitive places never, mapped ones once, stops by what passes there."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point

from territory.analysis.drawing_places import drawing_places
from territory.io.attractors import ATTRACTORS
from territory.io.transit import STOPS
from territory.model.tables import PLACES, conform, empty_table
from territory.network.walk import WalkNetwork, build_walk
from tests.analysis.test_passage import nodes, segments


def places(**columns: object) -> gpd.GeoDataFrame:
    data = {"kind": "mairie", "sensitive": False, "geometry": [Point(100, 5)]} | columns
    return conform(pd.DataFrame(data, index=["m1"]), PLACES)


def network(located: gpd.GeoDataFrame) -> WalkNetwork:
    spots = located.geometry.set_axis([f"p:{i}" for i in located.index])
    points = gpd.GeoDataFrame(geometry=gpd.GeoSeries(spots, crs=2154).rename_axis("point_id"))
    return build_walk(segments(), nodes(), points)


def mapped(*rows: tuple[str, float, float]) -> gpd.GeoDataFrame:
    data = [{"kind": k, "weight": 1.0, "geometry": Point(x, y)} for k, x, y in rows]
    if not data:
        return empty_table(ATTRACTORS)
    return conform(pd.DataFrame(data, index=[f"osm-n{i}" for i in range(len(rows))]), ATTRACTORS)


def found(listed: gpd.GeoDataFrame, drawn: gpd.GeoDataFrame, stops=None) -> pd.DataFrame:
    return drawing_places(network(listed), listed, drawn, stops, snap_max_m=100.0)


def test_a_listed_place_keeps_its_own_node_and_is_not_counted_twice() -> None:
    rows = found(places(), mapped(("mairie", 120, 20), ("mairie", 610, 0), ("commerce", 100, 5)))
    assert rows["kind"].tolist() == ["mairie", "mairie", "commerce"]
    assert rows["node"].tolist()[1] == 2
    assert rows["node"].iloc[0] == network(places()).points.loc["p:m1", "node"]


@pytest.mark.parametrize(
    "columns",
    [
        {"sensitive": True}, {"kind": "bidonville"}, {"kind": "lieu_culte"},
        {"status": "inactive"}, {"fixed_point": False},
    ],
)  # fmt: skip
def test_no_street_points_at_what_must_not_be_seen(columns: dict[str, object]) -> None:
    assert found(places(**columns), mapped()).empty


def test_a_place_far_from_any_street_has_no_node() -> None:
    assert found(places(), mapped(("commerce", 100, 900)))["node"].tolist()[1] == -1


def test_stops_of_a_timetable_replace_those_of_the_map() -> None:
    stops = conform(
        pd.DataFrame(
            {
                "kind": ["arret", "arret", "station"],
                "passages": [50, 200, 0],
                "geometry": [Point(0, 9), Point(300, 9), Point(600, 9)],
            },
            index=["s1", "s2", "s3"],
        ),
        STOPS,
    )
    street_map = mapped(("arret", 900, 0), ("commerce", 900, 0))
    rows = found(places(), street_map, stops)
    assert rows["kind"].tolist() == ["mairie", "arret", "arret", "commerce"]
    assert rows["weight"].tolist() == [1.0, 50 / 125, 200 / 125, 1.0]
    assert rows["node"].tolist()[1:] == [0, 1, 3]
    nothing = found(places(), street_map, empty_table(STOPS))
    assert nothing["kind"].tolist() == ["mairie", "arret", "commerce"]
    assert np.isfinite(nothing["weight"]).all()
