"""What a job may run: commands of the line by name, with a French title for the pages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Order:
    """
    A function of `package` and what pages call it; its first argument is the folder.

    `valued` orders keep the JSON value of their answer for pages: not those whose answer is a
    product already.
    """

    action: str  # "module.function"
    title: str
    package: str = "territory.commands"
    valued: bool = True


ORDERS = {
    "build": Order("work.build", "Calcul du territoire", valued=False),
    "check": Order("work.check", "Relecture des fichiers"),
    "fetch": Order("fetching.fetch", "Téléchargement des données", valued=False),
    "look": Order("deposit.look", "Lecture des fichiers envoyés", valued=False),
    "week": Order("work.week", "Préparation de la semaine", valued=False),
    "sign": Order("change.sign", "Signature de la semaine", valued=False),
    "sites": Order("sites.sites", "Recherche de permanences"),
    "sectors": Order("sectors.sectors", "Partage en secteurs"),
    "zones": Order("work.zones", "Recherche de zones"),
    "suppose_sites": Order("suppose.suppose_sites", "Essai de permanences"),
    "suppose_sectors": Order("suppose.suppose_sectors", "Essai de secteurs"),
    "decide": Order("decide.decide", "Décision notée", valued=False),
    "export": Order("export.export", "Tableau pour l’extérieur", valued=False),
}
