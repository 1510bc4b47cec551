"""The curve of a choice printed in grey: people received with one more half-day, then another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.outputs.french import HARD, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.model.dialogue_results import Curve

WIDTH, HEIGHT = 1000, 480  # drawing units; the note scales them to 94 mm: letters of 9 points
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 30, 110, 110


def curve_drawing(curve: Curve) -> str:
    """Return an SVG: one bar a number of half-days, its people above, its hours a person below."""
    points = curve.points
    if not points:
        return ""
    top = max(1e-9, *(p.value for p in points))
    step = (WIDTH - _LEFT - _RIGHT) / len(points)
    floor = HEIGHT - _BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="DejaVu Sans">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        _text(_LEFT, 38, "Personnes reçues par semaine", "start"),
    ]
    for n, point in enumerate(points):
        x, middle = _LEFT + n * step + 0.12 * step, _LEFT + (n + 0.5) * step
        high = (floor - _TOP) * point.value / top
        gain = (floor - _TOP) * (point.gain or 0.0) / top
        elbow = point.added == curve.elbow
        parts += [
            _bar(x, floor - high + gain, 0.76 * step, high - gain, "#c9c9c9"),
            _bar(x, floor - high, 0.76 * step, gain, "#444444"),
            _text(middle, floor - high - 14, number(point.value, 1), "middle", bold=True),
            _text(middle, floor + 40, f"+{point.added}", "middle", bold=elbow),
        ]
        parts += [_text(middle, floor - high - 50, "coude", "middle")] if elbow else []
    words = f"demi-journées en plus (foncé{HARD}: la dernière)"
    return "\n".join([
        *parts, _line(floor), _text(WIDTH / 2, HEIGHT - 22, words, "middle"), "</svg>"
    ])  # fmt: skip


def curve_alt(curve: Curve) -> str:
    """Return the curve in words, for those who do not see it."""
    said: Sequence[str] = [f"{p.added} : {number(p.value, 1)}" for p in curve.points]
    return f"Personnes reçues par semaine selon le nombre de demi-journées : {', '.join(said)}"


def _bar(x: float, y: float, width: float, height: float, fill: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{max(height, 0):.1f}" '
        f'fill="{fill}" stroke="#000000"/>'
    )


def _text(x: float, y: float, text: str, anchor: str, *, bold: bool = False) -> str:
    weight = "bold" if bold else "normal"
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="35" font-weight="{weight}" '
        f'text-anchor="{anchor}">{text}</text>'
    )


def _line(y: float) -> str:
    return f'<path d="M {_LEFT},{y} L {WIDTH - _RIGHT},{y}" stroke="#000000" stroke-width="2"/>'
