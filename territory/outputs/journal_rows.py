"""The last commands of a folder in French words, whatever they are called on the line."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from territory.outputs.french import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.io.audit_log import Entry

_NAMES = {
    "account": "Compte de l’équipe",
    "add": "Fichiers ajoutés",
    "build": "Calcul du territoire",
    "change": "Changement de la semaine",
    "check": "Relecture des fichiers",
    "compare": "Comparaison",
    "debrief": "Retour de sortie",
    "decide": "Décision notée",
    "demo": "Démonstration",
    "duplicates": "Recherche de doublons",
    "export": "Tableau à publier",
    "fetch": "Téléchargement des données",
    "geocode": "Placement des adresses",
    "init": "Création du territoire",
    "keep": "Fichier gardé",
    "look": "Lecture d’un fichier déposé",
    "network": "Contrôle du réseau",
    "partners": "Bilan des partenaires",
    "purge": "Effacement des lignes anciennes",
    "remove": "Fichier retiré",
    "residence": "Classement des quartiers",
    "scenario": "Scénario",
    "sectors": "Partage en secteurs",
    "sign": "Signature de la semaine",
    "sites": "Recherche de permanences",
    "suppose_sectors": "Essai de secteurs",
    "suppose_sites": "Essai de permanences",
    "transit": "Trajet en transports",
    "week": "Préparation de la semaine",
    "zones": "Liste des zones",
}  # fmt: skip


def journal_rows(entries: Sequence[Entry], count: int = 5) -> list[tuple[str, str, str]]:
    """Return (day and hour, what, how it went) of the last `count` commands, the newest first."""
    return [
        (_when(entry.at), _NAMES.get(entry.command, "Autre commande"), _went(entry))
        for entry in reversed(entries[-count:])
    ]


def _when(at: str) -> str:
    try:
        return f"{datetime.fromisoformat(at):%d/%m/%Y %H:%M}"
    except ValueError:
        return ""


def _went(entry: Entry) -> str:
    refused = sum(entry.refused.values())
    parts = [f"{number(refused)} ligne{'s' if refused > 1 else ''} refusée{'s' * (refused > 1)}"]
    said = parts if refused else []
    return ", ".join(["terminé" if entry.code == 0 else "arrêté ou refusé", *said])
