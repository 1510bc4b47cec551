"""`territory batch` as an operator types it: real workers, two real towns, one that is missing."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import duckdb
import pytest

from territory.batch.catalogue import parts_of, read_catalogue
from territory.batch.store import Store
from territory.cli import run
from territory.commands.many import check_installed
from territory.errors import WrongUsage
from tests.conftest import BUILT

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def country(untouched_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two folders of the fictional town, one never built, one built on a laptop; their list."""
    folder = tmp_path_factory.mktemp("pays")
    for name in ("neuve", "calculee"):
        shutil.copytree(untouched_demo, folder / name)
    shutil.rmtree(folder / "neuve" / "data" / "processed")
    lines = ["territoire;dossier;departement;reseau", "neuve;neuve;001;Est",
             "calculee;calculee;002;Est", "fantome;nulle-part;002;"]  # fmt: skip
    (folder / "liste.csv").write_text("\n".join(lines), encoding="utf-8")
    return folder


def batch(country: Path) -> list[str]:
    place = str(country / "magasin")
    return ["batch", str(country / "liste.csv"), "--store", place, "--workers", "2"]


@pytest.fixture(scope="module")
def told(country: Path) -> dict[str, Any]:
    """What the batch of the list told, in the store « magasin »; one territory is missing."""
    said = io.StringIO()
    with redirect_stdout(said):
        assert run([*batch(country), "--tout", "--json"]) == 3
    value: dict[str, Any] = json.loads(said.getvalue())
    return value


def test_a_batch_gives_what_build_gives(
    country: Path,
    untouched_demo: Path,
    told: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    place = country / "magasin"
    assert [t["state"] for t in told["territoires"]] == ["done", "done", "absent"]
    assert told["memoire_octets"] > 0
    for name in ("neuve", "calculee") if BUILT is None else ():  # else built by another version
        same_products(untouched_demo / "data" / "processed", place / "produits" / name)
    entries = read_catalogue(Store(str(place)))
    paths = [str(place / piece.path) for piece in parts_of(entries, "cells")]
    query = "select territoire, count(*), sum(residents) from read_parquet($1) group by all"
    (first, second) = duckdb.execute(query + " order by all", [paths]).fetchall()
    assert first[1:] == second[1:]
    query = "select state from read_parquet($1) where territoire = 'fantome'"
    assert duckdb.execute(query, [str(place / "catalogue.parquet")]).fetchall() == [("absent",)]
    assert run(batch(country)) == 3  # what has more is up to date too
    said = capsys.readouterr().out
    assert "2 déjà à jour" in said
    assert "Mio de mémoire au plus" in said
    assert "territory init" in said


def same_products(one: Path, other: Path) -> None:
    """Check that a folder of products holds, byte for byte, those of another but its weeks."""
    products = [p.name for p in one.iterdir() if p.is_dir() and not p.name.startswith("90")]
    files = [f for name in products for f in (one / name).iterdir()]
    assert len(files) > 40
    for file in files:
        assert (other / file.parent.name / file.name).read_bytes() == file.read_bytes(), file.name


def test_refused_requests(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "liste.csv"
    empty.write_text("territoire;dossier;departement\n", encoding="utf-8")
    assert run(["batch", str(tmp_path / "rien.csv"), "--store", str(tmp_path)]) == 1
    assert run(["batch", str(empty), "--store", str(tmp_path)]) == 1
    assert run(["batch", str(empty)]) == 2
    said = capsys.readouterr().err
    assert "n'existe pas" in said
    assert "ne nomme aucun territoire" in said


def test_nothing_else_loads_dask(demo_town: Path) -> None:
    for words in (["--help"], ["build", str(demo_town)]):
        code = (
            "import sys; from territory.cli import run; code = run(sys.argv[1:]); "
            "sys.exit(code or sorted({'dask', 'distributed'} & set(sys.modules)) or 0)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, *words], cwd=ROOT, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr


def test_without_the_extra() -> None:
    with pytest.raises(WrongUsage, match="Il manque paquet_absent"):
        check_installed("fsspec", "paquet_absent")


@pytest.mark.usefixtures("told")
def test_questions_on_two_real_towns(country: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same town twice in one network: its people, quarters and activities count once."""
    place = country / "magasin"
    said = {}
    for words in (["indicators", "--niveau", "reseau"], ["rank"], ["compare"], ["extension"]):
        assert run(["across", str(place), *words, "--json"]) == 0
        said[words[0]] = json.loads(capsys.readouterr().out)
        assert said[words[0]]["non_comptes"] == ["fantome"]
    one, other = said["compare"]["lignes"]
    assert one["contacts"] == other["contacts"] > 0
    informed = [r for r in said["indicators"]["lignes"] if r["definition"] == "E1"]
    assert {r["value"] for r in informed} == {one["contacts"]}
    assert said["indicators"]["doublons"] > 0
    codes = [r["code"] for r in said["rank"]["lignes"]]
    assert len(codes) == len(set(codes)) > 0
    assert said["extension"]["fin"] == "optimal"
