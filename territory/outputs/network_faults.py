"""Every fault of the walking network in French: where, what it costs, whom, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from territory.network.audit.faced import CROSSING, SIDE
from territory.network.audit.people import NEAR_M
from territory.network.audit.unreached import CUT_OFF, UNTIED
from territory.outputs.french import HARD, distance, minutes, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from territory.network.audit import NetworkAudit

# code, sign on the map, name, name of many; in the order they are told when people are equal
PIECE, CROSS, SIDES, DEAD, CELL, FAR_POINT, GAP = "MTCIHLR"
KINDS = {
    CELL: ("Carreau mal ou pas atteint", "Carreaux mal ou pas atteints"),
    PIECE: ("Morceau séparé", "Morceaux séparés du réseau"),
    CROSS: ("Traversée manquante", "Traversées manquantes"),
    DEAD: ("Impasse coupée", "Impasses coupées par une voie ferrée, l’eau ou une autoroute"),
    SIDES: ("Côté de rue isolé", "Côtés de rue isolés"),
    FAR_POINT: ("Loin de toute rue", "Carreaux et lieux loin de toute rue"),
    GAP: ("Trou dans le réseau", "Trous de 20 m ou moins entre morceaux"),
}
_BARRIERS = {"rail": "la voie ferrée", "water": "l’eau", "motorway": "l’autoroute"}
_FEW = 30  # residents: below, as for squares of less than eleven households, no exact figure
# figures of the tables kept beside the texts, by the names they have in the GeoPackage
_FIGURES = {
    "off_m": "metres_rue", "length_km": "km", "length_m": "metres_impasse",
    "faced_m": "metres_face_a_face", "straight_m": "metres_vol_oiseau",
    "walked_m": "metres_a_pied", "extra_min": "minutes_de_plus", "minutes": "minutes_lieu",
    "gap_m": "metres_trou", "asked_m": "joindre_trous_m",
}  # fmt: skip
_IN_OSM = "dans OpenStreetMap"


@dataclass(frozen=True, slots=True, eq=False)
class Fault:
    """
    One fault: its kind (a key of KINDS), number in its kind, title, fact, what to do, people.

    `residents` is NaN when unknown, `figures` are those the fact tells, not rounded; `geometry` is
    in the metric CRS of the audit, metres.
    """

    kind: str
    rank: int
    title: str
    fact: str
    todo: str
    residents: float
    figures: Mapping[str, float]
    geometry: BaseGeometry

    @property
    def key(self) -> str:
        """Short name on the map and in the tables, as « T3 »."""
        return f"{self.kind}{self.rank}"


def network_faults(found: NetworkAudit) -> list[Fault]:
    """
    Return every fault of the audit, those that concern most people first.

    Gaps and squares out of reach are faults too; a square tied to no street is told once.
    """
    told = [
        *_faults(CELL, found.unreached, _cell),
        *_faults(PIECE, found.pieces, _piece),
        *_faults(CROSS, found.faced[found.faced["kind"] == CROSSING], _crossing),
        *_faults(DEAD, found.cut_streets, _dead_end),
        *_faults(SIDES, found.faced[found.faced["kind"] == SIDE], _side),
        *_faults(FAR_POINT, _still_tied(found), _far_point),
        *_faults(GAP, found.gaps, _gap),
    ]
    order = list(KINDS)
    return sorted(told, key=lambda f: (-_known(f.residents), f.rank, order.index(f.kind)))


def people(residents: float) -> str:
    """Return residents as « 120 habitants », « moins de 30 habitants », or "" when unknown."""
    if pd.isna(residents):
        return ""
    if round(residents) == 0:
        return "aucun habitant recensé"
    count = number(residents) if residents >= _FEW else f"moins de {_FEW}"
    return f"{count}{HARD}habitants"


def metres(value: float) -> str:
    """Return metres to the metre below 100 m, as `distance` beyond."""
    if value < 0.5:  # noqa: PLR2004 - would be written 0
        return f"moins de 1{HARD}m"
    return f"{number(value)}{HARD}m" if value < 100 else distance(value)  # noqa: PLR2004


def _known(residents: float) -> float:
    return -1.0 if pd.isna(residents) else residents


def _faults(kind: str, table: gpd.GeoDataFrame, told: Any) -> Iterator[Fault]:  # noqa: ANN401
    for rank, row in enumerate(table.itertuples(index=False), 1):
        title, fact, todo = told(row)
        yield Fault(
            kind, rank, f"{KINDS[kind][0]} : {title}" if title else KINDS[kind][0],
            fact, todo, float(row.residents), _figures(row), row.geometry,
        )  # fmt: skip


def _figures(row: Any) -> dict[str, float]:  # noqa: ANN401
    kept = {french: getattr(row, name, None) for name, french in _FIGURES.items()}
    return {
        name: float("nan") if pd.isna(value) else round(float(value), 3)
        for name, value in kept.items()
        if value is not None
    }


def _piece(row: Any) -> tuple[str, str, str]:  # noqa: ANN401 - a row of itertuples
    off = f"à {metres(row.off_m)} du grand morceau"
    if row.off_m == 0:
        off = "qui croisent le grand morceau sans carrefour commun"
    fact = f"{metres(1000 * row.length_km)} de rues {off}. {_closest(row)}".rstrip()
    todo = f"Vérifiez {_IN_OSM} s’il manque un chemin, ou prenez un extrait plus large que la "
    todo += "commune ; sinon acceptez : ces rues ne servent pas."
    return ("sans nom" if pd.isna(row.names) else row.names), fact, todo


def _closest(row: Any) -> str:  # noqa: ANN401
    """Say whose nearest street is in the piece, "" when unknown."""
    count = 0 if pd.isna(row.places) else int(row.places)
    places = f"{count}{HARD}lieu{'x' if count > 1 else ''}" if count else ""
    whom = people(row.residents) if pd.notna(row.residents) and round(row.residents) else ""
    told = " et ".join(t for t in (whom, places) if t)
    if told:
        return f"C’est la rue la plus proche pour {told}."
    return "" if pd.isna(row.residents) else "Personne n’habite au plus près."


def _crossing(row: Any) -> tuple[str, str, str]:  # noqa: ANN401
    across = f", de part et d’autre de {_barrier(row)}" if pd.notna(row.barrier_kind) else ""
    fact = f"Sur {distance(max(row.faced_m, 10))} face à face{across} : {_detour(row)}"
    todo = f"Un passage existe ? Ajoutez-le {_IN_OSM}. Sinon acceptez : le détour est réel."
    return _between(row), fact, todo


def _side(row: Any) -> tuple[str, str, str]:  # noqa: ANN401
    fact = f"Sur {distance(row.faced_m)} les deux côtés ne se rejoignent pas : {_detour(row)}"
    todo = f"Ajoutez {_IN_OSM} les passages qui existent ; sinon acceptez le détour."
    return _between(row), fact, todo


def _dead_end(row: Any) -> tuple[str, str, str]:  # noqa: ANN401
    other = _named(row.facing, "une voie sans nom")
    fact = f"Elle s’arrête à {metres(row.barrier_m)} de {_barrier(row)} ; {other} est en face : "
    todo = f"Un passage existe ? Ajoutez-le {_IN_OSM}. Sinon acceptez : le détour est réel."
    return _named(row.street, f"voie sans nom{_near(row)}"), fact + _detour(row), todo


def _cell(row: Any) -> tuple[str, str, str]:  # noqa: ANN401
    whom, near = _capital(people(row.residents) or "habitants inconnus"), _near(row)
    off = "aucune rue" if pd.isna(row.off_m) else f"à {metres(row.off_m)} de la rue la plus proche"
    if row.reason == UNTIED:
        return f"sans rue{near}", f"{whom}, {off} : aucun temps de marche.", (
            f"Complétez les rues {_IN_OSM} ou relevez raccord_max_m."
        )  # fmt: skip
    if row.reason == CUT_OFF:
        return f"près d’un morceau séparé{near}", (
            f"{whom} ; leurs temps sont comptés depuis le grand morceau, {off}."
        ), f"Rattachez ce morceau {_IN_OSM}, ou acceptez."  # fmt: skip
    when = minutes(float(np.ceil(row.minutes))) if pd.notna(row.minutes) else "hors d’atteinte"
    return f"loin de tout lieu{near}", f"{whom} ; le lieu le plus proche est à {when} à pied.", (
        "Rien à corriger si c’est vrai : voyez où ouvrir une permanence."
    )  # fmt: skip


def _far_point(row: Any) -> tuple[str, str, str]:  # noqa: ANN401
    what = _named(row.name, "carreau" if row.kind == "cell" else "lieu sans nom") + _near(row)
    off = "Aucune rue" if pd.isna(row.off_m) else f"À {metres(row.off_m)} de la rue la plus proche"
    whom = people(row.residents)
    fact = f"{off}{' ; ' + whom if whom else ''}."
    fact += "" if row.tied else " Aucun temps de marche n’en part."
    place = "Vérifiez sa position" if row.kind == "place" else "Vérifiez qu’une rue ne manque pas"
    return what, fact, f"{place} {_IN_OSM} ; sinon acceptez."


def _gap(row: Any) -> tuple[str, str, str]:  # noqa: ANN401
    whom = people(row.residents)
    brings = f"{metres(1000 * row.length_km)} de rues{' et ' + whom if whom else ''}"
    if row.joined:
        return f"{metres(row.gap_m)}{_near(row)}", f"Joint sur demande : {brings} en dépendent.", (
            "Vérifiez sur place qu’on y passe vraiment."
        )  # fmt: skip
    fact = f"Le joindre apporterait {brings}."
    todo = f"Corrigez {_IN_OSM}, ou mettez joindre_trous_m = {number(row.asked_m)}."
    return f"{metres(row.gap_m)}{_near(row)}", fact, todo


def _still_tied(found: NetworkAudit) -> gpd.GeoDataFrame:
    """Leave out the squares already told as out of reach."""
    told = set(found.unreached["cell_id"])
    return found.far_points[~found.far_points["point_id"].isin(told)]


def _between(row: Any) -> str:  # noqa: ANN401
    names = sorted(n for n in (row.street, row.facing) if pd.notna(n))
    if not names:
        return f"deux voies sans nom{_near(row)}"
    if len(names) == 1:
        return f"{names[0]} et une voie sans nom"
    return names[0] if names[0] == names[1] else f"{names[0]} et {names[1]}"


def _detour(row: Any) -> str:  # noqa: ANN401
    whom = people(row.residents) if pd.notna(row.residents) and round(row.residents) else ""
    near = f" {_capital(whom)} à moins de {number(NEAR_M)}{HARD}m." if whom else ""
    return (
        f"au pire {metres(row.straight_m)} à vol d’oiseau, {metres(row.walked_m)} à pied "
        f"({minutes(row.extra_min)} de plus).{near}"
    )


def _barrier(row: Any) -> str:  # noqa: ANN401
    name = "" if pd.isna(row.barrier) else f" « {row.barrier} »"
    return f"{_BARRIERS.get(row.barrier_kind, 'l’obstacle')}{name}"


def _near(row: Any) -> str:  # noqa: ANN401
    return "" if pd.isna(row.near) else f" (vers {row.near})"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _named(name: object, otherwise: str) -> str:
    return otherwise if pd.isna(name) else str(name)
