"""A town whose yields are known: places, contexts, and how many people a visit informs in truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.yields import ALONE, PAIR, SEASONS, STAND

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

HALVES = 10  # half-days from Monday to Friday
# Usual people informed an hour by kind, and the effects of slot and season all share.
KINDS = {
    "marche": 2.6,
    "gare": 1.7,
    "centre_social": 1.5,
    "residence": 1.2,
    "mediatheque": 1.1,
    "commerce": 0.9,
}
MODES = {ALONE: 1.0, PAIR: 1.25, STAND: 1.5}
SEASON_EFFECTS = {"hiver": 0.8, "printemps": 1.05, "ete": 0.95, "automne": 1.1}


@dataclass(frozen=True, slots=True)
class YieldScenario:
    """
    What is chosen, not drawn.

    Places, half-days of outings (`halves`, 0 Monday morning) and share of them a place is open;
    spread (sd of a mean of 1) of the true effects of
    kinds, slots, seasons and modes around the usual ones, of their crossings, of places, of a place
    in a slot, and of visits (noise beyond chance): assumed, no programme published them. Each
    spread is multiplied by U(1 - `doubt`,
    1 + `doubt`) in each town. `normal`: effects follow a log-normal law, not the gamma of the
    model. `drift` sd of the logarithm of a place's effect gained each week; `uncounted` share of
    debriefs without a count; `minutes` of a visit.
    """

    places: int = 30
    open_share: float = 0.7
    main: float = 0.25
    crossed: float = 0.15
    place: float = 0.5
    place_slot: float = 0.2
    noise: float = 0.4
    doubt: float = 0.4
    normal: bool = False
    drift: float = 0.0
    uncounted: float = 0.1
    minutes: float = 45.0
    halves: tuple[int, ...] = (0, 1, 3, 4, 5, 7, 8)


@dataclass(frozen=True, slots=True, eq=False)
class YieldTown:
    """
    The truth.

    `kinds` [places]; `opened` bool [places, half-days]; `means` people a visit informs
    [weeks, places, half-days] in the mode of that half-day, of which `modes` [weeks, half-days] and
    `slots` [half-days], `seasons` [weeks]; `noise_shape` of the gamma noise of visits;
    `opinions` [places, half-days], what a coordinator who knows the town would expect.
    """

    kinds: NDArray[np.object_]
    opened: NDArray[np.bool_]
    slots: NDArray[np.object_]
    seasons: NDArray[np.object_]
    modes: NDArray[np.object_]
    means: Array
    noise_shape: float
    opinions: Array
    hours: float

    def options(self, week: int) -> pd.DataFrame:
        """Return the visits that could be made in `week`, as `expected_yields` wants them."""
        place, half = np.nonzero(self.opened)
        data = {
            "place_id": np.array([f"L{p:03d}" for p in place], object),
            "kind": self.kinds[place],
            "slot": self.slots[half],
            "season": self.seasons[week],
            "mode": self.modes[week, half],
            "hours": self.hours,
            "place": place,
            "half": half,
        }
        return pd.DataFrame(data).rename_axis("option")


def draw_town(
    seed: int, scenario: YieldScenario, seasons: NDArray[np.object_], *, opinion_error: float
) -> YieldTown:
    """
    Draw a town over the weeks whose `seasons` [weeks] are given.

    `opinion_error`: sd of the logarithm by which a coordinator misjudges each place and slot.
    """
    rng = np.random.default_rng([seed, 0])
    rates = _Effects(rng, scenario)
    kinds = np.array(sorted(KINDS), object)[rng.permutation(scenario.places) % len(KINDS)]
    slots = np.array([_slot(h) for h in range(HALVES)], object)
    modes = _modes(len(seasons))
    timeless = rates.timeless(kinds, slots)
    when = rates.when(kinds, seasons, modes)
    wander = rates.drift(len(seasons), scenario.places)
    hours = scenario.minutes / 60
    outings = np.isin(np.arange(HALVES), scenario.halves)
    opened = (rng.random((scenario.places, HALVES)) < scenario.open_share) & outings
    opinions = timeless * np.exp(opinion_error * rng.normal(size=timeless.shape))
    means = hours * timeless * when * wander[:, :, None]
    noise = rates.spread(scenario.noise) ** -2
    return YieldTown(kinds, opened, slots, seasons, modes, means, noise, opinions, hours)


class _Effects:
    """Effects of mean 1 drawn by name, each law with the spread of this town."""

    def __init__(self, rng: np.random.Generator, scenario: YieldScenario) -> None:
        self._rng, self._scenario = rng, scenario

    def spread(self, usual: float) -> float:
        doubt = self._scenario.doubt
        return usual * float(self._rng.uniform(1 - doubt, 1 + doubt))

    def of(self, usual: float, shape: tuple[int, ...]) -> Array:
        spread = self.spread(usual)
        if self._scenario.normal:
            sigma = np.sqrt(np.log1p(spread**2))
            drawn: Array = np.exp(sigma * self._rng.normal(size=shape) - sigma**2 / 2)
        else:
            drawn = self._rng.gamma(spread**-2, spread**2, shape)
        return drawn

    def timeless(self, kinds: NDArray[np.object_], slots: NDArray[np.object_]) -> Array:
        """Return people an hour [places, half-days], all year."""
        names, kind = np.unique(kinds, return_inverse=True)
        sorts, slot = np.unique(slots, return_inverse=True)
        usual = np.array([KINDS[n] for n in names]) * self.of(self._scenario.main, (len(names),))
        base = usual[:, None] * self.of(self._scenario.main, (len(sorts),))
        base = base * self.of(self._scenario.crossed, base.shape)
        place = self.of(self._scenario.place, (len(kinds), 1))
        own = self.of(self._scenario.place_slot, (len(kinds), len(sorts)))
        rate: Array = base[kind][:, slot] * place * own[:, slot]
        return rate

    def when(
        self, kinds: NDArray[np.object_], seasons: NDArray[np.object_], modes: NDArray[np.object_]
    ) -> Array:
        """Return what seasons and modes change [weeks, places, half-days]."""
        names, kind = np.unique(kinds, return_inverse=True)
        season = np.array([SEASONS.index(s) for s in seasons])
        mode = np.array([[list(MODES).index(m) for m in row] for row in modes])
        by_season = self._by_kind([SEASON_EFFECTS[s] for s in SEASONS], len(names))
        by_mode = self._by_kind(list(MODES.values()), len(names))
        return by_season[kind][:, season].T[:, :, None] * by_mode[kind][:, mode].transpose(1, 0, 2)

    def _by_kind(self, usual: list[float], n_kinds: int) -> Array:
        own = np.array(usual) * self.of(self._scenario.main, (len(usual),))
        crossed: Array = own * self.of(self._scenario.crossed, (n_kinds, len(usual)))
        return crossed

    def drift(self, weeks: int, places: int) -> Array:
        """Return what time changes in each place [weeks, places]."""
        steps = self._scenario.drift * self._rng.normal(size=(weeks, places))
        wandering: Array = np.exp(np.cumsum(steps, axis=0))
        return wandering


def _slot(half: int) -> str:
    day = "mercredi" if half // 2 == 2 else "semaine"  # noqa: PLR2004 - Monday is 0
    return f"{('matin', 'apres-midi')[half % 2]} {day}"


def _modes(weeks: int) -> NDArray[np.object_]:
    """Return the mode of each half-day: pairs and people alone in turn, a stand each fortnight."""
    modes = np.full((weeks, HALVES), ALONE, object)
    for week in range(weeks):
        modes[week, week % 2 :: 3] = PAIR
        modes[week, (week * 3) % HALVES] = STAND if week % 2 else modes[week, (week * 3) % HALVES]
    return modes
