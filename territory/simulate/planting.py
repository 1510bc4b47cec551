"""Permanences, zones planted around missed people, and decoys that only look like them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.simulate.scenario import GATES, like_usual

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.simulate.geography import Ground
    from territory.simulate.people import People
    from territory.simulate.scenario import Gate, Scenario

WINDOW_MIN = 9.0  # a zone is a ball of that many minutes at most
LEAST_CELLS = 6
SHARES, LEAST_SHARE, DECOY_SHARE = (0.012, 0.03), 0.010, 0.02  # of all need, see like_usual
DECOY_FROM_MIN, LOW_FROM_MIN, LOW_WINDOW_MIN = 12.0, 8.0, 8.0
LOW_SEED_RANK, LOW_CELL_RANK, LOW_RESIDENTS = 0.35, 0.5, 50.0
AROUND = 9  # nearest cells of a zone's cells that no other zone may use
REACHED = 1.2  # usual contacts of a far zone that outings serve


@dataclass(frozen=True, slots=True, eq=False)
class Planted:
    """Zones and decoys, and what they make of the usual contacts; see PlantedTruth, each [n]."""

    zone: NDArray[np.int64]
    far_served: NDArray[np.bool_]
    low_need: NDArray[np.bool_]
    multiplier: NDArray[np.float64]


def draw_permanences(
    ground: Ground, people: People, rng: np.random.Generator, scenario: Scenario
) -> NDArray[np.int64]:
    """
    Return the cells [p] of the permanences, drawn in proportion to need, apart from each other.

    Fewer than wanted when there is no room.
    """
    some = np.flatnonzero(people.need > 0)
    chances = people.need[some] / people.need[some].sum()
    found: list[int] = []
    for cell in rng.choice(some, len(some), replace=False, p=chances):
        apart = np.linalg.norm(ground.xy[found] - ground.xy[cell], axis=1) > scenario.apart_m
        if apart.all() and len(found) < scenario.permanences:
            found.append(int(cell))
    return np.array(found, np.int64)


def draw_zones(
    ground: Ground,
    people: People,
    minutes: NDArray[np.float64],
    rng: np.random.Generator,
    scenario: Scenario,
) -> Planted:
    """
    Plant zones, then both kinds of decoys, never touching; `minutes` [n] to the nearest permanence.

    Fewer than wanted when there is no room. Usual contacts far from a permanence fall as `decay`.
    """
    planter = _Planter(ground, people, minutes, rng)
    zone = np.zeros(len(minutes), np.int64)
    for number, members in enumerate(planter.zones(scenario), 1):
        zone[members] = number
    far, low = planter.far_served(scenario), planter.low_need(scenario)
    multiplier = np.where((zone > 0), scenario.zone_rate, 1.0)
    multiplier[far] = REACHED / decay(minutes, scenario)[far]
    multiplier[low] = scenario.low_rate
    return Planted(zone, far, low, multiplier)


def decay(minutes: NDArray[np.float64], scenario: Scenario) -> NDArray[np.float64]:
    """Return the share of usual contacts [n] left at `minutes` [n] from the nearest permanence."""
    left = np.exp(-((minutes / scenario.decay_min) ** 2))
    return np.maximum(scenario.decay_floor, left)


class _Planter:
    """What is already taken, while zones are drawn one after the other."""

    def __init__(
        self,
        ground: Ground,
        people: People,
        minutes: NDArray[np.float64],
        rng: np.random.Generator,
    ) -> None:
        self.walks, self.people, self.minutes, self.rng = ground.minutes, people, minutes, rng
        self.taken = np.zeros(len(minutes), bool)
        self.total = float(people.need.sum())

    def zones(self, scenario: Scenario) -> list[NDArray[np.int64]]:
        """Plant the zones, each at its own gate, in turn."""
        found = []
        for k in range(scenario.zones):
            members = self._zone(GATES[scenario.gates[k % len(scenario.gates)]])
            if len(members):
                found.append(members)
                self.taken[self._around(members)] = True
        return found

    def far_served(self, scenario: Scenario) -> NDArray[np.bool_]:
        """Mark zones far from permanences where people are met all the same."""
        marked = np.zeros(len(self.minutes), bool)
        seeds = iter(self._shuffled((self.minutes >= DECOY_FROM_MIN) & ~self.taken))
        for _ in range(scenario.far_served):
            far = self.minutes >= LOW_FROM_MIN
            for seed in seeds:
                members, _ = self._ball(seed, like_usual(DECOY_SHARE, len(far)), far)
                if len(members) >= LEAST_CELLS and not self.taken[members].any():
                    marked[members] = self.taken[members] = True
                    break
        return marked

    def low_need(self, scenario: Scenario) -> NDArray[np.bool_]:
        """Mark zones of little need where people are missed as well."""
        rate, marked = self.people.rate, np.zeros(len(self.minutes), bool)
        few = (rate < np.quantile(rate, LOW_SEED_RANK)) & (self.people.residents > LOW_RESIDENTS)
        seeds = iter(self._shuffled((self.minutes >= LOW_FROM_MIN) & ~self.taken & few))
        below = rate < np.quantile(rate, LOW_CELL_RANK)
        for _ in range(scenario.low_need):
            for seed in seeds:
                near = self.walks[seed] <= LOW_WINDOW_MIN
                members = np.flatnonzero(near & ~self.taken & below)
                if len(members) >= LEAST_CELLS:
                    marked[members] = self.taken[members] = True
                    break
        return marked

    def _zone(self, gate: Gate) -> NDArray[np.int64]:
        """Return the cells of the first zone that fits the gate, none when there is no room."""
        need, rate = self.people.need, self.people.rate
        low, high = np.quantile(rate, np.minimum(gate.rate_rank, 1.0))
        high = high if gate.rate_rank[1] <= 1 else np.inf
        suits = _within(self.minutes, gate.seed_minutes) & (need > np.quantile(need, 0.5))
        cells = _within(self.minutes, gate.cell_minutes)
        mean = self.total / self.people.residents.sum()
        least = like_usual(LEAST_SHARE, len(need))
        for seed in self._shuffled(suits & (rate > low) & (rate < high)):
            wanted = like_usual(float(self.rng.uniform(*SHARES)), len(need))
            members, share = self._ball(seed, wanted, cells)
            if len(members) < LEAST_CELLS or share < least or self.taken[members].any():
                continue
            ratio = need[members].sum() / self.people.residents[members].sum() / mean
            if gate.rate_ratio[0] <= ratio < gate.rate_ratio[1]:
                return members
        return np.empty(0, np.int64)

    def _ball(
        self, seed: int, share: float, allowed: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], float]:
        """Return the nearest allowed cells until `share` of all need is in, and their share."""
        order = np.argsort(self.walks[seed], kind="stable")
        order = order[(self.walks[seed][order] <= WINDOW_MIN) & allowed[order]]
        held = np.cumsum(self.people.need[order]) / self.total
        members = order[: np.searchsorted(held, share) + 1]
        return members, float(held[len(members) - 1]) if len(members) else 0.0

    def _around(self, members: NDArray[np.int64]) -> NDArray[np.int64]:
        near = np.argsort(self.walks[members], axis=1, kind="stable")[:, :AROUND]
        return np.unique(near)

    def _shuffled(self, suits: NDArray[np.bool_]) -> NDArray[np.int64]:
        return self.rng.permutation(np.flatnonzero(suits))


def _within(values: NDArray[np.float64], span: tuple[float, float]) -> NDArray[np.bool_]:
    return (values >= span[0]) & (values < span[1])
