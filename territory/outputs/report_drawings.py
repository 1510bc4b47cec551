"""Drawings of a report, legible in grey: bars with their interval, months, steps; SVG and words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from territory.outputs.french import number
from territory.outputs.french_words import capital
from territory.outputs.report_shown import HIDDEN, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from territory.outputs.report_content import Block, Line
    from territory.outputs.report_grids import Grid

MM = 10.0  # drawing units a millimetre
LETTER = 32.0  # units: 9 points
FEWEST, MOST, MOST_MONTHS = 2, 20, 36
ROW_MM, LOW_ROW_MM = 8.4, 5.6  # a line of a table, with and without an interval
ACROSS_ROW_MM, TOGETHER = 4.8, 10  # a line of bars with labels; lines of a table never parted
BESIDE_MM, ACROSS_MM, LABEL_MM = 42.0, 165.0, 62.0
LABEL_LETTERS, LABEL_LINE_MM = 19, 4.4  # of the name of a line beside bars
MONTHS_MM = (100.0, 54.0)
FILL, PALE, INK = "#9a9a9a", "#d9d9d9", "#000000"
_LONGEST_LABEL = 33  # letters


@dataclass(frozen=True, slots=True)
class Drawing:
    """One drawing: its file name, SVG text, words for who does not see it, size on paper."""

    name: str
    svg: str
    alt: str
    width_mm: float
    height_mm: float


def is_drawn(block: Block) -> bool:
    """Return whether bars help to read a counting: a few parts, two of which may be seen."""
    seen = [line for line in block.parts if not math.isnan(line.size)]
    most = MOST_MONTHS if block.drawn == "mois" else MOST
    return block.drawn != "aucun" and len(seen) > 1 and FEWEST <= len(block.parts) <= most


def block_drawings(block: Block, now: str) -> tuple[Drawing, ...]:
    """
    Return the drawings of a counting, none when it needs none: months, or bars; `now` their name.

    Bars are given twice: as high as the lines of the table beside (« -table », « -table-2 » where a
    page may end), and with labels.
    """
    if not is_drawn(block):
        return ()
    if block.drawn == "mois":
        return (_months(block, now),)
    return (
        *_beside(block, _row_mm(block)),
        Drawing(f"{block.code}.svg", _bars(block.parts, ACROSS_MM, ACROSS_ROW_MM, LABEL_MM),
                _alt(block, block.parts), ACROSS_MM, ACROSS_ROW_MM * len(block.parts)),
    )  # fmt: skip


def _row_mm(block: Block) -> float:
    """Return the height of the lines of a table: what stands under, and long names, need room."""
    tall = any(line.interval or line.mention for line in block.parts)
    room = LABEL_LETTERS if any(line.share for line in block.parts) else 2 * LABEL_LETTERS
    lines = max(-(-len(line.label) // room) for line in block.parts)
    return max(ROW_MM if tall else LOW_ROW_MM, LABEL_LINE_MM * lines if lines > 1 else 0.0)


def _beside(block: Block, row_mm: float) -> Iterator[Drawing]:
    """Yield the bars beside the lines of a table, as many lines each but the last."""
    groups = -(-len(block.parts) // TOGETHER)
    each = -(-len(block.parts) // groups)
    for at in range(groups):
        lines = block.parts[at * each : (at + 1) * each]
        name = f"{block.code}-table{f'-{at + 1}' if at else ''}.svg"
        bars = _bars(lines, BESIDE_MM, row_mm, 0.0)
        yield Drawing(name, bars, _alt(block, lines), BESIDE_MM, row_mm * len(lines))


def steps_drawing(grid: Grid) -> Drawing | None:
    """Return the steps of a table as bars, its whole alone; None when two cannot be seen."""
    cells = grid.rows[-1].cells
    if sum(not math.isnan(cell.size) for cell in cells) < FEWEST:
        return None
    parts = []
    for at, (label, cell) in enumerate(zip(grid.headers, cells, strict=True)):
        y = at * LOW_ROW_MM * MM
        parts += [*_words(label, 0.0, y, LOW_ROW_MM), *_bar(cell.size, None, cell.value, y,
                  LOW_ROW_MM, (LABEL_MM, ACROSS_MM - 50))]  # fmt: skip
        if not math.isnan(cell.size):
            share = f" ({cell.share})" if cell.share else ""
            x = (LABEL_MM + cell.size * (ACROSS_MM - 50 - LABEL_MM)) * MM + 14
            parts.append(_text(x, y + LOW_ROW_MM * MM / 2 + 11, f"{cell.value}{share}"))
    high = LOW_ROW_MM * len(cells)
    said = [f"{label} : {cell.value}" for label, cell in zip(grid.headers, cells, strict=True)]
    alt = f"{grid.title}, ensemble : {' ; '.join(said)}."
    return Drawing(f"{grid.code}.svg", _page(parts, ACROSS_MM, high), alt, ACROSS_MM, high)


def _alt(block: Block, lines: Sequence[Line]) -> str:
    said = []
    for line in lines:
        more = [line.interval, f"un an plus tôt {line.before}" if line.before else ""]
        told = ", ".join(filter(None, more))
        said.append(f"{line.label} : {line.value}" + (f" ({told})" if told else ""))
    return f"{block.whole.label} : {' ; '.join(said)}."


def _bars(lines: Sequence[Line], width_mm: float, row_mm: float, label_mm: float) -> str:
    parts: list[str] = []
    for at, line in enumerate(lines):
        y = at * row_mm * MM
        parts += _words(capital(line.label), 0.0, y, row_mm) if label_mm else []
        parts += _bar(line.size, line.spread, line.value, y, row_mm, (label_mm, width_mm - 1))
    x, high = label_mm * MM + 1, row_mm * MM * len(lines)
    parts.append(f'<path d="M{x:.1f} 0V{high:.1f}" stroke="{INK}" stroke-width="2"/>')
    return _page(parts, width_mm, row_mm * len(lines))


def _bar(
    size: float, spread: tuple[float, float] | None, value: str, y: float, row_mm: float,
    room_mm: tuple[float, float],
) -> Iterator[str]:  # fmt: skip
    """Yield a bar and its interval; words without length for what is hidden or unknown."""
    left, right = room_mm[0] * MM + 1, room_mm[1] * MM
    middle, half = y + row_mm * MM / 2, 17.0
    if math.isnan(size):
        if value in {HIDDEN, UNKNOWN}:
            yield _text(left + 12, middle + 11, value, style="italic")
        return
    yield (
        f'<rect x="{left:.1f}" y="{middle - half:.1f}" width="{size * (right - left):.1f}" '
        f'height="{2 * half:.1f}" fill="{FILL}" stroke="{INK}" stroke-width="1.5"/>'
    )
    if spread is not None:
        low, high = (left + limit * (right - left) for limit in spread)
        d = f"M{low:.1f} {middle - 10:.1f}v20m0 -10H{high:.1f}m0 -10v20"
        yield f'<path d="{d}" fill="none" stroke="#ffffff" stroke-width="9"/>'
        yield f'<path d="{d}" fill="none" stroke="{INK}" stroke-width="4"/>'


def _words(label: str, x: float, y: float, row_mm: float) -> Iterator[str]:
    """Yield a label beside its bar, cut at the width of the column."""
    short = label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1].rstrip()}…"
    yield _text(x, y + row_mm * MM / 2 + 11, short)


def _months(block: Block, now: str) -> Drawing:
    """Return columns of the months, and a broken line for those of a year before."""
    width, high = (side * MM for side in MONTHS_MM)
    left, top, floor = 100.0, 70.0, high - 84
    step = (width - left) / len(block.parts)
    parts = [
        *_months_key(left, now.partition(",")[0].partition(" (")[0]),
        *_months_scale(block.top, left, width, (top, floor)),
    ]
    spots = []
    for at, line in enumerate(block.parts):
        x = left + at * step
        parts += _column(line, x, step, (top, floor))
        if not math.isnan(line.was):
            spots.append((at, x + step / 2, floor - line.was * (floor - top)))
        parts += _month_name(line, x + step / 2, floor, first=at == 0)
    parts += _broken_line(spots)
    parts.append(f'<path d="M{left} {floor}H{width}" stroke="{INK}" stroke-width="2.5"/>')
    svg = _page(parts, *MONTHS_MM)
    return Drawing(f"{block.code}.svg", svg, _alt(block, block.parts), *MONTHS_MM)


def _column(line: Line, x: float, step: float, room: tuple[float, float]) -> Iterator[str]:
    top, floor = room
    if math.isnan(line.size):
        mark = "×" if line.value == HIDDEN else "?"
        yield _text(x + step / 2, floor - 12, mark, anchor="middle")
        return
    high = line.size * (floor - top)
    yield (
        f'<rect x="{x + 0.15 * step:.1f}" y="{floor - high:.1f}" width="{0.7 * step:.1f}" '
        f'height="{high:.1f}" fill="{PALE}" stroke="{INK}" stroke-width="2"/>'
    )


def _broken_line(spots: Sequence[tuple[int, float, float]]) -> Iterator[str]:
    """Yield the line of a year before, parted where a month is not shown, and its points."""
    moves = [
        f"{'L' if n and spots[n - 1][0] == at - 1 else 'M'}{x:.1f} {y:.1f}"
        for n, (at, x, y) in enumerate(spots)
    ]
    if moves:
        yield _dashes("".join(moves))
    for _, x, y in spots:
        yield _ring(x, y)


def _dashes(path: str) -> str:
    look = 'fill="none" stroke-width="5" stroke-dasharray="16 9"'
    return f'<path d="{path}" {look} stroke="{INK}"/>'


def _ring(x: float, y: float) -> str:
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="#ffffff" stroke="{INK}" stroke-width="4"/>'
    )


def _months_key(left: float, now: str) -> Iterator[str]:
    """Yield what columns, line and signs mean."""
    look = f'fill="{PALE}" stroke="{INK}" stroke-width="2"'
    yield f'<rect x="{left}" y="8" width="26" height="26" {look}/>'
    yield _text(left + 38, 32, now)
    x = left + 64 + len(now) * LETTER * 0.6
    yield _dashes(f"M{x:.1f} 21h70")
    yield _ring(x + 35, 21)
    yield _text(x + 86, 32, "un an plus tôt")


def _months_scale(
    most: float, left: float, width: float, room: tuple[float, float]
) -> Iterator[str]:
    top, floor = room
    for share in (0.5, 1.0):
        y = floor - share * (floor - top)
        yield f'<path d="M{left} {y:.1f}H{width}" stroke="#bbbbbb" stroke-width="1.5"/>'
        yield _text(left - 10, y + 11, number(share * most), anchor="end")


def _month_name(line: Line, x: float, floor: float, *, first: bool) -> Iterator[str]:
    """Yield the first letter of a month; under the first one, and each January, its year."""
    month, _, year = line.label.partition(" ")
    yield _text(x, floor + 36, month[:1].upper(), anchor="middle")
    if first or month == "janvier":
        yield _text(x, floor + 74, year, anchor="middle")


def _text(x: float, y: float, text: str, *, anchor: str = "start", style: str = "normal") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{LETTER:.0f}" text-anchor="{anchor}" '
        f'font-style="{style}">{escape(text)}</text>'
    )


def _page(parts: Sequence[str], width_mm: float, height_mm: float) -> str:
    width, height = width_mm * MM, height_mm * MM
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width_mm}mm" height="{height_mm}mm" font-family="DejaVu Sans">',
        *parts, "</svg>\n",
    ])  # fmt: skip
