"""Publishing as a manager types it: allowed columns, other zonings refused, all remembered."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path  # noqa: TC003 - a fixture type

import pytest
from shapely.geometry import shape

from territory.cli import run
from territory.io.audit_log import read_entries
from territory.io.publications import FILE_NAME, read_published


@pytest.fixture
def town(demo_town: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "ville"
    shutil.copytree(demo_town, folder)
    return folder


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig") as file:
        return list(csv.reader(file, delimiter=";"))


@pytest.mark.parametrize("column", ["agents", "lieu", "heure_debut", "commentaire", "nationalite"])
def test_a_column_that_is_never_published_stops_all(town: Path, capsys, column: str) -> None:
    assert run(["export", str(town), "--public", "--avec", f"habitants,{column}"]) == 1
    assert f"La colonne « {column} » n’est jamais publiée" in capsys.readouterr().err
    assert not (town / "outputs" / "public").exists()
    assert not (town / FILE_NAME).exists()
    last = read_entries(town)[0][-1]
    assert (last.command, last.code, last.outputs) == ("export", 1, ())


def test_quarters_with_residents_and_rates(town: Path, capsys) -> None:
    assert run(["export", str(town), "--zonage", "qpv", "--avec", "taux,habitants"]) == 0
    said = capsys.readouterr().out
    assert "l’heure, le jour, l’équipe, les noms de lieux" in said
    rows = rows_of(town / "outputs" / "public" / "personnes_informees_par_qpv_et_annee.csv")
    head = rows[0]
    assert head[0] == "qpv (lieu de la rencontre)"
    assert head[-3:] == [
        "Total",
        "habitants (dans le territoire)",
        "personnes informées pour 100 habitants",
    ]
    for row in rows[1:]:
        if row[-1] not in {"non publié", ""}:
            assert int(row[-2]) >= 200
            expected = 100 * int(row[-3]) / int(row[-2])
            assert float(row[-1].replace(",", ".")) == pytest.approx(expected, abs=0.2)
    assert any(row[-1][0].isdigit() for row in rows[1:])


def test_squares_are_whole_and_hold_no_small_count(town: Path) -> None:
    assert run(["export", str(town), "--zonage", "carreau"]) == 0
    path = town / "outputs" / "public" / "personnes_informees_par_carreau_et_annee.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    assert len(features) > 50
    for feature in features:
        people = feature["properties"]["personnes_informees"]
        assert people is None or people >= 11 or people == 0
        assert set(feature["properties"]) == {"carreau", "personnes_informees", "mention"}
        assert shape(feature["geometry"]).geom_type == "Polygon"
    assert any(f["properties"]["mention"] == "effectif trop faible" for f in features)


def test_a_square_is_never_published_by_week(town: Path, capsys) -> None:
    assert run(["export", str(town), "--zonage", "carreau", "--periode", "semaine"]) == 2
    assert "que par année" in capsys.readouterr().err


@pytest.mark.parametrize(("option", "value"), [("--zonage", "rue"), ("--periode", "jour")])
def test_other_cuts_do_not_exist(town: Path, capsys, option: str, value: str) -> None:
    assert run(["export", str(town), option, value]) == 2
    assert f"« {value} » inconnu" in capsys.readouterr().err


def test_another_zoning_that_would_reveal_by_difference_is_refused(town: Path, capsys) -> None:
    assert run(["export", str(town)]) == 0
    table = town / "outputs" / "public" / "personnes_informees_par_commune_et_mois.csv"
    first = table.read_bytes()
    assert run(["export", str(town), "--periode", "semaine"]) == 1
    said = capsys.readouterr().err
    assert "comparé à « personnes_informees_par_commune_et_mois »" in said
    assert "par différence un effectif de moins de 11 personnes" in said
    assert [p.name for p in (town / "outputs" / "public").iterdir()] == [table.name]
    assert run(["export", str(town)]) == 0
    assert table.read_bytes() == first
    assert len(read_published(town)) == 1


def test_a_series_already_begun_goes_on_and_hides_more(town: Path, capsys) -> None:
    """Communes by month, quarters by year, then months again with a line entered late."""
    assert run(["export", str(town), "--seuil", "5"]) == 0
    table = town / "outputs" / "public" / "personnes_informees_par_commune_et_mois.csv"
    shown = rows_of(table)
    log = town / "data" / "raw" / "activites_tardives.csv"
    log.write_text(
        "date;type_activite;commune;nb_informes\n05/09/2026;maraude;Valfictif;2\n", encoding="utf-8"
    )
    assert run(["add", str(town), str(log)]) == 0
    capsys.readouterr()
    assert run(["export", str(town), "--seuil", "5"]) == 0
    assert "à cause de ce qui est déjà publié" in capsys.readouterr().out
    again = rows_of(table)
    september = shown[0].index("2026-09")
    assert shown[1][september].isdigit()
    assert again[1][september] == "effectif trop faible"  # the difference would tell two people
    assert len(read_published(town)) == 2
