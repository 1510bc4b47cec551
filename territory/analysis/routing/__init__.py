"""Rounds: which visits, by whom, when, in which order."""

from territory.analysis.routing.orienteering import team_orienteering

__all__ = ["team_orienteering"]
