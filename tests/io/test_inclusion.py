"""Structures of data·inclusion and places of médiation numérique, as their producers write them."""

from __future__ import annotations

import csv
import json
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.errors import RefusedFile, UnreadableFile
from territory.io.inclusion import (
    NETWORK_KINDS,
    SHELTERS,
    parse_list,
    read_inclusion_structures,
    read_mednum,
)
from territory.io.recognise import recognise
from territory.model.tables import PLACES, check_table
from territory.model.words import PLACE_KINDS
from tests.io.tables import save
from tests.real_data import domain_file

if TYPE_CHECKING:
    from pathlib import Path

V1 = """\
source,id,nom,date_maj,description,siret,commune,code_postal,code_insee,adresse,longitude,latitude,telephone,courriel,horaires_accueil,reseaux_porteurs
dora,dora--42,Mission locale de Bondy,2026-05-04,"longue, très longue",73282932000074,Bondy,93140,93010,1 rue A,2.48,48.90,0148000000,a@b.fr,"Mo-Fr 09:00-12:00; PH off","['mission-locale', 'plie']"
soliguide,dora--43,Les Tilleuls,2025-01-02,,,Bondy,93140,93010,2 rue B,2.49,48.91,,,PH off,['cada']
"""  # noqa: E501
V0 = """\
id,siret,nom,commune,code_postal,code_insee,adresse,longitude,latitude,typologie,telephone,presentation_resume,source,date_maj,antenne,horaires_ouverture,labels_nationaux
7,,Centre social Sud,Bondy,93140,93010,3 rue C,2.48,48.90,CS,,texte,emplois,2024-02-03,false,"Mo closed, Tu 09:00-12:00","[]"
7,,CCAS,Bondy,93140,93010,4 rue D,2.48,48.91,CCAS,,texte,dora,2024-02-03,false,,"['france-service']"
"""  # noqa: E501
MEDNUM = """\
id,pivot,nom,commune,code_postal,code_insee,adresse,latitude,longitude,typologie,telephone,courriels,horaires,itinerance,modalites_acces,publics_specifiquement_adresses,date_maj
m1,00000000000000,Espace numérique,Bondy,93140,93010,5 rue E,48.90,2.48,EPN,,,Tu 14:00-17:00,,Se présenter|Téléphoner,Jeunes|Seniors,2026-01-01
m2,73282932000074,Bus numérique,Bondy,93140,93010,6 rue F,48.90,2.49,EPN,,,,Itinérant,Ce lieu n'accueille pas de public,,2026-01-01
"""  # noqa: E501


def read(folder: Path, text: str, reader=read_inclusion_structures) -> tuple[pd.DataFrame, str]:
    table, report = reader(save(folder, text))
    check_table(table, PLACES)
    assert report.refused == 0
    return table, "\n".join(map(str, report.issues))


def test_the_schema_of_today(tmp_path: Path) -> None:
    table, said = read(tmp_path, V1)
    place = table.loc["di-dora--42"]
    assert (place["kind"], place["siret"]) == ("mission_locale", "73282932000074")
    assert place["opening_hours"] == "Mo-Fr 09:00-12:00; PH off"
    assert place["updated_on"].date() == date(2026, 5, 4)
    assert not place["sensitive"]
    shelter = table.loc["di-dora--43"]
    assert shelter["sensitive"]  # a CADA, though its name says nothing
    assert pd.isna(shelter["opening_hours"])  # « PH off » alone is unknown, never closed
    assert "0148000000" not in said
    assert "a@b.fr" not in said
    assert said.count("I-PERSO") == 2


def test_the_schema_of_before_april_2026(tmp_path: Path) -> None:
    table, _ = read(tmp_path, V0)
    assert sorted(table.index) == ["di-dora--7", "di-emplois--7"]
    assert table["kind"].to_dict() == {"di-emplois--7": "centre_social", "di-dora--7": "ccas"}
    assert table.loc["di-emplois--7", "opening_hours"] is not None


def test_digital_places(tmp_path: Path) -> None:
    table, _ = read(tmp_path, MEDNUM, read_mednum)
    desk, bus = table.loc["mn-m1"], table.loc["mn-m2"]
    assert desk["kind"] == "espace_numerique"
    assert (desk["audiences"], desk["fixed_point"]) == ("Jeunes|Seniors", True)
    assert pd.isna(desk["siret"])  # fourteen zeros are nobody's
    assert pd.isna(desk["hosts_permanence"])
    assert not bus["hosts_permanence"]
    assert not bus["fixed_point"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [(V1, "inclusion_structures"), (V0, "inclusion_structures"), (MEDNUM, "mednum")],
)
def test_they_are_told_from_their_columns(tmp_path: Path, text: str, kind: str) -> None:
    assert [s.kind for s in recognise(save(tmp_path, text))] == [kind]


def test_places_elsewhere_are_left_out(tmp_path: Path) -> None:
    path = save(tmp_path, V1)
    table, report = read_inclusion_structures(path, communes=frozenset({"75101"}))
    assert table.empty
    assert "lignes hors du territoire, non gardées : 2" in str(report.issues)


@given(st.lists(st.text("abcdefgh-", min_size=1), unique=True, max_size=5))
def test_a_list_is_read_however_it_is_written(values: list[str]) -> None:
    wanted = tuple(values)
    forms = [json.dumps(values), str(values), "|".join(values), "{" + ",".join(values) + "}"]
    assert [parse_list(form) for form in forms] == [wanted] * len(forms)


def test_text_that_looks_like_code_is_never_run() -> None:
    assert parse_list("[__import__('os').system('exit')]") == ("os", "exit")
    assert parse_list("[" * 100_000) == ()
    assert parse_list(None) == ()


def test_networks_are_those_of_the_published_list() -> None:
    path = domain_file("enums/data_inclusion_v1_reseaux_porteurs.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        published = {row["value"] for row in csv.DictReader(file)}
    assert set(NETWORK_KINDS) <= published
    assert published >= SHELTERS
    assert set(NETWORK_KINDS.values()) <= {word.code for word in PLACE_KINDS}


def records(text: str) -> list[dict[str, object]]:
    """The lines of a CSV as its publisher gives them in JSON: real lists, null for nothing."""
    rows = csv.DictReader(text.splitlines())
    return [{k: _value(k, v) for k, v in row.items()} for row in rows]


def _value(name: str, cell: str) -> object:
    if name in {"reseaux_porteurs", "labels_nationaux"}:
        return list(parse_list(cell)) or None
    if name in {"longitude", "latitude"}:
        return float(cell)
    return cell or None


def as_json(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path


def as_geojson(path: Path, rows: list[dict[str, object]]) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {k: v for k, v in row.items() if k not in {"longitude", "latitude"}},
            "geometry": {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]},
        }
        for row in rows
    ]
    content = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def as_parquet(path: Path, rows: list[dict[str, object]]) -> Path:
    pd.DataFrame(rows).to_parquet(path)
    return path


@pytest.mark.parametrize(
    ("save_as", "name"),
    [(as_json, "s.json"), (as_geojson, "s.geojson"), (as_geojson, "s.json"),
     (as_parquet, "s.parquet")],
)  # fmt: skip
@pytest.mark.parametrize(
    ("text", "kind", "reader"),
    [(V1, "inclusion_structures", read_inclusion_structures),
     (V0, "inclusion_structures", read_inclusion_structures), (MEDNUM, "mednum", read_mednum)],
    ids=["v1", "v0", "mednum"],
)  # fmt: skip
def test_every_published_form_reads_alike(
    tmp_path: Path, save_as, name: str, text: str, kind: str, reader
) -> None:
    path = save_as(tmp_path / name, records(text))
    (source,) = recognise(path)
    assert source.kind == kind
    expected, _ = read(tmp_path, text, reader)
    found, report = reader(path)
    assert report.refused == 0
    drop = expected.drop(columns="source")  # « source » holds the name of the file
    pd.testing.assert_frame_equal(pd.DataFrame(found.drop(columns="source")), pd.DataFrame(drop))


def test_records_about_people_are_refused_by_their_column(tmp_path: Path) -> None:
    rows = [{**row, "date_naissance": "01/01/1990"} for row in records(V1)]
    for path in (as_json(tmp_path / "p.json", rows), as_parquet(tmp_path / "p.parquet", rows)):
        with pytest.raises(RefusedFile, match="date_naissance") as refused:
            recognise(path)
        assert "1990" not in str(refused.value)


def test_a_parquet_that_promises_too_much_is_not_unpacked(tmp_path: Path, monkeypatch) -> None:
    path = as_parquet(tmp_path / "p.parquet", records(V1))
    monkeypatch.setattr("territory.io.records._MOST_ROWS", 1)
    with pytest.raises(UnreadableFile, match="annonce 2 lignes"):
        read_inclusion_structures(path)


@pytest.mark.parametrize("name", ["c.parquet", "c.json"])
def test_a_cut_file_of_records_is_said_so(tmp_path: Path, name: str) -> None:
    whole = as_parquet if name.endswith("parquet") else as_json
    path = whole(tmp_path / name, records(V1))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(UnreadableFile, match=name):
        recognise(path)
    with pytest.raises(UnreadableFile, match="lisible"):
        read_inclusion_structures(path)
