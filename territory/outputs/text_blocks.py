"""A text in a little Markdown, as blocks: titles, paragraphs, lists and tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_RULE = re.compile(r"[|:\- ]+")


class Kind(StrEnum):
    """What a block is."""

    TITLE = "titre"
    PARAGRAPH = "paragraphe"
    ITEM = "point"
    TABLE = "tableau"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text of one look."""

    text: str
    bold: bool = False


Cell = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """
    One block: `rows` of cells, the header first in a table; elsewhere one row of one cell.

    `level` is that of a title, from 1.
    """

    kind: Kind
    rows: tuple[tuple[Cell, ...], ...]
    level: int = 0


def text_blocks(text: str) -> list[Block]:
    """
    Return the blocks of `text`, which blank lines set apart.

    Links keep their words only, code its letters; other marks of Markdown are left as they are.
    """
    chunks = re.split(r"\n[ \t]*\n", text.strip())
    return [block for chunk in chunks for block in _blocks(chunk.strip().splitlines())]


def runs(text: str) -> Cell:
    """Return a line in pieces, what stands between ** in bold."""
    plain = _LINK.sub(r"\1", text).replace("`", "")
    return tuple(Run(part, bold=bool(n % 2)) for n, part in enumerate(plain.split("**")) if part)


def _blocks(lines: list[str]) -> list[Block]:
    first = lines[0] if lines else ""
    if first.startswith("#"):
        marks, _, title = first.partition(" ")
        return [_single(Kind.TITLE, title, len(marks))]
    if first.startswith("|"):
        rows = [line.strip().strip("|").split("|") for line in lines if not _RULE.fullmatch(line)]
        return [Block(Kind.TABLE, tuple(tuple(runs(c.strip()) for c in row) for row in rows))]
    if first.startswith("- "):
        items = re.split(r"\n- ", "\n".join(lines))
        return [_single(Kind.ITEM, _flowed(item.removeprefix("- "))) for item in items]
    return [_single(Kind.PARAGRAPH, _flowed(" ".join(lines)))] if first else []


def _single(kind: Kind, text: str, level: int = 0) -> Block:
    return Block(kind, ((runs(text),),), level)


def _flowed(text: str) -> str:
    return " ".join(text.split())
