"""Lines that run together: the runs of stops shared by the same patterns, as long as they go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Spot = tuple[int, int]  # a pattern and a position in it


@dataclass(frozen=True, slots=True, order=True)
class Group:
    """
    A run of stops, and every place where patterns go along the whole of it.

    Someone who waits for any of them, to get off along the run, takes the first that comes.
    """

    stops: tuple[int, ...]
    spots: tuple[Spot, ...]


def common_runs(patterns: Sequence[Sequence[int]]) -> list[Group]:
    """
    Return the groups of `patterns` (stops in order, as integers), sorted.

    They are the maximal repeats of the patterns: runs of two stops or more that cannot go on, at
    either end, without losing one of their patterns; each pattern whole is one. Lines common to two
    stops, in the sense of Chriqui & Robillard (1975), are thus one group as far as they go by the
    same stops.
    """
    starts: dict[int, list[Spot]] = {}
    for p, stops in enumerate(patterns):
        for i, stop in enumerate(stops):
            starts.setdefault(stop, []).append((p, i))
    waiting = [(spots, 1) for spots in starts.values()]
    found = []
    while waiting:
        spots, length = waiting.pop()
        nexts = _nexts(patterns, spots, length)
        while len(nexts) == 1 and None not in nexts:
            length += 1
            nexts = _nexts(patterns, spots, length)
        if length > 1 and _cannot_start_earlier(patterns, spots):
            p, i = spots[0]
            found.append(Group(tuple(patterns[p][i : i + length]), tuple(sorted(spots))))
        waiting += [(s, length + 1) for stop, s in nexts.items() if _worth(stop, s)]
    return sorted(found)


def _nexts(
    patterns: Sequence[Sequence[int]], spots: list[Spot], length: int
) -> dict[int | None, list[Spot]]:
    """Return the spots by the stop that follows a run of `length`, None at the end of a pattern."""
    after: dict[int | None, list[Spot]] = {}
    for p, i in spots:
        end = i + length
        after.setdefault(patterns[p][end] if end < len(patterns[p]) else None, []).append((p, i))
    return after


def _worth(stop: int | None, spots: list[Spot]) -> bool:
    """Tell whether longer runs from `spots` may be maximal: alone, only from the very start."""
    return stop is not None and (len(spots) > 1 or spots[0][1] == 0)


def _cannot_start_earlier(patterns: Sequence[Sequence[int]], spots: list[Spot]) -> bool:
    before = {patterns[p][i - 1] if i else None for p, i in spots}
    return len(before) > 1 or None in before


def hops(groups: Sequence[Group]) -> Iterator[tuple[int, int, int, int]]:
    """Yield (group, rank, pattern, position) for every hop of every group along its patterns."""
    for g, group in enumerate(groups):
        for p, i in group.spots:
            for rank in range(len(group.stops) - 1):
                yield g, rank, p, i + rank
