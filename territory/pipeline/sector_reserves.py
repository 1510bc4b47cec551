"""Communes and zones that stay with somebody: read by pages too, nothing that computes is here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.errors import WrongUsage
from territory.model.marked import marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from territory.model.results import Gap

_ZONE = "Z-"  # what begins the identifier of a zone; the rest is its cell of most need


@dataclass(frozen=True, slots=True)
class Area:
    """A commune or a zone that can stay with somebody: its code, its name and its cells."""

    code: str
    name: str
    cells: frozenset[str]


def areas_of(
    kept: Iterable[str],
    gaps: Sequence[Gap],
    communes: Mapping[str, str],
    names: Mapping[str, str],
) -> dict[str, Area]:
    """
    Return what can be kept by its code: communes, then zones, then the zones of `kept` gone since.

    `communes` is the commune_code of each cell_id, `names` names communes. Zones change when they
    are looked for again: one that is no more stands for the zone that now holds its cell of most
    need, else for that cell.
    """
    held: dict[str, set[str]] = {}
    for cell, commune in communes.items():
        held.setdefault(commune, set()).add(cell)
    towns = [Area(c, names.get(c, c), frozenset(held[c])) for c in sorted(held) if c]
    zones = [Area(g.zone_id, g.name, frozenset(g.cells)) for g in gaps]
    known = {area.code: area for area in (*towns, *zones)}
    for code in kept:
        cell = code.removeprefix(_ZONE)
        if code in known or cell == code or cell not in communes:
            continue
        now = next((zone for zone in zones if cell in zone.cells), None)
        name = now.name if now else f"{names.get(communes[cell], '')} ({cell})".strip()
        known[code] = Area(code, name, now.cells if now else frozenset({cell}))
    return known


def keepers(
    kept: Mapping[str, str],
    areas: Mapping[str, Area],
    units: Sequence[Sequence[str]],
    agents: Sequence[str],
) -> dict[int, str]:
    """
    Return who keeps each unit that is kept, by position in `units` (their cell_id).

    `kept` is who keeps each code of `areas`, somebody of `agents`. A unit is kept whole as soon as
    one of its cells is. Raises WrongUsage (French) for what is no commune and no zone, for somebody
    without a sector, and when two keep the same cell or the same commune not to be cut.
    """
    found: dict[int, str] = {}
    for code, agent in kept.items():
        area = _known(code, agent, areas, agents)
        for unit in (n for n, cells in enumerate(units) if not area.cells.isdisjoint(cells)):
            if found.setdefault(unit, code) != code and kept[found[unit]] != agent:
                other = areas[found[unit]]
                raise WrongUsage(
                    marked(
                        "« %(one)s » reste à %(who)s et « %(other)s » à %(whom)s, alors que l'un "
                        "est dans l'autre, ou que leur commune ne se coupe pas. Libérez-en un.",
                        one=other.name, who=kept[other.code], other=area.name, whom=agent,
                    )
                )  # fmt: skip
    return {unit: kept[code] for unit, code in found.items()}


def kept_lines(kept: Mapping[str, str], areas: Mapping[str, Area]) -> tuple[str, ...]:
    """Return who keeps what in French, « Bondy reste à M1 », by name of the place."""
    named = sorted((areas[code].name, who) for code, who in kept.items() if code in areas)
    return tuple(f"{name} reste à {who}" for name, who in named)


def _known(code: str, agent: str, areas: Mapping[str, Area], agents: Sequence[str]) -> Area:
    if code not in areas:
        raise WrongUsage(
            marked(
                "« %(code)s » est réservé à %(who)s, mais n'est ni une commune ni une zone du "
                "territoire. Libérez-le à la page Secteurs.",
                code=code, who=agent,
            )
        )  # fmt: skip
    if agent not in agents:
        raise WrongUsage(
            marked(
                "« %(name)s » est réservé à %(who)s, qui n'a pas de secteur. Ont un secteur : "
                "%(team)s.",
                name=areas[code].name, who=agent, team=", ".join(agents),
            )
        )  # fmt: skip
    return areas[code]
