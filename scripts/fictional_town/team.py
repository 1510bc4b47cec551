"""The fictional team, by codes: four mediators, their week and their permanences."""

from __future__ import annotations

import pandas as pd

AGENTS = ("M1", "M2", "M3", "M4")
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi")
SLOTS = (  # agent, day, start, end: one permanence a week for each host
    ("M2", "mercredi", "9h", "12h"), ("M3", "jeudi", "14h", "17h"), ("M1", "mardi", "9h", "12h"),
    ("M4", "lundi", "14h", "17h"), ("M1", "vendredi", "9h", "12h"), ("M2", "jeudi", "9h", "12h"),
)  # fmt: skip
COLUMNS = ["code_agent", "jour", "debut", "fin", "semaine", "type", "id_partenaire"]
MARKET = "L0001"
COMES_BACK = (  # workers, start, end, kind, place, days, people needed
    ("M1|M2|M3|M4", "16h", "17h", "reunion", "", "toutes les 6 semaines à partir du 13/01/2026", ""),
    ("M1|M3", "10h", "12h", "evenement", MARKET, "toutes les 2 semaines à partir du 18/11/2026", 2),
)  # fmt: skip


def make_team(hosts: tuple[str, ...], communes: list[str]) -> pd.DataFrame:
    """Return the sheet « equipe »: each leaves from a permanence, communes shared by pairs."""
    cut = (len(communes) + 1) // 2
    west, east = communes[:cut], communes[cut - 1 :]
    starts = [hosts[[s[0] for s in SLOTS].index(agent)] for agent in AGENTS]
    return pd.DataFrame(
        {
            "code_agent": AGENTS,
            "role": ["mediateur"] * len(AGENTS),
            "heures_hebdo": [35, 35, 35, 28],
            "communes": ["|".join(west), "|".join(west), "|".join(east), "|".join(communes)],
            "point_depart": starts,
            "vitesse_marche_kmh": [4.5, 4.5, 4.2, 4.5],
            "marche_max_km": [6, 6, 5, 6],
        }
    )


def make_availability(hosts: tuple[str, ...]) -> pd.DataFrame:
    """Return the sheet « disponibilites »: working days, permanences, meetings, a market desk for two."""
    rows = [
        (agent, day, "9h", "17h30", "toutes", "disponible", "")
        for agent in AGENTS
        for day in (DAYS[:4] if agent == "M4" else DAYS)
    ]
    rows += [
        (agent, day, start, end, "toutes", "permanence", host)
        for (agent, day, start, end), host in zip(SLOTS, hosts, strict=True)
    ]
    rows += [(agent, "lundi", "9h", "10h30", "toutes", "reunion", "") for agent in AGENTS]
    rows.append(("M3", "mardi", "14h", "17h", "paire", "formation", ""))
    table = pd.DataFrame(rows, columns=COLUMNS).assign(recurrence="", effectif="")
    back = [
        (agents, "", start, end, "", kind, place, days, people)
        for agents, start, end, kind, place, days, people in COMES_BACK
    ]
    return pd.concat([table, pd.DataFrame(back, columns=table.columns)], ignore_index=True)
