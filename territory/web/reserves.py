"""Communes that stay with somebody, as the page of sectors shows and changes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.errors import WrongUsage
from territory.io.settings_file import settings_text, state_of, write_values
from territory.pipeline.sector_people import sector_team

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from territory.pipeline.workspace import Built

KEY = ("secteurs", "reserves")


@dataclass(frozen=True, slots=True)
class Change:
    """What was just changed: a commune, who has it now and who had it ("" nobody)."""

    commune: str
    name: str
    now: str
    before: str


@dataclass(frozen=True, slots=True)
class Reserves:
    """
    What the section of reserves lays out: communes kept as (code, name, who), and its form.

    `communes` are (code, name) of those that can be kept, `agents` those who can keep one; `state`
    is what the settings were when they were read; `change` the last one, None without any.
    """

    held: tuple[tuple[str, str, str], ...]
    communes: tuple[tuple[str, str], ...]
    agents: tuple[str, ...]
    state: str
    change: Change | None


def reserves_of(
    built: Built, names: Mapping[str, str], *, changed: str = "", before: str = ""
) -> Reserves:
    """
    Return the reserves as the settings hold them now.

    `changed` is the commune just changed and `before` who had it: what is no commune and nobody of
    the team is left out. Raises BadSettings (French) when the settings are not readable.
    """
    kept = built.territory.settings.sectors.locked
    agents, communes = _agents(built), _communes(built)
    change = None
    if changed in names and before in {"", *agents}:
        change = Change(changed, names[changed], kept.get(changed, ""), before)
    return Reserves(
        tuple((code, names.get(code, code), who) for code, who in kept.items()),
        tuple((code, name) for code, name in names.items() if code in communes),
        agents,
        state_of(settings_text(built.territory.folder)),
        change,
    )


def keep(folder: Path, built: Built, commune: str, agent: str, *, seen: str) -> str:
    """
    Write that `commune` stays with `agent`, with nobody when it is empty; return who had it.

    Raises WrongUsage (French) for a commune or somebody unknown, BadSettings as `write_values`.
    """
    kept = dict(built.territory.settings.sectors.locked)
    before = kept.pop(commune, "")
    if agent:
        if commune not in _communes(built) or agent not in _agents(built):
            raise WrongUsage("Choisissez une commune du territoire et une personne de l'équipe.")
        kept[commune] = agent
    write_values(folder, {KEY: kept}, seen=seen)
    return before


def _agents(built: Built) -> tuple[str, ...]:
    team = sector_team(built.table("team"), built.territory.today)
    return tuple(map(str, team.index))


def _communes(built: Built) -> frozenset[str]:
    return frozenset(map(str, built.table("cells")["commune_code"].dropna()))
