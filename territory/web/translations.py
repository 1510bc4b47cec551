"""
The language of pages: French is what templates hold, others come from `locales`.

Catalogues are read as they are written (.po), no compiled file is kept. What analyses and plans say
(reasons, warnings) stays French in every language.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.pofile import read_po

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES = ("fr", "en")
_LOCALES = Path(__file__).parent / "locales"


@dataclass(frozen=True, slots=True)
class Translator:
    """The sentences of one language by their French; what is not translated stays French."""

    language: str
    known: Mapping[str, str | tuple[str, ...]]

    def gettext(self, french: str) -> str:
        """Return the sentence in this language."""
        found = self.known.get(french, french)
        return (found if isinstance(found, str) else found[0]) or french

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return the sentence for `count` things; French says one for 0 and 1."""
        found = self.known.get(one)
        if isinstance(found, tuple) and all(found):
            return found[0] if count == 1 else found[-1]
        return one if abs(count) < 2 else many  # noqa: PLR2004 - the rule of French


@lru_cache(maxsize=len(LANGUAGES))
def translator(language: str) -> Translator:
    """Return the translator of a language, the French one for a language not known."""
    if language not in LANGUAGES or language == "fr":
        return Translator("fr", {})
    path = _LOCALES / f"{language}.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    known: dict[str, str | tuple[str, ...]] = {}
    for message in catalogue:
        if not message.id:
            continue
        name = message.id if isinstance(message.id, str) else message.id[0]
        text = message.string
        known[name] = text if isinstance(text, str) else tuple(text or ())
    return Translator(language, known)
