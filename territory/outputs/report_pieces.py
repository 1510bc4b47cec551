"""A report as pieces of text in their order, whatever word processor they are written for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from territory.outputs.french import HARD, THIN
from territory.outputs.report_document import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SHARE = 2  # the column of shares, that of a year before is next
ROOM = 84  # letters of a table across the page
AIR = 2  # letters that the edges of a column take
MAP = "-carte"
TOGETHER = 5  # rows of a table that the end of a page does not cut
FIRST = 2  # rows under a header that follow it
BOLD = 1.2  # how much wider letters in bold are
HEAD = 20  # letters of a header on one line
CAREFUL = "À lire avant ces chiffres."
FILES = ("Fichier", "Lignes lues", "Refusées", "Dates", "Empreinte")


@dataclass(frozen=True, slots=True)
class Heading:
    """A title of a level from 1."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Text:
    """
    A paragraph, by its style.

    Plain, « fact » of the title page, « list », « quote », « box », « small » before a figure,
    « after » it.
    """

    text: str
    style: str = ""
    strong: str = ""  # said first, in bold


@dataclass(frozen=True, slots=True)
class Tabular:
    """A table: its header, its rows, which columns hold numbers, whether the last row is a sum."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int]
    sums: bool = False
    parted: frozenset[int] = frozenset()  # columns whose lines end after any word
    strong: frozenset[int] = frozenset()  # columns in bold

    def widths(self) -> list[float]:
        """Return the share of the width of each column: no word is cut, short texts on one line."""
        columns = list(zip(self.header, *self.rows, strict=True))
        least: list[float] = [
            AIR + max(longest(head, BOLD), *(longest(text) for text in texts), 0)
            for head, *texts in columns
        ]
        asked: list[float] = [
            AIR + max(min(len(head), HEAD), *(line_of(text) for text in texts), 0)
            for head, *texts in columns
        ]
        asked = [few if at in self.parted else most
                 for at, (few, most) in enumerate(zip(least, asked, strict=True))]  # fmt: skip
        more = fit([max(0.0, a - b) for a, b in zip(asked, least, strict=True)], ROOM - sum(least))
        fitted = [sum(pair) for pair in zip(least, more, strict=True)]
        fitted[0] += max(0.0, ROOM - sum(fitted))
        return [width / sum(fitted) for width in fitted]

    def held(self, at: int) -> bool:
        """Whether row `at` (0: the header) stays with the next: short tables, both ends of one."""
        last = len(self.rows)
        return at < last and (last <= TOGETHER or 0 < at <= FIRST or at == last - 1)


def longest(text: str, wide: float = 1.0) -> float:
    """Return the letters of the longest word of a text, `wide` as they are."""
    return wide * max(map(len, re.split(r"\s", text)))


def line_of(text: str) -> int:
    """Return the letters of the longest line of a text."""
    return max(map(len, text.split("\n")))


def fit(asked: Sequence[float], room: float) -> list[float]:
    """Return what each column gets of `room`: all it asked, or an equal share of what is left."""
    left, fitted = max(0.0, room), [0.0] * len(asked)
    for n, at in enumerate(sorted(range(len(asked)), key=lambda at: (asked[at], -at))):
        fitted[at] = min(asked[at], left / (len(asked) - n))
        left -= fitted[at]
    return fitted


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing: its SVG, words for who does not see it, size on paper."""

    name: str
    svg: str
    alt: str
    width_mm: float
    height_mm: float


Piece = Heading | Text | Tabular | Picture


def pieces(content: Mapping[str, Any]) -> Iterator[Piece]:
    """Yield the pieces of `report_document.report_content`, the title first."""
    yield Heading(content["title"], 1)
    if content["running"]["notice"]:
        yield Text("", strong=content["running"]["notice"])
    for name, fact in content["facts"]:
        yield Text(f"{name}{HARD}: {fact}", "fact")
    for note in content["notes"]:
        yield Text(note, "list")
    if content["keys"]:
        yield Heading(KEYS, 2)
        keys = tuple((_named(key), key["value"], key["before"]) for key in content["keys"])
        header = ("Chiffre", content["now"], content["before"])
        yield Tabular(header, keys, frozenset({1, 2}), strong=frozenset({1}))
    for chapter in content["chapters"]:
        yield from _chapter(chapter, content)
    yield from _end(content)


def _chapter(chapter: Mapping[str, Any], content: Mapping[str, Any]) -> Iterator[Piece]:
    if chapter["title"] != KEYS or not content["keys"]:
        yield Heading(chapter["title"], 2)
    for caution in chapter["cautions"]:
        yield Text(f" {caution}", "box", strong=CAREFUL)
    singles = [
        (_named(b), _joined(b["value"], b["unit"], by=HARD), _share(b), b["before"])
        for b in chapter["singles"]
    ]
    if singles:
        yield _told_columns(("Chiffre", "Nombre", "Part", content["before"]), singles)
    for block in chapter["blocks"]:
        yield from _block(block, content["before"])
    for grid in chapter["grids"]:
        yield from _grid(grid)


def _block(block: Mapping[str, Any], before: str) -> Iterator[Piece]:
    yield Heading(f"{block['label']} ({block['code']})", 3)
    told = [block["share"], block["interval"], block["mention"]]
    told += [f"{before}{HARD}: {block['before']}"] if block["before"] else []
    rest = "".join(f"{THIN}; {text}" for text in told if text)
    yield Text(rest, "small", _joined(block["value"], block["unit"]))
    yield from _pictures(block)
    rows = [
        (
            _joined(part["label"], part["aside"], by="\n"),
            part["value"],
            _share(part),
            part["before"],
        )
        for part in block["parts"]
    ]
    yield _told_columns(("Partie", block["counted"], "Part", before), rows)


def _told_columns(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Tabular:
    """Return a table of label, number, share, number of before: columns that say nothing go."""
    kept = [at for at in range(4) if at < SHARE or any(row[at] for row in rows)]
    return Tabular(
        tuple(header[at] for at in kept),
        tuple(tuple(row[at] for at in kept) for row in rows),
        frozenset(n for n, at in enumerate(kept) if at in {1, 3}),
    )


def _grid(grid: Mapping[str, Any]) -> Iterator[Piece]:
    yield Heading(grid["title"], 3)
    if grid["meaning"]:
        yield Text(grid["meaning"], "small")
    yield from _pictures(grid)
    if any(not row["whole"] for row in grid["rows"]):
        rows = tuple((row["label"], *map(_cell, row["cells"])) for row in grid["rows"])
        numbers = frozenset(range(1, len(grid["headers"]) + 1))
        yield Tabular(("", *grid["headers"]), rows, numbers, sums=grid["rows"][-1]["whole"])
    if grid["more"]:
        yield Text(grid["more"], "after")


def _pictures(said: Mapping[str, Any]) -> Iterator[Picture]:
    """Yield the drawings, but those for the table of a PDF, and bars of what has a map."""
    mapped = any(MAP in d["file"] for d in said["drawings"])
    for d in said["drawings"]:
        if "-table" not in d["file"] and (MAP in d["file"] or not mapped):
            yield Picture(d["file"], d["svg"], d["alt"], d["width"], d["height"])


def _end(content: Mapping[str, Any]) -> Iterator[Piece]:
    if content["quotes"]:
        yield Heading("Témoignages", 2)
    for said in content["quotes"]:
        yield Text(f"«{HARD}{said}{HARD}»", "quote")
    yield Heading("Ce qu’il faut savoir en lisant", 2)
    for sentence in content["guards"]:
        yield Text(sentence, "list")
    if not content["guards"]:
        yield Text("Aucune incohérence n’a été trouvée dans les chiffres de ce bilan.")
    yield Heading("Méthode et sources", 2)
    for sentence in content["method"]:
        yield Text(sentence)
    yield Heading("Fichiers lus", 3)
    yield Tabular(FILES, tuple(tuple(row) for row in content["sources"]), frozenset({1, 2}))
    yield Heading("Définitions", 3)
    rows = tuple((" ".join(r["codes"]), _defined(r)) for r in content["definitions"])
    yield Tabular(("Code", "Définition"), rows, frozenset(), parted=frozenset({0}))


def _defined(row: Mapping[str, Any]) -> str:
    over = f" {row['over']}." if row["over"] else ""
    return f"{row['label']}. {row['meaning']}{over} Lignes{HARD}: {row['lines']}."


def _named(said: Mapping[str, Any]) -> str:
    mention = f"\n{said['mention']}" if said["mention"] else ""
    return f"{said['label']} ({said['code']}){mention}"


def _share(said: Mapping[str, Any]) -> str:
    return _joined(said["share"], said["interval"], by="\n")


def _cell(cell: Mapping[str, Any]) -> str:
    share = f"{cell['share']} ({cell['limits']})" if cell["limits"] else cell["share"]
    return _joined(cell["value"], share, cell["ratio"], by="\n")


def _joined(*texts: str, by: str = " ") -> str:
    kept: Sequence[str] = [text for text in texts if text]
    return by.join(kept)
