"""
The end-to-end territory on real open data: Bondy, with activities simulated and marked so.

Streets, quarters, population, IRIS with census and partners are real public files kept outside the
project; team, availability and logs are drawn here, because no real log may be published.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

import geopandas as gpd

from territory.cli import run
from territory.settings import FILE_NAME

if TYPE_CHECKING:
    from pathlib import Path

REFERENCE = date(2026, 10, 31)
BLIND_NORTH_OF = 48.908  # degrees: the canal; ten times fewer outings beyond, planted
TIMES_FEWER = 10
REAL_FILES = (
    "osm/bondy_highways_2023.geojson",
    "qpv/qpv_2015_ile_de_france.geojson",
    "qpv/qp_2024_bondy_clip.geojson",
    "admin/mgp_com.shp",
    "iris/mgp_iris.shp",
    "iris/base-ic-activite-residents-2016-idf.csv",
    "grid/filosofi2019_carreaux_200m_bondy.gpkg",
    "partners/france_services_2024-08-01.csv",
    "partners/bibliotheques_ile_de_france.geojson",
    "partners/pmi_ile_de_france_2025-07.csv",
    "partners/conseillers_numeriques_2021.json",
    "partners/ban_adresses_bondy.geojson",
)
_TEAM = """code_agent;role;heures_hebdo;communes;point_depart;vitesse_marche_kmh;marche_max_km
M1;mediateur;35;93010;fs-1981;4,5;6
M2;mediateur;35;93010;fs-3232;4,5;6
M3;mediateur;28;93010;fs-3232;4,5;5
"""
_PERMANENCES = (("M1", "mardi", "9h", "12h", "fs-1981"), ("M2", "jeudi", "14h", "17h", "fs-3232"))
_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi")
_ACTIVITY_HEADER = (
    "date;type_activite;heure_debut;heure_fin;lieu;code_insee;latitude;longitude;agents;"
    "nb_informes;nb_accroches;nb_femmes;nb_moins_26;nb_60_plus"
)
_WOMEN, _UNDER_26, _OVER_60 = 0.45, 0.35, 0.12  # shares of the people met, the same everywhere


def prepare_bondy(real_data: Path, folder: Path) -> int:
    """
    Make a territory of the real files of `real_data` and of simulated logs; return the exit code.

    Runs the same commands as a user would: `territory init`, then `territory add`.
    """
    code = run(["init", str(folder), "--communes", "93010", "--nom", "Bondy (activités simulées)"])
    settings = folder / FILE_NAME
    marked = f"date_reference = {REFERENCE}\nactivites_simulees = true\n\n[marche]"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("[marche]", marked, 1), encoding="utf-8"
    )
    logs = write_simulated_logs(real_data, folder / "simulations")
    real = [real_data / name for name in REAL_FILES]
    return code or run(["add", str(folder), *map(str, [*real, *logs])])


def write_simulated_logs(real_data: Path, folder: Path, *, seed: int = 93010) -> list[Path]:
    """Write team, availability and a year of activities, drawn around inhabited cells."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "simulation_equipe.csv": _TEAM,
        "simulation_disponibilites.csv": _availability(),
        "simulation_activites.csv": _activities(real_data, *_draws(seed)),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]


def _availability() -> str:
    rows = ["code_agent;jour;debut;fin;semaine;type;id_partenaire"]
    for agent in ("M1", "M2", "M3"):
        rows += [f"{agent};{day};9h;17h30;toutes;disponible;" for day in _WEEKDAYS]
    rows += [f"{a};{d};{s};{e};toutes;permanence;{p}" for a, d, s, e, p in _PERMANENCES]
    rows += [f"{agent};lundi;9h;11h;toutes;reunion;" for agent in ("M1", "M2", "M3")]
    return "\n".join(rows) + "\n"


def _draws(seed: int) -> tuple[random.Random, random.Random]:
    """Return what draws the outings and, apart, who was met: one never moves the other."""
    return random.Random(seed), random.Random(seed + 1)  # noqa: S311 - nothing is kept secret


def _activities(real_data: Path, draw: random.Random, crowd: random.Random) -> str:
    """Draw outings where people live, except in the north: that is the planted blind spot."""
    spots = _spots(real_data)
    days = [REFERENCE - timedelta(days=k) for k in range(365, 0, -1)]
    worked = [d for d in days if d.weekday() < len(_WEEKDAYS)]
    rows = [_ACTIVITY_HEADER]
    outings = [d for d in worked if draw.random() < (0.35 if d.month in {12, 1, 2} else 0.55)]
    for day in outings:
        spot = draw.choices(spots, [s[2] for s in spots])[0]
        row, informed = _outing(day, spot, draw)
        rows.append(f"{row};{_publics(informed, crowd)}")
    event = "06/11/2026;evenement;14h;17h;Forum simulé de l'emploi;93010;48,902;2,482;M1|M3;;;;;"
    rows.append(event)
    return "\n".join(rows) + "\n"


def _publics(informed: int, crowd: random.Random) -> str:
    """Draw how many of the people informed are women, under 26, 60 and over."""
    women = sum(crowd.random() < _WOMEN for _ in range(informed))
    ages = [crowd.random() for _ in range(informed)]
    young = sum(age < _UNDER_26 for age in ages)
    return f"{women};{young};{sum(age >= 1 - _OVER_60 for age in ages)}"


def _outing(day: date, spot: tuple[float, float, float], draw: random.Random) -> tuple[str, int]:
    """Return the row of an outing, and how many people it informed."""
    kind = draw.choices(["maraude", "visite_partenaire", "tour_de_rue"], [6, 2, 2])[0]
    informed = draw.randint(2, 16) if kind != "visite_partenaire" else draw.randint(0, 4)
    lat, lon = (f"{value:.3f}".replace(".", ",") for value in spot[:2])
    start, end = draw.choice([("9h30", "12h"), ("14h", "16h30")])
    team = draw.choice(["M1|M2", "M2|M3", "M1", "M3"])
    place = f"Rue simulée {lat} {lon}"
    engaged = informed // 4
    what = f"{day:%d/%m/%Y};{kind};{start};{end};{place};93010;{lat};{lon};{team}"
    return f"{what};{informed};{engaged}", informed


def _spots(real_data: Path) -> list[tuple[float, float, float]]:
    """Return (lat, lon, weight) of the cells: residents, divided by ten north of the canal."""
    path = real_data / "grid" / "filosofi2019_carreaux_200m_bondy.gpkg"
    cells = gpd.read_file(path, layer="bondy").set_crs(2154, allow_override=True)
    cells = cells.sort_values("idcar_200m")
    middles = cells.geometry.centroid.to_crs(4326)
    weights = [
        r / TIMES_FEWER if p.y > BLIND_NORTH_OF else r
        for r, p in zip(cells["ind"], middles, strict=True)
    ]
    return [(p.y, p.x, w) for p, w in zip(middles, weights, strict=True)]
