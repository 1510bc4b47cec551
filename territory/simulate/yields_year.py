"""A year of visits in a town of known yields: fixed plan, plan that learns, plan that knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from territory.analysis.yields import HALF_LIFE_MONTHS, SEASONS
from territory.analysis.yields_explore import values_for_week
from territory.analysis.yields_fit import YieldLaw, fit_yields
from territory.analysis.yields_table import expected_yields
from territory.simulate.yields_town import YieldScenario, YieldTown, draw_town

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

WEEKS_A_YEAR = 46  # worked
CONTEXT = ["place_id", "slot", "season", "mode"]  # of a true mean; kind goes with the place
CLOSED = -1e6


@dataclass(frozen=True, slots=True)
class YearRules:
    """
    How a year goes.

    `weeks` are worked after `past` ones whose debriefs are known: then a coordinator went by an
    opinion that wanders from week to week (sd of its logarithm `wander`). The fixed plan is the
    best for the settled opinion, wrong by `opinion_error`. `seats` visits in each half-day of
    outings, one a place and week; `share` of visits made to learn. All of the law is learned
    each `refit` weeks, its effects alone each `relearn` weeks.
    """

    weeks: int = WEEKS_A_YEAR
    past: int = WEEKS_A_YEAR
    seats: int = 2
    share: float = 0.1
    refit: int = 12
    relearn: int = 2
    opinion_error: float = 0.5
    wander: float = 0.5
    town: YieldScenario = field(default_factory=YieldScenario)

    @property
    def visits(self) -> int:
        """Visits a week."""
        return self.seats * len(self.town.halves)


@dataclass(frozen=True, slots=True)
class YearResult:
    """
    What a year gave.

    People informed by the plans `fixed`, `learned` and `knowing` (true means: chance of counts left
    out). `explored` share of visits made to learn; `covered` share of the true means of the
    `contexts` visited and counted that their 95 % interval holds at the end; `by_quarter` learned
    over knowing.
    """

    fixed: float
    learned: float
    knowing: float
    explored: float
    covered: float
    contexts: int
    by_quarter: tuple[float, ...]


def yields_year(seed: int, rules: YearRules) -> YearResult:
    """Return what a year gives in the town of `seed`; the same seed, the same year."""
    weeks = rules.past + rules.weeks
    town = draw_town(seed, rules.town, _seasons(weeks), opinion_error=rules.opinion_error)
    year = range(rules.past, weeks)
    settled = choose(town, town.opinions, rules.seats)
    learner = _Learner(town, rules, seed)
    for week in range(rules.past):
        learner.debrief(week, choose(town, _habit(town, rules, week, seed), rules.seats))
    learned = np.array([met(town, w, learner.week(w)) for w in year])
    knowing = np.array([met(town, w, choose(town, town.means[w], rules.seats)) for w in year])
    covered, contexts = learner.coverage(weeks)
    return YearResult(
        fixed=sum(met(town, w, settled) for w in year),
        learned=float(learned.sum()),
        knowing=float(knowing.sum()),
        explored=learner.explored / (rules.weeks * rules.visits),
        covered=covered,
        contexts=contexts,
        by_quarter=tuple(
            float(a.sum() / b.sum())
            for a, b in zip(np.array_split(learned, 4), np.array_split(knowing, 4), strict=True)
        ),
    )


def choose(town: YieldTown, values: Array, seats: int) -> NDArray[np.int64]:
    """
    Return the best visits of a week [visits, 2], (place, half-day), for `values` [places, half].

    Exact: places are assigned to the `seats` of half-days, each once, only where it is open.
    """
    halves = np.repeat(np.flatnonzero(town.opened.any(axis=0)), seats)
    worth = np.where(town.opened, values, CLOSED)[:, halves]
    places, taken = linear_sum_assignment(worth, maximize=True)
    kept = worth[places, taken] > CLOSED
    return np.stack([places[kept], halves[taken[kept]]], axis=1)


def met(town: YieldTown, week: int, plan: NDArray[np.int64]) -> float:
    """Return the people a plan [visits, 2] informs in truth, on average."""
    return float(town.means[week, plan[:, 0], plan[:, 1]].sum())


class _Learner:
    """What is known so far, and what is chosen from it; it never looks at the true means."""

    def __init__(self, town: YieldTown, rules: YearRules, seed: int) -> None:
        self._town, self._rules, self._seed = town, rules, seed
        self._rng = np.random.default_rng([seed, 1])
        self._made = town.options(0).iloc[:0].assign(informed=0.0, true=0.0, week=0)
        self._law: YieldLaw | None = None
        self._fitted = 0  # week of the last full learning
        self.explored = 0

    def week(self, week: int) -> NDArray[np.int64]:
        """Return the plan [visits, 2] of `week`, done and debriefed."""
        rules, town = self._rules, self._town
        options = town.options(week)
        table = expected_yields(self._learn(week), options).join(options["place_id"])
        told = values_for_week(
            table, share=rules.share, visits=rules.visits, week=week, seed=self._seed
        )
        values, to_learn = np.zeros(town.opened.shape), np.zeros(town.opened.shape, bool)
        values[options["place"], options["half"]] = told["value"]
        to_learn[options["place"], options["half"]] = told["explored"]
        plan = choose(town, values, rules.seats)
        self.explored += int(to_learn[plan[:, 0], plan[:, 1]].sum())
        self.debrief(week, plan)
        return plan

    def debrief(self, week: int, plan: NDArray[np.int64]) -> None:
        """Draw what the visits of a plan [visits, 2] find, some not counted, and keep it."""
        town = self._town
        means = town.means[week, plan[:, 0], plan[:, 1]]
        noise = self._rng.gamma(town.noise_shape, 1 / town.noise_shape, len(means))
        informed = self._rng.poisson(means * noise).astype(float)
        informed[self._rng.random(len(means)) < self._rules.town.uncounted] = np.nan
        number = np.cumsum(town.opened).reshape(town.opened.shape) - 1
        rows = town.options(week).iloc[number[plan[:, 0], plan[:, 1]]]
        made = rows.assign(informed=informed, true=means, week=week)
        self._made = pd.concat([self._made, made], ignore_index=True)

    def coverage(self, week: int) -> tuple[float, int]:
        """Return the share of true means of contexts seen that intervals hold, and how many."""
        known = self._known(week)
        contexts = known[known["informed"].notna()].drop_duplicates(CONTEXT)
        table = expected_yields(fit_yields(known, begin=self._law), contexts)
        held = (table["low"] <= contexts["true"]) & (contexts["true"] <= table["high"])
        return float(held.mean()), len(held)

    def _learn(self, week: int) -> YieldLaw:
        law, since = self._law, week - self._fitted
        if law is None or since >= self._rules.refit:
            law, self._fitted = fit_yields(self._known(week), begin=law), week
        elif since % self._rules.relearn == 0:
            known = self._known(week)
            law = fit_yields(known, shapes=law.shapes, noise=law.noise, begin=law)
        self._law = law
        return law

    def _known(self, week: int) -> pd.DataFrame:
        months = (week - self._made["week"]) / WEEKS_A_YEAR * 12
        return self._made.assign(weight=0.5 ** (months / HALF_LIFE_MONTHS))


def _habit(town: YieldTown, rules: YearRules, week: int, seed: int) -> Array:
    rng = np.random.default_rng([seed, 2, week])
    wandering: Array = town.opinions * np.exp(rules.wander * rng.normal(size=town.opinions.shape))
    return wandering


def _seasons(weeks: int) -> NDArray[np.object_]:
    """Return the season of each week worked, from January on."""
    months = (np.arange(weeks) * 12 // WEEKS_A_YEAR) % 12 + 1
    return np.array([SEASONS[m % 12 // 3] for m in months], object)
