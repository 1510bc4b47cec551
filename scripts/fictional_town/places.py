"""The structures of the fictional town, in the mix of the programmes, and its lively places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from shapely import Point

from scripts.fictional_town.planted import FAR_M, Planted, plant
from scripts.fictional_town.words import THINGS, nickname

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from scripts.fictional_town.ground import Ground
    from scripts.fictional_town.people import People

MIX = {
    "association": 24, "centre social": 9, "bailleur": 9, "médiathèque": 6, "CCAS": 3, "mairie annexe": 4,
    "maison de l'emploi": 3, "mission locale": 2, "épicerie solidaire": 5, "foyer de travailleurs": 4,
    "régie de quartier": 3, "PMI": 5, "organisme de formation": 6, "club de prévention": 3, "SIAE": 6,
    "France Travail": 2, "espace numérique": 3, "maison de quartier": 3,
}  # fmt: skip
HOST_KINDS = (
    "centre social",
    "maison de l'emploi",
    "médiathèque",
    "bailleur",
    "maison de quartier",
)
HOURS = (
    "lun-ven 9h-12h 14h-17h", "lun-ven 9h-12h30 13h30-17h30 ; sam 9h-12h", "mar-sam 10h-12h 14h-18h",
    "lundi, mardi, jeudi 9h-12h 14h-17h", "Mo-Fr 08:30-17:00", "Tu-Sa 10:00-18:00", "lun-ven 8h30-16h30",
    "lun-ven 9h-17h", "", "sur rendez-vous",
)  # fmt: skip
STATUSES = ("recensée", "contactée", "rencontrée", "active", "inactive", "refus")
FUNNEL = (0.28, 0.09, 0.42, 0.15, 0.04, 0.02)  # 145 met of 250 listed
HOSTS, FRANCE_SERVICES, BUSES = 6, 20, (4, 13)


@dataclass(frozen=True)
class Places:
    """Partners, France services and lively places as tables, hosts, and what is planted."""

    partners: pd.DataFrame
    france_services: pd.DataFrame
    lively: pd.DataFrame
    hosts: tuple[str, ...]
    planted: Planted


def make_places(ground: Ground, people: People, draw: Generator) -> Places:
    """Draw the partners (100 at 60,000 residents), 20 France services and the lively places."""
    planted = plant(ground, people)
    partners = _partners(ground, people, draw)
    hosts = _hosts(partners, planted)
    partners.loc[list(hosts), ["accueille_permanence", "statut"]] = ["oui", "active"]
    partners.loc[list(hosts), "horaires"] = "lun-ven 8h30-18h"
    partners.loc[list(hosts), "date_derniere_rencontre"] = "12/10/2026"
    services = _france_services(ground, people, draw)
    return Places(partners, services, _lively(ground), hosts, planted)


def _spots(
    ground: Ground, people: People, count: int, draw: Generator
) -> tuple[NDArray[np.float64], list[str]]:
    """Draw points where many people live, with the commune of each."""
    inner = ground.outline.buffer(-20)
    weights = people.cells["ind"].to_numpy() / people.cells["ind"].sum()
    centres = people.cells[["x", "y"]].to_numpy()
    found: list[NDArray[np.float64]] = []
    while len(found) < count:
        point = centres[draw.choice(len(weights), p=weights)] + draw.uniform(-90, 90, 2)
        if shapely.contains_xy(inner, *point):
            found.append(np.round(point, 1))
    return np.array(found), [ground.commune_at(Point(p)) for p in found]


def _partners(ground: Ground, people: People, draw: Generator) -> pd.DataFrame:
    times = max(1.0, people.cells["ind"].sum() / 62_000) ** 0.45
    kinds = [kind for kind, count in MIX.items() for _ in range(round(count * times))]
    xy, codes = _spots(ground, people, len(kinds), draw)
    rows = []
    for k, (kind, (x, y), code) in enumerate(zip(kinds, xy, codes, strict=True)):
        status = STATUSES[draw.choice(len(STATUSES), p=FUNNEL)]
        street = THINGS[int(draw.integers(len(THINGS)))]
        rows.append(
            {
                "id_partenaire": f"P{k + 1:04d}",
                "nom_structure": f"{kind[0].upper()}{kind[1:]} {nickname(k)}",
                "type_structure": kind,
                "adresse": f"{int(draw.integers(1, 90))} rue {street}",
                "code_postal": "00" + code[2:],
                "commune": ground.communes[code][0],
                "code_insee": code,
                "x": x,
                "y": y,
                "statut": status,
                **_met(status, draw),
                "accueille_permanence": ("oui", "non", "")[draw.choice(3, p=[0.3, 0.3, 0.4])],
                "horaires": HOURS[int(draw.integers(len(HOURS)))],
            }
        )
    return pd.DataFrame(rows).set_index("id_partenaire", drop=False)


def _met(status: str, draw: Generator) -> dict[str, str]:
    """Return the dates that go with a status: first contact, then last meeting."""
    first = f"{int(draw.integers(1, 28)):02d}/{int(draw.integers(1, 13)):02d}/2025"
    last = f"{int(draw.integers(1, 28)):02d}/{int(draw.integers(1, 10)):02d}/2026"
    met = status in {"rencontrée", "active", "inactive"}
    return {
        "date_premier_contact": "" if status == "recensée" else first,
        "date_derniere_rencontre": last if met else "",
    }


def _hosts(partners: pd.DataFrame, planted: Planted) -> tuple[str, ...]:
    """Choose hosts in turn, each as far as can be from the others, all far from what is planted."""
    able = partners[partners["type_structure"].isin(HOST_KINDS)]
    xy = able[["x", "y"]].to_numpy(float)
    away = planted.distance(xy)
    fine = (
        np.flatnonzero(away >= FAR_M) if (away >= FAR_M).sum() >= HOSTS else np.argsort(-away)[:9]
    )
    chosen = [int(fine[np.argmin(np.hypot(*(xy[fine] - xy.mean(axis=0)).T))])]
    while len(chosen) < HOSTS:
        gaps = np.hypot(*(xy[fine][:, None] - xy[chosen][None]).transpose(2, 0, 1)).min(axis=1)
        chosen.append(int(fine[int(np.argmax(gaps))]))
    return tuple(str(able.index[k]) for k in chosen)


def _france_services(ground: Ground, people: People, draw: Generator) -> pd.DataFrame:
    xy, codes = _spots(ground, people, FRANCE_SERVICES, draw)
    day, short = "09:00 - 12:00 / 13:30 - 17:00", "09:00 - 12:00"
    rows = []
    for k, ((x, y), code) in enumerate(zip(xy, codes, strict=True)):
        rows.append(
            {
                "id_fs": str(9001 + k), "insee_dep": "00", "lib_fs": f"France services {nickname(k + 3)}",
                "adresse": f"{k + 2} place {THINGS[k]}", "complement_adresse": "", "insee_com": code,
                "code_postal": "00" + code[2:], "lib_com": ground.communes[code][0], "x": x, "y": y,
                "mail": "", "telephone": "", "h_lundi": "" if k % 5 == 0 else day, "h_mardi": day,
                "h_mercredi": day if k != 7 else "09:00 - 17:30 / 09:00 - 12:00", "h_jeudi": day,
                "h_vendredi": short, "h_samedi": short if k % 4 == 0 else "",
                "prise_rdv": "Oui" if k % 2 else "Non", "commentaire": "",
                "type_fs": "Antenne" if k == 9 else "Principal",
                "format_fs": "Bus_équivalent" if k in BUSES else "Fixe",
                "groupe_fs": "", "labellisation_fs": "2024",
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _lively(ground: Ground) -> pd.DataFrame:
    rows = [
        ("Marché du mercredi", "marché", (0.47, 0.37), "mercredi 8h-13h", "400", "non"),
        ("Gare routière de Valfictif", "gare", (0.54, 0.46), "", "", "non"),
        ("Parvis du Grand-Pré", "espace public", (0.33, 0.30), "", "", "non"),
        ("Foyer des Bateliers", "foyer", (0.85, 0.37), "", "120", "non"),
        ("Square des Lampions", "parc", (0.17, 0.29), "", "", "non"),
        ("Lieu de vie informel", "bidonville", (0.93, 0.60), "", "", "oui"),
    ]
    found = []
    for k, (name, kind, share, moment, size, sensitive) in enumerate(rows, 1):
        point = ground.at(*share)
        code = ground.commune_at(point)
        found.append(
            {
                "id_lieu": f"L{k:04d}", "nom_lieu": name, "type_lieu": kind,
                "commune": ground.communes[code][0],
                "code_insee": code, "x": point.x, "y": point.y, "moment": moment,
                "affluence_estimee": int(size) if size else "",
                "source_estimation": "équipe" if size else "", "lieu_sensible": sensitive,
            }
        )  # fmt: skip
    return pd.DataFrame(found)
