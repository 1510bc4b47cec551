"""Duplicates written on purpose into a list of places, and what a finder makes of them."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
from shapely.geometry import Point

from territory.analysis.duplicates import Proposal, propose

if TYPE_CHECKING:
    from collections.abc import Callable

_MOVED_MAX_M = 60.0
_SHORTER = {"France services": "FS", "Centre": "Ctre", "Saint": "St", "Association": "Asso"}


@dataclass(frozen=True, slots=True)
class Score:
    """Pairs injected, found, and proposed without having been injected nor there before."""

    injected: int
    found: int
    wrong: int
    already: int

    @property
    def recall(self) -> float:
        """Return found / injected."""
        return self.found / self.injected

    @property
    def precision(self) -> float:
        """Return found / (found + wrong)."""
        return self.found / max(self.found + self.wrong, 1)


def evaluate(
    places: gpd.GeoDataFrame,
    *,
    seed: int,
    number: int = 20,
    find: Callable[[gpd.GeoDataFrame], list[Proposal]] = propose,
) -> Score:
    """Inject `number` duplicates and as many other offices of a network, and count proposals."""
    draw = random.Random(seed)  # noqa: S311 - a test draw
    located = sorted(str(k) for k in places.index[places.geometry.notna()])
    chosen = draw.sample(located, min(number, len(located)))
    copies = [_copy(places.loc[key], draw) for key in chosen]
    others = [_other_office(places.loc[key], draw) for key in chosen]
    extra = pd.DataFrame(
        [*copies, *others],
        index=[*(f"zz-double-{k}" for k in chosen), *(f"zz-autre-{k}" for k in chosen)],
    )
    mixed = gpd.GeoDataFrame(pd.concat([places, extra]), geometry="geometry", crs=places.crs)
    already = {(p.kept_id, p.other_id) for p in find(places)}
    proposed = {(p.kept_id, p.other_id) for p in find(mixed)} - already
    wanted = {(key, f"zz-double-{key}") for key in chosen}
    return Score(len(wanted), len(wanted & proposed), len(proposed - wanted), len(already))


def _copy(row: pd.Series, draw: random.Random) -> pd.Series:
    changed = row.copy()
    changed["name"] = draw.choice(CHANGES)(str(row["name"]), draw)
    away, turn = draw.uniform(0, _MOVED_MAX_M), draw.uniform(0, 2 * math.pi)
    at = row["geometry"]
    changed["geometry"] = Point(at.x + away * math.cos(turn), at.y + away * math.sin(turn))
    changed["address"] = row["address"] if draw.random() < 0.5 else pd.NA
    return changed


def _other_office(row: pd.Series, draw: random.Random) -> pd.Series:
    """Return the same name 90 to 400 m away: another office of one network, same SIRET."""
    changed = row.copy()
    at = row["geometry"]
    away, turn = draw.uniform(90, 400), draw.uniform(0, 2 * math.pi)
    changed["geometry"] = Point(at.x + away * math.cos(turn), at.y + away * math.sin(turn))
    return changed


def _typo(name: str, draw: random.Random) -> str:
    n = draw.randrange(max(len(name) - 1, 1))
    return name[:n] + name[n + 1 : n + 2] + name[n : n + 1] + name[n + 2 :]


def _lost_letter(name: str, draw: random.Random) -> str:
    n = draw.randrange(len(name))
    return name[:n] + name[n + 1 :]


def _shorter(name: str, draw: random.Random) -> str:  # noqa: ARG001 - one form for all changes
    for long, short in _SHORTER.items():
        name = name.replace(long, short)
    return name


def _capitals(name: str, draw: random.Random) -> str:  # noqa: ARG001
    return name.upper()


def _turned(name: str, draw: random.Random) -> str:  # noqa: ARG001
    words = name.split()
    return " ".join([*words[1:], words[0]])


CHANGES: tuple[Callable[[str, random.Random], str], ...] = (
    _typo, _lost_letter, _shorter, _capitals, _turned,
)  # fmt: skip
