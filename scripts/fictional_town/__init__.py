"""Valfictif, a town that does not exist: drawn by `build_town`, written by `write_town`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scripts.fictional_town.files import write_ground, write_logs, write_people, write_places
from scripts.fictional_town.ground import Ground, make_ground
from scripts.fictional_town.logs import Logs, make_logs
from scripts.fictional_town.people import People, make_people
from scripts.fictional_town.places import Places, make_places

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Town:
    """The whole fictional town."""

    ground: Ground
    people: People
    places: Places
    logs: Logs


def build_town(residents: int = 60_000, seed: int = 2026) -> Town:
    """Draw a town of `residents` people; same size and seed, same town."""
    draw = np.random.default_rng(seed)
    ground = make_ground(residents, draw)
    people = make_people(ground, residents, draw)
    places = make_places(ground, people, draw)
    return Town(ground, people, places, make_logs(ground, people, places, draw))


def write_town(town: Town, folder: Path) -> None:
    """Write the town's files into `folder`, in the formats a user has."""
    folder.mkdir(parents=True, exist_ok=True)
    write_ground(town.ground, folder)
    write_people(town.ground, town.people, folder)
    write_places(town.places, folder)
    write_logs(town.logs, town.places, folder)


def settings_toml(town: Town) -> str:
    """Return the territory.toml of the town."""
    codes = ", ".join(f'"{code}"' for code in town.ground.communes)
    return (
        "# La ville fictive de Valfictif : aucun lieu, aucune personne n'existe.\n\n"
        f'[territoire]\nnom = "Valfictif (ville fictive)"\ncommunes = [{codes}]\n'
        "date_reference = 2026-10-31\ngraine = 2026\nfictif = true\n"
    )
