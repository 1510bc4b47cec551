"""What a job may run: commands of the line by name, with a French title for the pages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Order:
    """A function of `territory.commands` and what pages call it."""

    action: str  # "module.function"
    title: str


ORDERS = {
    "build": Order("work.build", "Calcul du territoire"),
    "check": Order("work.check", "Relecture des fichiers"),
    "week": Order("work.week", "Préparation de la semaine"),
    "sites": Order("sites.sites", "Recherche de permanences"),
    "sectors": Order("sectors.sectors", "Partage en secteurs"),
    "zones": Order("work.zones", "Recherche de zones"),
    "suppose_sites": Order("suppose.suppose_sites", "Essai de permanences"),
    "suppose_sectors": Order("suppose.suppose_sectors", "Essai de secteurs"),
    "decide": Order("decide.decide", "Décision notée"),
    "export": Order("export.export", "Tableau pour l’extérieur"),
}
