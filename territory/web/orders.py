"""What a job may run: commands of the line by name, with a French title for the pages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Order:
    """A function of `package` and what pages call it; its first argument is the folder."""

    action: str  # "module.function"
    title: str
    package: str = "territory.commands"


ORDERS = {
    "build": Order("work.build", "Calcul du territoire"),
    "check": Order("work.check", "Relecture des fichiers"),
    "fetch": Order("fetching.fetch", "Téléchargement des données"),
    "look": Order("deposit.look", "Lecture des fichiers envoyés"),
    "week": Order("work.week", "Préparation de la semaine"),
    "sign": Order("change.sign", "Signature de la semaine"),
    "sites": Order("sites.sites", "Recherche de permanences"),
    "sectors": Order("sectors.sectors", "Partage en secteurs"),
}
