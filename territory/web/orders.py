"""What a job may run: commands of the line by name, with a French title for the pages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Order:
    """
    A function of `package` and what pages call it; its first argument is the folder.

    `answers`: its JSON answer is kept for the page that asked.
    """

    action: str  # "module.function"
    title: str
    package: str = "territory.commands"
    answers: bool = False


ORDERS = {
    "build": Order("work.build", "Calcul du territoire"),
    "check": Order("work.check", "Relecture des fichiers"),
    "fetch": Order("fetching.fetch", "Téléchargement des données"),
    "look": Order("deposit.look", "Lecture des fichiers envoyés"),
    "week": Order("work.week", "Préparation de la semaine"),
    "sign": Order("change.sign", "Signature de la semaine"),
    "sites": Order("sites.sites", "Recherche de permanences", answers=True),
    "sectors": Order("sectors.sectors", "Partage en secteurs", answers=True),
    "zones": Order("work.zones", "Recherche de zones", answers=True),
    "suppose_sites": Order("suppose.suppose_sites", "Essai de permanences", answers=True),
    "suppose_sectors": Order("suppose.suppose_sectors", "Essai de secteurs", answers=True),
    "decide": Order("decide.decide", "Décision notée"),
    "export": Order("export.export", "Tableau pour l’extérieur"),
}
