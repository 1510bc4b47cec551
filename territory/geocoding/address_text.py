"""French postal addresses as people write them, cut into number, suffix, street and postcode."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from territory.model.words import plain

_TYPES = {
    "av": "avenue", "ave": "avenue", "aven": "avenue", "bd": "boulevard", "bld": "boulevard",
    "bvd": "boulevard", "boul": "boulevard", "blvd": "boulevard", "pl": "place", "imp": "impasse",
    "all": "allee", "sq": "square", "rte": "route", "ch": "chemin", "che": "chemin",
    "chem": "chemin", "r": "rue", "crs": "cours", "pass": "passage", "psg": "passage", "q": "quai",
    "fg": "faubourg", "fbg": "faubourg", "res": "residence", "rpt": "rond_point", "vla": "villa",
}  # fmt: skip
_TITLES = {
    "st": "saint", "ste": "sainte", "gal": "general", "gen": "general", "mal": "marechal",
    "dr": "docteur", "pdt": "president", "pr": "professeur", "prof": "professeur",
    "cdt": "commandant", "col": "colonel", "cap": "capitaine", "lt": "lieutenant", "sgt": "sergent",
    "mgr": "monseigneur",
}  # fmt: skip
STREET_TYPES = frozenset(_TYPES.values()) | {"esplanade", "sentier", "voie", "mail", "cite", "cour"}
_SMALL = frozenset(("de", "du", "des", "la", "le", "les", "l", "d", "et", "a", "au", "aux", "en"))
_SUFFIXES = {"bis": "bis", "ter": "ter", "quater": "quater", "b": "b", "t": "t", "q": "q"}
_POSTCODE = re.compile(r"\d{5}")
_NUMBER = re.compile(r"(\d{1,4})(bis|ter|quater|[a-z])?")
# What follows these words says where in the building, or which letter box.
_BOXES = frozenset(("bp", "cs", "tsa", "cedex", "bat", "batiment", "esc", "escalier", "apt", "appt",
                    "appartement", "etage", "hall", "porte", "lot"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """
    One address as read: `number` (None without), `suffix` ("" without), street words, postcode.

    `kind` is the type of street written out (« avenue »), "" when none is said; `name` the words
    that name it, small words left out.
    """

    number: int | None
    suffix: str
    kind: str
    name: tuple[str, ...]
    postcode: str


@lru_cache(maxsize=65_536)
def read_address(text: str, city: str = "") -> Address:
    """
    Return `text` cut into its parts; abbreviations written out, letter boxes and cedex dropped.

    `city` is the name of the town, taken off the end of the street when it stands there. « 12-14 »,
    « 12 et 14 » and « 12/14 » are read as 12; « 12B » and « 12 bis » keep their suffix.
    """
    words = [w for w in plain(text).split("_") if w]
    postcode = next((w for w in words if _POSTCODE.fullmatch(w)), "")
    words = words[: words.index(postcode)] if postcode in words[1:] else words
    words = _without_boxes([w for w in words if w != postcode])
    words = _without_city(words, [w for w in plain(city).split("_") if w])
    number, suffix, street = _numbered(words)
    kind, name = _street(street)
    return Address(number, suffix, kind, name, postcode)


@lru_cache(maxsize=65_536)
def read_street(text: str) -> tuple[str, tuple[str, ...]]:
    """Return (type, words of the name) of a street written alone, as `read_address` would."""
    return _street([w for w in plain(text).split("_") if w])


def _without_boxes(words: list[str]) -> list[str]:
    kept: list[str] = []
    skip = False
    for word in words:
        if skip or word in _BOXES:
            skip = word in _BOXES and not skip
            continue
        kept.append(word)
    return kept


def _without_city(words: list[str], city: list[str]) -> list[str]:
    """Take the town off the end, unless it names the street: « 4 rue de Bondy »."""
    n = len(city)
    if not n or words[-n:] != city:
        return words
    left = words[:-n]
    named = [w for w in left if w not in _SMALL and _TYPES.get(w, w) not in STREET_TYPES]
    return left if any(not _NUMBER.fullmatch(w) for w in named) else words


def _numbered(words: list[str]) -> tuple[int | None, str, list[str]]:
    """Return number, suffix and the street words; the place named before a number is dropped."""
    at = next((k for k, w in enumerate(words) if _opens_address(words, k, w)), None)
    if at is None:
        return None, "", words
    match = _NUMBER.fullmatch(words[at])
    rest = words[at + 1 :]
    suffix = (match[2] or "") if match else ""
    if not suffix and rest and rest[0] in _SUFFIXES and len(rest) > 1:
        suffix, rest = rest[0], rest[1:]
    while len(rest) > 1 and (_NUMBER.fullmatch(rest[0]) or rest[0] in {"et", "a"}):
        if rest[0] in {"et", "a"} and not _NUMBER.fullmatch(rest[1]):
            break
        rest = rest[1:]  # « 12-14 », « 12 et 14 »
    return int(match[1]) if match else None, suffix, rest


def _opens_address(words: list[str], at: int, word: str) -> bool:
    """Tell whether a number opens the address: first, or just before a type of street."""
    if not _NUMBER.fullmatch(word) or at + 1 >= len(words):
        return False
    after = next(
        (w for w in words[at + 1 :] if not _NUMBER.fullmatch(w) and w not in _SUFFIXES), ""
    )
    typed = _TYPES.get(after, after) in STREET_TYPES
    return at == 0 or typed


def _street(words: list[str]) -> tuple[str, tuple[str, ...]]:
    start = next((k for k, w in enumerate(words) if _TYPES.get(w, w) in STREET_TYPES), None)
    if start is None:
        kind, named = "", words
    else:
        kind, named = _TYPES.get(words[start], words[start]), words[start + 1 :]
    name = tuple(_TITLES.get(w, w) for w in named if w not in _SMALL)
    return (kind, name) if name else ("", tuple(words))
