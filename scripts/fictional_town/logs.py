"""Eighteen months of outings of the fictional team, drawn from the need, with planted silences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scripts.fictional_town.places import DECOY, PLANTED, PLANTED_M, Places, near

if TYPE_CHECKING:
    from numpy.random import Generator

    from scripts.fictional_town.ground import Ground
    from scripts.fictional_town.people import People

FIRST, LAST = date(2025, 5, 1), date(2026, 10, 30)
AGENTS = ("M1", "M2", "M3", "M4")
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi")
SLOTS = (  # agent, day, start, end: one permanence each, the market's on Wednesday morning
    ("M1", "mardi", "9h", "12h"), ("M2", "mercredi", "9h", "12h"), ("M3", "jeudi", "14h", "17h"),
    ("M4", "lundi", "14h", "17h"), ("M1", "vendredi", "9h", "12h"),
)  # fmt: skip
MISSED, SERVED = 0.12, 2.2


@dataclass(frozen=True)
class Logs:
    """Activities, contact counts, team and availability as the coordinator's sheets hold them."""

    activities: pd.DataFrame
    contacts: pd.DataFrame
    team: pd.DataFrame
    availability: pd.DataFrame
    planted: tuple[dict[str, object], ...]


def make_logs(ground: Ground, people: People, places: Places, draw: Generator) -> Logs:
    """Draw outings where need calls for them, hardly any in the planted zones."""
    weights, planted = _weights(ground, people)
    rows: list[dict[str, object]] = []
    for day in _worked_days():
        rows += _permanences(day, places, draw)
        rows += _outings(day, ground, people, weights, draw)
    rows += _planned(places)
    activities = pd.DataFrame(rows)
    return Logs(
        activities, _contacts(activities, draw), _team(places), _availability(places), planted
    )


def _weights(ground: Ground, people: People) -> tuple[np.ndarray, tuple[dict[str, object], ...]]:
    cells, planted = people.cells, []
    weight = cells["target"].to_numpy().copy()
    for share in PLANTED:
        gaps = [near(share, ground, x, y) for x, y in zip(cells["x"], cells["y"], strict=True)]
        inside = np.array(gaps) <= PLANTED_M
        weight[inside] *= MISSED
        centre = cells.loc[int(np.argmin(gaps)), ["x", "y"]]
        planted.append(
            {
                "x": float(centre["x"]),
                "y": float(centre["y"]),
                "radius_m": PLANTED_M,
                "cells": cells.loc[inside, "cell_id"].tolist(),
                "share_of_need": float(cells.loc[inside, "target"].sum() / cells["target"].sum()),
            }
        )
    decoy = [
        near(DECOY, ground, x, y) <= PLANTED_M for x, y in zip(cells["x"], cells["y"], strict=True)
    ]
    weight[np.array(decoy)] *= SERVED
    return weight / weight.sum(), tuple(planted)


def _worked_days() -> list[date]:
    days = [FIRST + timedelta(days=k) for k in range((LAST - FIRST).days + 1)]
    holidays = {date(2025, 12, 25), date(2026, 1, 1), date(2026, 5, 1), date(2026, 7, 14)}
    return [d for d in days if d.weekday() < 5 and d not in holidays]


def _season(day: date) -> float:
    return {12: 0.5, 1: 0.55, 2: 0.65, 8: 0.5}.get(day.month, 1.0)


def _permanences(day: date, places: Places, draw: Generator) -> list[dict[str, object]]:
    rows = []
    for (agent, name, start, end), host in zip(SLOTS, places.hosts, strict=False):
        if DAYS[day.weekday()] == name and draw.random() < 0.72:
            n = int(draw.poisson(4 * _season(day)))
            partner = places.partners.loc[host]
            base = _row(day, "permanence", start, end, agent, n, draw)
            rows.append(
                {
                    **base,
                    "lieu": partner["nom_structure"],
                    "id_partenaire": host,
                    "commune": partner["commune"],
                }
            )
    return rows


def _outings(
    day: date, ground: Ground, people: People, weights: np.ndarray, draw: Generator
) -> list[dict[str, object]]:
    rows = []
    for _ in range(int(draw.poisson(1.05 * _season(day)))):
        cell = people.cells.iloc[int(draw.choice(len(weights), p=weights))]
        kind = ("maraude", "tour de rue", "événement", "visite partenaire")[
            draw.choice(4, p=[0.55, 0.12, 0.13, 0.20])
        ]
        mean = {"maraude": 9, "tour de rue": 7, "événement": 22, "visite partenaire": 2}[kind]
        start, end = (("9h30", "12h"), ("14h", "16h30"), ("10h", "12h"))[int(draw.integers(3))]
        agents = "|".join(
            sorted(draw.choice(AGENTS, 2 if draw.random() < 0.7 else 1, replace=False))
        )
        base = _row(day, kind, start, end, agents, int(draw.poisson(mean)), draw)
        spot = draw.uniform(-60, 60, 2) + cell[["x", "y"]].to_numpy(float)
        name = ground.communes[cell["code"]][0] if cell["code"] else ""
        rows.append(
            {**base, "lieu": f"Secteur {name}", "commune": name, "x": spot[0], "y": spot[1]}
        )
    return rows


def _row(
    day: date, kind: str, start: str, end: str, agents: str, n: int, draw: Generator
) -> dict[str, object]:
    unknown = draw.random() < 0.04
    women = int(draw.binomial(n, 0.58))
    counts: dict[str, object] = {
        "nb_informes": n, "nb_accroches": int(draw.binomial(n, 0.35)),
        "nb_diagnostics": int(draw.binomial(n, 0.2)), "nb_orientes": int(draw.binomial(n, 0.15)),
        "nb_femmes": women, "nb_hommes": n - women,
    }  # fmt: skip
    return {
        "date": day, "type_activite": kind, "heure_debut": start, "heure_fin": end, "lieu": "",
        "id_partenaire": "", "commune": "", "x": None, "y": None, "agents": agents,
        **(dict.fromkeys(counts, "") if unknown else counts),
    }  # fmt: skip


def _planned(places: Places) -> list[dict[str, object]]:
    """Return what is already promised for the week to plan (2026-W45)."""
    empty = np.random.default_rng(0)
    promised = [
        (date(2026, 11, 6), "événement", "14h", "17h", "M1|M3", "Forum de l'emploi", 3),
        (date(2026, 11, 3), "visite partenaire", "14h", "15h30", "M2", "Rencontre", 10),
        (date(2026, 11, 5), "atelier", "9h30", "11h30", "M4", "Atelier « Flash CV »", 40),
    ]
    rows = []
    for day, kind, start, end, agents, title, k in promised:
        partner = places.partners.iloc[k]
        blank = _row(day, kind, start, end, agents, 0, empty)
        counts = {key: "" for key in blank if key.startswith("nb_")}
        place = {"id_partenaire": partner["id_partenaire"], "commune": partner["commune"]}
        rows.append(
            {
                **blank,
                **counts,
                **place,
                "lieu": partner["nom_structure"] if title == "Rencontre" else title,
            }
        )
    return rows


def _contacts(activities: pd.DataFrame, draw: Generator) -> pd.DataFrame:
    channels = ("bouche_a_oreille", "espace_public", "permanence", "partenaire", "autre")
    zones = ("qpv", "qva", "proximite", "autre", "inconnue")
    met = activities[pd.to_numeric(activities["nb_accroches"], errors="coerce").fillna(0) >= 3]
    rows = [
        {
            "date": row.date, "lieu": row.lieu, "commune": row.commune,
            "nombre": int(draw.integers(1, int(row.nb_accroches) + 1)), "etape": "accroche",
            "canal": channels[draw.choice(5, p=[0.31, 0.22, 0.22, 0.15, 0.10])],
            "zone_residence": zones[draw.choice(5, p=[0.35, 0.10, 0.26, 0.19, 0.10])],
        }
        for row in met.head(320).itertuples()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _team(places: Places) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "code_agent": AGENTS,
            "role": ["mediateur", "mediateur", "mediateur", "mediateur"],
            "heures_hebdo": [35, 35, 35, 28],
            "communes": ["", "", "", ""],
            "point_depart": [places.hosts[k % len(places.hosts)] for k in range(4)],
            "vitesse_marche_kmh": [4.5, 4.5, 4.2, 4.5],
            "marche_max_km": [6, 6, 5, 6],
        }
    )


def _availability(places: Places) -> pd.DataFrame:
    columns = ["code_agent", "jour", "debut", "fin", "semaine", "type", "id_partenaire"]
    worked = {a: DAYS if a != "M4" else DAYS[:4] for a in AGENTS}
    rows = [(a, d, "9h", "17h30", "toutes", "disponible", "") for a in AGENTS for d in worked[a]]
    for (agent, day, start, end), host in zip(SLOTS, places.hosts, strict=False):
        rows.append((agent, day, start, end, "toutes", "permanence", host))
    rows += [(a, "lundi", "9h", "10h30", "toutes", "reunion", "") for a in AGENTS]
    rows.append(("M3", "mardi", "14h", "17h", "paire", "formation", ""))
    return pd.DataFrame(rows, columns=columns)
