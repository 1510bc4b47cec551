"""Tours of a zone's streets: inside it, where walkers in need are, the same for the same tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, box

from territory.analysis.passage import passage_table
from territory.analysis.routing.stretches import Stretches, StretchRules, street_stretches
from territory.io.streets import read_streets
from territory.model.tables import CELLS, SEGMENTS, conform
from tests.real_data import real_file

if TYPE_CHECKING:
    import geopandas as gpd

QUICK = StretchRules(minutes=(20, 60), iterations=30, starts=1)
BUSY = {10, 11, 12, 13}  # segments of the third row


def town() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, pd.DataFrame, pd.DataFrame]:
    """Return cells, segments, need and passage of a grid of 5 x 5 crossroads 100 m apart."""
    at = np.arange(25).reshape(5, 5)
    pairs = [*zip(at[:, :-1].ravel(), at[:, 1:].ravel(), strict=True)]
    pairs += zip(at[:-1].ravel(), at[1:].ravel(), strict=True)
    rows = [
        {"way_id": k, "tail": a, "head": b, "length_m": 100.0, "highway": "residential",
         "name": f"Rue {a // 5}" if b == a + 1 else f"Allée {a % 5}", "steps": False,
         "geometry": LineString([(a % 5 * 100, a // 5 * 100), (b % 5 * 100, b // 5 * 100)])}
        for k, (a, b) in enumerate(pairs)
    ]  # fmt: skip
    segments = conform(pd.DataFrame(rows), SEGMENTS)
    squares = {"c0": box(-10, -10, 410, 410), "far": box(5000, 5000, 5200, 5200)}
    frame = pd.DataFrame({"geometry": list(squares.values())}, index=list(squares))
    need = pd.DataFrame({"residents": 100.0, "target": 20.0}, index=pd.Index(squares))
    loads = pd.DataFrame({"transports": np.full(40, 5.0)}, index=segments.index)
    loads.loc[loads.index.isin([8, 9, 10, 11]), "transports"] = 100.0  # « Rue 2 »
    passage = passage_table(loads, segments["length_m"])
    return conform(frame, CELLS), segments, need, passage


def tours(**change: object) -> Stretches:
    """Return the tours of the town, its segments changed by columns of `change`."""
    cells, segments, need, passage = town()
    return street_stretches({"Z": ["c0"]}, cells, need, segments.assign(**change), passage, QUICK)


def test_tours_start_and_end_at_a_crossroads_and_last_no_longer_than_asked() -> None:
    found = tours()
    assert {(t.half_day, t.minutes) for t in found.tours} == {
        ("matin", 20), ("matin", 60), ("apres-midi", 20), ("apres-midi", 60)}  # fmt: skip
    for tour in found.tours:
        assert tour.seconds <= 60 * tour.minutes
        assert tour.coords[0].tolist() == tour.coords[-1].tolist()
        assert tour.coords[0].tolist() == [tour.start % 5 * 100, tour.start // 5 * 100]
        assert tour.value <= tour.bound * (1 + 1e-9)


def test_the_street_most_walked_is_patrolled_first() -> None:
    short = next(t for t in tours().tours if t.minutes == 20)
    assert {8, 9, 10, 11} <= set(short.segment_ids)
    assert "Rue 2" in short.streets


def test_the_value_is_the_people_in_need_who_walk_by() -> None:
    _, _, _, passage = town()
    short = next(t for t in tours().tours if (t.half_day, t.minutes) == ("matin", 20))
    hours = 100 / (2.5 / 3.6) / 3600
    expected = (passage.loc[list(short.segment_ids), "semaine_09h00"] * hours * 0.2).sum()
    assert short.value == pytest.approx(expected)


def test_the_walk_told_is_the_walk_made() -> None:
    _, segments, _, _ = town()
    for tour in tours().tours:
        walked = segments.loc[list(tour.walked)]
        assert tour.length_m == walked["length_m"].sum()
        steps = np.hypot(*np.diff(tour.coords, axis=0).T)
        assert steps.sum() == pytest.approx(tour.length_m)
        assert set(tour.segment_ids) <= set(tour.walked)


def test_the_order_of_rows_changes_nothing() -> None:
    cells, segments, need, passage = town()
    first = street_stretches({"Z": ["c0"]}, cells, need, segments, passage, QUICK)
    again = street_stretches(
        {"Z": ["c0"]}, cells[::-1], need[::-1], segments.sample(frac=1, random_state=3),
        passage[::-1], QUICK,
    )  # fmt: skip
    assert first == again


def test_streets_of_a_real_town_are_walked_from_end_to_end() -> None:
    streets, _ = read_streets(real_file("osm/bondy_highways_2023.geojson"))
    segments = streets.segments
    x, y = (segments.geometry.centroid.x.median(), segments.geometry.centroid.y.median())
    squares = pd.DataFrame({"geometry": [box(x - 200, y - 200, x + 200, y + 200)]}, index=["c0"])
    need = pd.DataFrame({"residents": [50.0], "target": [9.0]}, index=["c0"])
    loads = pd.DataFrame({"transports": segments["length_m"]}, index=segments.index)
    passage = passage_table(loads, segments["length_m"])
    found = street_stretches({"Z": ["c0"]}, conform(squares, CELLS), need, segments, passage, QUICK)
    assert len(found.tours) == 4
    for tour in found.tours:
        steps = np.hypot(*np.diff(tour.coords, axis=0).T)
        assert steps.sum() == pytest.approx(tour.length_m, rel=0.01)
        assert tour.coords[0].tolist() == tour.coords[-1].tolist()
        assert tour.coords[0] == pytest.approx(streets.nodes.loc[tour.start, ["x", "y"]].tolist())
        assert tour.streets


def test_a_zone_without_streets_has_no_tour_and_is_said() -> None:
    cells, segments, need, passage = town()
    found = street_stretches({"Z": ["far"]}, cells, need, segments, passage, QUICK)
    assert found == Stretches((), ("Z",))


@pytest.mark.parametrize(
    "change", [{"highway": "motorway"}, {"one_way": np.int8(1)}, {"steps": True}]
)
def test_where_nobody_patrols_no_tour_goes(change: dict[str, object]) -> None:
    assert tours(**change).tours == ()


def test_a_closed_street_is_left_out_of_the_walk() -> None:
    kinds = np.where(np.isin(np.arange(40), [9, 10]), "construction", "residential")
    found = tours(highway=pd.array(kinds, dtype="string"))
    assert not {9, 10} & {s for t in found.tours for s in t.walked}


def test_unknown_need_or_passage_brings_nothing() -> None:
    cells, segments, need, passage = town()
    blind = street_stretches({"Z": ["c0"]}, cells, need, segments, passage * np.nan, QUICK)
    assert blind.without == ("Z",)
    poor = need.assign(target=np.nan)
    assert street_stretches({"Z": ["c0"]}, cells, poor, segments, passage, QUICK).tours == ()
