"""The kinds of content a territory receives, and their French names."""

from __future__ import annotations

LABELS: dict[str, str] = {
    "qpv": "quartiers prioritaires (QPV)",
    "qva": "quartiers de veille active (QVA)",
    "communes": "limites communales",
    "iris": "contours IRIS",
    "census": "recensement par IRIS",
    "cells": "population au carreau de 200 m (Filosofi)",
    "partners": "structures partenaires",
    "places": "lieux récurrents",
    "activities": "activités",
    "contacts": "comptages de contacts",
    "walker_counts": "comptages de passants",
    "team": "équipe",
    "availability": "disponibilités et permanences",
    "agenda": "agenda de rendez-vous (ICS)",
    "constraints": "contraintes de l'équipe",
    "sectors": "secteurs de l'équipe",
    "france_services": "France services",
    "libraries": "bibliothèques",
    "pmi": "PMI",
    "digital_advisers": "conseillers numériques",
    "inclusion_structures": "structures de data·inclusion",
    "inclusion_services": "services de data·inclusion",
    "mednum": "lieux de médiation numérique",
    "addresses": "adresses (BAN)",
    "streets": "rues (OpenStreetMap)",
    "heights": "relief (grille d'altitudes)",
    "avoid": "secteurs à éviter",
    "transit": "transports en commun (GTFS)",
}
# Filled in or kept by the team, who can mend a line; the others are published lists.
OWN = frozenset(
    {"partners", "places", "activities", "contacts", "team", "availability", "constraints",
     "sectors", "qva", "avoid", "walker_counts", "agenda"}
)  # fmt: skip


def kind_name(kind: str) -> str:
    """Return the French name of a kind of content, `kind` itself when it has none."""
    return {**LABELS, "zones": "quartiers"}.get(kind, kind)
