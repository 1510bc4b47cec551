"""What a tour of streets is asked for: streets, what walking them brings, stops, time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from territory.errors import UnknownNode, WrongUsage

Ints = NDArray[np.int64]
Reals = NDArray[np.float64]

ANYWHERE = -1


@dataclass(frozen=True, slots=True)
class StreetStops:
    """
    Doors where the tour may stop: arrays [stops].

    `node` of the street graph, `value` of a stop, `service_s` seconds it lasts; it starts between
    `opens_s` and `latest_s`, seconds after the start of the tour (0 and inf: at any time).
    """

    node: Ints
    value: Reals
    service_s: Reals
    opens_s: Reals
    latest_s: Reals


@dataclass(frozen=True, slots=True)
class Turns:
    """
    What it costs to change streets: `price_s` seconds for a right angle, twice that for a return.

    `headings` [segments, 2] are directions in radians of a walk from tail to head: as it leaves the
    tail, as it reaches the head. Going straight on from one collected segment to the next is free;
    a walk in between costs `price_s` whatever its bends.
    """

    headings: Reals
    price_s: float


@dataclass(frozen=True, slots=True)
class StreetProblem:
    """
    Undirected streets [segments] between nodes 0..n-1, and what a tour of them may collect.

    `seconds` to go through a segment, `patrol_s` to walk it so that its `value` is collected (never
    less), `second` the share of its value that a second patrol brings (the other side), later ones
    nothing. The tour goes from `start` to `end` (ANYWHERE: where it likes) within `budget_s`.
    """

    n: int
    tail: Ints
    head: Ints
    seconds: Reals
    patrol_s: Reals
    value: Reals
    start: int
    end: int
    budget_s: float
    second: float
    stops: StreetStops
    turns: Turns | None


NO_STOPS = StreetStops(np.empty(0, np.int64), np.empty(0), np.empty(0), np.empty(0), np.empty(0))


def refuse_nonsense(problem: StreetProblem) -> None:
    """Raise WrongUsage or UnknownNode (French) when the arrays of `problem` make no sense."""
    segments = (problem.tail, problem.head, problem.seconds, problem.patrol_s, problem.value)
    stops = problem.stops
    parts = (stops.node, stops.value, stops.service_s, stops.opens_s, stops.latest_s)
    if len({len(part) for part in segments}) > 1 or len({len(part) for part in parts}) > 1:
        raise WrongUsage("Tour de rue : les tableaux n'ont pas la même longueur.")
    if problem.turns is not None and problem.turns.headings.shape != (len(problem.tail), 2):
        raise WrongUsage("Tour de rue : il faut deux directions par tronçon.")
    durations = np.concatenate([problem.seconds, problem.patrol_s, stops.service_s])
    if not np.isfinite(durations).all() or (durations < 0).any():
        raise WrongUsage("Tour de rue : une durée est négative ou n'est pas un nombre.")
    if (problem.patrol_s < problem.seconds).any():
        raise WrongUsage("Tour de rue : parcourir une rue prend au moins le temps d'y passer.")
    worth = np.concatenate([problem.value, stops.value, [problem.second]])
    if not np.isfinite(worth).all() or (worth < 0).any() or problem.second > 1:
        raise WrongUsage(
            "Tour de rue : une valeur est négative ou n'est pas un nombre, ou une part dépasse 1."
        )
    if np.isnan(stops.opens_s).any() or np.isnan(stops.latest_s).any():
        raise WrongUsage("Tour de rue : une heure d'arrêt n'est pas un nombre.")
    if not problem.budget_s >= 0 or not np.isfinite(problem.budget_s):
        raise WrongUsage("Tour de rue : la durée doit être positive ou nulle.")
    _refuse_unknown(problem)


def _refuse_unknown(problem: StreetProblem) -> None:
    ends = [problem.start] if problem.end == ANYWHERE else [problem.start, problem.end]
    named = np.concatenate([problem.tail, problem.head, problem.stops.node, ends])
    if named.min() < 0 or named.max() >= problem.n:
        raise UnknownNode("Tour de rue : un nœud cité n'existe pas.")
