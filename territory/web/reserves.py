"""Communes and zones that stay with somebody, as the page of sectors shows and changes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.errors import WrongUsage
from territory.io.settings_file import settings_text, state_of, write_values
from territory.model.marked import marked
from territory.pipeline.sector_people import sector_team
from territory.pipeline.sector_reserves import Area, areas_of, keepers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from territory.pipeline.workspace import Built

KEY = ("secteurs", "reserves")


@dataclass(frozen=True, slots=True)
class Change:
    """What was just changed: a commune or zone, who has it now and who had it ("" nobody)."""

    target: str
    name: str
    now: str
    before: str


@dataclass(frozen=True, slots=True)
class Reserves:
    """
    What the section of reserves lays out: what is kept as (code, name, who), and its form.

    `communes` and `zones` are (code, name) of those that can be kept, zones in their order,
    `agents` those who can keep one; `state` is what the settings were when they were read; `change`
    the last one, None without any.
    """

    held: tuple[tuple[str, str, str], ...]
    communes: tuple[tuple[str, str], ...]
    zones: tuple[tuple[str, str], ...]
    agents: tuple[str, ...]
    state: str
    change: Change | None


def reserves_of(
    built: Built, names: Mapping[str, str], *, changed: str = "", before: str = ""
) -> Reserves:
    """
    Return the reserves as the settings hold them now; `names` are those of the communes, in order.

    `changed` is the commune or zone just changed and `before` who had it: what is neither and
    nobody of the team is left out. Raises BadSettings (French) when the settings are not readable.
    """
    kept, known = built.territory.settings.sectors.locked, _areas(built, names, changed)
    agents = _agents(built)
    change = None
    if changed in known and before in {"", *agents}:
        change = Change(changed, known[changed].name, kept.get(changed, ""), before)
    return Reserves(
        tuple((code, known[code].name if code in known else code, kept[code]) for code in kept),
        tuple((code, name) for code, name in names.items() if code in known),
        tuple((gap.zone_id, f"{gap.rank}. {gap.name}") for gap in built.gaps),
        agents,
        state_of(settings_text(built.territory.folder)),
        change,
    )


def keep(
    folder: Path,
    built: Built,
    names: Mapping[str, str],
    target: str,
    agent: str,
    *,
    seen: str,
) -> str:
    """
    Write that `target` stays with `agent`, with nobody when it is empty; return who had it.

    `target` is a commune or a zone. Raises WrongUsage (French) for one or somebody unknown and for
    what two would keep, BadSettings as `write_values`.
    """
    kept = dict(built.territory.settings.sectors.locked)
    before = kept.pop(target, "")
    if agent:
        areas, agents = _areas(built, names, target), _agents(built)
        if target not in areas or agent not in agents:
            raise WrongUsage(
                marked("Choisissez une commune ou une zone du territoire et une personne de "
                       "l'équipe.")
            )  # fmt: skip
        kept[target] = agent
        keepers(kept, areas, [[cell] for cell in built.table("cells").index], agents)
    write_values(folder, {KEY: kept}, seen=seen)
    return before


def _areas(built: Built, names: Mapping[str, str], target: str) -> dict[str, Area]:
    """Return what can be kept, and what `target` was if it is kept no more."""
    communes = built.table("cells")["commune_code"].fillna("")
    asked = [*built.territory.settings.sectors.locked, target]
    return areas_of(asked, built.gaps, {str(c): str(k) for c, k in communes.items()}, names)


def _agents(built: Built) -> tuple[str, ...]:
    team = sector_team(built.table("team"), built.territory.today)
    return tuple(map(str, team.index))
