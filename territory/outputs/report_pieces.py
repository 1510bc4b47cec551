"""A report as pieces of text in their order, whatever word processor they are written for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from territory.outputs.french import HARD
from territory.outputs.report_document import KEYS
from territory.outputs.word_look import shares

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PARTS = ("Partie", "Nombre", "Part")
NARROW = 14  # letters of a column of numbers
FILES = ("Fichier", "Lignes lues", "Refusées", "Dates", "Empreinte")


@dataclass(frozen=True, slots=True)
class Heading:
    """A title of a level from 1."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph: plain, « list », « quote », « small » before a figure, « after » it."""

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

    def widths(self) -> list[float]:
        """Return the share of the width of each column, from the letters of its longest line."""
        rows = [self.header, *self.rows]
        longest = [
            max(len(line) for text in column for line in (text.split("\n") or [""]))
            for column in zip(*rows, strict=True)
        ]
        return shares(longest, shortest=NARROW)


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
        yield Text(f"{name}{HARD}: {fact}")
    for note in content["notes"]:
        yield Text(note, "list")
    if content["keys"]:
        yield Heading(KEYS, 2)
        keys = tuple((_named(key), key["value"], key["before"]) for key in content["keys"])
        header = ("Chiffre", content["now"], content["before"])
        yield Tabular(header, keys, frozenset({1, 2}))
    for chapter in content["chapters"]:
        yield from _chapter(chapter, content)
    yield from _end(content)


def _chapter(chapter: Mapping[str, Any], content: Mapping[str, Any]) -> Iterator[Piece]:
    if chapter["title"] != KEYS or not content["keys"]:
        yield Heading(chapter["title"], 2)
    singles = tuple(
        (_named(b), _joined(b["value"], b["unit"], by=HARD), _share(b), b["before"])
        for b in chapter["singles"]
    )
    if singles:
        header = ("Chiffre", "Nombre", "Part", content["before"])
        yield Tabular(header, singles, frozenset({1, 3}))
    for block in chapter["blocks"]:
        yield from _block(block, content["before"])
    for grid in chapter["grids"]:
        yield from _grid(grid)


def _block(block: Mapping[str, Any], before: str) -> Iterator[Piece]:
    yield Heading(f"{block['label']} ({block['code']})", 3)
    told = [block["share"], block["interval"], block["mention"]]
    told += [f"{before}{HARD}: {block['before']}"] if block["before"] else []
    rest = "".join(f"{HARD}; {text}" for text in told if text)
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
    kept = [at for at in range(4) if at < len(PARTS) - 1 or any(row[at] for row in rows)]
    header = (*PARTS, before)
    yield Tabular(
        tuple(header[at] for at in kept),
        tuple(tuple(row[at] for at in kept) for row in rows),
        frozenset(n for n, at in enumerate(kept) if at in {1, 3}),
    )


def _grid(grid: Mapping[str, Any]) -> Iterator[Piece]:
    yield Heading(grid["title"], 3)
    if grid["meaning"]:
        yield Text(grid["meaning"], "small")
    yield from _pictures(grid)
    if len(grid["rows"]) > 1:
        rows = tuple((row["label"], *map(_cell, row["cells"])) for row in grid["rows"])
        numbers = frozenset(range(1, len(grid["headers"]) + 1))
        yield Tabular(("", *grid["headers"]), rows, numbers, sums=True)
    if grid["more"]:
        yield Text(grid["more"], "after")


def _pictures(said: Mapping[str, Any]) -> Iterator[Picture]:
    """Yield the drawings, but those made for the lines of the table of a PDF."""
    for d in said["drawings"]:
        if "-table" not in d["file"]:
            yield Picture(d["file"], d["svg"], d["alt"], d["width"], d["height"])


def _end(content: Mapping[str, Any]) -> Iterator[Piece]:
    if content["quotes"]:
        yield Heading("Témoignages", 2)
    for said in content["quotes"]:
        yield Text(said, "quote")
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
    rows = tuple((", ".join(r["codes"]), _defined(r), r["lines"]) for r in content["definitions"])
    yield Tabular(("Code", "Définition", "Lignes utilisées"), rows, frozenset())


def _defined(row: Mapping[str, Any]) -> str:
    over = f" {row['over']}." if row["over"] else ""
    return f"{row['label']}. {row['meaning']}{over}"


def _named(said: Mapping[str, Any]) -> str:
    mention = f"\n{said['mention']}" if said["mention"] else ""
    return f"{said['label']} ({said['code']}){mention}"


def _share(said: Mapping[str, Any]) -> str:
    return _joined(said["share"], said["interval"], by=", ")


def _cell(cell: Mapping[str, Any]) -> str:
    share = f"{cell['share']} ({cell['limits']})" if cell["limits"] else cell["share"]
    return _joined(cell["value"], share, cell["ratio"], by="\n")


def _joined(*texts: str, by: str = " ") -> str:
    kept: Sequence[str] = [text for text in texts if text]
    return by.join(kept)
