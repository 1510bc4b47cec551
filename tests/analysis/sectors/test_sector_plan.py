"""From a partition to a plan: neighbours on foot, workers kept, names, what is taken over."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from territory.analysis.sectors.cell_links import joined_links, walked_links
from territory.analysis.sectors.sector_load import TeamWork, unit_load
from territory.analysis.sectors.sector_names import area_names, cell_parts
from territory.analysis.sectors.sector_plan import (
    Units,
    agents_of,
    public_walk,
    sector_of_cells,
    sector_plan,
)
from territory.analysis.sectors.takeovers import (
    RELATION_PEOPLE,
    handover_weight,
    partners_met,
    takeovers,
)
from territory.model.results import Ending
from territory.model.sector_results import SectorOutcome
from territory.model.tables import IRIS, PLACES, conform
from territory.settings import Sectors

IDS = ["c0", "c1", "c2", "c3"]
MINUTES = np.abs(np.arange(4.0)[:, None] - np.arange(4.0)[None]) * 3.0
LINKS = np.array([[0, 1], [1, 2], [2, 3]])


def units(people: tuple[float, ...] = (10.0, 30.0, 20.0, 20.0)) -> Units:
    load = unit_load(
        pd.Series(people, IDS),
        pd.Series(0.0, IDS),
        pd.Series(0.0, IDS),
        pd.Series({"c3": 2.0}),
        TeamWork(8, 1.0, 0.0, 0.0),
    )
    xy = np.column_stack([np.arange(4.0) * 200, np.zeros(4)])
    towns = np.array(["x", "x", "x", "y"], object)
    return Units(
        load,
        load["load_h"].fillna(0.0).to_numpy(),
        towns,
        tuple((i,) for i in IDS),
        MINUTES,
        xy,
        LINKS,
    )


def outcome(*sector: int) -> SectorOutcome:
    return SectorOutcome(np.array(sector), 0.0, Ending.OPTIMAL, 0.0, note="Prouvé.")


def test_a_plan_adds_up_and_tells_pieces_and_walks() -> None:
    plan = sector_plan(units(), outcome(0, 1, 0, 1), [["M2"], ["M1"]], permanences=[("Mairie", 3)])
    first, second = plan.sectors
    assert [(s.sector_id, s.agents, s.cells) for s in plan.sectors] == [
        ("S1", ("M1",), ("c1", "c3")),
        ("S2", ("M2",), ("c0", "c2")),
    ]
    assert (first.pieces, second.pieces, plan.splits) == (2, 2, 1)
    assert first.load == pytest.approx(sum(v for v in first.hours.values() if v is not None))
    assert first.load + second.load == pytest.approx(10.0)
    assert first.deviation == pytest.approx(first.load / 5.0 - 1.0)
    assert (first.people, first.permanences, second.permanences) == (50.0, ("Mairie",), ())
    assert first.compact_min == pytest.approx(20 * 6.0 / 50)  # from c1, where most people live
    assert sector_of_cells(plan) == {"c0": "S2", "c1": "S1", "c2": "S2", "c3": "S1"}
    assert plan.compact_min == pytest.approx(public_walk(units(), np.array([0, 1, 0, 1])))


def test_unknown_people_stay_unknown_in_the_plan() -> None:
    plan = sector_plan(units((np.nan, np.nan, 5.0, 5.0)), outcome(0, 0, 1, 1), [["A"], ["B"]])
    assert (plan.sectors[0].people, plan.sectors[0].assumed) == (None, 2)
    assert plan.sectors[0].hours["outings_h"] is None


def test_workers_keep_what_they_know_and_locks_win() -> None:
    sector = np.array([0, 0, 1, 1])
    ties = np.array([[0.0, 0, 9, 9], [9, 9, 0, 0]])
    assert agents_of(sector, ["A", "B"], ties, locked={}) == [["B"], ["A"]]
    assert agents_of(sector, ["A", "B"], ties, locked={0: "A"}) == [["A"], ["B"]]
    three = np.vstack([ties, [0, 0, 0, 1.0]])
    assert agents_of(sector, ["A", "B", "C"], three, locked={}) == [["B"], ["A", "C"]]
    assert agents_of(sector, ["A", "B"], np.zeros((2, 4)), locked={}) == [["A"], ["B"]]


def test_a_long_way_round_parts_cells_that_touch() -> None:
    squares = gpd.GeoSeries([box(200 * i, 0, 200 * i + 200, 200) for i in range(4)], crs=2154)
    walks = np.abs(np.arange(4.0)[:, None] - np.arange(4.0)[None]) * 4.0
    walks[:2, 2:] += 30.0  # a canal between the second and the third
    walks[2:, :2] += 30.0
    assert walked_links(squares, walks).tolist() == [[0, 1], [2, 3], [1, 2]]  # joined at the bridge
    assert joined_links(LINKS, np.array([0, 0, 1, 1])).tolist() == [[0, 1]]


def names_of(*members: str) -> tuple[str, ...]:
    people = pd.Series([10.0, 30.0, 20.0, 0.0], IDS)
    commune = pd.Series(["x", "x", "x", "y"], IDS)
    part = pd.Series(["Gare", "Gare", "Centre", pd.NA], IDS)
    return area_names(members, people, commune, part, pd.Series({"x": "Bourg", "y": "Val"}))


def test_areas_are_named_whole_or_by_their_parts() -> None:
    assert names_of("c0", "c1", "c2", "c3") == ("Bourg", "Val")
    assert names_of("c1", "c3") == ("Bourg : Gare", "Val")
    assert names_of("c0") == ("Bourg (en partie)",)  # a quarter of the Gare is not the Gare


def test_the_part_of_a_cell_is_the_iris_of_its_middle() -> None:
    cells = gpd.GeoDataFrame(
        geometry=[box(0, 0, 1, 1), box(5, 5, 6, 6)], index=["a", "b"], crs=2154
    )
    iris = conform(
        pd.DataFrame({"name": ["Gare"], "geometry": [box(0, 0, 2, 2)]}, index=["i"]), IRIS
    )
    assert cell_parts(cells, iris)["a"] == "Gare"
    assert cell_parts(cells, iris).isna().tolist() == [False, True]
    assert cell_parts(cells, iris.iloc[:0]).isna().all()


def places() -> pd.DataFrame:
    data = {
        "name": ["Centre social", "Foyer", "Mairie", "Club"],
        "status": ["active", "rencontree", "recensee", "active"],
        "geometry": None,
    }
    return conform(pd.DataFrame(data, index=["p1", "p2", "p3", "p4"]), PLACES)


def test_takeovers_name_partners_but_never_a_sensitive_place() -> None:
    met = partners_met(
        places(), pd.Series({"p1": 1.0, "p2": 1.0, "p3": 1.0, "p4": np.nan}), frozenset({"p2"})
    )
    people = np.array([10.0, 30.0, 20.0, 20.0])
    before = [frozenset({"A"}), frozenset({"A"}), frozenset({"B"}), frozenset()]
    after = [frozenset({"A"}), frozenset({"B"}), frozenset({"B"}), frozenset({"B"})]
    found = takeovers(before, after, people, met, lambda units: tuple(f"u{u}" for u in units))
    assert [(t.former, t.new, t.areas, t.people) for t in found] == [
        (("A",), ("B",), ("u1",), 30.0),
        ((), ("B",), ("u3",), 20.0),
    ]
    assert (found[0].partners, found[0].hidden) == (("Centre social",), 1)
    weight = handover_weight(people, met)
    assert weight.tolist() == [10.0, 30.0 + 2 * RELATION_PEOPLE, 20.0, 20.0]


def test_settings_of_sectors_refuse_nonsense() -> None:
    with pytest.raises(ValueError, match="tolerance"):
        Sectors.model_validate({"tolerance": -1})
    with pytest.raises(ValueError, match="limites"):
        Sectors.model_validate({"limites": "dures"})
