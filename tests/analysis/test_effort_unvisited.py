"""Where nobody came for long: as a database would answer, and by hand."""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point, box

from territory.analysis.effort import outings_in
from territory.analysis.effort_areas import area_of_cells, blocks_of, cell_shares, named_areas
from territory.analysis.effort_unvisited import (
    LATELY,
    LONG_AGO,
    NEVER,
    UNKNOWN_SLOT,
    Waiting,
    cells_waiting,
    half_day_slots,
    unvisited,
)
from territory.model.tables import ACTIVITIES, CELLS, ZONES, conform
from tests.analysis import town

if TYPE_CHECKING:
    import geopandas as gpd

TODAY = date(2026, 11, 1)
RULE = Waiting(TODAY, reach_min=3.0, weeks=8)


def outings(rows: list[dict[str, object]]) -> gpd.GeoDataFrame:
    usual = {"state": "realise", "kind": "maraude", "start_min": 540, "geometry": None}
    table = pd.DataFrame([usual | r for r in rows], columns=ACTIVITIES.names())
    table["on"] = pd.to_datetime(table["on"])
    return conform(table.set_axis([f"a{k:03d}" for k in range(len(rows))]), ACTIVITIES)


def areas() -> gpd.GeoDataFrame:
    return named_areas(town.zones(), town.communes(), town.iris())


def told(rows: list[dict[str, object]], rule: Waiting = RULE) -> tuple[pd.DataFrame, pd.DataFrame]:
    done, ground = outings(rows), areas()
    shares = cell_shares(ground, town.cells())
    return unvisited(ground, shares, done, town.minutes(done), town.cells(), rule)


def test_areas_are_quarters_communes_and_iris() -> None:
    table = areas()
    assert table.index.tolist() == ["commune:93001", "iris:I1", "iris:I2", "qpv:QN1"]
    assert table.loc["qpv:QN1", "name"] == "Les Tilleuls"
    shares = cell_shares(table, town.cells())
    half = shares[(shares["area_id"] == "qpv:QN1") & (shares["cell_id"] == "c40")]
    assert half["share"].tolist() == pytest.approx([0.5])


def test_weeks_by_hand() -> None:
    west = {"on": "2026-10-05", "geometry": Point(100, 100)}
    east = {"on": "2026-08-01", "geometry": Point(950, 100), "kind": "permanence"}
    table, apart = told([west, east])
    assert table.index.tolist() == ["iris:I2", "qpv:QN1", "commune:93001", "iris:I1"]
    assert table["weeks_since"].tolist() == [13, 13, 3, 3]
    assert table["state"].tolist() == [LONG_AGO, LONG_AGO, LATELY, LATELY]
    assert table.loc["commune:93001", "residents"] == pytest.approx(2000)
    assert table.loc["iris:I2", "residents_unvisited"] == pytest.approx(800)
    own = apart[apart["area_id"] == "iris:I1"].set_index("value")
    assert own.loc["maraude", "weeks_since"] == 3
    assert own.loc["permanence", "state"] == NEVER
    assert own.loc["lundi matin", "outings"] == 1
    assert pd.isna(own.loc["samedi matin", "weeks_since"])


def test_never_is_a_class_of_its_own_and_comes_first() -> None:
    table, apart = told([{"on": "2026-01-02", "geometry": Point(100, 100)}])
    assert table["state"].tolist() == [NEVER, NEVER, LONG_AGO, LONG_AGO]
    assert table["weeks_since"].isna().tolist() == [True, True, False, False]
    assert table["last_on"].isna().tolist() == [True, True, False, False]
    assert apart["area_id"].unique().tolist() == table.index.tolist()
    nothing, none = told([])
    assert set(nothing["state"]) == {NEVER}
    assert nothing["residents_unvisited"].tolist() == nothing["residents"].tolist()
    assert none.empty
    assert none.columns.tolist() == apart.columns.tolist()


def test_a_day_decides_and_meetings_indoors_do_not_count() -> None:
    here = {"geometry": Point(100, 100)}
    states = [
        told([{"on": day, **here}])[0].loc["iris:I1", "state"]
        for day in ("2026-09-06", "2026-09-07")
    ]
    assert states == [LONG_AGO, LATELY]  # 56 and 55 days
    table, _ = told([{"on": "2026-10-05", "kind": "reunion", **here}])
    assert set(table["state"]) == {NEVER}


def test_an_outing_without_a_point_touches_what_it_names() -> None:
    table, _ = told([{"on": "2026-10-05", "commune_code": "93001"}])
    assert table.index[table["state"] == LATELY].tolist() == ["commune:93001"]
    table, _ = told([{"on": "2026-10-05", "qpv_code": "QN1"}])
    assert table.index[table["state"] == LATELY].tolist() == ["qpv:QN1"]


def test_inside_counts_without_any_street() -> None:
    done, ground = outings([{"on": "2026-10-05", "geometry": Point(650, 50)}]), areas()
    nowhere = pd.DataFrame(np.inf, index=town.IDS, columns=done.index)
    table, _ = unvisited(
        ground, cell_shares(ground, town.cells()), done, nowhere, town.cells(), RULE
    )
    assert table.index[table["state"] == LATELY].tolist() == ["commune:93001", "iris:I2", "qpv:QN1"]


def test_any_set_of_cells_is_an_area() -> None:
    ground = area_of_cells("mine", "Le coin", ["c00", "c01"], town.cells())
    done = outings([{"on": "2026-10-05", "geometry": Point(150, 150)}])
    shares = cell_shares(ground, town.cells())
    table, _ = unvisited(ground, shares, done, town.minutes(done), town.cells(), RULE)
    assert table.loc["zone:mine", ["kind", "state", "weeks_since"]].tolist() == ["zone", LATELY, 3]
    assert table.loc["zone:mine", "residents"] == pytest.approx(200)


def test_blocks_are_the_touching_cells_that_wait() -> None:
    done = outings([{"on": "2026-10-05", "geometry": Point(500, y)} for y in (100, 300, 500, 700)])
    rule = Waiting(TODAY, reach_min=3.0, weeks=8)  # 225 m: the middle column and its neighbours
    waiting = cells_waiting(town.cells(), done, town.minutes(done), rule)
    assert waiting == [f"c{x}{y}" for x in (0, 4) for y in range(4)]
    blocks = blocks_of(waiting, town.cells(), areas())
    assert blocks.index.tolist() == ["secteur:c00", "secteur:c40"]
    assert blocks["name"].tolist() == ["A", "B"]
    assert blocks.area.tolist() == pytest.approx([160_000, 160_000])
    empty = blocks_of([], town.cells(), areas())
    assert empty.empty
    few = conform(town.cells().assign(residents=10.0), CELLS)
    assert blocks_of(waiting, few, areas()).empty


def test_half_day_slots() -> None:
    table = outings([
        {"on": "2026-10-05", "start_min": 540}, {"on": "2026-10-06", "start_min": 840},
        {"on": "2026-10-07", "start_min": None},
    ])  # fmt: skip
    assert half_day_slots(table).tolist() == ["lundi matin", "mardi apres-midi", UNKNOWN_SLOT]


def test_no_zone_at_all() -> None:
    ground = named_areas(
        conform(town.zones().iloc[:0], ZONES), town.communes().iloc[:0], town.iris().iloc[:0]
    )
    done = outings([{"on": "2026-10-05", "geometry": Point(100, 100)}])
    shares = cell_shares(ground, town.cells())
    table, apart = unvisited(ground, shares, done, town.minutes(done), town.cells(), RULE)
    assert table.empty
    assert apart.empty


def test_a_year_of_outings_answers_as_a_database_does() -> None:
    rng = np.random.default_rng(3)
    kinds = ["maraude", "permanence", "reunion", "tour_de_rue"]
    rows = [
        {
            "on": pd.Timestamp(TODAY) - pd.Timedelta(days=int(d)),
            "state": str(rng.choice(["realise", "annule"], p=[0.8, 0.2])),
            "kind": str(rng.choice(kinds)),
            "geometry": Point(rng.uniform(-300, 1300), rng.uniform(-300, 1100)),
        }
        for d in rng.integers(0, 420, 60)
    ]
    done, ground, rule = outings(rows), areas(), Waiting(TODAY, 2.0, 8)
    minutes = town.minutes(done)
    kept = outings_in(done, TODAY, 12)
    shares = cell_shares(ground, town.cells())
    table, apart = unvisited(ground, shares, kept, minutes, town.cells(), rule)
    expected = _oracle(done, ground, shares, minutes)
    days = (pd.Timestamp(TODAY) - table["last_on"]).dt.days
    assert {k: None if pd.isna(d) else int(d) for k, d in days.items()} == expected[None]
    for kind in ("maraude", "permanence", "tour_de_rue"):
        own = apart[(apart["by"] == "kind") & (apart["value"] == kind)].set_index("area_id")
        days = (pd.Timestamp(TODAY) - own["last_on"]).dt.days
        assert {k: None if pd.isna(d) else int(d) for k, d in days.items()} == expected[kind]


def _oracle(
    done: gpd.GeoDataFrame, ground: gpd.GeoDataFrame, shares: pd.DataFrame, minutes: pd.DataFrame
) -> dict[str | None, dict[str, int | None]]:
    base = sqlite3.connect(":memory:")
    base.executescript(
        "CREATE TABLE o(id, on_, state, kind); CREATE TABLE near(id, cell, m);"
        "CREATE TABLE inside(id, area); CREATE TABLE share(area, cell); CREATE TABLE area(area);"
    )
    days = done["on"].dt.strftime("%Y-%m-%d")
    base.executemany("INSERT INTO o VALUES(?,?,?,?)",
                     [(i, days[i], str(done.loc[i, "state"]), str(done.loc[i, "kind"])) for i in done.index])  # fmt: skip  # noqa: E501
    base.executemany("INSERT INTO near VALUES(?,?,?)",
                     [(a, c, float(minutes.loc[c, a])) for a in minutes for c in minutes.index])  # fmt: skip  # noqa: E501
    base.executemany("INSERT INTO inside VALUES(?,?)",
                     [(i, k) for i in done.index for k in ground.index
                      if ground.geometry[k].intersects(done.geometry[i])])  # fmt: skip
    base.executemany("INSERT INTO share VALUES(?,?)", shares[["area_id", "cell_id"]].to_numpy())
    base.executemany("INSERT INTO area VALUES(?)", [(k,) for k in ground.index])
    query = (
        "SELECT area.area, MIN(julianday('2026-11-01') - julianday(o.on_)) FROM area LEFT JOIN "
        "(SELECT area, id FROM share JOIN near USING(cell) WHERE m <= 2.0 UNION "
        "SELECT area, id FROM inside) t ON t.area = area.area LEFT JOIN o ON o.id = t.id AND "
        "o.state = 'realise' AND o.kind <> 'reunion' AND o.on_ > '2025-11-01' AND "
        "(?1 IS NULL OR o.kind = ?1) GROUP BY area.area"
    )
    kinds = (None, "maraude", "permanence", "tour_de_rue")
    found = {
        kind: {a: None if d is None else round(d) for a, d in base.execute(query, (kind,))}
        for kind in kinds
    }
    base.close()
    return found


def test_quarters_of_another_generation_are_left_out() -> None:
    data = {"name": ["Vieux", "Neuf"], "kind": "qpv", "generation": [2015, 2024],
            "geometry": [box(0, 0, 200, 200), box(600, 0, 900, 800)]}  # fmt: skip
    table = named_areas(
        conform(pd.DataFrame(data, index=["Q1", "Q2"]), ZONES), town.communes(), town.iris()
    )
    assert table.index[table["kind"] == "qpv"].tolist() == ["qpv:Q2"]
