"""
The drawn week given to other engines, each in the forms that it knows best, on two cores.

An engine that uses one core answers twice at the same time, in two forms, and the better plan is
kept; VROOM uses both cores by itself. A day is given either whole, its appointments being visits
that must be made, or in pieces between appointments (`free_of`, as ours), so that none can be lost.
"""

from __future__ import annotations

import datetime as dt
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import get_context
from typing import TYPE_CHECKING

import numpy as np
from routing_weeks_ortools import whole_days, windows_between
from routing_weeks_pyvrp import lunch_at_base, lunch_with_a_visit
from routing_weeks_town import (
    LUNCH,
    WALK_MAX_M,
    Answer,
    Town,
    answer_of,
    free_of,
    judged,
    open_copy,
    town,
)

from territory.analysis.routing.week_problem import Walked

if TYPE_CHECKING:
    from collections.abc import Callable

CORES, DAY_MIN = 2, 1440


@dataclass(frozen=True, slots=True)
class Told:
    """The best plan of an engine, none when it found none that keeps its rules; seconds of core."""

    answer: Answer | None
    cpu_s: float
    forms: dict[str, int | None]  # the value of the plan of each form


def vroom(drawn: Town, limit_s: float) -> Answer | None:
    """Give the pieces as vehicles that eat natively, places as jobs with all their windows."""
    import vroom as engine

    given, span, used = engine.Input(), engine.TimeWindow, free_of(drawn)
    given.set_durations_matrix("car", np.ascontiguousarray(drawn.minutes.astype(np.uint32)))
    given.set_distances_matrix("car", np.ascontiguousarray(drawn.metres.astype(np.uint32)))
    for k, (w, eats) in enumerate(used):
        at = w.day * DAY_MIN
        noon = span(at + LUNCH[0], at + LUNCH[1])
        given.add_vehicle(engine.Vehicle(
            k + 1, start=w.start, end=w.end, time_window=span(at + w.begin, at + w.finish),
            breaks=[engine.Break(1, time_windows=[noon], service=LUNCH[2])] * eats,
            max_distance=WALK_MAX_M,
        ))  # fmt: skip
    exact = min(1.0, 100 / drawn.prize.max())  # a priority is 100 at most
    for place in sorted({c.place for c in drawn.copies}):
        given.add_job(engine.Job(
            place, location=place, default_service=int(drawn.service[place]),
            priority=max(1, round(drawn.prize[place] * exact)),
            time_windows=[span(c.day * DAY_MIN + c.opens, c.day * DAY_MIN + c.latest)
                          for c in drawn.copies if c.place == place],
        ))  # fmt: skip
    limit = dt.timedelta(seconds=limit_s)
    rows = given.solve(exploration_level=5, nb_threads=CORES, timeout=limit).routes
    visits: list[list[int]] = [[] for _ in used]
    lunch = [0 if eats else -1 for _, eats in used]
    for row in rows.itertuples():
        k = int(row.vehicle_id) - 1
        if row.type == "break":
            lunch[k] = len(visits[k])
        elif row.type == "job":
            day = used[k][0].day
            minute = int(row.arrival) + int(row.waiting_time) - day * DAY_MIN
            visits[k].append(open_copy(drawn, int(row.id), day, minute))
    walked = [Walked(tuple(v), after) for v, after in zip(visits, lunch, strict=True)]
    return answer_of(drawn, [w for w, _ in used], walked)


PEERS: dict[str, tuple[str, dict[str, Callable[[Town, float], Answer | None]]]] = {
    "OR-Tools": ("ortools", {
        "whole days": whole_days,
        "between appointments": windows_between,
    }),
    "VROOM": ("pyvroom", {"between appointments": vroom}),
    "PyVRP": ("pyvrp", {
        "lunch at the base": lunch_at_base,
        "lunch with a visit": lunch_with_a_visit,
    }),
}  # fmt: skip


def version_of(method: str) -> str:
    """Return the version of an engine; empty when it is not installed."""
    try:
        return version(PEERS[method][0])
    except PackageNotFoundError:
        return ""


def peer(method: str, seed: int, limit_s: float) -> Told:
    """Return the better plan of the forms of an engine, one core each, at the same time."""
    forms = PEERS[method][1]
    with ProcessPoolExecutor(CORES, mp_context=get_context("spawn")) as pool:
        told = list(pool.map(partial(_form, method, seed, limit_s), forms))
    best = max(told, key=lambda one: (one[0] is not None, one[2]))
    values = {form: one[2] if one[0] is not None else None
              for form, one in zip(forms, told, strict=True)}  # fmt: skip
    return Told(best[0], sum(cpu_s for _, cpu_s, _ in told), values)


def _form(method: str, seed: int, limit_s: float, form: str) -> tuple[Answer | None, float, int]:
    """Return the plan of one form, its seconds of core, and its value (-1: refused)."""
    drawn, spent = town(seed), time.process_time()
    answer = PEERS[method][1][form](drawn, limit_s)
    cpu_s = time.process_time() - spent
    if answer is None:
        return None, cpu_s, -1
    told = judged(drawn, answer)
    return answer, cpu_s, -1 if told["faults"] or told["kept"] < told["asked"] else told["value"]
