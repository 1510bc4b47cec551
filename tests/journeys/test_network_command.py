"""`territory network` on the fictional town: French lines, one JSON object, three files."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from territory.cli import run
from territory.pipeline.network_check import network_audit, walked
from territory.pipeline.workspace import open_territory
from tests.network.audit_towns import barrier

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def folder(demo_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    here = tmp_path_factory.mktemp("reseau") / "ville"
    shutil.copytree(demo_town, here, ignore=shutil.ignore_patterns("outputs"))
    return here


def test_it_tells_in_french_and_writes_map_layers_and_report(folder: Path, capsys) -> None:
    assert run(["network", str(folder)]) == 0
    told = capsys.readouterr().out
    assert "Réseau piéton :" in told
    assert "Fichiers écrits :" in told
    written = sorted(p.name for p in (folder / "outputs").iterdir())
    assert written == ["reseau.gpkg", "reseau.html", "reseau.txt"]
    assert "À regarder d’abord" in told


def test_json_is_one_object_with_every_fault(folder: Path, capsys) -> None:
    assert run(["network", str(folder), "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert list(value) == ["resume", "defauts", "fichiers"]
    for fault in value["defauts"]:
        assert fault["que_faire"].endswith(".")
        assert fault["x"] > 0


def test_twice_the_same_bytes(folder: Path) -> None:
    run(["network", str(folder)])
    before = {p.name: p.read_bytes() for p in (folder / "outputs").iterdir()}
    run(["network", str(folder)])
    assert {p.name: p.read_bytes() for p in (folder / "outputs").iterdir()} == before


def test_sensitive_places_are_never_named(folder: Path) -> None:
    run(["network", str(folder)])
    for path in (folder / "outputs").iterdir():
        assert b"Lieu de vie informel" not in path.read_bytes(), path.name


def test_barriers_kept_with_the_streets_cut_them(folder: Path) -> None:
    built = walked(open_territory(folder))
    walk = built.products["40_walk"]
    west, south, east, north = walk.tables["segments"].total_bounds
    middle = (south + north) / 2
    wall = barrier(("rail", "ligne 4", [(west, middle), (east, middle)]))
    tables = {**walk.tables, "barriers": wall}
    walled = replace(built, products={**built.products, "40_walk": replace(walk, tables=tables)})
    found = network_audit(walled)
    assert found.barriers_known
    assert set(found.cut_streets["barrier"]) <= {"ligne 4"}
    bare = {name: t for name, t in walk.tables.items() if name != "barriers"}
    without = replace(built, products={**built.products, "40_walk": replace(walk, tables=bare)})
    assert not network_audit(without).barriers_known
