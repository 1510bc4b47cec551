"""Small tables written as files, the way people save them, for the tests of readers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from openpyxl import Workbook

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2024, 6, 1)
ACTIVITIES = """\
date;type_activite;heure_debut;fin;lieu;commune;agents;nb_informes;nb_accroches;nb_femmes;nb_hommes
05/03/2024;maraude;14h;16h30;Quartier exemple, côté marché;Bobigny;M1|M2;23;4;13;10
06/03/2024;permanence;9h;12h;Centre social exemple;Bondy;M3;11;6;7;4
29/03/2024;événement;14h;17h;Café de l'emploi;Paris 20e;M4;14;6;;
"""
PARTNERS = """\
nom_structure;type;adresse;code_postal;commune;statut;derniere_visite;permanence;horaires
Centre social exemple;centre social;12 rue A;93140;Bondy;rencontrée;12/01/2024;oui;lun-ven 9h-12h
Médiathèque exemple;médiathèque;3 place B;93000;Bobigny;contactée;;non;Tu-Sa 10:00-18:00
"""
CONTACTS = """\
date;lieu;nombre;etape;canal;zone_residence;sexe;tranche_age
05/03/2024;Quartier exemple, côté marché;3;accroche;espace_public;qpv;femme;26_59
05/03/2024;Quartier exemple, côté marché;1;accroche;espace_public;proximite;homme;moins_26
"""
TEAM = """\
code_agent;role;heures_hebdo;communes;point_depart;vitesse_marche_kmh;marche_max_km
M1;médiatrice;35;93010|93008;P0001;4,5;6
M2;coordinateur;28;;;;
"""
AVAILABILITY = """\
code_agent;jour;debut;fin;semaine;type;id_partenaire
M1;mardi;9h;12h30;toutes;disponible;
M1;jeudi;14h;17h;toutes;permanence;P0007
M2;mercredi;8h;13h;impaire;disponible;
"""


def save(folder: Path, text: str, *, name: str = "donnees.csv", encoding: str = "utf-8") -> Path:
    """Write `text` byte for byte (line ends included) and return the path."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def cells(text: str) -> list[list[object]]:
    """Return the cells of a `;` text."""
    return [line.split(";") for line in text.splitlines()]


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    """Write one sheet per keyword and return the path."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
    book.save(path)
    return path
