"""Who may do what: four roles, and the rights that pages ask for."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from territory.model.marked import marked

if TYPE_CHECKING:
    from territory.web.translations import Tongue


class Right(StrEnum):
    """What a page or a button may ask of its visitor."""

    READ = "lire"
    DEBRIEF = "saisir"
    PLAN = "planifier"  # change, plan and sign a week
    IMPORT = "importer"
    DECIDE = "decider"  # suppose permanences and sectors, note decisions
    HOURS = "heures"  # hours of each mediator: who sees them
    ACCOUNTS = "comptes"


class Role(StrEnum):
    """What somebody is in the team, as the accounts page names it."""

    READER = "lecture"
    MEDIATOR = "mediation"
    COORDINATOR = "coordination"
    MANAGER = "direction"


ROLE_NAMES: dict[Role, str] = {
    Role.READER: marked("Lecture : voit les pages"),
    Role.MEDIATOR: marked("Médiation : voit les pages, saisit ses sorties"),
    Role.COORDINATOR: marked("Coordination : planifie, importe, décide"),
    Role.MANAGER: marked("Direction : voit les pages, décide, tient les comptes"),
}
RIGHT_NAMES: dict[Right, str] = {
    Right.READ: marked("Voir les pages et les documents de la semaine"),
    Right.DEBRIEF: marked("Saisir les retours de sortie"),
    Right.PLAN: marked("Calculer, préparer, changer et signer la semaine, régler"),
    Right.IMPORT: marked("Apporter, remplacer et retirer des fichiers"),
    Right.DECIDE: marked(
        "Essayer permanences et secteurs, noter des décisions, écrire pour l’extérieur"
    ),
    Right.HOURS: marked("Voir les heures de chaque médiateur"),
    Right.ACCOUNTS: marked("Tenir les comptes, lire le journal"),
}
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.READER: frozenset({Right.READ}),
    Role.MEDIATOR: frozenset({Right.READ, Right.DEBRIEF}),
    Role.COORDINATOR: frozenset(Right) - {Right.ACCOUNTS},
    Role.MANAGER: frozenset({Right.READ, Right.DECIDE, Right.ACCOUNTS}),
}


def rights_table() -> list[tuple[str, list[bool]]]:
    """Return by right its French name, and for each role of ROLE_NAMES whether it has it."""
    return [(RIGHT_NAMES[right], [right in RIGHTS[role] for role in ROLE_NAMES]) for right in Right]


def role_titles(tongue: Tongue) -> list[str]:
    """Return the short names of the roles, in the order of ROLE_NAMES."""
    return [tongue.say(name).partition(tongue.colon)[0] for name in ROLE_NAMES.values()]
