"""French words beside a number: agreed with it, with a capital where a sentence begins."""

from __future__ import annotations

_SINGULAR = {
    "personnes": "personne", "activités": "activité", "heures": "heure", "lieux": "lieu",
    "quartiers": "quartier", "structures": "structure", "habitants": "habitant", "jours": "jour",
    "euros": "euro", "permanences": "permanence", "lignes": "ligne",
}  # fmt: skip


def agreed(words: str, value: float) -> str:
    """Return the words of a number in the plural, or in the singular below two: « 0 personne »."""
    if abs(value) >= 2:  # noqa: PLR2004 - the plural begins there
        return words
    return " ".join(_SINGULAR.get(word, word) for word in words.split(" "))


def capital(text: str) -> str:
    """Return a text that begins with a capital, accents kept: « À 10 minutes »."""
    return text[:1].upper() + text[1:]
