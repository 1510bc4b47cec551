"""What a printed document shows, read from its PDF: letters and their ink, tree of parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pypdf
from pypdf.generic import NameObject

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LUMA = (0.2126, 0.7152, 0.0722)


@dataclass(frozen=True, slots=True)
class Words:
    """Words as shown: page, where (points from the bottom left), how high, in which grey 0-1."""

    page: int
    text: str
    x: float
    y: float
    points: float
    grey: float


class _Reader:
    """Follows the ink of a page while its words are read."""

    def __init__(self, page: int) -> None:
        self.page, self.inks, self.found = page, [0.0], list[Words]()

    def before(self, operator: bytes, operands: Any, *_: Any) -> None:  # noqa: ANN401
        if operator == b"q":
            self.inks.append(self.inks[-1])
        elif operator == b"Q":
            self.inks.pop()
        elif operator in {b"g", b"rg", b"sc", b"scn"}:
            levels = [float(level) for level in operands if not isinstance(level, NameObject)]
            self.inks[-1] = _grey(levels) if levels else self.inks[-1]  # a pattern has a name

    def shown(self, text: str, outer: Any, inner: Any, _font: Any, size: float) -> None:  # noqa: ANN401
        if text.strip():
            x, y = outer[0] * inner[4] + outer[4], outer[3] * inner[5] + outer[5]
            points = abs(size * inner[3] * outer[3])
            self.found.append(Words(self.page, text.strip(), x, y, points, self.inks[-1]))


def words(path: Path) -> list[Words]:
    """Return every run of letters of a PDF, in the order of its pages."""
    found: list[Words] = []
    for n, page in enumerate(pypdf.PdfReader(path).pages):
        reader = _Reader(n)
        page.extract_text(visitor_operand_before=reader.before, visitor_text=reader.shown)
        found += reader.found
    return found


def _grey(levels: list[float]) -> float:
    if len(levels) == 1:
        return levels[0]
    return sum(a * b for a, b in zip(levels, _LUMA, strict=True))


def contrast(ink: float, ground: float = 1.0) -> float:
    """Return the contrast of an ink on a paler ground, greys 0-1 (WCAG 2.2)."""
    dark, light = (((v + 0.055) / 1.055) ** 2.4 for v in (ink, ground))
    return (light + 0.05) / (dark + 0.05)


def parts(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the parts of a tagged PDF: their kind (« H1 », « Figure »...), the words beside it."""
    waiting = [pypdf.PdfReader(path).root_object["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, dict):
            yield str(node.get("/S", "")).removeprefix("/"), str(node.get("/Alt", ""))
            inside = node.get("/K", [])
            waiting += inside if isinstance(inside, list) else [inside]
