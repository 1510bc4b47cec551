"""OR-Tools' routing search as its makers advise: guided local search, within a time limit."""

from __future__ import annotations

from typing import Any


def guided(model: Any, limit_s: float, first: str = "PARALLEL_CHEAPEST_INSERTION") -> Any:  # noqa: ANN401
    """Return what the search of `model` finds in `limit_s` seconds, None when nothing holds."""
    from ortools.constraint_solver import pywrapcp
    from ortools.constraint_solver import routing_enums_pb2 as enums

    asked = pywrapcp.DefaultRoutingSearchParameters()
    asked.first_solution_strategy = getattr(enums.FirstSolutionStrategy, first)
    asked.local_search_metaheuristic = enums.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    asked.time_limit.FromMilliseconds(int(limit_s * 1000))
    return model.SolveWithParameters(asked)
