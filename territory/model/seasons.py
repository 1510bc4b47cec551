"""When in the year an employer recruits: seasons and months as people write them."""

from __future__ import annotations

import re

from territory.model.words import plain

_MONTHS = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre",
           "octobre", "novembre", "decembre")  # fmt: skip
_SEASONS = {
    "printemps": (3, 4, 5),
    "ete": (6, 7, 8),
    "automne": (9, 10, 11),
    "hiver": (12, 1, 2),
}
_ALL_YEAR = frozenset({"toute_l_annee", "annee", "permanent", "toutes", "continu"})
_LINKS = frozenset({"et", "de", "du", "d", "en", "l", "le", "la", "au", "a"})
_SHORTEST = 3


def season_months(text: str) -> frozenset[int] | None:
    """
    Return the months (1-12) named by « été », « juin à septembre », « nov.-janv. », else None.

    Seasons are whole months: spring begins in March. A word that is neither makes it unknown.
    """
    if plain(text) in _ALL_YEAR:
        return frozenset(range(1, 13))
    found: set[int] = set()
    for part in re.split(r"[,;/|+]|\bet\b", text):
        months = _part(plain(part))
        if months is None:
            return None
        found |= months
    return frozenset(found) or None


def _part(text: str) -> set[int] | None:
    """Return the months of one season, one month or one range, which may go over the new year."""
    words = [word for word in text.split("_") if word not in _LINKS]
    if len(words) == 1 and words[0] in _SEASONS:
        return set(_SEASONS[words[0]])
    numbers = [_month(word) for word in words]
    known = [n for n in numbers if n is not None]
    if len(known) != len(numbers) or not 1 <= len(known) <= 2:  # noqa: PLR2004 - a start and an end
        return None
    first, last = known[0], known[-1]
    return {(first - 1 + k) % 12 + 1 for k in range((last - first) % 12 + 1)}


def _month(word: str) -> int | None:
    found = [n for n, name in enumerate(_MONTHS, 1) if len(word) >= _SHORTEST
             and name.startswith(word)]  # fmt: skip
    return found[0] if len(found) == 1 else None
