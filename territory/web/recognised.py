"""
French sentences met again as plain text, in another language: told by jobs, written in maps.

A sentence of the catalogue keeps its pattern while it is in memory only. Once it went through a
file or another process, it is recognised by its words: alone, or with values where its pattern has
some. Figures, hours and dates among the values are written as the other language does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from babel.messages.pofile import read_po

from territory.web.translations import CATALOGUES, FRENCH, LANGUAGES, tongue_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_VALUE = re.compile(r"%\((\w+)\)[sd]")
_NUMBERED = re.compile(r"^\d+ ")  # steps are numbered as products are
_HEAD = 4  # letters by which patterns are filed
_PARTS = (" ; ", " · ", ", ")  # what lists put between their items
_LONGEST = 2000
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "’": "'", "\u2011": "-"})
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)  # fmt: skip
_WORDS = re.compile(rf"\b({'|'.join((*_DAYS, *_MONTHS, 'matin', 'après-midi'))})\b", re.IGNORECASE)
_CLOCK = re.compile(r"\b(\d{1,2}) h(?: (\d{2}))?\b")
_NUMBER = re.compile(r"(?<![\w,.])\d{1,3}(?: \d{3})+(?:,\d+)?|(?<![\w.])\d+,\d+")
_PERCENT = re.compile(r"(\d) %")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_SAME = frozenset({"min", "km", "of"})
_COUNTED = re.compile(r"(.+) \((\d+)\)")
_SENTENCE = re.compile(r"(?<=\.) (?=[A-ZÀ-Ý0-9])")
# values that are figures, dates or known words: anything else is no such sentence
_STRICT_NAMES = """
    ago all before after cells codes count day days end error expected far first high hour kept
    lack least limit low met model more most n number often people share slot start tried verdict
    walk when
"""
_STRICT = frozenset(_STRICT_NAMES.split())


@dataclass(frozen=True, slots=True)
class Pattern:
    """One sentence with values: what it looks like in French, and how it is said."""

    looks: re.Pattern[str]
    said: str


@dataclass(frozen=True, slots=True)
class Known:
    """The sentences of one language: those without values, and patterns by their first letters."""

    language: str
    alone: dict[str, str]
    patterns: dict[str, list[Pattern]]


def recognised(text: str, language: str) -> str | None:
    """Return a French text in `language`, None when it is no sentence of the catalogue."""
    if language == FRENCH.language or language not in LANGUAGES:
        return text
    return None if len(text) > _LONGEST else _recognised(plain(text), language)


def plain(text: str) -> str:
    """Return a text as the catalogue is filed: one space, a straight apostrophe."""
    return " ".join(text.translate(_SPACES).split())


@lru_cache(maxsize=20_000)
def _recognised(text: str, language: str) -> str | None:
    known = _known(language)
    return (
        known.alone.get(text)
        or _counted(text, language)
        or _filled(text, known)
        or in_figures(text, language)
        or _by_parts(text, language)
    )


def _filled(text: str, known: Known) -> str | None:
    for pattern in (*known.patterns.get(text[:_HEAD], ()), *known.patterns.get("", ())):
        found = pattern.looks.fullmatch(text)
        values = _values(found.groupdict(), known.language) if found else None
        if values is not None:
            return str(pattern.said % values)
    return None


def _values(found: Mapping[str, str], language: str) -> dict[str, str] | None:
    """Return what fills a sentence; None when a value that must be known or figures is neither."""
    said = {name: _value(name, text, language) for name, text in found.items()}
    return None if None in said.values() else {k: str(v) for k, v in said.items()}


def _value(name: str, text: str, language: str) -> str | None:
    """Return a known word or figures; where names may stand, one word alone is a name."""
    if name in _STRICT:
        return _recognised(text, language)
    return (_recognised(text, language) or text) if " " in text else text


def _counted(text: str, language: str) -> str | None:
    """Return « Partenaires (125) » by the words before its count."""
    found = _COUNTED.fullmatch(text)
    said = _recognised(found[1], language) if found else None
    return f"{said} ({found[2]})" if found and said else None


def in_figures(text: str, language: str) -> str | None:
    """Return a `plain` text of figures, hours and dates alone; None when it has other words."""
    said = _figures(text, language)
    mine = {word.casefold() for word in _LETTERS.findall(" ".join(_names(language)))}
    left = {w.casefold() for w in _LETTERS.findall(said)} - mine - _SAME
    told = any(sign.isdigit() for sign in said) or bool(_LETTERS.search(said))
    return said if told and not left else None


def _by_parts(text: str, language: str) -> str | None:
    """Return a list whose items are all recognised, None for any other text."""
    for mark in _PARTS:
        if mark in text:
            said = [_recognised(part, language) for part in text.split(mark)]
            if all(said):
                return ("; " if mark == " ; " else mark).join(map(str, said))
    parts = _SENTENCE.split(text)
    if len(parts) == 1:
        return None
    told = [_recognised(part, language) for part in parts]
    return " ".join(map(str, told)) if all(told) else None


def _figures(text: str, language: str) -> str:
    """Return the dates, hours and numbers of a French text as readers of `language` write them."""
    figures, named = (
        tongue_in(language).figures,
        dict(zip(_french_names(), _names(language), strict=True)),
    )
    said = _WORDS.sub(lambda m: named[m[1].lower()], text)
    said = _CLOCK.sub(lambda m: figures.clock(60 * int(m[1]) + int(m[2] or 0)), said)
    said = _NUMBER.sub(lambda m: m[0].replace(" ", "\0").replace(",", ".").replace("\0", ","), said)
    said = re.sub(r"(?<=\d) à (?=\d)", " – ", _PERCENT.sub(r"\1%", said))
    said = re.sub(r"(?<=[a-z]) à (?=\d+:\d)", " at ", said)
    return re.sub(r"(?<=\d) sur (?=\d)", " of ", said)


def _french_names() -> Iterator[str]:
    yield from (*_DAYS, *_MONTHS, "matin", "après-midi")


@lru_cache(maxsize=len(LANGUAGES))
def _names(language: str) -> tuple[str, ...]:
    figures = tongue_in(language).figures
    halves = (figures.spoken_slot(half) for half in ("matin", "apres-midi"))
    days, months = map(figures.weekday, range(7)), map(figures.month, range(1, 13))
    return (*days, *months, *halves)


@lru_cache(maxsize=len(LANGUAGES))
def _known(language: str) -> Known:
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    known = Known(language, {}, {})
    for message in catalogue:
        if not message.id:
            continue
        ids = (message.id,) if isinstance(message.id, str) else message.id
        said = (message.string,) if isinstance(message.string, str) else message.string
        for one, text in zip(ids, said or (), strict=True):
            _file(known, plain(one), text)
    for filed in known.patterns.values():
        filed.sort(key=lambda p: -len(p.looks.pattern))
    return known


def _file(known: Known, french: str, said: str) -> None:
    if not said:
        return
    names = _VALUE.findall(french)
    if not names:
        for one, other in ((french, said), (_NUMBERED.sub("", french), _NUMBERED.sub("", said))):
            known.alone.setdefault(one, other)
            known.alone.setdefault(one[:1].upper() + one[1:], other[:1].upper() + other[1:])
        return
    if len(set(names)) < len(names) or not _LETTERS.search(_VALUE.sub("", french)):
        return  # a value twice, or nothing but values: too little to be recognised by
    begun = {french[:1].upper() + french[1:]: said[:1].upper() + said[1:], french: said}
    for one, other in begun.items():
        looks = "".join(
            f"(?P<{part}>.+?)" if n % 2 else re.escape(part.replace("%%", "%"))
            for n, part in enumerate(_VALUE.split(one))
        )
        head = _VALUE.split(one)[0]
        filed = known.patterns.setdefault(head[:_HEAD] if len(head) >= _HEAD else "", [])
        filed.append(Pattern(re.compile(looks), re.sub(r"%\((\w+)\)d", r"%(\1)s", other)))
