"""Each message of LOG_FORMAT section 6, word for word, drawn from a file that deserves it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point, box

from territory.errors import DataProblem
from territory.io.contact_counts import read_contacts
from territory.io.contact_links import reconcile
from territory.io.logs import link_activities, read_activities
from territory.io.partners import read_partners
from territory.io.placing import address_index, placed
from tests.io.tables import TODAY, save
from tests.real_data import domain_file

if TYPE_CHECKING:
    from pathlib import Path

PARTNER = "nom_structure;commune;code_insee;latitude;longitude;horaires;siret;adresse"
ACTIVITY = (
    "date;type_activite;lieu;commune;latitude;longitude;code_qp;agents;"
    "nb_informes;nb_femmes;nb_hommes"
)
CONTACT = "id_activite;date;nombre;etape;canal;zone_residence;sexe;tranche_age"
ROUND = "05/03/2024;maraude"
QUARTER = gpd.GeoDataFrame(index=["QP093001"], geometry=[box(0, 0, 9, 9)], crs=2154)

PARTNERS_OF = {
    "E-COL": "type_structure;commune\nccas;Bondy",
    "E-ENTETE": "bonjour;tout le monde\n1;2",
    "E-VIDE": f"{PARTNER}\n;Bondy;;;;;;",
    "E-COORD": f"{PARTNER}\nCCAS;Bondy;;12,5;100,2;;;",
    "E-SIRET": f"{PARTNER}\nCCAS;Bondy;;;;;7,53E+13;",
    "W-ZERO": f"{PARTNER}\nCCAS;Ambérieu;1004;;;;;",
    "W-SWAP": f"{PARTNER}\nCCAS;Bondy;;2,48;48,9;;;",
    "W-L93": f"{PARTNER}\nCCAS;Bondy;;6868000;656000;;;",
    "W-HORAIRE": f"{PARTNER}\nCCAS;Bondy;;;;quand on veut;;",
    "W-TOTAL": f"{PARTNER}\nCCAS;Bondy;;;;;;\nTotal;1;;;;;;",
    "I-LIBRE": "nom_structure;commune;commentaire\nCCAS;Bondy;rien",
    "I-PERSO": "nom_structure;commune;telephone\nCCAS;Bondy;rien",
    "E-SENSIBLE": "nom_structure;commune;nationalite\nCCAS;Bondy;x",
}
ACTIVITIES_OF = {
    "E-DATE": f"{ACTIVITY}\n03/29/2024;maraude;Place A;;;;;;;;",
    "E-NUM": f"{ACTIVITY}\n{ROUND};Place A;;;;;;vingt;;",
    "E-LISTE": f"{ACTIVITY}\n05/03/2024;marraude;Place A;;;;;;;;",
    "E-OU": f"{ACTIVITY}\n{ROUND};;;;;;;3;;",
    "E-NOM": f"{ACTIVITY}\n{ROUND};Place A;;;;;Jean Exemple;;;",
    "E-TEXTE": f"{ACTIVITY}\n{ROUND};voir 06 12 34 56 78;;;;;;;;",
    "W-DOUBLON": f"{ACTIVITY}\n{ROUND};Place A;;;;;;;;\n{ROUND};Place A;;;;;;;;",
    "W-SOMME": f"{ACTIVITY}\n{ROUND};Place A;;;;;;10;7;6",
    "W-FUTUR": f"{ACTIVITY}\n05/11/2024;maraude;Place A;;;;;;;;",
    "W-QPV": f"{ACTIVITY}\n{ROUND};;;48,9;2,48;QP093001;;;;",
    "E-PERSO": "date;type_activite;prenom\n05/03/2024;maraude;x",
}


def from_partners(folder: Path, text: str) -> list[str]:
    try:
        return list(map(str, read_partners(save(folder, text))[1].issues))
    except DataProblem as error:
        return [str(error)]


def from_activities(folder: Path, text: str) -> list[str]:
    try:
        path = save(folder, text)
        return list(map(str, read_activities(path, today=TODAY, zones=QUARTER)[1].issues))
    except DataProblem as error:
        return [str(error)]


def unreadable(folder: Path) -> list[str]:
    path = folder / "donnees.xlsx"
    path.write_bytes(b"PK\x03\x04 rien")
    try:
        read_partners(path)
    except DataProblem as error:
        return [str(error)]
    return []


def broken_accents(folder: Path) -> list[str]:
    return from_partners(folder, "nom_structure;commune\nMÃ©diathÃ¨que;Bondy")


def unknown_partner(folder: Path) -> list[str]:
    text = "date;type_activite;id_partenaire;commune\n05/03/2024;maraude;P9;Bondy"
    activities, _ = read_activities(save(folder, text), today=TODAY)
    places, _ = read_partners(save(folder, "nom_structure;commune\nCCAS;Bondy", name="p.csv"))
    return list(map(str, link_activities(activities, places)[1]))


def too_precise(folder: Path) -> list[str]:
    line = "A1;05/03/2024;1;accroche;espace_public;qpv;femme;26_59"
    return list(map(str, read_contacts(save(folder, f"{CONTACT}\n{line}"))[1].issues))


def disagreement(folder: Path) -> list[str]:
    text = "date;type_activite;id_activite;lieu;nb_accroches\n05/03/2024;maraude;A1;Place A;4"
    activities, _ = read_activities(save(folder, text), today=TODAY)
    lines = f"{CONTACT}\nA1;05/03/2024;3;accroche;;;;"
    contacts, _ = read_contacts(save(folder, lines, name="contacts.csv"))
    return list(map(str, reconcile(activities, contacts)[1]))


def doubtful_address(folder: Path) -> list[str]:
    text = f"{PARTNER}\nCCAS;Bondy;93010;;;;;rue Roger Salengro"
    places, _ = read_partners(save(folder, text))
    doors = gpd.GeoDataFrame(
        {"number": ["12"], "street": ["Rue Roger Salengro"], "commune_code": ["93010"]},
        geometry=[Point(656000, 6868000)], crs=2154,
    ).astype(dict.fromkeys(["number", "street", "commune_code"], pd.StringDtype()))  # fmt: skip
    return list(map(str, placed(places, address_index([doors]), {"93010": "Bondy"})[2]))


OTHERS = {
    "E-FICHIER": unreadable,
    "E-ENC": broken_accents,
    "E-REF": unknown_partner,
    "W-K": too_precise,
    "W-ECART": disagreement,
    "W-GEO": doubtful_address,
}
SCENES = {*PARTNERS_OF, *ACTIVITIES_OF, *OTHERS}


def said(code: str, folder: Path) -> list[str]:
    if code in PARTNERS_OF:
        return from_partners(folder, PARTNERS_OF[code])
    if code in ACTIVITIES_OF:
        return from_activities(folder, ACTIVITIES_OF[code])
    return OTHERS[code](folder)


def official() -> dict[str, str]:
    """Return the messages of the format by code, blanks as `{…}`."""
    text = domain_file("LOG_FORMAT.md").read_text(encoding="utf-8")
    section = text.split("## 6. Messages")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| ([EWI]-\w+) \| (.+) \|$", section, re.MULTILINE))


def spoken(template: str) -> re.Pattern[str]:
    """Return what a message of this template looks like, whatever fills its blanks."""
    parts = [re.escape(part) for part in re.split(r"\{[^}]*\}", template.strip())]
    return re.compile(".+?".join(parts).replace("’", "'"))


def test_every_official_message_has_its_scene() -> None:
    assert set(official()) == SCENES


@pytest.mark.parametrize("code", sorted(SCENES))
def test_the_message_is_the_official_one(code: str, tmp_path: Path) -> None:
    template = official()[code]
    lines = [line for line in said(code, tmp_path) if line.startswith(f"[{code}] ")]
    assert lines, f"{code} was not said"
    assert any(spoken(template).search(line.replace("’", "'")) for line in lines), lines
