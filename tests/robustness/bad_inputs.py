"""Bad files that people really bring, and some that nobody should: what each one gets."""

from __future__ import annotations

import json
import math
import re
import zipfile
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from territory.errors import TerritoryError
from territory.io.contact_counts import read_contacts
from territory.io.logs import read_activities
from territory.io.partners import read_partners
from territory.io.recognise import recognise
from territory.io.streets import read_streets
from territory.io.zones import read_zones
from tests.robustness.binary_seeds import binary_seeds

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PERSONAL = ("06 12 34 56 78", "Camille", "camille@exemple.fr")
_LOG = "date;type_activite;commune;lieu;nb_informes\n"
_LINE = "05/03/2024;maraude;Bondy;Gare;12\n"
_GOOD = _LOG + _LINE
_RING = [[2.48, 48.90], [2.49, 48.90], [2.49, 48.91], [2.48, 48.91], [2.48, 48.90]]
_LOL = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_BOMB = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{_LOL}]>'
_SHOWN = 2


@dataclass(frozen=True, slots=True)
class BadInput:
    """A file to try: what is wrong with it (French), its name, its bytes."""

    what: str
    file: str
    content: bytes


def bad_inputs() -> tuple[BadInput, ...]:
    """Return the catalogue, in the order of the page of the docs."""
    found = (*_texts(), *_rows(), *_people(), *_workbooks(), *_archives(), *_layers(), *_streets())
    return tuple(BadInput(*one) for one in found)


def said(one: BadInput, folder: Path) -> str:
    """Write the file in `folder`, bring it in as a user would, return what is said (French)."""
    path = folder / one.file
    path.write_bytes(one.content)
    try:
        sources = recognise(path)
        readers = _readers()
        _, report = readers[sources[0].kind](path)
    except TerritoryError as error:
        return str(error)
    issues = [str(issue) for issue in report.issues][:_SHOWN]
    return " ".join([f"Lu : {report.kept} gardées sur {report.read}.", *issues])


def page(folder: Path) -> str:
    """Return docs/entrees_refusees.md: every input and what it got, tried in `folder`."""
    rows = [f"| {one.what} | {_cell(said(one, folder))} |" for one in bad_inputs()]
    head = (
        "# Entrées abîmées : ce qui a été essayé, ce qui est répondu\n\n"
        "Cette page est écrite par `scripts/write_docs.py` en essayant chaque fichier. "
        "« Lu » veut dire que les lignes\njustes sont gardées ; les valeurs des personnes ne sont "
        "jamais montrées.\n\n| Entrée essayée | Réponse |\n| --- | --- |\n"
    )
    return head + "\n".join(rows) + "\n"


def _cell(text: str) -> str:
    text = re.sub(r"(Contenus attendus : )[^.]*\.", r"\1…", text)  # the same long list each time
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def _readers() -> dict[str, Callable[[Path], tuple[object, Any]]]:
    return {
        "activities": read_activities,
        "contacts": read_contacts,
        "partners": read_partners,
        "qpv": read_zones,
        "streets": read_streets,
    }


def _texts() -> list[tuple[str, str, bytes]]:
    html = b"<!DOCTYPE html><html><body>Erreur 404</body></html>"
    lines = _GOOD.replace("maraude", "événement")
    return [
        ("Fichier vide", "vide.csv", b""),
        ("Ligne de titres seule", "titres.csv", _LOG.encode()),
        ("Page web enregistrée sous .csv", "page.csv", html),
        ("Programme renommé en .csv", "virus.csv", b"MZ\x90\x00\x03" + bytes(range(256)) * 4),
        ("Accents d’un ancien Windows (cp1252)", "cp1252.csv", lines.encode("cp1252")),
        ("Accents déjà abîmés (« Ã© »)", "mojibake.csv", lines.encode().decode("cp1252").encode()),
        ("UTF-16 d’Excel", "utf16.csv", lines.encode("utf-16")),
        ("Fins de ligne d’un vieux Mac", "mac.csv", _GOOD.replace("\n", "\r").encode()),
        ("Virgules au lieu de points-virgules", "virgules.csv", _GOOD.replace(";", ",").encode()),
        ("Trois lignes de titre au-dessus", "titre.csv", f"Suivi\n\n2024\n{_GOOD}".encode()),
        ("Deux colonnes du même nom", "double.csv",
         b"date;type_activite;commune;commune\n05/03/2024;maraude;Bondy;Pantin\n"),
        ("Octets nuls au milieu", "nuls.csv", _GOOD.replace("Gare", "Ga\0re").encode()),
        ("Cellule de 5 millions de signes", "longue.csv",
         _GOOD.replace("Gare", "a" * 5_000_000).encode()),
        ("Guillemet jamais refermé", "guillemet.csv", _GOOD.replace("Gare", '"Gare').encode()),
        ("Tableau sans rapport", "recettes.csv", b"plat;sel;sucre\ncrepe;1;2\n"),
    ]  # fmt: skip


def _rows() -> list[tuple[str, str, bytes]]:
    def log(line: str) -> bytes:
        return (_LOG + line).encode()

    place = "nom_structure;commune;latitude;longitude;siret\n"
    return [
        ("Date impossible", "date.csv", log("31/02/2024;maraude;Bondy;Gare;12\n")),
        ("Nombre écrit en lettres", "lettres.csv", log("05/03/2024;maraude;Bondy;Gare;douze\n")),
        ("Nombre négatif", "negatif.csv", log("05/03/2024;maraude;Bondy;Gare;-3\n")),
        ("Nombre immense", "immense.csv", log("05/03/2024;maraude;Bondy;Gare;1e400\n")),
        ("Type d’activité inconnu", "type.csv", log("05/03/2024;barbecue;Bondy;Gare;12\n")),
        ("Ligne de total à la fin", "total.csv", log(f"{_LINE}TOTAL;;;;12\n")),
        ("Formule de tableur", "formule.csv", log('05/03/2024;maraude;Bondy;=HYPERLINK("x");12\n')),
        ("Latitude et longitude échangées", "inverse.csv",
         f"{place}CCAS;Bondy;2,48;48,90;\n".encode()),
        ("Coordonnées en Lambert 93", "lambert.csv",
         f"{place}CCAS;Bondy;6867000;662000;\n".encode()),
        ("Coordonnées NaN", "nan.csv", f"{place}CCAS;Bondy;NaN;NaN;\n".encode()),
        ("Coordonnées infinies", "inf.csv", f"{place}CCAS;Bondy;inf;-inf;\n".encode()),
        ("Coordonnées de l’autre côté du globe", "antipode.csv",
         f"{place}CCAS;Bondy;-48,9;179,999;\n".encode()),
        ("SIRET abîmé par Excel", "siret.csv",
         f"{place}CCAS;Bondy;48,90;2,48;7,32829E+13\n".encode()),
    ]  # fmt: skip


def _people() -> list[tuple[str, str, bytes]]:
    phone, first, mail = PERSONAL
    return [
        ("Liste nominative de personnes", "gens.csv",
         f"date;type_activite;commune;prenom\n05/03/2024;maraude;Bondy;{first}\n".encode()),
        ("Colonne sur la santé ou l’origine", "sante.csv",
         b"date;type_activite;commune;nationalite\n05/03/2024;maraude;Bondy;inconnue\n"),
        ("Téléphone glissé dans une cellule", "telephone.csv",
         _GOOD.replace("Gare", f"chez {phone}").encode()),
        ("Courriel glissé dans une cellule", "courriel.csv", _GOOD.replace("Gare", mail).encode()),
        ("Colonne de commentaires", "texte.csv",
         b"date;type_activite;commune;commentaire\n05/03/2024;maraude;Bondy;vu Camille\n"),
    ]  # fmt: skip


def _book(*rows: tuple[object, ...], since_1904: bool = False) -> bytes:
    book, content = Workbook(), BytesIO()
    book.active.title = "activites"
    if since_1904:
        book.epoch = CALENDAR_MAC_1904
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


def _workbooks() -> list[tuple[str, str, bytes]]:
    head = ("date", "type_activite", "commune", "lieu", "nb_informes")
    day = datetime(2024, 3, 5)  # noqa: DTZ001 - a civil date, as a spreadsheet holds it
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000)
    good = _book(head, (day, "maraude", "Bondy", "Gare", 12))
    return [
        ("Classeur aux dates comptées depuis 1904", "mac.xlsx",
         _book(head, (day, "maraude", "Bondy", "Gare", 12), since_1904=True)),
        ("Classeur dont une case est une formule", "formule.xlsx",
         _book(head, (day, "maraude", "Bondy", "Gare", "=6+6"))),
        ("Classeur protégé par mot de passe", "secret.xlsx", ole),
        ("Ancien classeur .xls", "ancien.xls", ole),
        ("Classeur LibreOffice .ods", "libre.ods", _zip({"mimetype": b"application/vnd.oasis"})),
        ("Classeur coupé au milieu", "coupe.xlsx", good[: len(good) // 2]),
        ("Classeur vide", "rien.xlsx", _book()),
    ]  # fmt: skip


def _zip(members: dict[str, bytes]) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(zipfile.ZipInfo(name), body, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _archives() -> list[tuple[str, str, bytes]]:
    sheet = "xl/worksheets/sheet1.xml"
    return [
        ("Bombe de décompression (.xlsx)", "bombe.xlsx", _zip({sheet: b" " * 60_000_000})),
        ("Archive qui écrirait hors du dossier", "evasion.zip", _zip({"../dehors.csv": b"a;b\n"})),
        ("Archive qui n’en est pas une", "faux.zip", b"PK\x03\x04 non"),
        ("Archive dans une archive", "poupee.zip", _zip({"a.zip": _zip({"b.csv": b"a;b\n"})})),
    ]


def _layer(shape: object, *, crs: str = "") -> bytes:
    facts = {"code_qp": "QN09301N", "lib_qp": "Nord"}
    whole: dict[str, Any] = {"type": "FeatureCollection"}
    if crs:
        whole["crs"] = {"type": "name", "properties": {"name": crs}}
    whole["features"] = [{"type": "Feature", "properties": facts, "geometry": shape}]
    return json.dumps(whole).encode()


def _polygon(ring: list[list[float]]) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [ring]}


def _layers() -> list[tuple[str, str, bytes]]:
    a, b, c, d, _ = _RING
    turned = [[179.9, 48.9], [-179.9, 48.9], [-179.9, 49.0], [179.9, 49.0], [179.9, 48.9]]
    metres = [[y, x] for x, y in _RING]
    infinite = [[math.inf, 48.9], *_RING[1:-1], [math.inf, 48.9]]
    gpkg = binary_seeds()["QPV (GeoPackage)"][1]
    return [
        ("Quartier qui se croise lui-même", "noeud.geojson", _layer(_polygon([a, c, b, d, a]))),
        ("Quartier sans contour", "sans.geojson", _layer(None)),
        ("Quartier réduit à un point", "point.geojson",
         _layer({"type": "Point", "coordinates": _RING[0]})),
        ("Latitude et longitude échangées", "inverse.geojson", _layer(_polygon(metres))),
        ("Contour à cheval sur l’antiméridien", "anti.geojson", _layer(_polygon(turned))),
        ("Contour aux coordonnées infinies", "inf.geojson", _layer(_polygon(infinite))),
        ("Système de coordonnées inconnu", "crs.geojson",
         _layer(_polygon(_RING), crs="urn:ogc:def:crs:EPSG::999999")),
        ("GeoJSON coupé", "coupe.geojson", _layer(_polygon(_RING))[:-40]),
        ("GeoJSON sans aucun objet", "rien.geojson",
         b'{"type": "FeatureCollection", "features": []}'),
        ("GeoPackage coupé", "coupe.gpkg", gpkg[: len(gpkg) // 3]),
        ("Shapefile sans ses compagnons", "seul.shp", b"\x00\x00\x27\x0a" + bytes(96)),
    ]  # fmt: skip


def _streets() -> list[tuple[str, str, bytes]]:
    pbf = binary_seeds()["rues (PBF)"][1]
    return [
        ("Bombe XML dans des rues (.osm)", "bombe.osm",
         (_BOMB + '<osm version="0.6"><node id="1" lat="&l9;" lon="2"/></osm>').encode()),
        ("Bombe XML dans un GraphML", "bombe.graphml",
         (_BOMB + '<graphml "highway">&l9;</graphml>').encode()),
        ("PBF coupé", "coupe.osm.pbf", pbf[: len(pbf) // 2]),
        ("Rues dont les nœuds manquent", "noeuds.osm",
         b'<osm version="0.6"><way id="1"><nd ref="1"/><nd ref="2"/>'
         b'<tag k="highway" v="path"/></way></osm>'),
        ("Réponse d’erreur d’Overpass", "overpass.json",
         b'{"version": 0.6, "elements": [], "remark": "runtime error: timed out"}'),
    ]  # fmt: skip
