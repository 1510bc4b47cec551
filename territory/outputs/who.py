"""Who goes, in French: those of the team, then the other teams that come along."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from territory.model.week_results import Session


def team_of(session: Session) -> tuple[str, ...]:
    """Return the codes of those of the team who go, other teams left out."""
    return tuple(a for a in session.agents if a not in session.partners)


def who_goes(session: Session) -> str:
    """Return « M1 + M2 », « M1 avec PRIJ » when another team comes along."""
    ours = " + ".join(team_of(session))
    return " ".join(filter(None, [ours, with_partners(session)]))


def with_partners(session: Session) -> str:
    """Return « avec PRIJ », "" when no other team comes along."""
    return f"avec {', '.join(session.partners)}" if session.partners else ""
