"""
A map of outputs/ in another language: what is written is French, only the copy sent is changed.

Sentences of the catalogue are said in the language of the page, in the markup and in the script
that draws; what is none keeps its French, and says so. The policy of the page names its scripts by
their fingerprints: the new ones are put in.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import lru_cache
from html import escape, unescape
from typing import TYPE_CHECKING, Any

from territory.outputs.script_text import script_json
from territory.web.recognised import recognised

if TYPE_CHECKING:
    from pathlib import Path

_SCRIPT = re.compile(r"(<script>)(.*?)(</script>)", re.DOTALL)
_APART = re.compile(r"(<style>.*?</style>|<script>.*?</script>)", re.DOTALL)
_CONTENT = re.compile(r'(content:)("[^"\\]+")')
_TEXT = re.compile(r"(<[^<>]*>)([^<>]+)")
_TOLD = re.compile(r' (aria-label|title|data-theme)="([^"]*)"')
_OURS = "var territoire = "  # what follows is ours, what stands before draws maps for anybody
_LITERAL = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_LINES = '"lines":'
_CORE = re.compile(r"(?s)(\s*(?:[.:]\s+)?)(.*?)(\s*:?\s*)")
_WORD = re.compile(r"[^\W\d_]{2,}")
_ALONE = frozenset(
    {"aucune", "inconnu", "sur"}
)  # words of the script that are no names of anything
_BARE = ("<option", "<title", "<textarea")  # hold text only
_DAY = re.compile(r"(>|\\u003e)(Lu|Ma|Me|Je|Ve|Sa|Di) (?=\w)")
_DAYS = {"Lu": "Mo", "Ma": "Tu", "Me": "We", "Je": "Th", "Ve": "Fr", "Sa": "Sa", "Di": "Su"}
_HASH = re.compile(r"'sha256-[^']+'(?: 'sha256-[^']+')*")


def map_in(path: Path, language: str) -> str:
    """Return the map written at `path` in `language`; raises OSError when it cannot be read."""
    stat = path.stat()
    return _kept(path, stat.st_mtime_ns, stat.st_size, language)


@lru_cache(maxsize=4)
def _kept(path: Path, _when: int, _size: int, language: str) -> str:
    return said_map(path.read_text(encoding="utf-8"), language)


def said_map(page: str, language: str) -> str:
    """Return a page of `write_map` in `language`: same elements, same drawing."""
    pieces = _APART.split(page)  # markup, then a style or a script, in turn
    said = [
        _apart(piece, language) if n % 2 else _markup(piece, language)
        for n, piece in enumerate(pieces)
    ]
    return _with_policy("".join(said).replace('<html lang="fr">', f'<html lang="{language}">', 1))


def _apart(piece: str, language: str) -> str:
    """Return a style with the words it puts on the page said, or a script."""
    if piece.startswith("<style>"):
        return _CONTENT.sub(lambda m: m[1] + _literal(m[2], language), piece)
    return _SCRIPT.sub(lambda m: m[1] + _script(m[2], language) + m[3], piece)


def _markup(page: str, language: str) -> str:
    def text(found: re.Match[str]) -> str:
        return found[1] + _text(found[2], language, bare=found[1].startswith(_BARE))

    def told(found: re.Match[str]) -> str:
        said = recognised(unescape(found[2]), language)
        return found[0] if said is None else f' {found[1]}="{escape(said)}"'

    return _TOLD.sub(told, _TEXT.sub(text, page))


def _text(written: str, language: str, *, bare: bool) -> str:
    """Return a piece of text as it is said, or marked as French; no words are no language."""
    before, core, after = _CORE.fullmatch(written).groups()  # type: ignore[union-attr]
    said = recognised(unescape(core), language) if core else None
    if said is None and not _WORD.search(core):
        return written
    colon = re.sub(r"\s+:", ":", after)
    if said is not None:
        return f"{before.lstrip() if before.strip() else before}{escape(said, quote=False)}{colon}"
    return written if bare else f'{before}<span lang="fr">{core}</span>{colon}'


def _script(script: str, language: str) -> str:
    start = script.find(_OURS)
    if start < 0:
        return script
    ours = _DAY.sub(lambda m: f"{m[1]}{_DAYS[m[2]]} ", _lines(script[start:], language))
    return script[:start] + _LITERAL.sub(lambda m: _literal(m[0], language), ours)


def _literal(written: str, language: str) -> str:
    """Return a text of the script as it is said; names that the script goes by are left alone."""
    try:
        text = str(json.loads(written))
    except ValueError:
        return written
    core = text.strip()
    if not _WORD.search(core) or not (" " in core or core[:1].isupper() or core in _ALONE):
        return written
    said = recognised(core, language)
    if said is None or said == core:
        return written
    return script_json(text.replace(core, said, 1))


def _lines(script: str, language: str) -> str:
    """Return the script with the lines of notes said, those that stay French marked as such."""
    parts, rest, decoder = [], script, json.JSONDecoder()
    while _LINES in rest:
        before, _, rest = rest.partition(_LINES)
        try:
            lines, end = decoder.raw_decode(rest)
        except ValueError:
            lines, end = None, 0
        said = [_line(line, language) for line in lines] if isinstance(lines, list) else None
        parts += [before, _LINES, rest[:end] if said is None else script_json(said)]
        rest = rest[end:]
    return "".join([*parts, rest])


def _line(line: Any, language: str) -> Any:  # noqa: ANN401 - JSON
    if not isinstance(line, str) or not _WORD.search(line):
        return line
    said = recognised(line, language)
    return {"fr": line} if said is None else said


def _with_policy(page: str) -> str:
    prints = (
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for _, text, _ in _SCRIPT.findall(page)
    )
    return _HASH.sub(" ".join(f"'sha256-{one}'" for one in prints), page, count=1)
