"""A tour of streets told way by way: what is walked, in which direction, what is collected."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from territory.analysis.routing.street_ground import fastest
from territory.analysis.routing.street_problem import ANYWHERE
from territory.model.results import Ending

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from territory.analysis.routing.street_ground import Ground
    from territory.analysis.routing.street_problem import StreetProblem

_ALIKE = 1e-9  # of the bound: below, a value is the bound


class Pass(NamedTuple):
    """One segment walked, from tail to head when `forward`; `patrolled`: its value is collected."""

    segment: int
    forward: bool
    patrolled: bool


class Halt(NamedTuple):
    """One stop, made after `after` passes, begun `begun_s` seconds after the start of the tour."""

    stop: int
    after: int
    begun_s: float


@dataclass(frozen=True, slots=True)
class StreetTour:
    """
    A tour: segments walked in order, stops made, nodes gone through (one more than passes).

    `value` is collected in `seconds` (waits at doors and the price of turns included); no tour is
    worth more than `bound`. `iterations` made in `search_s` seconds; `ending` is OPTIMAL only when
    that is proved.
    """

    passes: tuple[Pass, ...]
    halts: tuple[Halt, ...]
    nodes: tuple[int, ...]
    value: float
    seconds: float
    bound: float
    ending: Ending
    iterations: int = 0
    search_s: float = field(compare=False, default=0.0)

    @property
    def collected(self) -> tuple[int, ...]:
        """Segments whose value is collected, in order, each once."""
        return tuple(dict.fromkeys(p.segment for p in self.passes if p.patrolled))


def told(
    problem: StreetProblem, ground: Ground, order: Sequence[int], *, proved: bool
) -> StreetTour:
    """Return the tour of the codes `order` of `ground`; `proved`: no tour is worth more."""
    passes, halts, nodes, now = _walked(problem, ground, order)
    times = Counter(p.segment for p in passes if p.patrolled)
    value = sum(
        float(problem.value[s]) * (1.0 + problem.second * (times[s] > 1)) for s in sorted(times)
    )
    value += sum(float(problem.stops.value[halt.stop]) for halt in sorted(halts))
    met = proved or value >= ground.bound * (1 - _ALIKE)
    ending = Ending.OPTIMAL if met else Ending.TIME_UP
    bound = value if met else ground.bound
    return StreetTour(tuple(passes), tuple(halts), tuple(nodes), value, now, bound, ending)


def _walked(
    problem: StreetProblem, ground: Ground, order: Sequence[int]
) -> tuple[list[Pass], list[Halt], list[int], float]:
    """Return passes, halts, nodes, and the seconds at the end."""
    items, m, through = ground.items, len(problem.tail), fastest(problem)
    passes: list[Pass] = []
    halts: list[Halt] = []
    nodes, now, last = [problem.start], 0.0, len(ground.leg) - 2
    for code in order:
        i, source = code >> 1, int(items.source[code >> 1])
        ends = [int(items.a[i]), int(items.b[i])]
        enters, leaves = ends if code % 2 == 0 else ends[::-1]
        passes += _between(problem, ground, through, nodes, enters)
        now = max(now + float(ground.leg[last, code]), float(items.opens[i]))
        if source >= m:
            halts.append(Halt(source - m, len(passes), now))
        else:
            passes.append(Pass(source, code % 2 == 0, patrolled=True))
            nodes.append(leaves)
        now, last = now + float(items.service[i]), code
    if problem.end != ANYWHERE:
        passes += _between(problem, ground, through, nodes, problem.end)
    return passes, halts, nodes, now + float(ground.leg[last, -1])


def _between(
    problem: StreetProblem,
    ground: Ground,
    through: dict[tuple[int, int], int],
    nodes: list[int],
    goal: int,
) -> Iterator[Pass]:
    """Yield the passes from the last of `nodes` to `goal`, which is added with what is between."""
    for a, b in pairwise(ground.way(nodes[-1], goal)):
        segment = through[a, b]
        nodes.append(b)
        yield Pass(segment, bool(problem.tail[segment] == a), patrolled=False)
