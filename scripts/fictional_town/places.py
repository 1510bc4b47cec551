"""The partners of the fictional town: structures in the mix of the programmes, and lively places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from shapely.geometry import Point

from scripts.fictional_town.ground import NAMES, ORIGIN, Ground
from scripts.fictional_town.people import People, spot

if TYPE_CHECKING:
    from numpy.random import Generator

MIX = {
    "association": 24, "centre social": 9, "bailleur": 9, "médiathèque": 6, "CCAS": 3, "mairie annexe": 4,
    "maison de l'emploi": 3, "mission locale": 2, "épicerie solidaire": 5, "foyer de travailleurs": 4,
    "régie de quartier": 3, "PMI": 5, "organisme de formation": 6, "club de prévention": 3, "SIAE": 6,
    "France Travail": 2, "espace numérique": 3, "maison de quartier": 3,
}  # fmt: skip
HOURS = (
    "lun-ven 9h-12h 14h-17h", "lun-ven 9h-12h30 13h30-17h30 ; sam 9h-12h", "mar-sam 10h-12h 14h-18h",
    "lundi, mardi, jeudi 9h-12h 14h-17h", "Mo-Fr 08:30-17:00", "Tu-Sa 10:00-18:00", "lun-ven 8h30-16h30",
    "", "sur rendez-vous",
)  # fmt: skip
STATUSES = ("recensée", "contactée", "rencontrée", "active", "inactive", "refus")
PLANTED = ((0.14, 0.20), (0.84, 0.26), (0.60, 0.90))  # quarters where the team hardly goes
DECOY = (0.92, 0.90)  # far from every permanence, and yet well served
PLANTED_M, FAR_M = 330.0, 720.0


@dataclass(frozen=True)
class Places:
    """Partners (rows of the coordinator's table), France services rows, recurring places."""

    partners: pd.DataFrame
    france_services: pd.DataFrame
    lively: pd.DataFrame
    hosts: tuple[str, ...]


def make_places(ground: Ground, people: People, draw: Generator) -> Places:
    """Draw 100 partners, 20 France services and the recurring places."""
    partners = _partners(ground, people, draw)
    hosts = _hosts(partners, ground)
    partners.loc[list(hosts), ["accueille_permanence", "statut"]] = ["oui", "active"]
    partners.loc[list(hosts), "horaires"] = "lun-ven 8h30-18h"
    return Places(partners, _france_services(ground, people, draw), _lively(ground), hosts)


def near(share: tuple[float, float], ground: Ground, x: float, y: float) -> float:
    """Return metres from (x, y) to the point at `share` of the town."""
    return float(spot(ground, share).distance(Point(x, y)))


def _spots(ground: Ground, people: People, count: int, draw: Generator) -> np.ndarray:
    """Draw points near street corners, where many people live."""
    weights = people.cells["ind"].to_numpy()
    chosen = draw.choice(len(weights), count, p=weights / weights.sum())
    middles = people.cells[["x", "y"]].to_numpy()[chosen] + draw.uniform(-90, 90, (count, 2))
    low = np.array(ORIGIN) + 15
    high = np.array([ORIGIN[0] + ground.width_m, ORIGIN[1] + ground.height_m]) - 15
    return np.round(np.clip(middles, low, high), 1)


def _partners(ground: Ground, people: People, draw: Generator) -> pd.DataFrame:
    kinds = [kind for kind, count in MIX.items() for _ in range(count)]
    xy = _spots(ground, people, len(kinds), draw)
    rows = []
    for k, (kind, (x, y)) in enumerate(zip(kinds, xy, strict=True)):
        code = next((c for c, (_, a) in ground.communes.items() if a.covers(Point(x, y))), "00101")
        status = STATUSES[draw.choice(6, p=[0.36, 0.06, 0.42, 0.10, 0.04, 0.02])]
        street = NAMES[int(draw.integers(len(NAMES)))]
        rows.append(
            {
                "id_partenaire": f"P{k + 1:04d}",
                "nom_structure": f"{kind[0].upper()}{kind[1:]} {_nickname(k)}",
                "type_structure": kind,
                "adresse": f"{int(draw.integers(1, 90))} rue des {street}",
                "code_postal": "00" + code[2:],
                "commune": ground.communes[code][0],
                "code_insee": code,
                "x": x,
                "y": y,
                "statut": status,
                "date_derniere_rencontre": _met(status, draw),
                "accueille_permanence": ("oui", "non", "")[draw.choice(3, p=[0.3, 0.3, 0.4])],
                "horaires": HOURS[int(draw.integers(len(HOURS)))],
            }
        )
    return pd.DataFrame(rows).set_index("id_partenaire", drop=False)


def _nickname(k: int) -> str:
    return f"des {NAMES[(k * 11) % len(NAMES)]}" + (
        f" {k // len(NAMES) + 1}" if k >= len(NAMES) else ""
    )


def _met(status: str, draw: Generator) -> str:
    if status not in {"rencontrée", "active"}:
        return ""
    return f"{int(draw.integers(1, 28)):02d}/{int(draw.integers(1, 10)):02d}/2026"


def _hosts(partners: pd.DataFrame, ground: Ground) -> tuple[str, ...]:
    """Choose five hosts far from the planted zones and from each other."""
    wanted = {
        "centre social",
        "maison de l'emploi",
        "médiathèque",
        "bailleur",
        "maison de quartier",
    }
    chosen: list[str] = []
    avoided = (*PLANTED, DECOY)
    for key, row in partners.iterrows():
        if row["type_structure"] not in wanted or len(chosen) == 5:
            continue
        far = all(near(s, ground, row["x"], row["y"]) > FAR_M for s in avoided)
        apart = all(
            np.hypot(row["x"] - partners.at[c, "x"], row["y"] - partners.at[c, "y"]) > 380
            for c in chosen
        )
        if far and apart:
            chosen.append(str(key))
    return tuple(chosen)


def _france_services(ground: Ground, people: People, draw: Generator) -> pd.DataFrame:
    xy = _spots(ground, people, 20, draw)
    day, short = "09:00 - 12:00 / 13:30 - 17:00", "09:00 - 12:00"
    rows = []
    for k, (x, y) in enumerate(xy):
        code = next((c for c, (_, a) in ground.communes.items() if a.covers(Point(x, y))), "00101")
        bus = k in {4, 13}
        rows.append(
            {
                "id_fs": str(9001 + k), "insee_dep": "00", "lib_fs": f"France services {_nickname(k + 3)}",
                "adresse": f"{k + 2} place des {NAMES[k]}", "complement_adresse": "", "insee_com": code,
                "code_postal": "00" + code[2:], "lib_com": ground.communes[code][0], "x": x, "y": y,
                "mail": "", "telephone": "", "h_lundi": "" if k % 5 == 0 else day, "h_mardi": day,
                "h_mercredi": day if k != 7 else "09:00 - 17:30 / 09:00 - 12:00", "h_jeudi": day,
                "h_vendredi": short, "h_samedi": short if k % 4 == 0 else "",
                "prise_rdv": "Oui" if k % 2 else "Non", "commentaire": "",
                "type_fs": "Principal", "format_fs": "Bus_équivalent" if bus else "Fixe",
                "groupe_fs": "", "labellisation_fs": "2024",
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _lively(ground: Ground) -> pd.DataFrame:
    rows = [
        ("Marché du mercredi", "marché", (0.45, 0.40), "mercredi 8h-13h", "", "non"),
        ("Gare routière de Valfictif", "gare", (0.52, 0.42), "", "", "non"),
        ("Parvis du Grand-Pré", "espace public", (0.33, 0.30), "", "", "non"),
        ("Foyer des Bateliers", "foyer", (0.82, 0.30), "", "120", "non"),
        ("Square des Lampions", "parc", (0.16, 0.22), "", "", "non"),
        ("Lieu de vie informel", "bidonville", (0.95, 0.55), "", "", "oui"),
    ]
    found = []
    for name, kind, share, moment, size, sensitive in rows:
        point = spot(ground, share)
        code = next(c for c, (_, a) in ground.communes.items() if a.covers(point))
        found.append(
            {
                "nom_lieu": name, "type_lieu": kind, "commune": ground.communes[code][0], "code_insee": code,
                "x": point.x, "y": point.y, "moment": moment, "affluence_estimee": size,
                "source_estimation": "équipe" if size else "", "lieu_sensible": sensitive,
            }
        )  # fmt: skip
    return pd.DataFrame(found)
