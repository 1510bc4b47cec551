"""The drawn week given to OR-Tools in two forms: whole days, or the time between appointments."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from guided_search import guided
from routing_weeks_town import (
    BASE,
    DAY,
    LUNCH,
    WALK_MAX_M,
    answer_of,
    days_of,
    free_of,
    open_copy,
)

from territory.analysis.routing.week_problem import Walked

if TYPE_CHECKING:
    from routing_weeks_town import Answer, Stop, Town

DAY_MIN = 1440


def whole_days(drawn: Town, limit_s: float) -> Answer | None:
    """Give copies in disjunctions worth 100 x their prize, appointments as visits to be made."""
    routes, copies = days_of(drawn), drawn.copies
    point = [BASE, *(c.place for c in copies), *(a.point for a in drawn.appointments)]
    manager, model, time = _model(drawn, point, [0] * len(routes), [0] * len(routes), DAY_MIN)
    for v in range(len(routes)):
        time.CumulVar(model.Start(v)).SetRange(*DAY)
        time.CumulVar(model.End(v)).SetRange(*DAY)
        _lunch(model, time, v, LUNCH, drawn.service[point].tolist())
    groups: dict[int, list[int]] = {}
    for k, copy in enumerate(copies):
        index = manager.NodeToIndex(k + 1)
        time.CumulVar(index).SetRange(copy.opens, copy.latest)
        of = [v for v, (day, _) in enumerate(routes) if day == copy.day]
        model.VehicleVar(index).SetValues([-1, *of])
        groups.setdefault(copy.place, []).append(index)
    for k, a in enumerate(drawn.appointments):
        index = manager.NodeToIndex(1 + len(copies) + k)
        time.CumulVar(index).SetRange(a.start, a.start)
        model.VehicleVar(index).SetValues([routes.index((a.day, a.mediator))])
    for place, indices in groups.items():
        model.AddDisjunction(indices, int(drawn.prize[place]) * 100, 1)
    found = guided(model, limit_s)
    if found is None:
        return None
    answer, lunches = {}, _lunches(found)
    for v, key in enumerate(routes):
        stops: list[tuple[int, Stop]] = [(lunches[v], ("lunch", 0))] if v in lunches else []
        stops += [(minute, _stop(node - 1, len(copies)))
                  for node, minute in _nodes(manager, model, found, time, v)]  # fmt: skip
        answer[key] = [stop for _, stop in sorted(stops, key=lambda s: s[0])]
    return answer


def windows_between(drawn: Town, limit_s: float) -> Answer | None:
    """Give each place once, closed hours taken out of its week, worth 3 x its prize."""
    used, places = free_of(drawn), sorted({c.place for c in drawn.copies})
    n, ends = len(places), len(used)
    point = [*places, *(w.start for w, _ in used), *(w.end for w, _ in used)]
    starts = list(range(n, n + ends))
    manager, model, time = _model(
        drawn, point, starts, list(range(n + ends, n + 2 * ends)), 7 * DAY_MIN
    )
    stay = [int(drawn.service[point[manager.IndexToNode(i)]]) if i < n else 0
            for i in range(model.Size())]  # fmt: skip
    for v, (w, eats) in enumerate(used):
        at = w.day * DAY_MIN
        for index in (model.Start(v), model.End(v)):
            time.CumulVar(index).SetRange(at + w.begin, at + w.finish)
        model.AddVariableMinimizedByFinalizer(time.CumulVar(model.End(v)))
        if eats:
            first, last = max(LUNCH[0], w.begin), min(LUNCH[1], w.finish - LUNCH[2])
            _lunch(model, time, v, (at + first, at + last, LUNCH[2]), stay)
    for k, place in enumerate(places):
        index = manager.NodeToIndex(k)
        _open(time.CumulVar(index), drawn, place)
        model.AddVariableMinimizedByFinalizer(time.CumulVar(index))
        model.AddDisjunction([index], int(drawn.prize[place]) * 3)
    found = guided(model, limit_s)
    if found is None:
        return None
    walked, lunches = [], _lunches(found)
    for v, (w, eats) in enumerate(used):
        stops = _nodes(manager, model, found, time, v)
        before = sum(minute < lunches.get(v, 0) for _, minute in stops)
        visits = [open_copy(drawn, point[k], w.day, t - w.day * DAY_MIN) for k, t in stops]
        walked.append(Walked(tuple(visits), before if eats else -1))
    return answer_of(drawn, [w for w, _ in used], walked)


def _model(
    drawn: Town, point: list[int], starts: list[int], ends: list[int], horizon: int
) -> tuple[Any, Any, Any]:
    """Return the nodes at these points, the model, and its time; metres are capped."""
    from ortools.constraint_solver import pywrapcp

    manager = pywrapcp.RoutingIndexManager(len(point), len(starts), starts, ends)
    model = pywrapcp.RoutingModel(manager)
    legs, at = drawn.minutes[np.ix_(point, point)], set(starts) | set(ends)
    stay = np.array([0 if k in at else drawn.service[p] for k, p in enumerate(point)])
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(legs.tolist()))
    timed = model.RegisterTransitMatrix((legs + stay[:, None]).tolist())
    model.AddDimension(timed, DAY_MIN, horizon, False, "time")
    far = model.RegisterTransitMatrix(drawn.metres[np.ix_(point, point)].tolist())
    model.AddDimension(far, 0, WALK_MAX_M, True, "metres")
    return manager, model, model.GetDimensionOrDie("time")


def _lunch(model: Any, time: Any, v: int, noon: tuple[int, int, int], stay: list[int]) -> None:  # noqa: ANN401
    """Have vehicle `v` eat, which begins between two minutes; `stay` are visits of each index."""
    eats = model.solver().FixedDurationIntervalVar(*noon, False, f"{v}")
    time.SetBreakIntervalsOfVehicle([eats], v, stay)


def _open(minute: Any, drawn: Town, place: int) -> None:  # noqa: ANN401
    """Take the hours at which a place is closed out of the minutes of its visit."""
    spans = sorted((c.day * DAY_MIN + c.opens, c.day * DAY_MIN + c.latest)
                   for c in drawn.copies if c.place == place)  # fmt: skip
    minute.SetRange(spans[0][0], spans[-1][1])
    for (_, closes), (opens, _) in pairwise(spans):
        minute.RemoveInterval(closes + 1, opens - 1)


def _lunches(found: Any) -> dict[int, int]:  # noqa: ANN401
    """Return the minute at which each vehicle eats."""
    held = found.IntervalVarContainer()
    return {int(b.Var().Name()): b.StartValue() for b in map(held.Element, range(held.Size()))}


def _nodes(manager: Any, model: Any, found: Any, time: Any, v: int) -> list[tuple[int, int]]:  # noqa: ANN401
    """Return the nodes between the ends of vehicle `v`, in order, each with its minute."""
    index, nodes = found.Value(model.NextVar(model.Start(v))), []
    while not model.IsEnd(index):
        nodes.append((manager.IndexToNode(index), found.Min(time.CumulVar(index))))
        index = found.Value(model.NextVar(index))
    return nodes


def _stop(number: int, copies: int) -> Stop:
    return ("place", number) if number < copies else ("appointment", number - copies)
