"""The search of team orienteering: two starts side by side, stages, what each learns shared."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.orienteering_guide import Guide
from territory.analysis.routing.orienteering_label_kernel import BINS
from territory.analysis.routing.orienteering_pool import Pool
from territory.analysis.routing.orienteering_walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from territory.analysis.clock import Clock
    from territory.analysis.routing.orienteering_problem import Asked, Ints, Route

STAGES = 5
WATCH_S = 0.02
SEARCHING = 0.92  # share of a stage; then the choice among the routes met
PACKING = 0.08  # share of the whole time that this choice may take
TUNED = 30  # passes of prices before the first beams; then a third as many
WIDE = 640  # labels a slice of the widest beam


@dataclass(slots=True)
class Limits:
    """When a search ends: a clock, or a count of iterations (each start); `stop` says at once."""

    clock: Clock
    iterations: int | None
    stop: Callable[[], bool] | None
    progress: Callable[[float, float], None] | None
    flag: Ints = field(default_factory=lambda: np.zeros(1 + BINS, np.int64))

    def look(self, share: float, value: float) -> None:
        """Raise the flag when the search must end; tell how far it is."""
        up = self.iterations is None and self.clock.up
        if up or (self.stop is not None and self.stop()):
            self.flag[0] = 1
        if self.progress is not None:
            done = (
                share
                if self.iterations is not None
                else self.clock.spent_s / max(self.clock.limit_s, 1e-9)
            )
            self.progress(min(done, 1.0), value)


@dataclass(slots=True)
class Found:
    """The best routes so far; whether nothing better exists."""

    asked: Asked
    routes: tuple[Route, ...] = ()
    prize: int = 0
    proved: bool = False

    def keep(self, routes: tuple[Route, ...]) -> None:
        """Keep `routes` if they are better, and hold."""
        prize = self.asked.worth(routes)
        if prize > self.prize and all(map(self.asked.holds, routes)):
            self.routes, self.prize = routes, prize
        self.proved = self.proved or self.prize == self.asked.most


def searched(asked: Asked, limits: Limits, seed: int) -> Found:
    """Return the best routes found within `limits`."""
    found, pool = Found(asked), Pool(asked)
    seeds = np.random.SeedSequence(seed).generate_state(2).tolist()
    walks = [Walk(asked, s) for s in seeds]
    sighted = Sighted(asked, seed, limits.flag) if asked.n_routes == 1 else None
    for stage in range(STAGES):
        if found.proved or limits.flag[0]:
            break
        works = [_walking(walks[0], stage, limits)]
        works.append(
            _walking(walks[1], stage, limits) if sighted is None
            else sighted.looking(found, stage, limits)
        )  # fmt: skip
        for met in _together(works, limits, stage / STAGES, found):
            pool.add(sorted(met))
        for walk in walks:
            found.keep(walk.routes())
        if sighted is None:
            _pack(pool, found, limits, seed)
        for walk in walks:
            walk.take(found.routes)
    return found


def _walking(walk: Walk, stage: int, limits: Limits) -> Callable[[], set[Route]]:
    """Return the work of one start in one stage."""
    if limits.iterations is not None:
        return lambda: walk.count(_share(limits.iterations or 0, stage))
    ends = _ends(stage, limits)
    return lambda: walk.until(ends, limits.flag)


def _ends(stage: int, limits: Limits) -> float:
    """Return when a stage ends (perf_counter): the stages left share the time that is left."""
    return time.perf_counter() + SEARCHING * limits.clock.left_s / (STAGES - stage)


def _share(count: int, stage: int) -> int:
    """Return how many of `count` iterations belong to a stage."""
    return count * (stage + 1) // STAGES - count * stage // STAGES


def _together(
    works: list[Callable[[], set[Route]]], limits: Limits, share: float, found: Found
) -> list[set[Route]]:
    """Do `works` side by side, minding the limits; return what they met, in their order."""
    with ThreadPoolExecutor(len(works)) as threads:
        doing: list[Future[set[Route]]] = [threads.submit(work) for work in works]
        while wait(doing, timeout=WATCH_S).not_done:
            limits.look(share, float(found.prize))
            if found.proved:
                limits.flag[0] = 1
    return [done.result() for done in doing]


def _pack(pool: Pool, found: Found, limits: Limits, seed: int) -> None:
    """Choose among all routes met."""
    limit_s = 60.0
    if limits.iterations is None:
        limit_s = min(PACKING * limits.clock.limit_s, limits.clock.left_s)
    pool.add(found.routes)
    routes, _ = pool.packed(limit_s, seed)
    found.keep(routes)


class Sighted:
    """The other way to look for one route: guided beams, wider and wider, and a proof."""

    def __init__(self, asked: Asked, seed: int, flag: Ints) -> None:
        self.asked, self.guide = asked, Guide(asked, seed, flag)
        self.round, self.tried = 0, 0

    def looking(self, found: Found, stage: int, limits: Limits) -> Callable[[], set[Route]]:
        """Return the work of one stage: rounds till its time, or one when a count ends it."""
        ends = _ends(stage, limits)

        def work() -> set[Route]:
            self.one(found)
            while limits.iterations is None and not (found.proved or limits.flag[0]):
                if time.perf_counter() >= ends:
                    break
                self.one(found)
            return set()

        return work

    def one(self, found: Found) -> None:
        """Tune the prices, look from both ends, now and then try to prove."""
        first = self.round == 0
        if self.round > 2 and self.round % 2:  # noqa: PLR2004 - from the third round on
            self.guide.shake()
        self.guide.tune(TUNED if first else TUNED // 3, max(found.prize, 1))
        width = min(20 * 2 ** (self.round // 2), WIDE)
        for backward in (True, False):
            if not self.guide.flag[0]:
                found.keep((self.guide.beam(width, found.prize, backward=backward),))
        self.round += 1
        if self.round in (1, 6):
            route, proved = self.guide.prove(found.prize)
            found.keep((route,) if route else ())
            found.proved |= proved
