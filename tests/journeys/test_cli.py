"""The command line as a coordinator meets it: French sentences, exit codes, one JSON object."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from territory.cli import run
from territory.io.products import MANIFEST

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A new territory without any file."""
    folder = tmp_path / "territoire"
    assert run(["init", str(folder), "--communes", "00101"]) == 0
    return folder


def said(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    return captured.out + captured.err


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["week"], 2, "Il manque « DOSSIER »"),
        (["zones", "x", "--nope"], 2, "L'option « --nope » n'existe pas"),
        (["danser"], 2, "territory --help"),
        (["zones", "introuvable"], 2, "territory init"),
        (["sites", "x", "--add", "beaucoup"], 2, "n'est pas possible"),
    ],
)
def test_wrong_usage_is_said_in_french(arguments, code: int, message: str, capsys) -> None:
    assert run(arguments) == code
    assert message in said(capsys)


def test_help_is_in_french(capsys) -> None:
    assert run([]) == 0
    assert "Où l'équipe manque" in said(capsys)


def test_a_missing_source_says_which_and_what_to_do(empty: Path, capsys) -> None:
    assert run(["zones", str(empty)]) == 1
    text = said(capsys)
    assert "Il manque un fichier : limites communales" in text
    assert "territory add" in text


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("vide.csv", b"", "est vide"),
        ("photo.png", b"\x89PNG\r\n\x1a\n" + bytes(40), "ne peut pas être lu"),
        ("page.geojson", b"<html><body>Erreur 503</body></html>", "page.geojson"),
        ("carte.gpkg", b"SQLite format 3\x00" + bytes(10), "carte.gpkg"),
        ("autre.csv", b"couleur;forme\nbleu;rond\n", "reconnu"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence(
    empty: Path, tmp_path: Path, name: str, content: bytes, message: str, capsys
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert run(["add", str(empty), str(path)]) == 1
    text = said(capsys)
    assert message in text
    assert "Traceback" not in text
    assert not (empty / "data" / "raw" / name).exists()


def test_a_file_about_people_is_refused_without_showing_anybody(
    empty: Path, tmp_path: Path, capsys
) -> None:
    path = tmp_path / "beneficiaires.csv"
    path.write_text(
        "nom;prenom;date_naissance;date;type_activite;lieu\nDurand;Zoé;01/02/1990;03/04/2026;maraude;x\n",
        encoding="utf-8",
    )
    assert run(["add", str(empty), str(path)]) == 1
    text = said(capsys)
    assert "refusé" in text
    assert "Durand" not in text
    assert "Zoé" not in text


def test_an_unforeseen_error_shows_no_traceback(monkeypatch, tmp_path: Path, capsys) -> None:
    value = "secret value"

    def fail(_: Path) -> None:
        raise RuntimeError(value)

    monkeypatch.setattr("territory.commands.work.open_territory", fail)
    monkeypatch.chdir(tmp_path)
    assert run(["check", "x"]) == 1
    text = said(capsys)
    assert "Une erreur imprévue s'est produite (RuntimeError)" in text
    assert value not in text
    assert value not in (tmp_path / "territory-erreur.txt").read_text(encoding="utf-8")


def test_standard_output_holds_one_json_object_and_nothing_else(
    demo_town: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "ville"  # other options, other products: not in the town of all
    shutil.copytree(demo_town, folder)
    done = subprocess.run(
        [sys.executable, "-m", "territory", "sites", str(folder), "--add", "2", "--json"],
        capture_output=True,
        check=True,
    )
    plan = json.loads(done.stdout.decode("utf-8"))
    assert len(plan["sites"]) == 2
    assert plan["ending"] == "optimal"


def test_the_demo_shows_what_was_planted_with_the_shipped_seed(demo_town: Path, capsys) -> None:
    """
    Hold the example still; one seed of an easy log says nothing of a rate of detection.

    The planted silence of Bas-Canal is in the sixth zone: contacts met across the street spill in.
    """
    truth = json.loads((demo_town / "data" / "raw" / "verite_plantee.json").read_text("utf-8"))
    assert run(["zones", str(demo_town), "--json"]) == 0
    zones = json.loads(capsys.readouterr().out)["zones"][:6]
    shown = [set(zone["cells"]) for zone in zones]
    found = [any(set(p["cells"]) & cells for cells in shown) for p in truth["zones"]]
    assert found == [True, True, True]


def test_same_input_and_seed_give_the_same_bytes(
    untouched_demo: Path, fresh_town: Path, tmp_path: Path, capsys
) -> None:
    again = tmp_path / "deux"
    shutil.copytree(fresh_town, again)
    assert run(["demo", str(again)]) == 0
    capsys.readouterr()
    one, two = (
        {p.relative_to(folder): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
        for folder in (untouched_demo, again)
    )
    assert one.keys() == two.keys()
    told = {str(p) for p in one if one[p] != two[p]}
    assert told <= {"journal.jsonl"}  # the only one that tells the hour


def test_a_damaged_product_is_computed_again(demo_town: Path, tmp_path: Path) -> None:
    folder = tmp_path / "ville"
    shutil.copytree(demo_town, folder)
    product = folder / "data" / "processed" / "50_need"
    before = (product / MANIFEST).read_text("utf-8")
    (product / "need.parquet").write_bytes(b"half a file")
    assert run(["zones", str(folder)]) == 0
    assert (product / MANIFEST).read_text("utf-8") == before


def test_sensitive_places_reach_no_output(demo_town: Path) -> None:
    name = "Lieu de vie informel"
    for path in (demo_town / "outputs").rglob("*"):
        if path.is_file():
            assert name.encode() not in path.read_bytes(), path.name


def test_the_public_names_exist_and_are_sorted() -> None:
    import territory  # noqa: PLC0415 - the very import under test

    assert territory.__all__ == sorted(territory.__all__)
    assert all(callable(getattr(territory, name)) for name in territory.__all__)
    with pytest.raises(AttributeError, match="no attribute 'magie'"):
        territory.magie  # noqa: B018


def shuffled(path: Path) -> None:
    """Rewrite a text table with its rows in the opposite order, the header first."""
    header, *rows = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(header + b"".join(rows[::-1]))


def test_the_order_of_rows_changes_no_zone_and_no_site(
    demo_town: Path, fresh_town: Path, tmp_path: Path, capsys
) -> None:
    folder = tmp_path / "ville"
    shutil.copytree(fresh_town, folder)
    for name in ("partenaires.csv", "france_services.csv", "filosofi2021_carreaux_200m.csv"):
        shuffled(folder / "data" / "raw" / name)
    files = sorted((folder / "data" / "raw").glob("*.*"))
    usable = [str(p) for p in files if p.suffix not in {".md", ".json"}]
    assert run(["add", str(folder), *usable]) == 0
    for command in ("zones", "sites", "sectors"):
        capsys.readouterr()
        assert run([command, str(folder), "--json"]) == 0
        mine = capsys.readouterr().out
        assert run([command, str(demo_town), "--json"]) == 0
        assert json.loads(mine) == json.loads(capsys.readouterr().out)


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from territory.cli import run; run(['--help']);"
        "print(sorted({'geopandas', 'scipy', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_check_counts_the_facts_to_verify_again(demo_town: Path, tmp_path: Path, capsys) -> None:
    folder = tmp_path / "ville"
    shutil.copytree(demo_town, folder)
    path = folder / "data" / "raw" / "partenaires.csv"
    head, *lines = path.read_text(encoding="utf-8-sig").splitlines()
    dated = [f"{head};horaires_verifies_le", f"{lines[0]};05/03/2024", f"{lines[1]};05/10/2026"]
    path.write_text("\n".join([*dated, *(f"{line};" for line in lines[2:])]), encoding="utf-8")
    capsys.readouterr()
    assert run(["check", str(folder)]) == 0
    last = capsys.readouterr().out.strip().splitlines()[-1]
    assert last.startswith("À vérifier de nouveau : horaires 1 sur ")
    assert run(["check", str(folder), "--json"]) == 0
    hours = json.loads(capsys.readouterr().out)["fraicheur"]["horaires"]
    assert (hours["à vérifier"], hours["récente"]) == (1, 1)
    assert f" (et {hours['sans date']} sans date)" in last


def test_check_ends_with_what_is_to_be_done(
    demo_town: Path, empty: Path, tmp_path: Path, capsys
) -> None:
    capsys.readouterr()
    assert run(["check", str(demo_town)]) == 0
    whole = capsys.readouterr().out
    assert "Tableaux de l'équipe : " in whole
    assert "rien à corriger." in whole
    assert "Pas encore reçus" not in whole
    folder, raw = empty, demo_town / "data" / "raw"
    ground = [str(raw / n) for n in ("communes.geojson", "filosofi2021_carreaux_200m.csv")]
    bad = tmp_path / "activites.csv"
    bad.write_text(
        "date;type_activite;lieu\n05/03/2026;maraude;Gare\n31/02/2026;maraude;Gare\n",
        encoding="utf-8",
    )
    assert run(["add", str(folder), *ground, str(bad)]) == 0
    capsys.readouterr()
    assert run(["check", str(folder)]) == 1
    text = capsys.readouterr().out
    assert "1 à corriger (E-)" in text
    assert (
        "« activites.csv », activités : lignes lues 2, gardées 1, corrigées 0, refusées 1" in text
    )
    assert "Pas encore reçus :" in text
    assert "  équipe : sans elle, aucune semaine" in text


def test_strict_check_stops_before_writing_anything(
    demo_town: Path, tmp_path: Path, capsys
) -> None:
    folder = tmp_path / "ville"
    shutil.copytree(demo_town, folder, ignore=shutil.ignore_patterns("processed", "outputs"))
    assert run(["check", str(folder), "--strict"]) == 0
    shutil.rmtree(folder / "data" / "processed")
    path = folder / "data" / "raw" / "partenaires.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    nameless = ["00101" if h == "code_insee" else "" for h in lines[0].split(";")]
    path.write_text("\n".join([*lines, ";".join(nameless)]) + "\n", encoding="utf-8-sig")
    before = sorted(p for p in folder.rglob("*"))
    capsys.readouterr()
    assert run(["check", str(folder), "--strict"]) == 1
    said = capsys.readouterr().out
    assert "[E-VIDE] fichier « partenaires.csv »" in said
    assert "Mode strict : 1 défaut à corriger ; rien n'a été écrit." in said
    assert sorted(p for p in folder.rglob("*")) == before
    assert run(["check", str(folder)]) == 1  # without it, the other lines are kept
    assert [p.name for p in (folder / "outputs").glob("refus_*.csv")]
