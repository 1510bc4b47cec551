"""Contacts of a drawn territory: how many people are met, from where, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.simulate.people import smooth_field
from territory.simulate.planting import decay

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.simulate.geography import Ground
    from territory.simulate.people import People
    from territory.simulate.planting import Planted
    from territory.simulate.scenario import Scenario

FIELD_SIGMA = 1.5


@dataclass(frozen=True, slots=True, eq=False)
class Contacts:
    """Every contact: cell of residence, cell of meeting, age in months, residence known; [m]."""

    home: NDArray[np.int64]
    met: NDArray[np.int64]
    age_months: NDArray[np.float64]
    located: NDArray[np.bool_]


def expected_contacts(
    ground: Ground,
    people: People,
    minutes: NDArray[np.float64],
    planted: Planted,
    rng: np.random.Generator,
    scenario: Scenario,
) -> NDArray[np.float64]:
    """
    Return the contacts [n] to be expected from each cell over the period; they add up to the total.

    True target residents x decay with `minutes` [n] x what was planted x gamma frailty (mean 1) x
    smooth log-normal field (mean 1).
    """
    usual = people.target * decay(minutes, scenario) * planted.multiplier
    variance, sd = scenario.frailty_variance, scenario.field_sd
    frailty = rng.gamma(1 / variance, variance, len(usual)) if variance > 0 else 1.0
    field = np.exp(sd * smooth_field(ground, rng, FIELD_SIGMA) - sd**2 / 2)
    rates: NDArray[np.float64] = usual * frailty * field
    return rates * (scenario.contacts / max(float(rates.sum()), 1e-300))


def draw_contacts(
    ground: Ground,
    people: People,
    permanences: NDArray[np.int64],
    rates: NDArray[np.float64],
    draws: tuple[np.random.Generator, Scenario],
) -> Contacts:
    """
    Draw contacts of mean `rates` [n]: one by one at the nearest permanence [p], or by outings.

    `draws`: the generator and the scenario.
    """
    rng, scenario = draws
    if scenario.group > 1:
        places = _places(people, permanences, rng, scenario)
        home, met, outing = _by_outings(ground, places, rates, rng, scenario)
        age = rng.uniform(0, scenario.months, int(outing.max(initial=-1)) + 1)[outing]
    else:
        home = np.repeat(np.arange(len(rates)), rng.poisson(rates))
        met = permanences[ground.minutes[:, permanences].argmin(axis=1)][home]
        age = rng.uniform(0, scenario.months, len(home))
    return Contacts(home, met, age, rng.random(len(home)) < scenario.located)


def _places(
    people: People, permanences: NDArray[np.int64], rng: np.random.Generator, scenario: Scenario
) -> NDArray[np.int64]:
    """Return the cells where outings meet people: permanences, and corners drawn by need."""
    others = people.need.copy()
    others[permanences] = 0.0
    wanted = min(scenario.spots, int((others > 0).sum()))
    if not wanted:
        return permanences
    spots = rng.choice(len(others), wanted, replace=False, p=others / others.sum())
    return np.sort(np.concatenate([permanences, spots]))


def _by_outings(
    ground: Ground,
    places: NDArray[np.int64],
    rates: NDArray[np.float64],
    rng: np.random.Generator,
    scenario: Scenario,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """
    Return home, place and outing of every contact; the mean of each cell stays its rate.

    A person goes to a place with a chance that falls with the walk; a place holds as many outings
    as its people over the mean group ask for; each meets 1 + Poisson people at once.
    """
    chance = np.exp(-0.5 * (ground.minutes[:, places] / scenario.around_min) ** 2) + 1e-12
    chance = chance / chance.sum(axis=1, keepdims=True)
    by_place = rates[:, None] * chance
    outings = rng.poisson(by_place.sum(axis=0) / scenario.group)
    at = np.repeat(np.arange(len(places)), outings)
    sizes = 1 + rng.poisson(scenario.group - 1, len(at))
    people = np.bincount(at, sizes, minlength=len(places)).astype(int)
    home = [
        rng.choice(len(rates), k, p=by_place[:, j] / by_place[:, j].sum())
        for j, k in enumerate(people)
        if k
    ]
    outing = np.repeat(np.arange(len(at)), sizes)
    homes = np.concatenate(home) if home else np.empty(0, np.int64)
    return homes, places[at[outing]], outing
