"""The words of docs/transports.md around the figures of Heidelberg."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.io.service_days import SPAN_DAYS
from territory.model.timetable import DAY_WORDS, PERIOD_WORDS, PERIODS
from territory.model.words import label
from territory.network.transit_days import FULL
from territory.network.transit_graph import RARE_MIN, WAIT_MAX_S, WAIT_MIN_S
from territory.outputs.french import clock, number, percent

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """What was measured on Heidelberg."""

    seconds: dict[str, float]
    trips: int
    passages: int
    services: int
    stops: int
    tied: int
    streets: int
    aboard: dict[str, int]
    shares: dict[tuple[str, str], tuple[float, float, float]]
    errors: pd.DataFrame
    examples: list[str]
    days: int
    picture: tuple[float, float]


def page(figures: Figures) -> str:
    """Return docs/transports.md."""
    return "\n".join([*_rules(), *_measures(figures), *_judged(figures), *_limits(), ""])


def _rules() -> list[str]:
    slots = ", ".join(
        f"{label(PERIOD_WORDS, p)} ({clock(a)} à {clock(b)})" for p, (a, b) in PERIODS.items()
    )
    return [
        "# À pied et en transports en commun",
        "",
        "Ajoutez un fichier GTFS (`territory add DOSSIER FICHIER.zip`, ou `territory fetch`) : "
        "l’étape « 42 transports en commun » s’ajoute au calcul. Ensuite :",
        "",
        "- `territory transit DOSSIER LIEU ARRIVÉE --periode matin --jour ouvré` dit le trajet "
        "habituel ;",
        "- `territory transit DOSSIER LIEU` dit combien d’habitants peuvent y venir en 15, 30 et "
        "45 minutes, à pied puis en transports à chaque moment de la journée.",
        "",
        "Un lieu se donne par son identifiant ou par son nom ; `--json` donne le même contenu aux "
        "programmes. Page écrite par `python scripts/heidelberg_transit.py`.",
        "",
        "## Ce que veut dire « habituel »",
        "",
        f"- **Moments** : {slots}. Rien n’est dit de la nuit ni du petit matin.",
        "- **Jours** : ouvré (lundi à vendredi), samedi, dimanche et fêtes.",
        "- **Semaines** : du lundi au dimanche, entières dans le fichier et sans jour férié ; "
        "celle "
        f"où passent le plus de courses, et celles qui en ont au moins {percent(FULL)}. Les "
        "vacances, "
        "où il passe moins de courses, en sortent d’elles-mêmes.",
        "- **Intervalle** : le double de l’attente moyenne de qui vient à n’importe quel instant "
        "du "
        "moment choisi, d’après les départs réels ; pour une ligne régulière c’est son intervalle, "
        "pour des départs groupés il est plus long que leur nombre ne le dit. Médiane des jours "
        "habituels.",
        f"- **Attente** : la moitié de l’intervalle, {number(WAIT_MIN_S / 60)} min au moins et "
        f"{number(WAIT_MAX_S / 60)} min au plus (au-delà on regarde l’heure) ; une ligne plus "
        "rare que "
        f"toutes les {number(RARE_MIN / 60)} h ne compte pas.",
        "- **Lignes communes** : des lignes qui suivent les mêmes arrêts sont attendues ensemble, "
        "sur tout "
        "ce qu’elles ont en commun, d’après leurs départs réunis.",
        "- **Temps à bord** : médiane des courses, arrêt par arrêt. Les correspondances se font à "
        "pied par "
        "les rues, ou par la station (ligne droite et 30 % de détour, 1 min au moins) ; un temps "
        "donné par "
        "transfers.txt est cru.",
        "- Le trajet donné est le plus court, à pied ou en transports : jamais plus lent qu’à "
        "pied.",
        "",
        "Lus : arrêts, lignes, courses, passages (heures après minuit, arrêts sans heure "
        "interpolés "
        "selon leur rang), calendar et calendar_dates (l’un des deux suffit), frequencies, "
        "stations, "
        "transfers, arrêts où l’on ne peut pas monter ou descendre. Non utilisés, et dits : "
        "pathways, "
        f"changements interdits. Un calendrier de plus de {SPAN_DAYS} jours est lu sur "
        f"{SPAN_DAYS} jours.",
        "",
    ]


def _measures(figures: Figures) -> list[str]:
    seconds, foot = figures.seconds, figures.picture
    rows = [
        f"| {label(DAY_WORDS, day)} | {label(PERIOD_WORDS, period)} | {percent(share)} | "
        f"{number(afoot, 1)} min | {number(both, 1)} min |"
        for (day, period), (share, afoot, both) in figures.shares.items()
    ]
    return [
        "## Heidelberg",
        "",
        "Fichier réel : un extrait de 2022 (sept lignes, un réseau incomplet : les figures valent "
        "pour "
        "la méthode, pas pour la ville), et les rues d’OpenStreetMap.",
        "",
        f"- {number(figures.trips)} courses et {number(figures.passages)} passages lus en "
        f"{number(seconds['horaires'], 1)} s ; {number(figures.services)} services habituels en "
        f"{number(seconds['services'], 1)} s, d’après {figures.days} jours ouvrés ; rues lues en "
        f"{number(seconds['rues'], 1)} s, arrêts raccordés en {number(seconds['raccords'], 1)} s.",
        f"- {figures.tied} arrêts sur {figures.stops} à moins de 250 m d’une rue de l’extrait ; "
        f"{number(figures.streets)} nœuds de rues, {number(max(figures.aboard.values()))} de "
        "transports "
        "au plus (un par arrêt et groupe de lignes).",
        f"- En 30 min de Bismarckplatz un matin ouvré : {number(foot[0])} km de rues à pied, "
        f"{number(foot[1])} km avec les transports.",
        "",
        "![À 30 minutes, à pied et en transports](images/heidelberg_transports.png)",
        "",
        f"{len(figures.errors)} carrefours de départ et autant d’arrivées, tirés à moins de 500 m "
        "d’un "
        f"arrêt, tous croisés ({number(len(figures.errors) ** 2)} trajets) :",
        "",
        "| jour | moment | plus vite en transports | médiane à pied | médiane avec |",
        "| --- | --- | --- | --- | --- |",
        *rows,
        "",
        *(f"> {text}\n" for text in figures.examples),
    ]


def _judged(figures: Figures) -> list[str]:
    table = figures.errors
    rare = table["longest_wait_s"] >= WAIT_MAX_S
    rows = [
        _row("tous", table),
        *(
            _row(name, table[kept])
            for name, kept in (
                ("à pied tout du long", table["rides"] == 0),
                ("une ligne", ~rare & (table["rides"] == 1)),
                ("deux lignes ou plus", ~rare & (table["rides"] > 1)),
                (f"par une ligne rare ({number(WAIT_MAX_S / 60)} min d’attente)", rare),
            )
            if kept.any()
        ),
    ]
    return [
        "## Comparé aux vrais départs",
        "",
        f"Pour {len(table)} trajets tirés au sort, l’attendu d’un matin ouvré est comparé à la "
        "moyenne de "
        "24 départs à des instants au hasard, suivis dans l’horaire réel de deux jours par un "
        "voyageur "
        "qui connaît tout l’horaire et prend toujours l’arrivée la plus tôt (y compris finir à "
        "pied).",
        "",
        "| trajets | nombre | écart moyen | écart médian | écart-type | à moins de 10 % "
        "| à moins de 3 min | écart moyen, lignes décalées |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        *rows,
        "",
        "Un écart positif : l’attendu est plus long. Dernière colonne : chaque ligne décalée au "
        "hasard dans l’horaire, d’un quart d’heure au plus, ce qui défait les correspondances "
        "réglées. Ce qui reste alors de l’écart tient sans doute à ce que le voyageur du juge "
        "choisit à chaque instant la meilleure ligne, le meilleur quai, ou de marcher, quand "
        "l’attendu suit un seul chemin. Les écarts négatifs viennent surtout des lignes rares, "
        f"dont l’attente est comptée {number(WAIT_MAX_S / 60)} min au plus : qui viendrait au "
        "hasard attendrait plus.",
        "",
    ]


def _row(name: str, table: pd.DataFrame) -> str:
    gap = (table["expected_s"] - table["simulated_s"]) / 60
    near = (np.abs(gap) * 60 <= 0.1 * table["simulated_s"]).mean()
    cells = [
        name,
        number(len(table)),
        f"{number(gap.mean(), 1)} min",
        f"{number(gap.median(), 1)} min",
        f"{number(gap.std(ddof=0), 1)} min",
        percent(near),
        percent((gap.abs() <= 3).mean()),
        f"{number((table['expected_s'] - table['shifted_s']).mean() / 60, 1)} min",
    ]
    return f"| {' | '.join(cells)} |"


def _limits() -> list[str]:
    return [
        "## Limites",
        "",
        "- Des lignes qui relient deux arrêts par des chemins différents sont attendues "
        "séparément ; "
        "celles de deux fichiers GTFS aussi.",
        "- Les correspondances réglées entre elles (un bus qui attend un tram) ne se voient pas : "
        "l’attente y est comptée comme ailleurs.",
        "- Ajouter une course aussi rapide que les autres ne rallonge jamais un trajet ; une "
        "course plus "
        "lente peut déplacer la médiane du temps à bord.",
        "- Ni accessibilité, ni prix, ni affluence, ni retards.",
    ]
