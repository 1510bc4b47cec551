"""Who covers which communes: contiguous sectors with as equal a load as can be."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import shapely

from territory.errors import WrongUsage
from territory.model.results import Ending, Sector, SectorPlan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

EXACT_COMMUNES = 10
BORDER_MIN_M = 1.0
Cost = tuple[int, float]
NO_LOCK: Mapping[str, str] = MappingProxyType({})


def commune_neighbours(communes: gpd.GeoDataFrame) -> list[tuple[str, str]]:
    """Return the pairs (sorted codes) of communes sharing more than 1 m of border (metric CRS)."""
    ordered = communes.sort_index()
    shapes, codes = ordered.geometry.to_numpy(), [str(c) for c in ordered.index]
    pairs = shapely.STRtree(shapes).query(shapes, predicate="intersects").T
    return sorted(
        (codes[a], codes[b])
        for a, b in pairs
        if a < b
        and shapely.length(shapely.intersection(shapes[a].boundary, shapes[b].boundary))
        > BORDER_MIN_M
    )


def commune_sectors(
    load: pd.Series,
    neighbours: Sequence[tuple[str, str]],
    agents: Sequence[str],
    *,
    locked: Mapping[str, str] = NO_LOCK,
) -> SectorPlan:
    """
    Give each commune (index of `load`, people) to one agent, sectors contiguous where possible.

    `neighbours` are pairs of codes, as `commune_neighbours` gives them. The largest gap to an equal
    share is the least possible, proved by enumeration up to 10 communes; beyond, the heaviest
    choices are made first and the ending says « time up ». With more agents than communes, agents
    share a sector. `locked` keeps a commune with an agent. Raises WrongUsage without commune or
    agent, when `locked` names an unknown one, or when it leaves no way to cut.
    """
    values = load.fillna(0.0).astype(float).sort_index()
    codes, team = [str(c) for c in values.index], sorted(set(agents))
    _check(codes, team, locked)
    count = min(len(codes), len(team))
    links = _links(codes, neighbours)
    locks = [team.index(locked[c]) if c in locked else -1 for c in codes]
    exact = len(codes) <= EXACT_COMMUNES
    search = _exact if exact else _greedy
    parts = search(tuple(values), links, tuple(locks), count)
    return _plan(values, parts, team, locked, (exact, _pieces(parts, links)))


def _check(codes: list[str], team: list[str], locked: Mapping[str, str]) -> None:
    if not codes or not team:
        raise WrongUsage("Il faut au moins une commune et une personne dans l'équipe.")
    if set(locked) - set(codes) or set(locked.values()) - set(team):
        raise WrongUsage("Une commune ou une personne réservée n'existe pas.")
    if len(set(locked.values())) > len(codes):
        raise WrongUsage("Trop de personnes réservées pour le nombre de communes.")


def _links(codes: list[str], neighbours: Sequence[tuple[str, str]]) -> tuple[int, ...]:
    """Return, for each commune, its neighbours as bits."""
    place = {code: i for i, code in enumerate(codes)}
    masks = [0] * len(codes)
    for a, b in neighbours:
        if a in place and b in place:
            masks[place[a]] |= 1 << place[b]
            masks[place[b]] |= 1 << place[a]
    return tuple(masks)


def _split(mask: int, links: tuple[int, ...]) -> int:
    """Count the connected pieces of a set of communes, beyond the first."""
    pieces = 0
    while mask:
        seen, front = 0, mask & -mask
        while front:
            low = front & -front
            seen |= low
            front = (front | links[low.bit_length() - 1] & mask) & ~seen
        mask &= ~seen
        pieces += 1
    return max(pieces - 1, 0)


def _pieces(parts: list[int], links: tuple[int, ...]) -> int:
    return sum(_split(part, links) for part in parts)


def _owners(mask: int, locks: tuple[int, ...]) -> set[int]:
    return {a for i, a in enumerate(locks) if a >= 0 and mask >> i & 1}


def _allowed(mask: int, rest: int, locks: tuple[int, ...]) -> bool:
    owners = _owners(mask, locks)
    return len(owners) <= 1 and not owners & _owners(rest, locks)


def _exact(
    load: tuple[float, ...], links: tuple[int, ...], locks: tuple[int, ...], count: int
) -> list[int]:
    share = sum(load) / count or 1.0

    def cost(mask: int) -> Cost:
        total = sum(w for i, w in enumerate(load) if mask >> i & 1)
        return _split(mask, links), abs(total / share - 1.0)

    @cache
    def best(left: int, parts: int) -> tuple[Cost, tuple[int, ...]] | None:
        if parts == 1:
            return (cost(left), (left,)) if _allowed(left, 0, locks) else None
        found: tuple[Cost, tuple[int, ...]] | None = None
        first = left & -left
        for part in _subsets(left ^ first):
            mask = part | first
            tail = best(left ^ mask, parts - 1) if _fits(left, mask, parts, locks) else None
            if tail is not None:
                mine = cost(mask)
                value = (mine[0] + tail[0][0], max(mine[1], tail[0][1])), (mask, *tail[1])
                found = value if found is None else min(found, value)
        return found

    answer = best((1 << len(load)) - 1, count)
    if answer is None:
        raise WrongUsage("Les communes réservées ne permettent aucun découpage.")
    return list(answer[1])


def _fits(left: int, mask: int, parts: int, locks: tuple[int, ...]) -> bool:
    return (left ^ mask).bit_count() >= parts - 1 and _allowed(mask, left ^ mask, locks)


def _subsets(mask: int) -> list[int]:
    found, part = [0], mask
    while part:
        found.append(part)
        part = (part - 1) & mask
    return sorted(found)


def _greedy(
    load: tuple[float, ...], links: tuple[int, ...], locks: tuple[int, ...], count: int
) -> list[int]:
    """Grow each sector from a locked or heavy commune, the lightest sector taking first."""
    parts = [sum(1 << i for i, a in enumerate(locks) if a == o) for o in sorted(set(locks) - {-1})]
    left = ((1 << len(load)) - 1) & ~sum(parts)
    order = sorted(range(len(load)), key=lambda i: (-load[i], i))
    for i in [i for i in order if left >> i & 1][: count - len(parts)]:
        parts.append(1 << i)
        left &= ~(1 << i)
    while left:
        choices = [(_weight(p, load), k, i) for k, p in enumerate(parts) for i in order
                   if left >> i & 1 and links[i] & p]  # fmt: skip
        rest = [(_weight(p, load), k, i) for k, p in enumerate(parts) for i in order
                if left >> i & 1]  # fmt: skip
        _, k, i = min(choices or rest)
        parts[k] |= 1 << i
        left &= ~(1 << i)
    return parts


def _weight(mask: int, load: tuple[float, ...]) -> float:
    return sum(w for i, w in enumerate(load) if mask >> i & 1)


def _plan(
    values: pd.Series,
    parts: list[int],
    team: list[str],
    locked: Mapping[str, str],
    proof: tuple[bool, int],
) -> SectorPlan:
    share = float(values.sum()) / len(parts) or 1.0
    groups = [[str(c) for i, c in enumerate(values.index) if p >> i & 1] for p in parts]
    groups.sort()
    people = _people(groups, values, team, locked)
    sectors = []
    for number, (communes, names) in enumerate(zip(groups, people, strict=True), 1):
        load = float(values[communes].sum())
        sectors.append(
            Sector(f"S{number}", tuple(names), tuple(communes), load, load / share - 1.0)
        )
    worst = max(abs(s.deviation) for s in sectors)
    ending = Ending.OPTIMAL if proof[0] else Ending.TIME_UP
    return SectorPlan(tuple(sectors), worst, ending, _note(proof, len(team) > len(parts)))


def _people(
    groups: list[list[str]], values: pd.Series, team: list[str], locked: Mapping[str, str]
) -> list[list[str]]:
    """Give locked agents their sector, the others one each, then the most loaded sectors first."""
    people = [sorted({locked[c] for c in g if c in locked}) for g in groups]
    free = [a for a in team if a not in set(locked.values())]
    for agent in free:
        k = min(
            range(len(groups)),
            key=lambda k: (len(people[k]) > 0, -values[groups[k]].sum() / (len(people[k]) + 1), k),
        )
        people[k] = sorted([*people[k], agent])
    return people


def _note(proof: tuple[bool, int], shared: bool) -> str:  # noqa: FBT001 - private
    said = [
        "Aucun autre découpage n'est plus équilibré."
        if proof[0]
        else "Un découpage plus équilibré peut exister : la recherche n'est pas complète.",
        "Certains secteurs ne sont pas d'un seul tenant." if proof[1] else "",
        "Il y a plus de personnes que de communes : des secteurs sont partagés." if shared else "",
    ]
    return " ".join(s for s in said if s)
