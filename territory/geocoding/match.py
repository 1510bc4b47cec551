"""
From an address to a point, with a score, a precision and the other candidates.

The score multiplies the likeness of the street (words and type) by what is known of the number.
Thresholds are those of the public geocoder's users: 0.75 and more is placed, from 0.5 it is placed
and to be checked, below it is not placed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from territory.geocoding.address_text import read_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.geocoding.address_text import Address
    from territory.geocoding.index import AddressIndex, Door, Street

ACCEPTED, CHECKED = 0.75, 0.5
CANDIDATES = 5
_TYPE_SHARE = 0.15
_SAME_WORDS = 72  # below, « rue de la Lune » would be « rue de la Liberté »
_PART_OF_NAME = 0.9  # « rue Péri » for « rue Gabriel Péri »
_OTHER_SUFFIX, _BETWEEN, _SOMEWHERE = 0.97, 0.9, 0.78
_NO_NUMBER = 0.74  # a street alone: half of the addresses lie farther than 50 m, so to be checked
_NEAR_NUMBERS = 20
_TIE = 0.03
_DOUBT = 0.74
_HOUSE, _INTERPOLATED, _STREET = "numéro", "interpolé", "rue"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible point: x, y in metres, score 0-1, precision (numéro, interpolé, rue), label."""

    score: float
    precision: str
    label: str
    commune_code: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Query:
    """One address to place: text, commune code (None = unknown), name of the town ("" = none)."""

    text: str
    commune_code: str | None = None
    city: str = ""


def locate(index: AddressIndex, queries: Sequence[Query]) -> list[tuple[Candidate, ...]]:
    """
    Return, for each query, its best points: best first, one a street, 5 at most, () when none.

    Only streets of the commune (or of unknown commune) are looked at; a town alone is never a
    point. Two streets as likely as each other lower the first below « accepted ».
    """
    known: dict[tuple[object, ...], list[tuple[float, Street]]] = {}
    found = []
    for query in queries:
        wanted = read_address(query.text, query.city)
        key = (query.commune_code, wanted.kind, wanted.name)
        if key not in known:  # many addresses share a street
            known[key] = _streets_like(wanted, index.near(query.commune_code))
        found.append(_candidates(wanted, known[key]))
    return found


def _streets_like(wanted: Address, streets: Sequence[Street]) -> list[tuple[float, Street]]:
    if not wanted.name:
        return []
    scored = ((_likeness(wanted, street), street) for street in streets)
    best = sorted((p for p in scored if p[0] >= CHECKED), key=lambda p: (-p[0], p[1].label))
    return best[: 2 * CANDIDATES]


def _candidates(wanted: Address, streets: Sequence[tuple[float, Street]]) -> tuple[Candidate, ...]:
    found = [_placed(wanted, street, alike) for alike, street in streets]
    ranked = sorted(found, key=lambda c: (-c.score, c.label))[:CANDIDATES]
    return _hesitating(tuple(c for c in ranked if c.score >= CHECKED))


def _likeness(wanted: Address, street: Street) -> float:
    """Return 0-1: the words of the name, then the type of street."""
    name = " ".join(wanted.name)
    alike = max(
        fuzz.ratio(name, street.text),
        fuzz.ratio(name.replace(" ", ""), street.text.replace(" ", "")),
        fuzz.token_sort_ratio(name, street.text),
        _PART_OF_NAME * fuzz.token_set_ratio(name, street.text),
    )
    if alike < _SAME_WORDS:
        return 0.0
    same = 0.5 if not wanted.kind else float(wanted.kind == street.kind)
    return (1 - _TYPE_SHARE) * alike / 100 + _TYPE_SHARE * same


def _placed(wanted: Address, street: Street, alike: float) -> Candidate:
    door, factor, precision = _door(wanted, street.doors)
    number = f"{door.number}{' ' if door.suffix else ''}{door.suffix} "
    label = (number if precision == _HOUSE else "") + street.label
    score = round(alike * factor, 4)
    return Candidate(score, precision, label, street.commune_code, door.x, door.y)


def _door(wanted: Address, doors: Sequence[Door]) -> tuple[Door, float, str]:
    """Return the door meant, or the likeliest spot of the street, and how sure it is."""
    if wanted.number is None:
        return _middle(doors), _NO_NUMBER, _STREET
    same = [d for d in doors if d.number == wanted.number]
    exact = [d for d in same if d.suffix[:1] == wanted.suffix[:1]]
    if exact:
        return exact[0], 1.0, _HOUSE
    if same:
        return same[0], _OTHER_SUFFIX, _HOUSE
    between = _interpolated(wanted.number, doors)
    if between is not None:
        return between, _BETWEEN, _INTERPOLATED
    number = wanted.number
    return min(doors, key=lambda d: (abs(d.number - number), d)), _SOMEWHERE, _STREET


def _interpolated(number: int, doors: Sequence[Door]) -> Door | None:
    """Return the spot of a missing number between its neighbours of the same side."""
    side = [d for d in doors if d.number % 2 == number % 2]
    below = [d for d in side if number - _NEAR_NUMBERS <= d.number < number]
    above = [d for d in side if number < d.number <= number + _NEAR_NUMBERS]
    if not below or not above:
        return None
    a, b = below[-1], above[0]
    share = (number - a.number) / (b.number - a.number)
    return type(a)(number, "", a.x + share * (b.x - a.x), a.y + share * (b.y - a.y))


def _middle(doors: Sequence[Door]) -> Door:
    """Return the door nearest to the middle of all doors."""
    x, y = (sum(getattr(d, axis) for d in doors) / len(doors) for axis in ("x", "y"))
    return min(doors, key=lambda d: ((d.x - x) ** 2 + (d.y - y) ** 2, d))


def _hesitating(ranked: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    if len(ranked) < 2 or ranked[0].score - ranked[1].score >= _TIE or _certain(ranked):  # noqa: PLR2004
        return ranked
    first = ranked[0]
    return (replace(first, score=min(first.score, _DOUBT)), *ranked[1:])


def _certain(ranked: tuple[Candidate, ...]) -> bool:
    """Tell whether the first is exact while the second only looks like it."""
    return ranked[0].score >= 1.0 > ranked[1].score
