"""The low-rate scan over walking windows: where contacts are missing, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.scan.chance import highest_by_chance
from territory.analysis.scan.leading import cover_scores, leading_windows
from territory.analysis.scan.poisson import monte_carlo_p
from territory.analysis.scan.posterior import Ratio, zone_ratio
from territory.analysis.scan.spread import Spread, scores, usual_spread
from territory.analysis.scan.windows import nearest_windows
from territory.errors import WrongUsage
from territory.model.walks import Walks, square_walks

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MissedZone:
    """
    A window where contacts are missing.

    `members` are sorted positions; `observed` and `expected` contacts; `usual` those expected once
    distance has taken its usual part; `score` how many standard deviations are missing; `p_value`
    the Monte Carlo rank of that score among what chance and distance give (NaN without
    simulations).
    """

    members: tuple[int, ...]
    observed: float
    expected: float
    usual: float
    deviation: float  # standard deviation of the count as the score takes it, contacts
    variance: float  # of the ratio, between cells and neighbourhoods
    score: float
    p_value: float
    ratio: Ratio


@dataclass(frozen=True, slots=True)
class MissedScan:
    """
    Zones, best first and disjoint, and what they are judged by.

    `cover` [n] is the best score of a window holding each place, `spread` what is usual, `chance`
    the score that chance and usual distance pass 5 times in 100 (inf without simulations).
    """

    zones: tuple[MissedZone, ...]
    cover: Array
    spread: Spread
    chance: float


def missed_scan(  # noqa: PLR0913 - data, then the settings of the windows
    observed: ArrayLike,
    expected: ArrayLike,
    minutes: ArrayLike | Walks,
    walk: ArrayLike,
    *,
    eligible: ArrayLike,
    lived: ArrayLike | None = None,
    limit_min: float = 12.0,
    max_share: float = 0.05,
    count: int = 12,
    simulations: int = 199,
    seed: int = 0,
) -> MissedScan:
    """
    Return the zones that miss contacts, by an overdispersed score on walking windows.

    `observed` [n] contacts (fractions allowed), `expected` [n] in proportion to the need (scaled
    here to the same sum, unless there is no contact at all), `minutes` [n, n] walks between cells,
    `walk` [n] those to the nearest permanence, inf = none. Only `eligible` [n] cells enter a
    window, of `limit_min` and `max_share` of the expected at most; what is usual is learnt from
    `lived` cells (default all). Score: (E - O) / sqrt(E + a sum e^2), `a` the variance between
    cells (windows: Kulldorff 1997, Tango and Takahashi 2005). Null: the same total with the
    variance of cells and of neighbourhoods and the usual decay with distance. Raises WrongUsage
    when lengths differ or a number is negative; unknown counts are nothing.
    """
    counts, norm = _numbers(observed, "comptage"), _numbers(expected, "attendu")
    far = np.asarray(walk, float).ravel()
    far = np.where(np.isnan(far), np.inf, far)
    may = np.asarray(eligible, bool).ravel()
    known = np.ones(len(counts), bool) if lived is None else np.asarray(lived, bool).ravel()
    if len({len(counts), len(norm), len(far), len(may), len(known)}) > 1:
        raise WrongUsage("Comptages, attendus, marche et carreaux n'ont pas la même longueur.")
    if counts.sum() > 0 and norm.sum() > 0:
        norm = norm * (counts.sum() / norm.sum())
    between = square_walks(minutes, len(counts))
    windows = nearest_windows(
        between, norm, eligible=may & (norm > 0), limit=limit_min, max_share=max_share
    )
    spread = usual_spread(counts, norm, between, far, windows, known & (norm > 0))
    table = scores(windows, counts, norm, spread)
    leading = leading_windows(windows, table, count=count)
    chance = np.zeros(0)
    if leading and simulations:
        chance = highest_by_chance(
            windows,
            norm,
            between,
            far,
            spread,
            total=round(float(counts.sum())),
            simulations=simulations,
            seed=seed,
        )
    usual = norm * spread.usual(far)
    zones = tuple(
        _zone(members, score, counts, norm, usual, spread, chance) for members, score in leading
    )
    passed = float(np.quantile(chance, 0.95, method="higher")) if len(chance) else np.inf
    return MissedScan(zones, cover_scores(windows, table), spread, passed)


def _numbers(values: ArrayLike, what: str) -> Array:
    numbers = np.asarray(values, float).ravel()
    if (numbers < 0).any() or np.isinf(numbers).any():
        raise WrongUsage(f"Un {what} est négatif ou infini.")
    known: Array = np.nan_to_num(numbers, nan=0.0)
    return known


def _zone(  # noqa: PLR0913, PLR0917 - one zone, all that is known
    members: NDArray[np.int32],
    score: float,
    counts: Array,
    norm: Array,
    usual: Array,
    spread: Spread,
    chance: Array,
) -> MissedZone:
    observed, expected = float(counts[members].sum()), float(norm[members].sum())
    varied = spread.of_cell * float((norm[members] ** 2).sum())
    variance = varied / max(expected, 1e-9) ** 2 + spread.of_zone
    return MissedZone(
        tuple(sorted(map(int, members))),
        observed,
        expected,
        float(usual[members].sum()),
        float(np.sqrt(expected + varied)),
        variance,
        score,
        monte_carlo_p(score, chance),
        zone_ratio(observed, expected, variance),
    )
