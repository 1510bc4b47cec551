"""What a job may run: commands of the line by name, with a French title for the pages."""

from __future__ import annotations

from dataclasses import dataclass

from territory.model.marked import marked


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
    "build": Order("work.build", marked("Calcul du territoire"), valued=False),
    "check": Order("work.check", marked("Relecture des fichiers")),
    "fetch": Order("fetching.fetch", marked("Téléchargement des données"), valued=False),
    "look": Order("deposit.look", marked("Lecture des fichiers envoyés"), valued=False),
    "week": Order("work.week", marked("Préparation de la semaine"), valued=False),
    "sign": Order("change.sign", marked("Signature de la semaine"), valued=False),
    "sites": Order("sites.sites", marked("Recherche de permanences")),
    "sectors": Order("sectors.sectors", marked("Partage en secteurs")),
    "zones": Order("work.zones", marked("Recherche de zones")),
    "suppose_sites": Order("suppose.suppose_sites", marked("Essai de permanences")),
    "suppose_sectors": Order("suppose.suppose_sectors", marked("Essai de secteurs")),
    "decide": Order("decide.decide", marked("Décision notée"), valued=False),
    "report": Order("report.report", marked("Documents du bilan"), valued=False),
    "export": Order("export.export", marked("Tableau pour l’extérieur"), valued=False),
}
