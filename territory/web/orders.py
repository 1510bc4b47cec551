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
    "week": Order("work.week", "Préparation de la semaine", valued=False),
    "sites": Order("sites.sites", "Recherche de permanences"),
    "sectors": Order("sectors.sectors", "Partage en secteurs"),
}
