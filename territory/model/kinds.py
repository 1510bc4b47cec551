"""The kinds of content a territory receives, and their French names."""

from __future__ import annotations

from territory.model.marked import marked

LABELS: dict[str, str] = {
    "qpv": marked("quartiers prioritaires (QPV)"),
    "qva": marked("quartiers de veille active (QVA)"),
    "communes": marked("limites communales"),
    "iris": marked("contours IRIS"),
    "census": marked("recensement par IRIS"),
    "cells": marked("population au carreau de 200 m (Filosofi)"),
    "partners": marked("structures partenaires"),
    "places": marked("lieux récurrents"),
    "activities": marked("activités"),
    "contacts": marked("comptages de contacts"),
    "walker_counts": marked("comptages de passants"),
    "team": marked("équipe"),
    "availability": marked("disponibilités et permanences"),
    "agenda": marked("agenda de rendez-vous (ICS)"),
    "constraints": marked("contraintes de l'équipe"),
    "sectors": marked("secteurs de l'équipe"),
    "france_services": marked("France services"),
    "libraries": marked("bibliothèques"),
    "pmi": marked("PMI"),
    "digital_advisers": marked("conseillers numériques"),
    "inclusion_structures": marked("structures de data·inclusion"),
    "inclusion_services": marked("services de data·inclusion"),
    "mednum": marked("lieux de médiation numérique"),
    "addresses": marked("adresses (BAN)"),
    "streets": marked("rues (OpenStreetMap)"),
    "heights": marked("relief (grille d'altitudes)"),
    "avoid": marked("secteurs à éviter"),
    "transit": marked("transports en commun (GTFS)"),
}
# Filled in or kept by the team, who can mend a line; the others are published lists.
OWN = frozenset(
    {"partners", "places", "activities", "contacts", "team", "availability", "constraints",
     "sectors", "qva", "avoid", "walker_counts", "agenda"}
)  # fmt: skip


def kind_name(kind: str) -> str:
    """Return the French name of a kind of content, `kind` itself when it has none."""
    return {**LABELS, "zones": "quartiers"}.get(kind, kind)
