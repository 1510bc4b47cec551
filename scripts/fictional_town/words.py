"""Invented French names of streets and structures: things, plants and trades, never a person."""

from __future__ import annotations

THINGS = (
    "des Lampions", "des Marelles", "des Cerfs-Volants", "des Moulins", "des Trois-Puits",
    "des Tilleuls", "des Nacelles", "du Vieux-Four", "des Lavandières", "des Sabliers",
    "des Guinguettes", "des Hirondelles", "des Pommiers", "des Passerelles", "des Boussoles",
    "des Alouettes", "du Grand-Pré", "des Fontaines", "des Verriers", "des Cabanes", "des Ormes",
    "des Étangs", "des Horloges", "des Tuileries", "des Merisiers", "des Remparts", "des Écluses",
    "des Potagers", "des Lucioles", "des Bateliers", "de la Girouette", "de l'Arrosoir",
    "du Lavoir", "de la Grande-Ourse", "des Coquelicots", "du Puits-Perdu", "de la Verrerie",
)  # fmt: skip
KINDS = ("rue", "rue", "rue", "allée", "avenue", "chemin", "passage")


def street_name(axis: str, line: int, stretch: int, *, kind: str = "") -> str:
    """Return the name of a stretch of a street line: the same arguments, the same name."""
    turn = line * 13 + stretch * 5 + sum(map(ord, axis)) * 3
    return f"{kind or KINDS[turn % len(KINDS)]} {THINGS[turn % len(THINGS)]}"


def nickname(k: int) -> str:
    """Return the k-th nickname of a structure (« des Lampions », then « des Lampions 2 »)."""
    turn, number = (k * 11) % len(THINGS), k // len(THINGS)
    return THINGS[turn] + (f" {number + 1}" if number else "")
