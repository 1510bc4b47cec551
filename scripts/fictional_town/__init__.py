"""Valfictif, a town that does not exist: drawn by `build_town`, written by `write_town`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scripts.fictional_town.files import write_ground, write_people, write_places
from scripts.fictional_town.ground import Ground, make_ground
from scripts.fictional_town.logs import Logs, make_logs
from scripts.fictional_town.people import People, make_people
from scripts.fictional_town.places import Places, make_places
from scripts.fictional_town.readme import README
from scripts.fictional_town.streets import Streets, make_streets
from scripts.fictional_town.workbook import write_logs

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Town:
    """The whole fictional town; coordinates in metres (EPSG:2154)."""

    seed: int
    ground: Ground
    streets: Streets
    people: People
    places: Places
    logs: Logs


def build_town(residents: int = 60_000, seed: int = 2026) -> Town:
    """
    Draw a town of `residents` people (20,000 to 450,000); same size and seed, same town.

    Each part draws from its own stream, so that a change in one leaves the others as they were.
    """
    draws = [np.random.default_rng([seed, k]) for k in range(5)]
    ground = make_ground(residents, draws[0])
    streets = make_streets(ground, draws[1])
    people = make_people(ground, residents, draws[2])
    places = make_places(ground, people, draws[3])
    logs = make_logs(ground, streets, people, places, draws[4])
    return Town(seed, ground, streets, people, places, logs)


def write_town(town: Town, folder: Path) -> None:
    """Write the town's files into `folder`, in the formats a user has."""
    folder.mkdir(parents=True, exist_ok=True)
    write_ground(town.ground, town.streets, folder)
    write_people(town.ground, town.people, folder)
    write_places(town.places, folder)
    write_logs(town.logs, town.places, town.people, folder)
    (folder / "README.md").write_text(README, encoding="utf-8")


def settings_toml(town: Town) -> str:
    """Return the text of the territory.toml of the town."""
    codes = ", ".join(f'"{code}"' for code in town.ground.communes)
    return (
        "# La ville fictive de Valfictif : aucun lieu, aucune personne n'existe.\n\n"
        f'[territoire]\nnom = "Valfictif (ville fictive)"\ncommunes = [{codes}]\n'
        f"date_reference = 2026-10-31\ngraine = {town.seed}\nfictif = true\n"
        "\n# Trois résidents du foyer sur dix cherchent un emploi, dit son gestionnaire imaginaire.\n"
        "[besoin]\npart_hors_menages = 0.3\n"
    )


__all__ = ["Town", "build_town", "settings_toml", "write_town"]
