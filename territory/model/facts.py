"""The facts of a place that age apart, and the table of when each was last seen to be true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.model.tables import DAY, TEXT, Column, TableContract

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


@dataclass(frozen=True, slots=True)
class Fact:
    """
    One fact: its day's column in received files, its columns in PLACES, how French says it.

    The first column that is filled holds the fact. `met`: meeting the structure verifies it.
    """

    day: str
    columns: tuple[str, ...]
    label: str
    seen: str
    met: bool = False


HOURS = "horaires"
FACTS: Mapping[str, Fact] = {
    HOURS: Fact("hours_on", ("opening_hours", "hours_text"), "horaires", "relevés"),
    "position": Fact("position_on", ("geometry", "address"), "adresse", "relevée"),
    "statut": Fact("status_on", ("status",), "statut", "relevé", met=True),
    "permanence": Fact(
        "hosts_on", ("hosts_permanence",), "accueil d’une permanence", "relevé", met=True
    ),
    "publics": Fact("audiences_on", ("audiences",), "publics reçus", "relevés"),
    "affluence": Fact("crowd_on", ("crowd",), "affluence", "estimée"),
}
BY_LINE, BY_EDITION = "fiche", "édition"  # who gives the day: the line, or the whole file
FACT_TABLE = TableContract(
    "facts",
    "fact_id",
    (
        Column("place_id", TEXT, "place of the table places"),
        Column("fact", TEXT, "code of facts.FACTS"),
        Column("verified_on", DAY, "day it was last verified; NA when nothing tells"),
        Column("basis", TEXT, "fiche: the line says the day; édition: only that of its file"),
        Column("source", TEXT, "file that tells the fact"),
    ),
)


def days_text(days: Mapping[str, date | None]) -> str | None:
    """Return the days of facts by code as `horaires=2024-03-05|...`, None without any."""
    return "|".join(f"{code}={day}" for code, day in sorted(days.items()) if day) or None


def days_of(text: object) -> dict[str, str]:
    """Return the ISO day of each fact that a text of `days_text` names, {} when it is NA."""
    return dict(part.split("=") for part in text.split("|")) if isinstance(text, str) else {}
