"""Who may do what: four roles, and the rights that pages ask for."""

from __future__ import annotations

from enum import StrEnum

from territory.model.marked import marked


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
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.READER: frozenset({Right.READ}),
    Role.MEDIATOR: frozenset({Right.READ, Right.DEBRIEF}),
    Role.COORDINATOR: frozenset(Right) - {Right.ACCOUNTS},
    Role.MANAGER: frozenset({Right.READ, Right.DECIDE, Right.ACCOUNTS}),
}
