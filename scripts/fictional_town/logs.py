"""Eighteen months of outings of the fictional team, drawn from the need, with planted silences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from shapely import Point

from scripts.fictional_town.clashes import without_clashes
from scripts.fictional_town.counts import contact_lines, counts
from scripts.fictional_town.planted import factors
from scripts.fictional_town.team import AGENTS, DAYS, SLOTS, make_availability, make_team

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from scripts.fictional_town.ground import Ground
    from scripts.fictional_town.people import People
    from scripts.fictional_town.places import Places
    from scripts.fictional_town.streets import Streets

FIRST, LAST = date(2025, 5, 1), date(2026, 10, 30)
HOLIDAYS = {
    date(2025, 5, 1), date(2025, 5, 8), date(2025, 5, 29), date(2025, 6, 9), date(2025, 7, 14),
    date(2025, 8, 15), date(2025, 11, 11), date(2025, 12, 25), date(2026, 1, 1), date(2026, 4, 6),
    date(2026, 5, 1), date(2026, 5, 8), date(2026, 5, 14), date(2026, 5, 25), date(2026, 7, 14),
}  # fmt: skip
SEASON = {12: 0.45, 1: 0.5, 2: 0.6, 8: 0.55}  # fewer people out in winter, and in August
KINDS, MIX = ("maraude", "tour de rue", "événement", "visite partenaire"), (0.55, 0.12, 0.12, 0.21)
MEAN = {"maraude": 9, "tour de rue": 7, "événement": 15, "visite partenaire": 3, "permanence": 4}
TIMES = (("9h30", "12h"), ("14h", "16h30"), ("10h", "12h"), ("14h30", "17h"))
PER_DAY, KEPT_PERMANENCES = 1.02, 0.76
VISIT_M = 260.0


@dataclass(frozen=True)
class Logs:
    """Activities, contact counts, team and availability as the coordinator's sheets hold them."""

    activities: pd.DataFrame
    contacts: pd.DataFrame
    team: pd.DataFrame
    availability: pd.DataFrame


def make_logs(
    ground: Ground, streets: Streets, people: People, places: Places, draw: Generator
) -> Logs:
    """Draw outings where need calls for them, hardly any in the planted zones."""
    rows = [
        *_permanences(places, draw),
        *_outings(ground, streets, people, places, draw),
        *_promised(places),
    ]
    order = sorted(rows, key=lambda r: (r["date"], str(r["heure_debut"]), str(r["lieu"])))
    activities = pd.DataFrame(order)
    activities.insert(0, "id_activite", [f"A{k + 1:04d}" for k in range(len(order))])
    activities = without_clashes(activities, AGENTS)
    codes = list(ground.communes)
    return Logs(
        activities,
        contact_lines(activities, people, draw),
        make_team(places.hosts, codes),
        make_availability(places.hosts),
    )


def _worked_days() -> list[date]:
    days = [FIRST + timedelta(days=k) for k in range((LAST - FIRST).days + 1)]
    return [d for d in days if d.weekday() < len(DAYS) and d not in HOLIDAYS]


def _row(day: date, kind: str, times: tuple[str, str], agents: str) -> dict[str, object]:
    return {
        "date": day, "type_activite": kind, "heure_debut": times[0], "heure_fin": times[1],
        "lieu": "", "id_partenaire": "", "commune": "", "x": None, "y": None, "agents": agents,
        "statut_realisation": "réalisé", "motif_annulation": "",
    }  # fmt: skip


def _at_partner(partner: pd.Series) -> dict[str, object]:
    return {
        "lieu": partner["nom_structure"], "id_partenaire": partner["id_partenaire"],
        "commune": partner["commune"], "x": partner["x"], "y": partner["y"],
    }  # fmt: skip


def _permanences(places: Places, draw: Generator) -> list[dict[str, object]]:
    rows = []
    for day in _worked_days():
        for (agent, name, *times), host in zip(SLOTS, places.hosts, strict=True):
            season = 0.5 + 0.5 * SEASON.get(day.month, 1.0)
            if DAYS[day.weekday()] != name or draw.random() > KEPT_PERMANENCES * season:
                continue
            base = _row(day, "permanence", (times[0], times[1]), agent)
            met = counts(MEAN["permanence"], draw)
            rows.append({**base, **_at_partner(places.partners.loc[host]), **met})
    return rows


def _outings(
    ground: Ground, streets: Streets, people: People, places: Places, draw: Generator
) -> list[dict[str, object]]:
    days = [
        d for d in _worked_days() for _ in range(draw.poisson(PER_DAY * SEASON.get(d.month, 1.0)))
    ]
    weight = people.cells["target"].to_numpy() * factors(people, places.planted)
    cells = _spread(weight, people.cells, len(days), draw)
    rows = []
    for day, cell in zip(days, cells, strict=True):
        xy = people.cells.loc[cell, ["x", "y"]].to_numpy(float)
        drawn = KINDS[draw.choice(len(KINDS), p=MIX)]
        kind, where = _where(drawn, xy, (ground, streets, places))
        pair = draw.choice(AGENTS, 2 if draw.random() < 0.7 else 1, replace=False)
        times = TIMES[int(draw.integers(len(TIMES)))]
        rows.append(
            {**_row(day, kind, times, "|".join(sorted(pair))), **where, **_outcome(kind, draw)}
        )
    return rows


def _spread(
    weight: NDArray[np.float64], cells: pd.DataFrame, count: int, draw: Generator
) -> NDArray[np.int64]:
    """
    Draw `count` cells in proportion to `weight`, evenly spread over the town.

    Systematic sampling along strips of squares: chance alone leaves no hole as big as a planted one.
    """
    strip = cells["n"] // 600
    along = cells["e"] * np.where(strip % 2 == 0, 1, -1)
    order = np.lexsort((cells["n"], along, strip))
    filled = np.cumsum(weight[order]) / weight.sum()
    ticks = (np.arange(count) + draw.random()) / count
    chosen = order[np.minimum(np.searchsorted(filled, ticks), len(order) - 1)]
    return np.asarray(draw.permutation(chosen))


def _nearest(
    points: NDArray[np.float64], xy: NDArray[np.float64], places: Places
) -> tuple[int, float]:
    """Return the nearest point and its metres, never across the edge of a planted zone."""
    away = np.hypot(*(points - xy).T)
    away[places.planted.across(points, xy)] = np.inf
    return int(np.argmin(away)), float(away.min())


def _where(
    kind: str, xy: NDArray[np.float64], town: tuple[Ground, Streets, Places]
) -> tuple[str, dict[str, object]]:
    """Return what is done there, and where: a visit needs a partner within a short walk."""
    ground, streets, places = town
    there = places.partners[["x", "y"]].to_numpy(float)
    nearest, away = _nearest(there, xy, places)
    if kind == "visite partenaire" and away <= VISIT_M:
        return kind, _at_partner(places.partners.iloc[nearest])
    spots = np.array([spot[1:] for spot in streets.spots])
    name, x, y = streets.spots[_nearest(spots, xy, places)[0]]
    commune = ground.communes[ground.commune_at(Point(x, y))][0]
    at = {"lieu": name, "id_partenaire": "", "commune": commune, "x": x, "y": y}
    return "maraude" if kind == "visite partenaire" else kind, at


def _outcome(kind: str, draw: Generator) -> dict[str, object]:
    """Return the people met, or why nobody was."""
    met = counts(MEAN[kind], draw)
    if draw.random() > 0.02:
        return met
    blank = dict.fromkeys(met, "")
    return {**blank, "statut_realisation": "annulé", "motif_annulation": "météo"}


def _promised(places: Places) -> list[dict[str, object]]:
    """Return what is already promised for the week to plan (2026-W45)."""
    market = places.lively.iloc[0]
    hosts = places.hosts
    promised = (
        (2, "information collective", ("14h", "16h"), "M2|M3", hosts[2]),
        (3, "visite partenaire", ("14h", "15h30"), "M2", places.partners.index[10]),
        (4, "maraude", ("10h", "12h"), "M1|M3", ""),
        (5, "atelier", ("9h30", "11h30"), "M4", places.partners.index[40]),
        (6, "intervention", ("10h", "11h30"), "M3", places.partners.index[60]),
        (6, "événement", ("14h", "17h"), "M1|M3", hosts[0]),
    )
    rows = []
    for day, kind, times, agents, partner in promised:
        base = {**_row(date(2026, 11, day), kind, times, agents), "statut_realisation": "prévu"}
        if partner:
            rows.append({**base, **_at_partner(places.partners.loc[partner])})
        else:
            at = {"lieu": market["nom_lieu"], "commune": market["commune"]}
            rows.append({**base, **at, "x": market["x"], "y": market["y"]})
    return rows
