"""Partners, team and log of one town of a drawn country, as the tables a coordinator keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.simulate.country_statistics import CHOSEN, OFFICIAL_ADULTS, OFFICIAL_PLACES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.simulate.country_people import DrawnPeople
    from territory.simulate.country_plan import TownPlan
    from territory.simulate.country_planting import DrawnZones

FIRST, LAST = date(2025, 5, 1), date(2026, 10, 30)
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi")
HALVES = (("9h", "12h"), ("14h", "17h"))
# The mix of a programme's list of partners (see the fictional town); hosts are of the first kinds.
HOST_KINDS = ("centre social", "maison de l'emploi", "médiathèque", "maison de quartier")
KINDS = {
    "association": 24, "centre social": 9, "bailleur": 9, "médiathèque": 6, "CCAS": 3,
    "mairie annexe": 4, "maison de l'emploi": 3, "mission locale": 2, "épicerie solidaire": 5,
    "foyer de travailleurs": 4, "régie de quartier": 3, "PMI": 5, "organisme de formation": 6,
    "club de prévention": 3, "SIAE": 6, "France Travail": 2, "espace numérique": 3,
    "maison de quartier": 3,
}  # fmt: skip
STATUSES = ("recensée", "contactée", "rencontrée", "active", "inactive", "refus")
FUNNEL = (0.28, 0.09, 0.42, 0.15, 0.04, 0.02)
HOURS = (
    "lun-ven 9h-12h 14h-17h", "lun-ven 9h-12h30 13h30-17h30 ; sam 9h-12h",
    "mar-sam 10h-12h 14h-18h", "lun-ven 8h30-16h30", "lun-ven 9h-17h", "", "sur rendez-vous",
)  # fmt: skip
OUTINGS = {"maraude": (0.67, 9.0), "tour de rue": (0.15, 7.0), "événement": (0.18, 15.0)}
PERMANENCE_MEAN, KEPT, CANCELLED, NOT_COUNTED = 4.0, 0.76, 0.02, 0.04
SEASON = {12: 0.45, 1: 0.5, 2: 0.6, 8: 0.55}
ZONES_OF_HOME = ("qpv", "proximite", "autre", "inconnue")
FROM_QPV, FROM_ELSEWHERE = (0.64, 0.19, 0.09, 0.08), (0.20, 0.34, 0.35, 0.11)
CHANNELS = ("bouche_a_oreille", "espace_public", "permanence", "partenaire", "autre")
_NEAR_M = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class DrawnTeam:
    """Tables with French columns, places in metres (x, y of EPSG:2154)."""

    partners: pd.DataFrame
    services: pd.DataFrame
    team: pd.DataFrame
    availability: pd.DataFrame
    activities: pd.DataFrame
    contacts: pd.DataFrame


def draw_team(plan: TownPlan, people: DrawnPeople, zones: DrawnZones) -> DrawnTeam:
    """Draw who works in a town, with whom, and 18 months of what they did."""
    draw = plan.stream(4)
    hosts = len(zones.permanences)
    workers = max(round(hosts / CHOSEN.permanences_per_worker), 2)
    partners = _partners(plan, people, zones, draw)
    slots = _slots(hosts, workers)
    activities = _activities(plan, (people, zones), partners, slots, draw)
    return DrawnTeam(
        partners,
        _services(plan, people, draw),
        _team(plan, partners, slots, workers),
        _availability(partners, slots, workers),
        activities,
        _contacts(people, activities, draw),
    )


def _around(
    people: DrawnPeople, rows: NDArray[np.int64], draw: np.random.Generator
) -> dict[str, NDArray[np.float64]]:
    """Return a point near the centre of each of these cells."""
    xy = np.round(people.cells.xy[rows] + draw.uniform(-_NEAR_M, _NEAR_M, (len(rows), 2)), 1)
    return {"x": xy[:, 0], "y": xy[:, 1]}


def _by_people(people: DrawnPeople, count: int, draw: np.random.Generator) -> NDArray[np.int64]:
    residents = people.cells.residents
    return draw.choice(len(residents), count, p=residents / residents.sum())


def _where(plan: TownPlan, people: DrawnPeople, rows: NDArray[np.int64]) -> dict[str, object]:
    commune = people.cells.commune[rows]
    codes, names = np.array(plan.communes), np.array(commune_names(plan))
    return {"code_insee": codes[commune], "commune": names[commune]}


def commune_names(plan: TownPlan) -> list[str]:
    """Return the names of the communes of a town: its own, then numbered ones."""
    return [plan.name if k == 0 else f"{plan.name} {k + 1}" for k in range(len(plan.communes))]


def _partners(
    plan: TownPlan, people: DrawnPeople, zones: DrawnZones, draw: np.random.Generator
) -> pd.DataFrame:
    """Return the partners: those who host permanences first, where these are."""
    hosts = len(zones.permanences)
    count = round(float(people.cells.residents.sum()) / CHOSEN.residents_per_partner)
    others = _by_people(people, max(count - hosts, 5), draw)
    rows = np.concatenate([zones.permanences, others])
    n, held = len(rows), np.arange(len(rows)) < hosts
    shares = np.array([*KINDS.values()], float)
    kind = draw.choice([*KINDS], n, p=shares / shares.sum())
    kind = np.where(held, draw.choice(HOST_KINDS, n), kind)
    status = np.where(held, "active", draw.choice(STATUSES, n, p=FUNNEL))
    day, month = draw.integers(1, 28, (n, 2)), draw.integers(1, 10, (n, 2))
    first = [f"{d:02d}/{m:02d}/2025" for d, m in zip(day[:, 0], month[:, 0], strict=True)]
    last = [f"{d:02d}/{m:02d}/2026" for d, m in zip(day[:, 1], month[:, 1], strict=True)]
    met = np.isin(status, ("rencontrée", "active", "inactive"))
    hosting = np.where(held, "oui", draw.choice(("oui", "non", ""), n, p=(0.2, 0.4, 0.4)))
    names = [f"{name[:1].upper()}{name[1:]} n° {k + 1}" for k, name in enumerate(kind)]
    return pd.DataFrame(
        {
            "id_partenaire": [f"P{k + 1:05d}" for k in range(n)],
            "nom_structure": names, "type_structure": kind,
            **_where(plan, people, rows), "statut": status,
            "date_premier_contact": np.where(status == "recensée", "", first),
            "date_derniere_rencontre": np.where(met, last, ""),
            "accueille_permanence": hosting,
            "horaires": np.where(held, "lun-ven 8h30-18h", draw.choice(HOURS, n)),
            **_around(people, rows, draw),
        }
    )  # fmt: skip


def _services(plan: TownPlan, people: DrawnPeople, draw: np.random.Generator) -> pd.DataFrame:
    """Return the France services of the town, as the national list shows them."""
    adults = float(people.iris_adults.sum())
    count = max(1, round(adults * OFFICIAL_PLACES["france_services"] / OFFICIAL_ADULTS))
    rows = _by_people(people, count, draw)
    told, day = _where(plan, people, rows), "09:00 - 12:00 / 13:30 - 17:00"
    return pd.DataFrame(
        {
            "id_fs": [f"{plan.first_quarter}{k:03d}" for k in range(count)],
            "insee_dep": plan.departement,
            "lib_fs": [f"France services {plan.name} {k + 1}" for k in range(count)],
            "adresse": [f"{k + 2} place imaginée" for k in range(count)], "complement_adresse": "",
            "insee_com": told["code_insee"], "code_postal": told["code_insee"],
            "lib_com": told["commune"], **_around(people, rows, draw), "mail": "", "telephone": "",
            "h_lundi": day, "h_mardi": day, "h_mercredi": day, "h_jeudi": day,
            "h_vendredi": "09:00 - 12:00", "h_samedi": "", "prise_rdv": "Non", "commentaire": "",
            "type_fs": "Principal", "format_fs": "Fixe", "groupe_fs": "",
            "labellisation_fs": "2024",
        }
    )  # fmt: skip


def _slots(hosts: int, workers: int) -> pd.DataFrame:
    """Return one half-day a week for each host: columns worker, day, half; no worker twice."""
    host = np.arange(hosts)
    worker, turn = host % workers, host // workers
    return pd.DataFrame({"worker": worker, "day": (2 * turn + worker) % 5, "half": turn % 2})


def _team(
    plan: TownPlan, partners: pd.DataFrame, slots: pd.DataFrame, workers: int
) -> pd.DataFrame:
    first = np.arange(workers) % len(slots)
    at = {code: k for k, code in enumerate(plan.communes)}
    home = [at[code] for code in partners["code_insee"].iloc[first]]
    return pd.DataFrame(
        {
            "code_agent": agents(workers), "role": "mediateur", "heures_hebdo": 35,
            "communes": ["|".join(plan.communes[max(0, k - 1) : k + 2]) for k in home],
            "point_depart": partners["id_partenaire"].iloc[first].to_numpy(),
            "vitesse_marche_kmh": 4.5, "marche_max_km": 6,
        }
    )  # fmt: skip


def agents(workers: int) -> list[str]:
    """Return the codes of the workers: M1, M2..."""
    return [f"M{k + 1}" for k in range(workers)]


def _availability(partners: pd.DataFrame, slots: pd.DataFrame, workers: int) -> pd.DataFrame:
    codes = agents(workers)
    rows = [(c, d, "9h", "17h30", "toutes", "disponible", "") for c in codes for d in DAYS]
    rows += [
        (codes[worker], DAYS[day], *HALVES[half], "toutes", "permanence", host)
        for worker, day, half, host in zip(
            slots["worker"], slots["day"], slots["half"], partners["id_partenaire"], strict=False
        )
    ]
    rows += [(c, "lundi", "9h", "10h30", "toutes", "reunion", "") for c in codes]
    columns = ["code_agent", "jour", "debut", "fin", "semaine", "type", "id_partenaire"]
    return pd.DataFrame(rows, columns=columns)


def _worked() -> tuple[NDArray[np.object_], NDArray[np.int64], NDArray[np.float64]]:
    """Return the worked days, their weekdays and how lively their season is."""
    days = [FIRST + timedelta(days=k) for k in range((LAST - FIRST).days + 1)]
    days = [d for d in days if d.weekday() < len(DAYS)]
    season = [SEASON.get(d.month, 1.0) for d in days]
    return np.array(days, object), np.array([d.weekday() for d in days]), np.array(season)


def _activities(
    plan: TownPlan,
    town: tuple[DrawnPeople, DrawnZones],
    partners: pd.DataFrame,
    slots: pd.DataFrame,
    draw: np.random.Generator,
) -> pd.DataFrame:
    """Return permanences and outings, no worker at two places at once, in order of time."""
    held = _permanences(partners, slots, draw)
    workers = int(slots["worker"].max()) + 1
    count = max(CHOSEN.activities_per_worker * workers - len(held), 20)
    out = _outings(plan, town, (workers, count), draw)
    table = pd.concat([held, out], ignore_index=True)
    table = table.drop_duplicates(["when", "half", "worker"], keep="first")
    table = table.sort_values(["when", "half", "worker"], ignore_index=True)
    day, codes = _worked()[0][table["when"]], np.array(agents(workers))
    start, end = np.array(HALVES).T
    half = table["half"].to_numpy()
    told = table.drop(columns=["when", "half", "worker", "mean"]).assign(
        date=[d.strftime("%d/%m/%Y") for d in day],
        heure_debut=start[half], heure_fin=end[half], agents=codes[table["worker"]],
        **_outcome(table["mean"].to_numpy(), draw),
    )  # fmt: skip
    told.insert(0, "id_activite", [f"A{k + 1:06d}" for k in range(len(told))])
    return told


def _permanences(
    partners: pd.DataFrame, slots: pd.DataFrame, draw: np.random.Generator
) -> pd.DataFrame:
    _, weekday, season = _worked()
    on = weekday[:, None] == slots["day"].to_numpy()
    on &= draw.random(on.shape) < (KEPT * (0.5 + 0.5 * season))[:, None]
    when, host = np.nonzero(on)
    where = partners.iloc[host].reset_index(drop=True)
    return pd.DataFrame(
        {
            "when": when, "half": slots["half"].to_numpy()[host],
            "worker": slots["worker"].to_numpy()[host], "type_activite": "permanence",
            "lieu": where["nom_structure"], "id_partenaire": where["id_partenaire"],
            "commune": where["commune"], "x": where["x"], "y": where["y"], "mean": PERMANENCE_MEAN,
        }
    )  # fmt: skip


def _outings(
    plan: TownPlan,
    town: tuple[DrawnPeople, DrawnZones],
    size: tuple[int, int],
    draw: np.random.Generator,
) -> pd.DataFrame:
    """Return outings where contacts are to be expected, hardly any in the planted zones."""
    (people, zones), (workers, count) = town, size
    days, _, season = _worked()
    filled = np.cumsum(zones.rates) / zones.rates.sum()
    ticks = (np.arange(count) + draw.random()) / count
    rows = draw.permutation(np.minimum(np.searchsorted(filled, ticks), len(filled) - 1))
    shares, means = (np.array(v) for v in zip(*OUTINGS.values(), strict=True))
    kind = draw.choice(len(OUTINGS), count, p=shares)
    return pd.DataFrame(
        {
            "when": draw.choice(len(days), count, p=season / season.sum()),
            "half": draw.integers(2, size=count), "worker": draw.integers(workers, size=count),
            "type_activite": np.array([*OUTINGS])[kind],
            "lieu": [f"Coin de rue {row + 1}" for row in rows], "id_partenaire": "",
            "commune": _where(plan, people, rows)["commune"], **_around(people, rows, draw),
            "mean": means[kind],
        }
    )  # fmt: skip


def _outcome(mean: NDArray[np.float64], draw: np.random.Generator) -> dict[str, object]:
    """Return the counts of people met, more uneven than chance; a few were not counted."""
    n = len(mean)
    met = draw.poisson(mean * draw.gamma(5, 1 / 5, n))
    engaged = draw.binomial(met, 0.35)
    women = draw.binomial(met, 0.55)
    men = met - women - draw.binomial(met - women, 0.05)
    off = draw.random(n) < CANCELLED
    blank = off | (draw.random(n) < NOT_COUNTED)
    found = {
        "nb_informes": met, "nb_accroches": engaged, "nb_diagnostics": draw.binomial(engaged, 0.6),
        "nb_orientes": draw.binomial(engaged, 0.45), "nb_femmes": women, "nb_hommes": men,
    }  # fmt: skip
    return {
        "statut_realisation": np.where(off, "annulé", "réalisé"),
        "motif_annulation": np.where(off, "météo", ""),
        **{name: np.where(blank, "", values.astype(str)) for name, values in found.items()},
    }


def _contacts(
    people: DrawnPeople, activities: pd.DataFrame, draw: np.random.Generator
) -> pd.DataFrame:
    """Break down the people engaged of one activity in two; the lines sum to its count."""
    import shapely  # noqa: PLC0415

    engaged = pd.to_numeric(activities["nb_accroches"], errors="coerce").fillna(0).astype(int)
    some = activities[engaged >= 3].iloc[::2]  # noqa: PLR2004
    tree = shapely.STRtree(people.quarters)
    inside = np.zeros(len(some), bool)
    inside[tree.query(shapely.points(some[["x", "y"]].to_numpy(float)), predicate="within")[0]] = (
        True
    )
    shares = np.where(inside[:, None], FROM_QPV, FROM_ELSEWHERE)
    shared = draw.multinomial(engaged.loc[some.index].to_numpy(), shares)
    row, zone = np.nonzero(shared)
    return pd.DataFrame(
        {
            "id_activite": some["id_activite"].to_numpy()[row], "nombre": shared[row, zone],
            "etape": "accroche", "canal": draw.choice(CHANNELS, len(row)),
            "zone_residence": np.array(ZONES_OF_HOME)[zone],
        }
    )  # fmt: skip
