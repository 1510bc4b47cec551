"""The whole way on real files: init, add, check, build, zones, week, sites on Bondy."""

from __future__ import annotations

import json
from pathlib import Path  # noqa: TC003 - a fixture type

import pytest

from territory.cli import run
from territory.io.products import read_product
from tests.shared_folder import copy_of


@pytest.fixture(scope="module")
def bondy(built_bondy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A territory folder of real files, built, for one worker."""
    return copy_of(built_bondy, tmp_path_factory, "bondy")


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    """Run a command with --json and return its object; nothing else may be on standard output."""
    capsys.readouterr()
    assert run([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_check_reports_what_is_wrong_with_the_files(bondy: Path, capsys) -> None:
    code = run(["check", str(bondy)])
    text = capsys.readouterr().out
    assert code == 1  # rows without coordinates or geometry are refused and named
    assert "ligne" in text
    assert [p.name for p in (bondy / "outputs").glob("refus_????-??-??.csv")]


def test_zones_are_ranked_with_three_reasons(bondy: Path, capsys) -> None:
    zones = answer(capsys, "zones", str(bondy))["zones"]
    assert [z["rank"] for z in zones] == list(range(1, len(zones) + 1))
    assert all({r["kind"] for r in z["reasons"]} == {"besoin", "acces", "effort"} for z in zones)


def test_the_planted_blind_spot_of_the_north_is_found_first(bondy: Path, capsys) -> None:
    zones = answer(capsys, "zones", str(bondy))["zones"]
    assert "Bondy Nord" in zones[0]["name"] or "Blanqui" in zones[0]["name"]


def test_the_week_keeps_every_appointment(bondy: Path, capsys) -> None:
    plan = answer(capsys, "week", str(bondy), "2026-W45")
    fixed = [s for s in plan["sessions"] if s["fixed"]]
    kinds = [s["kind"] for s in fixed]
    assert kinds.count("permanence") == 2
    assert any("Forum simulé" in s["title"] for s in fixed)
    assert any(not s["fixed"] for s in plan["sessions"])
    assert not [w for w in plan["warnings"] if "contrôle du plan" in w]  # the independent judge
    assert plan["bound"] >= plan["value"] > 0


def test_what_a_team_holds_is_written(bondy: Path, capsys) -> None:
    plan = answer(capsys, "week", str(bondy), "2026-W45")
    folder = bondy / "outputs" / "2026-W45"
    for name in ("carte.html", "semaine.xlsx", "semaine.ics", "territoire.gpkg"):
        assert (folder / name).stat().st_size > 1000
    outings = [s for s in plan["sessions"] if s["stops"]]
    assert len(list((folder / "fiches").glob("*.pdf"))) == len(outings)
    assert len(list((folder / "traces").glob("*.gpx"))) == len(outings)


def test_access_says_what_the_two_permanences_give(bondy: Path) -> None:
    product = read_product(bondy / "data" / "processed", "55_access")
    access, supply = product.tables["access"], product.tables["supply"]
    reach = product.tables["slot_reach"]
    assert product.tables["staffing"]["staff_hours"].sum() == 6
    assert 5.9 < supply["captured_h"].sum() <= 6  # the rest goes to the neighbours known
    away = access["minutes_permanence"] == float("inf")
    assert away.any()
    assert (supply[away] == 0).all(axis=None)
    assert supply.notna().all(axis=None)
    assert reach.index[reach["permanences"] > 0].tolist() == ["mardi matin", "jeudi apres-midi"]
    assert reach.loc["jeudi apres-midi", "share_near"] == pytest.approx(0.55, abs=0.05)
    assert (product.tables["agreement"]["rank_agreement"] > 0.8).all()
    assert product.facts["around"]["places"] > 10  # published lists cover the neighbours
    assert access["edge"].mean() > 0.9  # the grid received stops at the town's border


def test_one_site_is_suggested_and_proved(bondy: Path, capsys) -> None:
    plan = answer(capsys, "sites", str(bondy), "--add", "1")
    assert len(plan["sites"]) == 1
    assert plan["ending"] == "optimal"


def test_a_second_build_computes_nothing(bondy: Path, capsys) -> None:
    before = {p: p.stat().st_mtime_ns for p in (bondy / "data" / "processed").rglob("*.json")}
    answer(capsys, "build", str(bondy))
    after = {p: p.stat().st_mtime_ns for p in (bondy / "data" / "processed").rglob("*.json")}
    assert after == before


def test_one_town_and_three_mediators_give_three_sectors_in_one_piece(bondy: Path, capsys) -> None:
    plan = answer(capsys, "sectors", str(bondy))
    assert [s["agents"] for s in plan["sectors"]] == [["M1"], ["M2"], ["M3"]]
    assert [s["pieces"] for s in plan["sectors"]] == [1, 1, 1]
    assert plan["load_deviation"] <= 0.05
    held = {s["agents"][0]: s["permanences"] for s in plan["sectors"]}
    assert held["M1"] == ["France services Point d'accès au droit de Bondy"]  # each keeps its door
    assert held["M2"] == ["France services de Bondy - MQC Brassens"]
