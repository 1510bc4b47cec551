"""
The language of pages: French is what templates hold, others come from `locales`.

Catalogues are read as they are written (.po, by `scripts/write_catalogue.py`), no compiled file is
kept. What analyses and plans say (reasons, warnings) stays French in every language.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from babel.messages.pofile import read_po

from territory.model.marked import Marked
from territory.outputs import english, french

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

LANGUAGES = {"fr": "Français", "en": "English"}
CATALOGUES = Path(__file__).parent / "locales"


class Figures(Protocol):
    """Numbers and dates as the readers of a language write them: `french`, `english`."""

    def number(self, value: float, decimals: int = 0) -> str:
        """Write a number."""
        ...

    def percent(self, share: float, decimals: int = 0) -> str:
        """Write a share as a percentage."""
        ...

    def clock(self, minutes: int) -> str:
        """Write minutes after midnight."""
        ...

    def long_date(self, day: date) -> str:
        """Write a date in full."""
        ...

    def month(self, number_in_year: int) -> str:
        """Name a month, from 1."""
        ...

    def weekday(self, number_from_monday: int) -> str:
        """Name a day, from 0 for Monday."""
        ...

    def spoken_slot(self, slot: str) -> str:
        """Write a half-day such as « mardi matin »."""
        ...

    def distance(self, metres: float) -> str:
        """Write metres."""
        ...

    def minutes(self, value: float) -> str:
        """Write a duration (minutes)."""
        ...

    def small_count(self, value: float) -> str:
        """Write a count of people, small ones hidden."""
        ...


@dataclass(frozen=True, slots=True)
class Tongue:
    """The sentences of one language by their French, and its figures; the unknown stays French."""

    language: str
    known: Mapping[str, str | tuple[str, ...]]
    figures: Figures

    @property
    def colon(self) -> str:
        """What comes before what is told of something, without the space that follows."""
        return " :" if self.language == "fr" else ":"

    @property
    def semicolon(self) -> str:
        """What parts the items of a list."""
        return " ; " if self.language == "fr" else "; "

    def gettext(self, sentence: str) -> str:
        """Return a French sentence, marked with its values or not, in this language."""
        if isinstance(sentence, Marked):
            return self.say(sentence.pattern, **sentence.values)
        found = self.known.get(sentence, sentence)
        return (found if isinstance(found, str) else found[0]) or sentence

    def say(self, pattern: str, **values: object) -> str:
        """Return a sentence in this language, filled with `values`."""
        said = self.gettext(pattern)
        return said % values if values else said

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return the sentence for `count` things; French says one for 0 and 1."""
        found = self.known.get(one)
        if isinstance(found, tuple) and all(found):
            return found[0] if count == 1 else found[-1]
        return one if abs(count) < 2 else many  # noqa: PLR2004 - the rule of French


FRENCH = Tongue("fr", {}, french)


@lru_cache(maxsize=len(LANGUAGES))
def tongue_in(language: str) -> Tongue:
    """Return the tongue of a language, the French one for a language not known."""
    if language not in LANGUAGES or language == "fr":
        return FRENCH
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    known: dict[str, str | tuple[str, ...]] = {}
    for message in catalogue:
        if not message.id:
            continue
        name = message.id if isinstance(message.id, str) else message.id[0]
        text = message.string
        known[name] = text if isinstance(text, str) else tuple(text or ())
    return Tongue(language, known, english)
