"""The drawn week given to OR-Tools, PyVRP and VROOM, each in the form that it knows best."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
from routing_weeks_town import BASE, DAY, LUNCH, WALK_MAX_M, Answer, Stop, Town, days_of

if TYPE_CHECKING:
    from collections.abc import Callable

DAY_MIN = 1440


def ortools(drawn: Town, limit_s: float) -> Answer:  # noqa: C901, PLR0912, PLR0915
    """Give copies in disjunctions worth their prize, appointments mandatory, lunch as a break."""
    from ortools.constraint_solver import pywrapcp
    from ortools.constraint_solver import routing_enums_pb2 as enums

    routes, copies = days_of(drawn), drawn.copies
    point = np.array([BASE, *(c.place for c in copies), *(a.point for a in drawn.appointments)])
    service = drawn.service[point]
    manager = pywrapcp.RoutingIndexManager(len(point), len(routes), 0)
    model = pywrapcp.RoutingModel(manager)
    legs = drawn.minutes[np.ix_(point, point)]
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(legs.tolist()))
    timed = model.RegisterTransitMatrix((legs + service[:, None]).tolist())
    model.AddDimension(timed, 600, DAY_MIN, False, "time")
    time = model.GetDimensionOrDie("time")
    far = model.RegisterTransitMatrix(drawn.metres[np.ix_(point, point)].tolist())
    model.AddDimension(far, 0, WALK_MAX_M, True, "metres")
    for v in range(len(routes)):
        time.CumulVar(model.Start(v)).SetRange(*DAY)
        time.CumulVar(model.End(v)).SetRange(*DAY)
    groups: dict[int, list[int]] = {}
    for k, copy in enumerate(copies):
        index = manager.NodeToIndex(k + 1)
        time.CumulVar(index).SetRange(copy.opens, copy.latest)
        model.VehicleVar(index).SetValues(
            [-1, *(v for v, (d, _) in enumerate(routes) if d == copy.day)]
        )
        groups.setdefault(copy.place, []).append(index)
    for k, a in enumerate(drawn.appointments):
        index = manager.NodeToIndex(1 + len(copies) + k)
        time.CumulVar(index).SetRange(a.start, a.start)
        model.VehicleVar(index).SetValues([routes.index((a.day, a.mediator))])
    for place, indices in groups.items():
        model.AddDisjunction(indices, int(drawn.prize[place]) * 100, 1)
    for v in range(len(routes)):
        lunch = model.solver().FixedDurationIntervalVar(*LUNCH, False, f"{v}")
        time.SetBreakIntervalsOfVehicle([lunch], v, service.tolist())
    asked = pywrapcp.DefaultRoutingSearchParameters()
    asked.first_solution_strategy = enums.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    asked.local_search_metaheuristic = enums.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    asked.time_limit.FromMilliseconds(int(limit_s * 1000))
    found = model.SolveWithParameters(asked)
    if found is None:
        return {key: [] for key in routes}
    answer: Answer = {}
    held = found.IntervalVarContainer()
    lunches = {int(b.Var().Name()): b.StartValue() for b in map(held.Element, range(held.Size()))}
    for v, key in enumerate(routes):
        stops: list[tuple[int, Stop]] = [(lunches[v], ("lunch", 0))] if v in lunches else []
        index = model.Start(v)
        while not model.IsEnd(index):
            node = manager.IndexToNode(index)
            if node:
                stops.append((found.Min(time.CumulVar(index)), _stop(node - 1, len(copies))))
            index = found.Value(model.NextVar(index))
        answer[key] = [stop for _, stop in sorted(stops, key=lambda s: s[0])]
    return answer


def _stop(number: int, copies: int) -> Stop:
    return ("place", number) if number < copies else ("appointment", number - copies)


def vroom(drawn: Town, limit_s: float) -> Answer:
    """Give jobs with their windows, priorities for prizes, skills for mediators, lunch breaks."""
    import vroom as engine

    given = engine.Input()
    given.set_durations_matrix("car", np.ascontiguousarray(drawn.minutes.astype(np.uint32)))
    given.set_distances_matrix("car", np.ascontiguousarray(drawn.metres.astype(np.uint32)))
    routes, places = days_of(drawn), max(c.place for c in drawn.copies)
    span = engine.TimeWindow
    for k, (d, m) in enumerate(routes):
        at = d * DAY_MIN
        lunch = engine.Break(1, time_windows=[span(at + LUNCH[0], at + LUNCH[1])], service=LUNCH[2])
        given.add_vehicle(engine.Vehicle(
            k + 1, start=BASE, end=BASE, time_window=span(at + DAY[0], at + DAY[1]),
            skills={m + 1}, breaks=[lunch], max_distance=WALK_MAX_M,
        ))  # fmt: skip
    scale = 90 / drawn.prize.max()
    for place in range(1, places + 1):
        spans = [span(c.day * DAY_MIN + c.opens, c.day * DAY_MIN + c.latest)
                 for c in drawn.copies if c.place == place]  # fmt: skip
        given.add_job(engine.Job(
            place, location=place, default_service=int(drawn.service[place]),
            priority=int(max(1, round(drawn.prize[place] * scale))), time_windows=spans,
        ))  # fmt: skip
    for k, a in enumerate(drawn.appointments):
        at = a.day * DAY_MIN + a.start
        given.add_job(engine.Job(
            places + 1 + k, location=a.point, default_service=int(drawn.service[a.point]),
            priority=100, skills={a.mediator + 1}, time_windows=[span(at, at)],
        ))  # fmt: skip
    limit = dt.timedelta(seconds=limit_s)
    table = given.solve(exploration_level=5, nb_threads=1, timeout=limit).routes
    answer: Answer = {key: [] for key in routes}
    for row in table.itertuples():
        key = routes[int(row.vehicle_id) - 1]
        if row.type == "break":
            answer[key].append(("lunch", 0))
        elif row.type == "job":
            answer[key].append(_job(drawn, int(row.id), places, key[0], int(row.arrival)
                                    + int(row.waiting_time) - key[0] * DAY_MIN))  # fmt: skip
    return answer


def _job(drawn: Town, job: int, places: int, day: int, minute: int) -> Stop:
    """Return the stop of a job of VROOM: the copy of the place that is open at that minute."""
    if job > places:
        return ("appointment", job - places - 1)
    for k, c in enumerate(drawn.copies):
        if (c.place, c.day) == (job, day) and c.opens <= minute <= c.latest:
            return ("place", k)
    raise ValueError(f"VROOM visits place {job} when it is closed")


def pyvrp(  # noqa: C901, PLR0912
    drawn: Town, limit_s: float, scale: int = 10, never: int = 20_000
) -> Answer:
    """Give copies in groups, a profile per mediator, required appointments; lunch at the base."""
    from pyvrp import Model, solve
    from pyvrp.stop import MaxRuntime

    model, routes = Model(), days_of(drawn)
    base = model.add_location(*drawn.xy[BASE])
    depot = model.add_depot(base)
    profiles = [model.add_profile() for _ in range(drawn.mediators)]
    for d, m in routes:
        model.add_vehicle_type(
            1, start_depot=depot, end_depot=depot, tw_early=d * DAY_MIN + DAY[0],
            tw_late=d * DAY_MIN + DAY[1], max_distance=WALK_MAX_M, profile=profiles[m],
            unit_distance_cost=0, unit_duration_cost=1, name=f"{d},{m}",
        )  # fmt: skip
    stops: list[tuple[Stop, int, int | None, int | None]] = []
    at = [(base, BASE, None, None)]
    places = sorted({c.place for c in drawn.copies})
    groups = {place: model.add_client_group(required=False) for place in places}

    def add(stop: Stop, point: int, day: int, mediator: int | None, span: tuple[int, int],
            **how: object) -> None:  # fmt: skip
        place = model.add_location(*drawn.xy[point])
        at.append((place, point, day, mediator))
        stops.append((stop, point, day, mediator))
        model.add_client(place, tw_early=day * DAY_MIN + span[0],
                         tw_late=day * DAY_MIN + span[1], **how)  # fmt: skip

    for k, c in enumerate(drawn.copies):
        add(("place", k), c.place, c.day, None, (c.opens, c.latest), required=False,
            service_duration=int(drawn.service[c.place]), group=groups[c.place],
            prize=int(drawn.prize[c.place]) * scale)  # fmt: skip
    for k, a in enumerate(drawn.appointments):
        add(("appointment", k), a.point, a.day, a.mediator, (a.start, a.start),
            service_duration=int(drawn.service[a.point]))  # fmt: skip
    for d, m in routes:
        add(("lunch", 0), BASE, d, m, LUNCH[:2], service_duration=LUNCH[2])
    for m, profile in enumerate(profiles):
        mine = [x for x in at if x[3] in (None, m)]
        for i, p, d, _ in mine:
            for j, q, e, _ in mine:
                if i is not j and (d is None or e is None or d == e):
                    model.add_edge(i, j, distance=int(drawn.metres[p, q]),
                                   duration=int(drawn.minutes[p, q]), profile=profile)  # fmt: skip
    data = model.data(missing_value=never)
    found = solve(data, MaxRuntime(limit_s), seed=0, display=False, collect_stats=False)
    answer: Answer = {key: [] for key in routes}
    for route in found.best.routes():
        d, m = map(int, data.vehicle_type(route.vehicle_type()).name.split(","))
        answer[d, m] = [stops[x.idx][0] for x in route.schedule() if x.is_client()]
    return answer


PEERS: dict[str, Callable[[Town, float], Answer]] = {
    "OR-Tools": ortools, "VROOM": vroom, "PyVRP": pyvrp,
}  # fmt: skip
