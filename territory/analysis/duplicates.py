"""
Places that are probably the same, proposed in pairs with a score and French reasons.

Pairs are first gathered by blocks (same SIRET, neighbouring squares, same commune and word), then
scored from names, distance, address and SIRET. Nothing is merged here.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from territory.model.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd
    from shapely.geometry import Point

NEAR_M = 80.0  # further apart, two lines are two offices
THRESHOLD = 0.85
_SAME_SIRET = 0.10
_SAME_ADDRESS = 0.05
_OTHER_SIRET = 0.10
_OTHER_KIND = 0.15
_OTHER_FORM = 0.3  # a bus and the desk it is parked at are two services
_FAR = 0.10  # taken off at NEAR_M, or when one of the two has no coordinates
_TYPO = 0.93
_WEAK = frozenset(
    {
        *("association", "asso", "centre", "social", "maison", "espace", "service", "services"),
        *("structure", "france", "antenne", "site", "de", "du", "des", "la", "le", "les", "l"),
        *("d", "et", "a", "au", "aux", "en"),
    }
)
_SHORT = {
    "asso": "association", "ctre": "centre", "st": "saint", "ste": "sainte", "bd": "boulevard",
    "av": "avenue", "mde": "maison", "fs": "france", "serv": "services", "munic": "municipal",
}  # fmt: skip

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two places that may be one: identifiers (sorted), score 0-1, French reasons."""

    kept_id: str
    other_id: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    key: str
    name: tuple[str, ...]
    kind: str
    commune: str
    address: str
    siret: str
    fixed: bool
    at: tuple[float, float] | None


def propose(places: gpd.GeoDataFrame, *, threshold: float = THRESHOLD) -> list[Proposal]:
    """Return the pairs of PLACES (metric CRS) scoring `threshold` or more, best first."""
    lines = _lines(places)
    return _judged(lines, _candidates(lines), threshold)


def propose_slowly(places: gpd.GeoDataFrame, *, threshold: float = THRESHOLD) -> list[Proposal]:
    """Return what `propose` returns (metric CRS too), looking at every pair: its slow judge."""
    lines = _lines(places)
    return _judged(lines, combinations(range(len(lines)), 2), threshold)


def count_after(count: int, proposals: Iterable[Proposal]) -> int:
    """Return how many of `count` places would remain if every proposal were followed."""
    group: dict[str, frozenset[str]] = {}
    for p in proposals:
        pair = frozenset({p.kept_id, p.other_id})
        whole = pair.union(*(group.get(key, frozenset()) for key in pair))
        group |= dict.fromkeys(whole, whole)
    return count - sum(len(g) - 1 for g in set(group.values()))


def _judged(lines: list[_Line], pairs: Iterable[Pair], threshold: float) -> list[Proposal]:
    found = [_compared(*sorted((lines[a], lines[b]), key=lambda x: x.key)) for a, b in pairs]
    kept = [p for p in found if p is not None and p.score >= threshold]
    return sorted(kept, key=lambda p: (-p.score, p.kept_id, p.other_id))


def _compared(a: _Line, b: _Line) -> Proposal | None:
    """Score one pair; None when nothing places the two together."""
    away_m = math.dist(a.at, b.at) if a.at and b.at else None
    same_siret = bool(a.siret) and a.siret == b.siret
    if away_m is not None and away_m > NEAR_M:
        return None
    if away_m is None and not same_siret and (not a.commune or a.commune != b.commune):
        return None
    alike, same_address = _names_alike(a.name, b.name), bool(a.address) and a.address == b.address
    score = alike - _FAR * (away_m / NEAR_M if away_m is not None else 1.0)
    score += _SAME_SIRET * same_siret + _SAME_ADDRESS * same_address
    score -= _OTHER_KIND * (a.kind != b.kind and "autre" not in {a.kind, b.kind})
    score -= _OTHER_FORM * (a.fixed != b.fixed)
    score -= _OTHER_SIRET * (bool(a.siret) and bool(b.siret) and not same_siret)
    reasons = [f"noms semblables à {100 * alike:.0f} %"]
    reasons += [f"à {away_m:.0f} m l’un de l’autre"] if away_m is not None else []
    reasons += ["même SIRET"] if same_siret else []
    reasons += ["même adresse"] if same_address else []
    return Proposal(a.key, b.key, round(min(max(score, 0.0), 1.0), 4), tuple(reasons))


def _names_alike(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """Return 0-1: likeness of the words that name the place, the common ones left aside."""
    strong_a, strong_b = _strong(a), _strong(b)
    if _numbers(a) != _numbers(b):
        return 0.0
    x, y = " ".join(strong_a or a), " ".join(strong_b or b)
    alike = (fuzz.token_set_ratio(x, y) + fuzz.token_sort_ratio(x, y)) / 200
    whole = fuzz.ratio("".join(a), "".join(b)) / 100
    return max(alike, whole) if whole >= _TYPO else alike  # a typo hides a word or a space


def _strong(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(w for w in words if w not in _WEAK)


def _numbers(words: tuple[str, ...]) -> list[str]:
    return sorted(re.findall(r"\d+", " ".join(words)))


def _lines(places: gpd.GeoDataFrame) -> list[_Line]:
    names = ("name", "kind", "commune_code", "address", "siret")
    columns = [places[n].fillna("").astype(str) for n in names]
    fixed = places["fixed_point"].fillna(value=True).astype(bool)
    rows = zip(places.index.astype(str), *columns, fixed, places.geometry, strict=True)
    return [
        _Line(key, _words(name), kind, commune, " ".join(_words(address)), siret, still, _at(point))
        for key, name, kind, commune, address, siret, still, point in rows
    ]


def _at(point: Point | None) -> tuple[float, float] | None:
    return None if point is None or point.is_empty else (float(point.x), float(point.y))


def _words(text: str) -> tuple[str, ...]:
    return tuple(_SHORT.get(w, w) for w in plain(text).split("_") if w)


def _candidates(lines: list[_Line]) -> set[Pair]:
    """Return every pair `_compared` may score: neighbours, or one unlocated in the same block."""
    blocks: dict[str, list[int]] = {}
    squares: dict[tuple[int, int], list[int]] = {}
    for n, line in enumerate(lines):
        for value in (f"c{line.commune}" * bool(line.commune), f"s{line.siret}" * bool(line.siret)):
            if value:
                blocks.setdefault(value, []).append(n)
        if line.at:
            squares.setdefault(_square(line.at), []).append(n)
    unlocated = (
        (min(n, m), max(n, m))
        for block in blocks.values()
        for n in block
        if lines[n].at is None
        for m in block
        if m != n
    )
    return _neighbours(squares) | set(unlocated)


def _square(at: tuple[float, float]) -> tuple[int, int]:
    return math.floor(at[0] / NEAR_M), math.floor(at[1] / NEAR_M)


def _neighbours(squares: Mapping[tuple[int, int], list[int]]) -> set[Pair]:
    around = [(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    return {
        (n, m)
        for (x, y), here in squares.items()
        for dx, dy in around
        for m in squares.get((x + dx, y + dy), ())
        for n in here
        if n < m
    }
