"""Spans of one day, (start_min, end_min) in minutes after midnight: cut, joined, held."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Span = tuple[int, int]


def overlap(a: Span, b: Span) -> bool:
    """Whether two spans share at least one minute."""
    return max(a[0], b[0]) < min(a[1], b[1])


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the union of `spans` as sorted, disjoint spans; touching ones are merged."""
    merged: list[Span] = []
    for start, end in sorted(s for s in spans if s[0] < s[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def without(spans: Iterable[Span], busy: Iterable[Span]) -> tuple[Span, ...]:
    """Return what is left of `spans` once the `busy` spans are taken away."""
    left = list(joined(spans))
    for taken in busy:
        left = [piece for span in left for piece in _cut(span, taken)]
    return joined(left)


def common(a: Sequence[Span], b: Sequence[Span]) -> tuple[Span, ...]:
    """Return the minutes held by both lists of spans."""
    return joined((max(s[0], t[0]), min(s[1], t[1])) for s in a for t in b)


def _cut(span: Span, taken: Span) -> list[Span]:
    if not overlap(span, taken):
        return [span]
    return [p for p in ((span[0], taken[0]), (taken[1], span[1])) if p[0] < p[1]]
