"""Small valid files of every kind, and ways to damage them: the same ones for a seed."""

from __future__ import annotations

import gzip
import json
import zipfile
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pandas as pd
from openpyxl import Workbook

from territory.io.addresses import read_addresses
from territory.io.admin import read_census, read_communes, read_iris
from territory.io.contact_counts import read_contacts
from territory.io.inclusion import read_inclusion_structures, read_mednum
from territory.io.inclusion_services import read_inclusion_services
from territory.io.logs import read_activities
from territory.io.official_places import read_digital_advisers, read_france_services, read_libraries
from territory.io.partners import read_partners, read_places
from territory.io.population import read_cells
from territory.io.pro_contacts import read_pro_contacts
from territory.io.streets import read_streets
from territory.io.team import read_availability, read_team, with_periods
from territory.io.team_rules import read_constraints, read_sectors
from territory.io.transit import read_stops
from territory.io.walker_counts import read_walker_counts
from territory.io.zones import read_zones
from territory.model.issues import ReadReport
from territory.model.tables import AVAILABILITY, empty_table
from tests.robustness.binary_seeds import binary_seeds
from tests.robustness.ground_seeds import ground_seeds

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from pathlib import Path

RING = [[2.48, 48.90], [2.49, 48.90], [2.49, 48.91], [2.48, 48.91], [2.48, 48.90]]
WORDS = (
    b"NaN", b"Infinity", b"1e400", b"null", b"-1", b"\\x00", b"\x00", b"99999999999999999999",
    b"[]",
    b"{}", b'"', b";", b"\n", b"<", b"&lol;", b"\xff\xfe", b"\xc3", b"180.0001", b"=1+1", b'"""',
)  # fmt: skip


def _layer(**facts: object) -> bytes:
    shape = {"type": "Polygon", "coordinates": [RING]}
    return _collection([{"type": "Feature", "properties": facts, "geometry": shape}])


def _points(**facts: object) -> bytes:
    shape = {"type": "Point", "coordinates": RING[0]}
    return _collection([{"type": "Feature", "properties": facts, "geometry": shape}] * 2)


def _collection(features: list[dict[str, Any]]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _book(sheet: str, *rows: tuple[object, ...]) -> bytes:
    book, content = Workbook(), BytesIO()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


_ACTIVITIES = (
    (
        "date",
        "type_activite",
        "heure_debut",
        "heure_fin",
        "lieu",
        "commune",
        "agents",
        "nb_informes",
        "nb_26_59",
        "canal_com",
        "meteo",
        "motif_annulation",
        "precision_lieu",
        "code_qp",
        "latitude",
        "longitude",
    ),
    (
        "05/03/2024",
        "maraude",
        "14h",
        "16h30",
        "Place",
        "Bobigny",
        "M1|M2",
        "23",
        "12",
        "30",
        "pluie",
        "",
        "troncon",
        "QN09310M",
        "48,9",
        "2,48",
    ),
    (
        "06/03/2024",
        "permanence",
        "9h",
        "12h",
        "Centre",
        "Bondy",
        "M3",
        "1 100",
        "",
        "",
        "",
        "meteo",
        "commune",
        "",
        "",
        "",
    ),
)
_OSM = (
    b'<?xml version="1.0"?><osm version="0.6"><node id="1" lat="48.90" lon="2.48"/>'
    b'<node id="2" lat="48.91" lon="2.48"/><node id="3" lat="48.91" lon="2.49"/><way id="10">'
    b'<nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/></way></osm>'
)
_OVERPASS = (
    b'{"version":0.6,"elements":[{"type":"node","id":1,"lat":48.9,"lon":2.48},{"type":"node","id":2,'
    b'"lat":48.91,"lon":2.48},{"type":"way","id":10,"nodes":[1,2],"tags":{"highway":"path"}}]}'
)


_STRUCTURES = [
    {"id": "d--1", "source": "d", "nom": "CCAS", "date_maj": "2026-01-01", "longitude": 2.48,
     "latitude": 48.9, "reseaux_porteurs": ["ccas-cias"], "code_insee": "93010", "siret": None}
]  # fmt: skip
_SERVICES = [
    {"id": "d--9", "structure_id": "d--1", "source": "d", "nom": "Accueil", "publics": ["jeunes"],
     "horaires_accueil": "Mo-Fr 09:00-12:00"}
]  # fmt: skip
_MEDNUM = [
    {"id": "m1", "pivot": "73282932000074", "nom": "Espace", "latitude": 48.9, "longitude": 2.48,
     "typologie": "EPN", "horaires": "Tu 14:00-17:00"}
]  # fmt: skip


def _parquet(records: list[dict[str, object]]) -> bytes:
    content = BytesIO()
    pd.DataFrame(records).to_parquet(content)
    return content.getvalue()


def _csv(*rows: tuple[str, ...]) -> bytes:
    return "\n".join(";".join(row) for row in rows).encode() + b"\n"


def _feed() -> bytes:
    """Return a GTFS feed of one stop, its members unpacked so that damage reaches the tables."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as feed:
        feed.writestr("stops.txt", "stop_id,stop_name,stop_lat,stop_lon\nS1,Gare,48.9,2.48\n")
        feed.writestr("stop_times.txt", "trip_id,stop_id,arrival_time\nT1,S1,08:00:00\n")
    return content.getvalue()


def seeds() -> dict[str, tuple[str, bytes, Callable[[Path], object]]]:
    """Return name -> (file name, valid content, reader)."""
    line = _collection(
        [
            {
                "type": "Feature",
                "properties": {"@id": "way/1", "highway": "residential", "name": "rue A"},
                "geometry": {"type": "LineString", "coordinates": RING[:3]},
            }
        ]
    )
    cell = "CRS3035RES200mN2893800E3770800"
    return {
        "activités (CSV)": ("a.csv", _csv(*_ACTIVITIES), read_activities),
        "activités (XLSX)": ("a.xlsx", _book("activites", *_ACTIVITIES), read_activities),
        "contacts (CSV)": (
            "c.csv",
            b"date;lieu;nombre;etape;freins;commune_residence;issue;inscrit_spe\n"
            b"05/03/2024;Place;3;accroche;langue|mobilite;93010;cdi;oui\n",
            read_contacts,
        ),
        "comptages (CSV)": (
            "n.csv",
            b"date;heure_debut;heure_fin;latitude;longitude;passants\n"
            b"05/03/2024;8h;9h;48,9;2,48;12\n",
            read_walker_counts,
        ),
        "partenaires (CSV)": (
            "p.csv",
            b"nom_structure;commune;code_postal;horaires;latitude;longitude;siret;date_maj;saison\n"
            b"CCAS;Bondy;93140;lun-ven 9h-12h;48,9;2,48;73282932000074;05/03/2024;mai a juin\n",
            lambda path: read_partners(path, today=date(2024, 6, 1)),
        ),
        "contacts professionnels (CSV)": (
            "p.csv",
            b"nom_structure;commune;fonction;courriel;telephone\n"
            b"CCAS;Bondy;directrice;accueil@exemple.fr;01 48 00 00 00\n",
            _pro_contacts,
        ),
        "lieux (CSV)": (
            "l.csv",
            b"nom_lieu;type_lieu;moment;affluence_estimee;source_estimation\n"
            b"Marche;marche;mercredi 8h-13h;200;equipe\n",
            read_places,
        ),
        "équipe (CSV)": (
            "e.csv",
            b"code_agent;role;heures_hebdo;actif_du;actif_au;langues\n"
            b"M1;mediateur;35;01/09/2024;31/12/2025;arabe|tamoul\n",
            _team,
        ),
        "disponibilités (CSV)": (
            "d.csv", b"code_agent;jour;debut;fin;type\nM1;mardi;9h;12h30;disponible\n",
            read_availability,
        ),
        "contraintes (CSV)": (
            "r.csv",
            b"type;valeur;jour;code_agent;force;du\n"
            b"pause_midi;12h-14h;mardi;M1;souhait;01/11/2026\n",
            read_constraints,
        ),
        "secteurs (CSV)": (
            "s.csv", b"code_insee;unite_territoriale;code_agent\n93010;UT1;M1\n", read_sectors,
        ),
        "transports (GTFS)": ("g.zip", _feed(), read_stops),
        "France services (CSV)": (
            "f.csv",
            b"id_fs,lib_fs,latitude,longitude,format_fs,h_lundi\n"
            b"1,FS Bondy,48.9,2.48,Fixe,09:00 - 12:00\n",
            read_france_services,
        ),
        "bibliothèques (GeoJSON)": (
            "b.geojson",
            _points(sql_6="1", nometablissement="B", typeinst_code="1"),
            read_libraries,
        ),
        "conseillers (JSON)": (
            "n.json",
            b'[{"id":1,"raison_sociale":"COMMUNE","insee_com":"93010","latitude":48.9,'
            b'"longitude":2.48,"result_score":0.9,"result_label":"rue A"}]',
            read_digital_advisers,
        ),
        "conseillers d'un territoire (JSON)": (
            "n.json",
            b'[{"id":1,"raison_sociale":"COMMUNE","insee_com":"93010","latitude":48.9,'
            b'"longitude":2.48},{"id":2,"raison_sociale":"0","insee_com":"03310"}]',
            lambda path: read_digital_advisers(path, communes=frozenset({"93010"})),
        ),
        "QPV d'un territoire (GeoJSON)": (
            "q.geojson", _layer(code_qp="QN09301N", insee_com="93010, 93053"), _quarters,
        ),
        "adresses (GeoJSON)": ("n.geojson", _points(numero="1", nom_voie="Rue A"), read_addresses),
        "QPV (GeoJSON)": ("q.geojson", _layer(code_qp="QN09301N", lib_qp="Nord"), read_zones),
        "communes (GeoJSON)": ("m.geojson", _layer(code="93010", nom="Bondy"), read_communes),
        "IRIS (GeoJSON)": ("i.geojson", _layer(code_iris="930100101", nom_iris="A"), read_iris),
        "recensement (CSV)": (
            "r.csv",
            b"IRIS;P16_POP1564;P16_ACT1564;P16_CHOM1564\n930100101;10,5;6;1\n",
            read_census,
        ),
        "carreaux (CSV)": (
            "g.csv", f"idcar_200m,i_est_200,ind,men,men_pauv\n{cell},0,10.5,4,1\n".encode(),
            _cells,
        ),
        "rues (OSM)": ("s.osm", _OSM, read_streets),
        "rues (OSM comprimé)": ("s.osm.gz", gzip.compress(_OSM, mtime=0), read_streets),
        "rues (Overpass)": ("s.json", _OVERPASS, read_streets),
        "rues (GeoJSON)": ("s.geojson", line, read_streets),
        "structures (JSON)": (
            "s.json", json.dumps(_STRUCTURES).encode(), read_inclusion_structures,
        ),
        "structures (GeoJSON)": (
            "s.geojson", _points(id="d--1", source="d", nom="CCAS", date_maj="2026-01-01",
                                 reseaux_porteurs=["ccas-cias"]), read_inclusion_structures,
        ),
        "services (Parquet)": ("v.parquet", _parquet(_SERVICES), read_inclusion_services),
        "médiation numérique (Parquet)": ("m.parquet", _parquet(_MEDNUM), read_mednum),
        **binary_seeds(),
        **ground_seeds(),
    }  # fmt: skip


def _cells(path: Path) -> object:
    """Read cells over one commune that holds the example."""
    folder = path.parent / "commune"
    folder.mkdir(exist_ok=True)
    outline = folder / "commune.geojson"
    outline.write_bytes(_layer(code="93010", nom="Bondy"))
    return read_cells(path, communes=read_communes(outline)[0])


def _quarters(path: Path) -> object:
    """Read quarters of the commune that holds the example."""
    folder = path.parent / "commune"
    folder.mkdir(exist_ok=True)
    outline = folder / "commune.geojson"
    outline.write_bytes(_layer(code="93010", nom="Bondy"))
    communes = read_communes(outline)[0]
    return read_zones(path, communes=communes, inside=communes.geometry.union_all())


def _team(path: Path) -> object:
    """Read a team, then the absences that its periods make."""
    team, report = read_team(path)
    with_periods(empty_table(AVAILABILITY), team)
    return team, report


def _pro_contacts(path: Path) -> object:
    found = read_pro_contacts(path)
    return found, ReadReport(path.name, "partners", 1, len(found.kept))


def damaged(content: bytes, draw: random.Random) -> bytes:
    """Return `content` with 1 to 16 bytes changed, words put in, parts cut, repeated or lost."""
    data = bytearray(content)
    for _ in range(draw.choice([1, 1, 2, 4, 16])):
        at = draw.randrange(len(data) + 1)
        way = draw.randrange(5)
        if way == 0 and data:
            data[at % len(data)] = draw.randrange(256)
        elif way == 1:
            data[at:at] = draw.choice(WORDS)
        elif way == 2:
            del data[at : at + draw.choice([1, 10, 1000])]
        elif way == 3 and draw.random() < 0.2:
            del data[at:]
        else:
            start = draw.randrange(len(data) + 1)
            data[at:at] = data[start : start + draw.choice([4, 40, 400])]
    return bytes(data)
