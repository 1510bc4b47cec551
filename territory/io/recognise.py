"""What a file holds, told from its content and never from its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.errors import UnknownKind, UnreadableFile
from territory.io.layers import recognise_layers
from territory.io.records import recognise_records
from territory.io.streets import is_streets
from territory.io.text_tables import recognise_table
from territory.io.transit import is_transit
from territory.model.kinds import LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_TABLES = {".csv", ".tsv", ".txt", ".xlsx", ".xlsm"}
_LAYERS = {".geojson", ".json", ".gpkg", ".shp", ".zip"}
_AGENDA = b"BEGIN:VCALENDAR"
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
    from territory.io.heights import is_heights  # noqa: PLC0415 - slow to load, asked for by few steps

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
    for kind, shows in (("agenda", is_agenda), ("heights", is_heights), ("streets", is_streets)):
        if shows(path):
            return [(kind, None)]
    return [] if suffix in _LAYERS else recognise_table(path)


def is_agenda(path: Path) -> bool:
    """Whether a file is an ICS calendar, told from its first words."""
    with path.open("rb") as file:
        return file.read(200).removeprefix(b"\xef\xbb\xbf").lstrip().upper().startswith(_AGENDA)
