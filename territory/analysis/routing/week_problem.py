"""The week in arrays: visits that could be made, the windows of teams, and what a plan is worth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from territory.model.results import Ending

Ints = NDArray[np.int64]
Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]

NOBODY = -1


@dataclass(frozen=True, slots=True)
class Legs:
    """
    Going from one point to another: whole `minutes` [paces, points, points], rounded up.

    `metres` [paces, points, points] are those walked (fewer than the way when part of it is by
    bus). One pace for each walking speed and mode. No triangle inequality is assumed.
    """

    minutes: Ints
    metres: Ints


@dataclass(frozen=True, slots=True)
class Visits:
    """
    Visits that could be made, one for each place, day and opening window.

    Arrays [visits]: `point` of the legs, `group` (the place or stretch of streets visited), `day`,
    `opens` and `latest` (minutes of the day between which the visit may start: it ends before the
    door closes), `service` minutes, `burden` that it lays on each of its walkers.
    """

    point: Ints
    group: Ints
    day: Ints
    opens: Ints
    latest: Ints
    service: Ints
    burden: Reals


@dataclass(frozen=True, slots=True)
class Groups:
    """
    Places, arrays [groups]: `most` visits a week, `repeat` what the next is worth beside the last.

    `apart` least days between two of its visits (0: none asked, the same day allowed), `zone` of
    the place (-1 none). Arrays [zones]: `zone_bonus` what its first visit of the week brings more,
    `zone_apart` least days between two routes that visit it (0: none asked; 1: one route a day).
    """

    most: Ints
    repeat: Reals
    apart: Ints
    zone: Ints
    zone_bonus: Reals
    zone_apart: Ints


@dataclass(frozen=True, slots=True)
class Windows:
    """
    Routes that could be walked: the free time of a team, one for each way to use it.

    Arrays [routes]: `day`; the route leaves point `start` at `begin` at the earliest and is at
    point `end` by `finish`; `pace` of the legs; `walkers` [routes, 2] (second -1: alone);
    `half_days` it counts for; lunch of `lunch_min` minutes (0: none) that starts between
    `lunch_opens` and `lunch_latest` wherever the team is then. `clash` [routes, routes]: cannot
    both be walked.
    """

    day: Ints
    start: Ints
    end: Ints
    begin: Ints
    finish: Ints
    pace: Ints
    walkers: Ints
    half_days: Ints
    lunch_min: Ints
    lunch_opens: Ints
    lunch_latest: Ints
    clash: Flags


@dataclass(frozen=True, slots=True)
class Team:
    """
    Arrays [walkers]: `walk_max_m` metres a day, `half_days_most` of outings in the week, `due`.

    `due` is the burden each should carry this week (their share, and what they owe);
    `unfairness` is the price of one unit of squared gap to it.
    """

    walk_max_m: Ints
    half_days_most: Ints
    due: Reals
    unfairness: float = 0.0


@dataclass(frozen=True, slots=True)
class Limits:
    """
    Common budgets: `charge` [groups, budgets] is what each visit of a place takes of them.

    All visits of the plan together take at most `most` [budgets]. Whole numbers, never negative.
    """

    charge: Ints
    most: Ints


@dataclass(frozen=True, slots=True)
class WeekProblem:
    """
    Choose routes and their visits for the most value.

    `value` [visits, routes] is what a visit brings in that route as the first of its place this
    week; -inf where it may not be made (another day, another commune, pairs only). Visits of a
    place, taken from the most valuable, bring value x repeat^(k-1). `walk_price` per metre walked,
    `pairs` the number of pair routes wanted (-1: no wish) and `pair_price` for each one missing or
    in excess. Value of a plan = visits + zone bonuses - metres x walk_price - unfairness x sum of
    (burden - due)^2 - pair_price x |pairs walked - pairs|. An empty route is not walked: it costs
    nothing, has no lunch here, and does not clash. `limits`: budgets of all routes (None: none).
    """

    legs: Legs
    visits: Visits
    groups: Groups
    windows: Windows
    team: Team
    value: Reals
    walk_price: float = 0.0
    pairs: int = -1
    pair_price: float = 0.0
    limits: Limits | None = None

    @property
    def charge(self) -> Ints:
        """What a visit of each place takes of each budget [groups, budgets]."""
        none = np.zeros((len(self.groups.most), 0), np.int64)
        return none if self.limits is None else self.limits.charge

    @property
    def budgets(self) -> Ints:
        """What all visits may take of each budget [budgets]."""
        return np.zeros(0, np.int64) if self.limits is None else self.limits.most

    @property
    def n_visits(self) -> int:
        """How many visits could be made."""
        return len(self.visits.point)

    @property
    def n_routes(self) -> int:
        """How many routes could be walked."""
        return len(self.windows.day)


@dataclass(frozen=True, slots=True)
class Walked:
    """
    One route of a plan: `visits` in order; lunch is taken after `lunch_after` of them.

    0: before the first one, at the start; -1: no lunch in this route.
    """

    visits: tuple[int, ...] = ()
    lunch_after: int = -1


@dataclass(frozen=True, slots=True)
class WeekOutcome:
    """
    A plan [routes], its value, a bound no plan exceeds (inf: none sought), how the search ended.

    `iterations` done in `seconds`; the same problem, seed and iterations give the same plan.
    """

    routes: tuple[Walked, ...]
    value: float
    bound: float
    ending: Ending
    iterations: int
    seconds: float


@dataclass(frozen=True, slots=True)
class RoutingOutcome:
    """Places visited by each route (ends left out), the prize collected, how the search ended."""

    routes: tuple[tuple[int, ...], ...]
    prize: float
    ending: Ending
    seconds: float = field(compare=False, default=0.0)
