"""Product 55 on the fictional town, then with a permanence and residents just across the border."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point, box

from territory.analysis.access_slots import SLOT_TITLES
from territory.analysis.access_supply import SUPPLY_TITLES
from territory.cli import run
from territory.io.around import read_around
from territory.io.intake import open_raw
from territory.io.products import read_product
from territory.pipeline import steps
from territory.pipeline.access import access_step
from territory.pipeline.walking import network_of, walk_step, walked
from territory.pipeline.workspace import Territory, open_territory

if TYPE_CHECKING:
    from pathlib import Path

    from territory.io.products import Product

TABLES = {"access", "slots", "permanences", "supply", "staffing", "slot_reach", "agreement"}
SQUARE = re.compile(r"mN(\d+)E(\d+)")
HEADER = "id_fs;lib_fs;adresse;insee_com;lib_com;latitude;longitude;format_fs"
SLOTS = "code_agent;jour;debut;fin;semaine;type;id_partenaire"


def products(territory: Territory) -> dict[str, Product]:
    """Compute what product 55 rests on, and it."""
    ground = steps.ground_step(territory)
    places = steps.places_step(territory, ground)
    activity = steps.activity_step(territory, ground, places)
    walk = walk_step(territory, ground, places, activity)
    need = steps.need_step(territory, ground, places)
    access = access_step(territory, ground, places, activity, walk, need)
    return {p.name: p for p in (ground, places, activity, walk, need, access)}


@pytest.fixture(scope="module")
def alone(demo_town: Path) -> dict[str, Product]:
    """The products of the fictional town as it is."""
    return products(open_territory(demo_town))


def door(alone: dict[str, Product]) -> Point:
    """A spot 100 m beyond the border, in front of the end of the most eastern street."""
    nodes = alone["40_walk"].tables["graph_nodes"]
    last = nodes.loc[nodes["x"].idxmax()]
    border = alone["10_zones"].tables["communes"].total_bounds[2]
    return Point(border + 100, last["y"])


@pytest.fixture(scope="module")
def neighboured(alone: dict[str, Product], demo_town: Path, tmp_path_factory) -> Path:
    """The town with residents and a permanence of a published list just across the border."""
    folder = tmp_path_factory.mktemp("voisins") / "ville"
    shutil.copytree(demo_town, folder)
    files = tmp_path_factory.mktemp("fichiers")
    spot = gpd.GeoSeries([door(alone)], crs=2154).to_crs(4326)[0]
    line = f"7777;France services d'à côté;1 rue X;00999;Voisinville;{spot.y};{spot.x};Fixe"
    (files / "fs_voisine.csv").write_text(f"{HEADER}\n{line}\n", encoding="utf-8")
    slot = "M1;vendredi;14h;17h;toutes;permanence;fs-7777"
    (files / "permanence_voisine.csv").write_text(f"{SLOTS}\n{slot}\n", encoding="utf-8")
    communes = alone["10_zones"].tables["communes"]
    grid = next((folder / "data" / "raw").glob("filosofi*.csv"))
    (files / "filosofi_voisins.csv").write_text(widened(grid, communes), encoding="utf-8")
    assert run(["add", str(folder), *map(str, sorted(files.iterdir()))]) == 0
    return folder


def widened(grid: Path, communes: gpd.GeoDataFrame) -> str:
    """Return the grid with squares like its first one all around the eastern half, outside."""
    lines = grid.read_text(encoding="utf-8").splitlines()
    known = {(int(m[1]), int(m[2])) for x in lines[1:] if (m := SQUARE.search(x))}
    land = communes.geometry.union_all()
    north, east = (sorted({k[i] for k in known}) for i in (0, 1))
    squares = gpd.GeoSeries(
        {
            (n, e): box(e, n, e + 200, n + 200)
            for n in range(north[0] - 2000, north[-1] + 2000, 200)
            for e in range(east[0], east[-1] + 2000, 200)
        },
        crs=3035,
    ).to_crs(2154)
    middle = (communes.total_bounds[0] + communes.total_bounds[2]) / 2
    free = squares[squares.disjoint(land) & (squares.centroid.x > middle)]
    more = [SQUARE.sub(f"mN{n}E{e}", lines[1], count=1) for n, e in free.index]
    return "\n".join([*lines, *more]) + "\n"


def test_the_tables_of_product_55(alone: dict[str, Product]) -> None:
    tables, cells = alone["55_access"].tables, alone["10_zones"].tables["cells"]
    assert set(tables) == TABLES
    for name in ("access", "slots", "supply"):
        assert tables[name].index.equals(cells.sort_index().index), name
        assert tables[name].index.name == "cell_id"
    assert list(tables["supply"]) == list(SUPPLY_TITLES)
    assert list(tables["slot_reach"]) == list(SLOT_TITLES)
    assert np.isfinite(tables["supply"].to_numpy()).all()
    assert (tables["supply"] >= 0).all(axis=None)
    unreached = np.isinf(tables["access"]["minutes_permanence"])
    assert unreached.any()
    assert (tables["supply"][unreached] == 0).all(axis=None)
    assert (tables["access"]["staff_h_1000"] == tables["supply"]["e2sfca_h_1000"]).all()


def test_the_hours_of_the_week_go_to_the_town_and_its_neighbours(alone) -> None:
    tables = alone["55_access"].tables
    hours = tables["staffing"]["staff_hours"].sum()
    assert hours == 18
    assert hours * 0.9 < tables["supply"]["captured_h"].sum() <= hours + 1e-9


def test_an_unchanged_town_is_not_computed_again(alone, demo_town: Path) -> None:
    again = products(open_territory(demo_town))
    assert again["55_access"].digest == alone["55_access"].digest
    assert read_product(demo_town / "data" / "processed", "55_access").digest == (
        alone["55_access"].digest
    )


def test_neighbours_are_read_once_outside_and_have_no_commune(neighboured: Path) -> None:
    territory = open_territory(neighboured)
    communes = steps.ground_step(territory).tables["communes"]
    inside = communes.geometry.union_all()
    around = read_around(open_raw(neighboured), communes, epsg=2154)
    assert around.cells["commune_code"].isna().all()
    assert around.cells.geometry.intersection(inside).area.max() < 1
    assert around.cells.geometry.distance(inside).max() < 2000
    assert around.places.index.tolist() == ["fs-7777"]
    whole = steps.ground_step(territory).tables["cells"]
    both = whole.index.intersection(around.cells.index)
    assert len(both)
    total = whole.loc[both, "inside_share"] + around.cells.loc[both, "inside_share"]
    assert total.max() <= 1 + 1e-6  # a square across the border is shared, not counted twice
    none = read_around(open_raw(neighboured), communes, epsg=2154, margin_m=0)
    assert (len(none.cells), len(none.places)) == (0, 0)


def test_a_permanence_across_the_border_serves_and_shows_nowhere(alone, neighboured) -> None:
    found = products(open_territory(neighboured))
    before, after = alone["55_access"].tables, found["55_access"].tables
    assert after["access"].index.equals(before["access"].index)
    assert len(found["20_places"].tables["places"]) == len(alone["20_places"].tables["places"])
    walk = after["slots"]["vendredi apres-midi"]
    assert np.isinf(before["slots"]["vendredi apres-midi"]).all()
    assert 2 < walk.min() < 15  # 100 m of field and some streets
    gained = after["access"]["permanence_place_id"] == "fs-7777"
    nearer = before["access"]["minutes_permanence"] > after["access"]["minutes_permanence"] + 1e-4
    assert gained.any()
    assert (gained == nearer).all()
    assert (after["supply"].loc[gained, "e2sfca_h_1000"] > 0).all()
    assert (after["access"]["structures_20"] >= before["access"]["structures_20"]).all()
    assert (after["access"]["structures_20"] > before["access"]["structures_20"]).any()
    assert after["slot_reach"].loc["vendredi apres-midi", "permanences"] == 1


def test_known_neighbours_ask_and_lift_the_flag(alone, neighboured: Path) -> None:
    found = products(open_territory(neighboured))
    facts = found["55_access"].facts["around"]
    assert facts["target"] > alone["55_access"].facts["around"]["target"] + 10
    edge = pd.DataFrame({"before": alone["55_access"].tables["access"]["edge"],
                         "after": found["55_access"].tables["access"]["edge"]})  # fmt: skip
    assert not (edge["after"] & ~edge["before"]).any()
    assert (edge["before"] & ~edge["after"]).any()
    asked = found["55_access"].tables["supply"]["captured_h"].sum()
    assert asked < found["55_access"].tables["staffing"]["staff_hours"].sum() - 0.1


def test_without_permanence_nobody_has_any(demo_town: Path, tmp_path: Path) -> None:
    folder = tmp_path / "ville"
    shutil.copytree(demo_town, folder)
    territory = open_territory(folder)
    found = products(territory)
    activity = found["30_activity"]
    nobody = activity.tables["availability"].iloc[:0]
    empty = replace(activity, tables={**activity.tables, "availability": nobody}, digest="vide")
    access = access_step(territory, found["10_zones"], found["20_places"], empty,
                         found["40_walk"], found["50_need"])  # fmt: skip
    assert (access.tables["supply"] == 0).all(axis=None)
    assert np.isinf(access.tables["access"]["minutes_permanence"]).all()
    assert access.facts["sentences"] == ["Aucune permanence dans la semaine."]


def slow_supply(people, hours, minutes) -> dict[str, float]:
    """E2SFCA one pair at a time, in hours for 1,000 people."""
    weigh = {
        (c, p): 0.5 ** ((t / 10) ** 2)
        for c, row in minutes.iterrows()
        for p, t in row.items()
        if p in hours and t <= 25
    }
    crowd = dict.fromkeys(hours, 0.0)
    for (c, p), w in weigh.items():
        crowd[p] += w * people[c]
    found = dict.fromkeys(people, 0.0)
    for (c, p), w in weigh.items():
        found[c] += 1000 * w * hours[p] / crowd[p]
    return found


def test_alone_the_hours_are_those_counted_pair_by_pair(alone, demo_town, tmp_path) -> None:
    folder = tmp_path / "ville"
    shutil.copytree(demo_town, folder)
    territory = open_territory(folder)
    limits = territory.settings.access.model_copy(update={"margin_m": 0.0})
    settings = territory.settings.model_copy(update={"access": limits})
    names = ("10_zones", "20_places", "30_activity", "40_walk", "50_need")
    inputs = [alone[name] for name in names]
    got = access_step(Territory(folder, settings, territory.raw), *inputs)
    cells, places = inputs[0].tables["cells"], inputs[1].tables["places"]
    minutes = walked(network_of(alone["40_walk"]), "c", cells, "p", places).table()
    rows = alone["30_activity"].tables["availability"]
    held = rows[rows["kind"] == "permanence"]  # one worker each, all weeks, this town
    hours = ((held["end_min"] - held["start_min"]) / 60).groupby(held["place_id"]).sum()
    people = alone["50_need"].tables["need"]["target"].fillna(0.0).to_dict()
    want = slow_supply(people, hours.astype(float).to_dict(), minutes.astype(float))
    assert got.tables["supply"]["e2sfca_h_1000"].to_dict() == pytest.approx(want, rel=1e-6)
    assert got.facts["around"] == {"cells": 0, "residents": 0.0, "target": 0.0, "places": 0}
    assert "du public est à moins de 800" in got.facts["edge"]


def test_hours_held_at_a_place_nobody_knows_are_told(alone, demo_town, tmp_path) -> None:
    folder = tmp_path / "ville"
    shutil.copytree(demo_town, folder)
    activity = alone["30_activity"]
    rows = activity.tables["availability"].copy()
    first = rows.index[rows["kind"] == "permanence"][0]
    rows.loc[first, "place_id"] = "P-ailleurs"
    moved = replace(activity, tables={**activity.tables, "availability": rows}, digest="autre")
    inputs = [alone[n] for n in ("10_zones", "20_places")]
    got = access_step(open_territory(folder), *inputs, moved, alone["40_walk"], alone["50_need"])
    assert got.facts["unplaced"].startswith("3,0 h de permanence par semaine ne sont comptées")
    assert "(P-ailleurs)" in got.facts["unplaced"]
    assert got.tables["supply"]["captured_h"].sum() <= 15
    assert got.tables["staffing"]["staff_hours"].sum() == 18
    assert alone["55_access"].facts["unplaced"] is None
