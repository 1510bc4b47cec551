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
    "look": Order("deposit.look", "Lecture des fichiers envoyés"),
    "week": Order("work.week", "Préparation de la semaine"),
    "sign": Order("change.sign", "Signature de la semaine"),
    "sites": Order("sites.sites", "Recherche de permanences"),
    "sectors": Order("sectors.sectors", "Partage en secteurs"),
}
