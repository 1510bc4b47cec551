"""Services of data·inclusion tell whom a structure receives, and never make a place."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from territory.io.inclusion import read_inclusion_structures
from territory.io.inclusion_services import PUBLICS, read_inclusion_services, with_services
from territory.io.recognise import recognise
from territory.model.tables import PLACES, check_table
from tests.io.tables import save
from tests.io.test_inclusion import V0 as OLD_STRUCTURES
from tests.io.test_inclusion import V1 as STRUCTURES
from tests.real_data import domain_file

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "source,structure_id,id,nom,description,publics,modes_accueil,contact_nom_prenom,horaires_accueil\n"  # noqa: E501
V1 = (
    HEAD
    + """\
dora,dora--42,s1,Atelier CV,texte,"['jeunes', 'demandeurs-emploi']",['en-presentiel'],Secrète Personne,
dora,dora--42,s2,Conseil,texte,"{jeunes,femmes}",['en-presentiel'],,We 14:00-17:00
dora,dora--43,s3,Écoute,texte,tous-publics,['a-distance'],,Mo-Su 00:00-24:00
dora,absente,s4,Ailleurs,texte,jeunes,,,Mo 09:00-12:00
"""  # noqa: E501
)
V0 = """\
id,structure_id,source,nom,presentation_resume,profils,modes_accueil,recurrence
s1,7,dora,Accueil,texte,"['jeunes-16-26', 'femmes']",['en-presentiel'],Tu 09:00-12:00
"""


def places_of(folder: Path, text: str = STRUCTURES) -> pd.DataFrame:
    return read_inclusion_structures(save(folder, text))[0]


def joined(folder: Path, *services: str, structures: str = STRUCTURES) -> pd.DataFrame:
    places = places_of(folder, structures)
    tables = [read_inclusion_services(save(folder, text))[0] for text in services]
    whole = with_services(places, tables)
    check_table(whole, PLACES)
    assert list(whole.index) == list(places.index)  # a service makes no place
    return whole


def test_audiences_are_gathered_and_own_hours_kept(tmp_path: Path) -> None:
    places = joined(tmp_path, V1)
    assert places.loc["di-dora--42", "audiences"] == "Jeunes|Demandeurs d’emploi|Femmes"
    assert places.loc["di-dora--42", "opening_hours"] == "Mo-Fr 09:00-12:00; PH off"
    assert places.loc["di-dora--43", "audiences"] == "Tous publics"
    assert pd.isna(places.loc["di-dora--43", "opening_hours"])  # by telephone: no door is open


def test_hours_are_taken_when_all_services_agree(tmp_path: Path) -> None:
    one = HEAD + "dora,dora--43,s1,Un,,,['en-presentiel'],,Mo 09:00-12:00\n"
    other = HEAD + "dora,dora--43,s2,Deux,,,['en-presentiel'],,Tu 09:00-12:00\n"
    assert joined(tmp_path, one, one).loc["di-dora--43", "opening_hours"] == "Mo 09:00-12:00"
    assert pd.isna(joined(tmp_path, one, other).loc["di-dora--43", "opening_hours"])
    assert joined(tmp_path).equals(places_of(tmp_path))


def test_identifiers_of_before_april_2026_go_with_their_source(tmp_path: Path) -> None:
    places = joined(tmp_path, V0, structures=OLD_STRUCTURES)
    assert places["audiences"].dropna().to_dict() == {"di-dora--7": "jeunes 16 26|Femmes"}
    assert places.loc["di-dora--7", "opening_hours"] == "Tu 09:00-12:00"


def test_nobody_is_named_and_no_description_is_read(tmp_path: Path) -> None:
    table, report = read_inclusion_services(save(tmp_path, V1))
    said = "\n".join(map(str, report.issues))
    assert "I-PERSO" in said
    assert "Secrète" not in said + table.to_string()
    assert (report.read, report.kept) == (4, 4)
    assert set(table) == {"place_id", "audiences", "opening_hours", "updated_on"}


def test_a_line_without_structure_is_refused(tmp_path: Path) -> None:
    _, report = read_inclusion_services(save(tmp_path, HEAD + "dora,,s1,Un,,,,,\n"))
    assert (report.read, report.kept) == (1, 0)
    assert [(i.line, i.column) for i in report.issues if i.refused] == [(2, "structure_id")]


@pytest.mark.parametrize("text", [V1, V0])
def test_they_are_told_from_their_columns(tmp_path: Path, text: str) -> None:
    assert [s.kind for s in recognise(save(tmp_path, text))] == ["inclusion_services"]


def test_publics_are_those_of_the_published_list() -> None:
    path = domain_file("enums/data_inclusion_v1_publics.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        published = {row["value"]: row["label_fr"] for row in csv.DictReader(file)}
    assert published == PUBLICS
