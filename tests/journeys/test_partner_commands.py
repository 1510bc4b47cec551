"""The follow-up of partners as a coordinator types it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path  # noqa: TC003 - a fixture type

import pytest

from territory.cli import run
from territory.errors import UnreadableFile
from territory.io.merges import MERGES, add_merges, read_merges


@pytest.fixture
def town(demo_town: Path, tmp_path: Path) -> Path:
    """The fictional town with one partner written twice."""
    folder = tmp_path / "ville"
    shutil.copytree(demo_town, folder)
    path = folder / "data" / "raw" / "partenaires.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    cells = lines[1].split(";")
    name = lines[0].split(";").index("nom_structure")
    cells[0], cells[name] = "P9999", cells[name].upper()
    path.write_text("\n".join([*lines, ";".join(cells)]) + "\n", encoding="utf-8-sig")
    return folder


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    capsys.readouterr()
    assert run([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_places_are_merged_only_when_asked_and_it_can_be_undone(town: Path, capsys) -> None:
    raw = (town / "data" / "raw" / "partenaires.csv").read_bytes()
    before = answer(capsys, "duplicates", str(town))
    assert before["avant"] - before["apres"] == 1
    assert answer(capsys, "duplicates", str(town))["avant"] == before["avant"]  # nothing was done
    answer(capsys, "duplicates", str(town), "--fusionner")
    merged = answer(capsys, "duplicates", str(town))
    assert (merged["avant"], merged["propositions"]) == (before["apres"], [])
    assert (town / "data" / "raw" / "partenaires.csv").read_bytes() == raw
    (town / MERGES).unlink()
    assert answer(capsys, "duplicates", str(town))["avant"] == before["avant"]


def test_the_funnel_counts_every_structure_once(town: Path, capsys) -> None:
    found = answer(capsys, "partners", str(town))
    whole = found["ensemble"]
    assert whole["listed"] >= whole["contacted"] >= whole["met"] > 0
    assert sum(f["listed"] for f in found["communes"].values()) == whole["listed"]
    assert sum(f["listed"] for f in found["types"].values()) == whole["listed"]
    assert run(["partners", str(town)]) == 0
    text = capsys.readouterr().out
    assert text.startswith("Structures : ")
    assert "À relancer : " in text


def test_decisions_follow_chains_and_a_broken_file_is_said(tmp_path: Path) -> None:
    add_merges(tmp_path, [("a", "b")])
    add_merges(tmp_path, [("z", "a")])
    assert read_merges(tmp_path) == {"a": "z", "b": "z"}
    (tmp_path / MERGES).write_text("x;y\n1;2\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match="deux colonnes sont attendues"):
        read_merges(tmp_path)


def test_activities_by_class_add_up_and_say_what_they_are(town: Path, capsys) -> None:
    found = answer(capsys, "residence", str(town))["classes"]
    assert sum(c["part"] for c in found.values()) == 100
    assert all(c["entre"] == [c["activites"]] * 2 for c in found.values())  # no doubt was set
    assert found["qpv"]["activites"] > 0
    assert run(["residence", str(town)]) == 0
    assert "ce n’est pas le lieu de résidence" in capsys.readouterr().out


def test_great_proximity_may_be_walked(town: Path, capsys) -> None:
    straight = answer(capsys, "residence", str(town))
    settings = town / "territory.toml"
    text = settings.read_text(encoding="utf-8")
    section = "[proximite]\na_pied = true\n"
    settings.write_text(
        text.replace("[proximite]\n", section) if "[proximite]" in text else text + section,
        encoding="utf-8",
    )
    walked = answer(capsys, "residence", str(town))
    assert (straight["a_pied"], walked["a_pied"]) == (False, True)
    near = [found["classes"]["proximite"]["activites"] for found in (straight, walked)]
    assert near[1] <= near[0]  # streets are never shorter than the straight line
    assert straight["classes"]["qpv"] == walked["classes"]["qpv"]
    assert run(["residence", str(town)]) == 0
    assert "300 m à pied par les rues" in capsys.readouterr().out


def test_employers_are_listed_with_their_season_and_stage(
    town: Path, tmp_path: Path, capsys
) -> None:
    path = tmp_path / "employeurs.csv"
    path.write_text(
        "nom_structure;type_structure;code_insee;commune;secteur_activite;saison;etape_prospection\n"
        "Chantier exemple;SIAE;00101;;espaces verts;toute l'année;offre reçue\n",
        encoding="utf-8",
    )
    assert run(["add", str(town), str(path)]) == 0
    assert run(["partners", str(town)]) == 0
    text = capsys.readouterr().out
    assert "Employeurs et SIAE : " in text
    wanted = "espaces verts, saison : toute l'année, offre reçue, recrute en ce moment)"
    assert f"  Chantier exemple (SIAE, {wanted}" in text


def test_professional_contacts_only_on_demand_and_logged(
    town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text(
        "nom_structure;code_insee;commune;type_structure;referent;courriel\n"
        "CCAS exemple;00101;Valfictif;ccas;Jeanne Exemple;accueil@exemple.fr\n"
        "MDE exemple;00101;Valfictif;mde;Paul Exemple;paul.exemple@exemple.fr\n",
        encoding="utf-8",
    )
    written = town / "outputs" / "contacts_pro.csv"
    assert run(["add", str(town), str(path)]) == 0
    assert run(["partners", str(town)]) == 0
    assert not written.exists()
    assert run(["partners", str(town), "--contacts-pro"]) == 0
    text = capsys.readouterr().out
    assert "accueil@exemple.fr" not in text
    assert "Laissés de côté : 1 fonctions" in text
    kept = written.read_text(encoding="utf-8-sig")
    assert kept.splitlines()[1:] == ["CCAS exemple;Valfictif;;accueil@exemple.fr;"]
    if os.name == "posix":
        assert written.stat().st_mode & 0o077 == 0
    last = json.loads((town / "journal.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert last["parameters"]["contacts_pro"] is True
    assert "exemple.fr" not in str(last)
