"""The last commands of a folder in French words, whatever they are called on the line."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from territory.model.marked import marked
from territory.outputs.french import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.io.audit_log import Entry

_NAMES = {
    "account": marked("Compte de l’équipe"),
    "add": marked("Fichiers ajoutés"),
    "build": marked("Calcul du territoire"),
    "change": marked("Changement de la semaine"),
    "check": marked("Relecture des fichiers"),
    "compare": marked("Comparaison"),
    "debrief": marked("Retour de sortie"),
    "decide": marked("Décision notée"),
    "demo": marked("Démonstration"),
    "duplicates": marked("Recherche de doublons"),
    "export": marked("Tableau à publier"),
    "fetch": marked("Téléchargement des données"),
    "geocode": marked("Placement des adresses"),
    "init": marked("Création du territoire"),
    "keep": marked("Fichier gardé"),
    "look": marked("Lecture d’un fichier déposé"),
    "network": marked("Contrôle du réseau"),
    "partners": marked("Bilan des partenaires"),
    "purge": marked("Effacement des lignes anciennes"),
    "remove": marked("Fichier retiré"),
    "residence": marked("Classement des quartiers"),
    "scenario": marked("Scénario"),
    "sectors": marked("Partage en secteurs"),
    "sign": marked("Signature de la semaine"),
    "sites": marked("Recherche de permanences"),
    "suppose_sectors": marked("Essai de secteurs"),
    "suppose_sites": marked("Essai de permanences"),
    "transit": marked("Trajet en transports"),
    "week": marked("Préparation de la semaine"),
    "zones": marked("Liste des zones"),
}  # fmt: skip


def journal_rows(entries: Sequence[Entry], count: int = 5) -> list[tuple[str, str, str]]:
    """Return (day and hour, what, how it went) of the last `count` commands, the newest first."""
    return [
        (_when(entry.at), _NAMES.get(entry.command, marked("Autre commande")), _went(entry))
        for entry in reversed(entries[-count:])
    ]


def _when(at: str) -> str:
    try:
        return f"{datetime.fromisoformat(at):%d/%m/%Y %H:%M}"
    except ValueError:
        return ""


def _went(entry: Entry) -> str:
    refused, ended = sum(entry.refused.values()), entry.code == 0
    if not refused:
        return marked("terminé") if ended else marked("arrêté ou refusé")
    count = number(refused)
    if ended:
        return marked("terminé, lignes refusées : %(n)s", n=count)
    return marked("arrêté ou refusé, lignes refusées : %(n)s", n=count)
