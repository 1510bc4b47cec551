"""A drawn country: exact counts, statistics of real towns, same bytes, read by the real readers."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from scripts.make_country import main
from territory.errors import WrongUsage
from territory.io.hashing import file_sha256
from territory.pipeline.steps import build
from territory.pipeline.workspace import open_territory
from territory.simulate.country import draw_town, listing, plan_country, write_country
from territory.simulate.country_files import TRUTH
from territory.simulate.country_people import draw_people
from territory.simulate.country_planting import plant_town
from territory.simulate.country_statistics import BONDY, CHOSEN, QUANTILES, QUARTERS, STREETS
from territory.simulate.country_streets import outline
from territory.simulate.country_team import draw_team

if TYPE_CHECKING:
    from pathlib import Path

    from territory.simulate.country_people import DrawnPeople
    from territory.simulate.country_plan import TownPlan
    from territory.simulate.country_planting import DrawnZones
    from territory.simulate.country_streets import DrawnStreets

SMALL = {"towns": 6, "quarters": 14, "nodes": 20_000, "seed": 5}


@pytest.mark.parametrize(
    ("towns", "quarters", "nodes"),
    [(300, 1500, 6_000_000), (300, 1500, 50_000_000), (1, 1, 10_000), (7, 30, 99_999)],
)
def test_totals_are_met_exactly(towns: int, quarters: int, nodes: int) -> None:
    plans = plan_country(towns=towns, quarters=quarters, nodes=nodes, seed=1)
    assert len({plan.slug for plan in plans}) == towns
    assert sum(plan.nodes for plan in plans) == nodes
    assert sum(plan.quarters for plan in plans) == quarters
    assert min(plan.quarters for plan in plans) >= 1
    codes = [code for plan in plans for code in plan.communes]
    assert len(codes) == len(set(codes))
    assert all(code.startswith(plan.departement) for plan in plans for code in plan.communes)


def test_sizes_have_a_heavy_tail_and_towns_lie_apart() -> None:
    plans = plan_country(seed=2)
    sizes = np.array([plan.nodes for plan in plans])
    assert sizes.max() > 15 * np.median(sizes)
    squares = [shapely.box(p.x, p.y, p.x + p.side_m, p.y + p.side_m) for p in plans]
    first, second = shapely.STRtree(squares).query(squares, predicate="intersects")
    assert (first == second).all()


@pytest.mark.parametrize("wrong", [{"towns": 0}, {"quarters": 5}, {"nodes": 1000}, {"seed": -1}])
def test_a_country_that_cannot_be_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(WrongUsage):
        plan_country(**{**SMALL, **wrong})


def _one(nodes: int, quarters: int = 40) -> TownPlan:
    return plan_country(towns=1, quarters=quarters, nodes=nodes)[0]


@pytest.fixture(scope="module")
def drawn() -> tuple[DrawnStreets, DrawnPeople, DrawnZones]:
    streets, people, zones, *_ = draw_town(_one(150_000))
    return streets, people, zones


@pytest.fixture(scope="module")
def large(
    drawn: tuple[DrawnStreets, DrawnPeople, DrawnZones],
) -> tuple[DrawnStreets, DrawnPeople]:
    return drawn[:2]


def test_streets_look_like_real_ones(large: tuple[DrawnStreets, DrawnPeople]) -> None:
    """Every figure lies between the least and the most of Bondy, Heidelberg and Porto."""
    streets, _ = large
    assert len(streets.xy) == 150_000
    way = np.repeat(np.arange(len(streets.start) - 1), np.diff(streets.start))
    same = way[1:] == way[:-1]
    tail, head = streets.node[:-1][same], streets.node[1:][same]
    step_m = np.linalg.norm(streets.xy[tail] - streets.xy[head], axis=1)
    degree = np.bincount(np.r_[tail, head], minlength=len(streets.xy))
    assert degree.min() >= 1
    shares = np.bincount(degree) / len(degree)
    told = {
        "ends": shares[1], "bends": shares[2], "threes": shares[3], "fours": shares[4],
        "step_mean_m": step_m.mean(), "way_nodes": np.diff(streets.start).mean(),
        "segment_m": step_m.sum() / (degree[degree != 2].sum() / 2),
        "stairs": (streets.kind == "steps").mean(),
    }  # fmt: skip
    for name, value in told.items():
        real = [getattr(town, name) for town in STREETS.values()]
        assert min(real) <= value <= max(real), name
    middle = np.quantile(step_m, QUANTILES)[2]
    assert min(t.step_m[2] for t in STREETS.values()) <= middle <= 18.6


def test_people_live_as_in_bondy(large: tuple[DrawnStreets, DrawnPeople]) -> None:
    cells = large[1].cells
    live = cells.residents > 0
    assert live.mean() == pytest.approx(BONDY.inhabited, abs=0.02)
    found = np.quantile(cells.residents[live], QUANTILES)
    assert found == pytest.approx(np.array(BONDY.residents), rel=0.05)
    assert cells.residents[live].mean() == pytest.approx(BONDY.residents_mean, rel=0.1)
    assert np.quantile(cells.poor, QUANTILES) == pytest.approx(np.array(BONDY.poor), rel=0.05)


def test_quarters_look_like_real_ones(large: tuple[DrawnStreets, DrawnPeople]) -> None:
    people = large[1]
    quarters, cells = people.quarters, people.cells
    assert len(quarters) == 40
    area, length = shapely.area(quarters), shapely.length(quarters)
    assert np.log(area / 1e4).mean() == pytest.approx(QUARTERS.log_ha[0], abs=0.4)
    assert np.log(area / 1e4).std() == pytest.approx(QUARTERS.log_ha[1], abs=0.3)
    compact = np.median(4 * np.pi * area / length**2)
    assert QUARTERS.compact[1] < compact < QUARTERS.compact[3]
    filled = np.median(area / shapely.area(shapely.convex_hull(quarters)))
    assert QUARTERS.filled[1] < filled < QUARTERS.filled[3]
    assert area.sum() == pytest.approx(shapely.union_all(quarters).area)
    inside = shapely.contains_xy(shapely.union_all(quarters), *cells.xy.T)
    poor = [
        np.average(cells.poor[rows], weights=cells.residents[rows])
        for rows in (inside, np.ones(len(inside), bool))
    ]
    assert poor[0] / poor[1] == pytest.approx(QUARTERS.poverty_ratio, abs=0.25)
    share = cells.residents[inside].sum() / cells.residents.sum()
    assert share == pytest.approx(QUARTERS.share_of_people, abs=0.03)


@pytest.mark.parametrize("hosts", [3, 40, 400])
def test_a_team_of_any_size_goes_out_as_much(
    drawn: tuple[DrawnStreets, DrawnPeople, DrawnZones], hosts: int
) -> None:
    _, people, zones = drawn
    held = replace(zones, permanences=np.resize(zones.permanences, hosts))
    found = draw_team(_one(150_000), people, held)
    assert len(found.team) == max(round(hosts / CHOSEN.permanences_per_worker), 2)
    log = found.activities
    assert not log.duplicated(["date", "heure_debut", "agents"]).any()
    assert len(log) / len(found.team) == pytest.approx(CHOSEN.activities_per_worker, rel=0.2)
    assert 0.35 < (log["type_activite"] != "permanence").mean() < 0.6


def test_a_district_where_nobody_lives_is_left_as_it_is() -> None:
    plan = _one(60_000)
    cells = draw_people(plan, outline(plan)).cells
    west = cells.xy[:, 0] < np.median(cells.xy[:, 0])
    empty = replace(
        cells,
        residents=np.where(west, 0.0, cells.residents),
        target=np.where(west, 0.0, cells.target),
    )
    found = plant_town(plan, empty)
    assert found.zone.max() >= 1
    assert not found.rates[west].any()
    assert not west[found.permanences].any()


def test_same_bytes_whatever_the_processes_and_the_towns_drawn(tmp_path: Path) -> None:
    plans = plan_country(**SMALL)
    for _ in write_country(tmp_path / "one", plans):
        pass
    for _ in write_country(tmp_path / "two", plans, processes=2):
        pass
    alone = plans[3]
    for _ in write_country(tmp_path / "alone", plans, only=[alone.slug]):
        pass
    one, two, third = (_hashes(tmp_path / name) for name in ("one", "two", "alone"))
    assert one == two
    mine = f"{alone.departement}/{alone.slug}/"
    expected = {k: v for k, v in one.items() if k.startswith(mine) or k == "liste.csv"}
    assert third == expected


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): file_sha256(p) for p in files}


def test_the_list_names_every_town_once() -> None:
    plans = plan_country(**SMALL)
    head, *rows = listing(plans).splitlines()
    assert head == "territoire;dossier;departement;reseau"
    assert sorted(row.split(";")[0] for row in rows) == sorted(plan.slug for plan in plans)
    assert all(row.split(";")[1] == f"{row.split(';')[2]}/{row.split(';')[0]}" for row in rows)


def test_a_town_that_is_not_there_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--towns", "2", "--quarters", "2", "--nodes", "4000", "--only", "paris"]
    assert main([str(tmp_path / "pays"), *arguments]) == 2
    assert "paris" in capsys.readouterr().err


def test_a_town_is_built_by_the_real_readers_and_its_zones_are_found(tmp_path: Path) -> None:
    """Every planted zone of a town of 10,000 nodes lies, for half of it, in a leading zone."""
    plans = plan_country(towns=1, quarters=3, nodes=10_000, seed=1)
    assert (
        main([str(tmp_path), "--towns", "1", "--quarters", "3", "--nodes", "1e4", "--seed", "1"])
        == 0
    )
    folder = tmp_path / plans[0].departement / plans[0].slug
    territory = open_territory(folder)
    built = build(territory)
    refused = [issue for report in built.reports for issue in report.issues if issue.refused]
    assert not refused
    assert len(built.table("zones")) == 3
    truth = json.loads((folder / TRUTH).read_text(encoding="utf-8"))["zones"]
    assert truth
    for zone in truth:
        planted = set(zone["cells"])
        best = max(built.gaps[:3], key=lambda gap: len(planted & set(gap.cells)))
        assert 2 * len(planted & set(best.cells)) >= len(planted)
