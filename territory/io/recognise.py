"""What a file holds, told from its content and never from its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.errors import UnknownKind, UnreadableFile
from territory.io.heights import is_heights
from territory.io.layers import recognise_layers
from territory.io.records import recognise_records
from territory.io.streets import is_streets
from territory.io.text_tables import recognise_table
from territory.io.transit import is_transit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LABELS = {
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
_TABLES = {".csv", ".tsv", ".txt", ".xlsx", ".xlsm"}
_LAYERS = {".geojson", ".json", ".gpkg", ".shp", ".zip"}
_RECORDS = {".geojson", ".json", ".parquet"}


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """One usable content of a file: its kind and the layer or sheet that holds it."""

    kind: str
    layer: str | None = None

    @property
    def label(self) -> str:
        """French name of the kind."""
        return LABELS[self.kind]


def recognise(path: Path) -> tuple[Source, ...]:
    """
    Return every usable content of `path`.

    Raises UnreadableFile (absent, empty, not what it claims), RefusedFile (personal data) or
    UnknownKind (readable, but nothing here knows it); messages in French.
    """
    if not path.is_file():
        raise UnreadableFile(f"« {path.name} » est introuvable. Vérifiez le chemin du fichier.")
    if path.stat().st_size == 0:
        raise UnreadableFile(f"« {path.name} » est vide. Téléchargez ou enregistrez-le de nouveau.")
    found = [Source(kind, layer) for kind, layer in _contents(path)]
    if not found:
        raise UnknownKind(
            f"« {path.name} » est lisible mais son contenu n'est pas reconnu. Contenus attendus : "
            f"{', '.join(LABELS.values())}. Vérifiez les noms de colonnes."
        )
    return tuple(sorted(found, key=str))


def _contents(path: Path) -> Sequence[tuple[str, str | None]]:
    suffix = path.suffix.lower()
    if suffix in _TABLES:
        return recognise_table(path)
    if suffix == ".zip" and is_transit(path):
        return [("transit", None)]
    found = recognise_layers(path) if suffix in _LAYERS else []
    if not found and suffix in _RECORDS:
        found = [*recognise_records(path)]
    if found or suffix == ".parquet":
        return found
    if is_heights(path):
        return [("heights", None)]
    if is_streets(path):
        return [("streets", None)]
    return [] if suffix in _LAYERS else recognise_table(path)
