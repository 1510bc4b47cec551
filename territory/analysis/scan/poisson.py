"""The Poisson scan of Kulldorff (1997), by SaTScan's definitions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.scan.kernel import BOTH, HIGH, LOW, highest_scores, window_scores
from territory.analysis.scan.leading import leading_windows
from territory.analysis.scan.windows import Windows, nearest_windows
from territory.errors import WrongUsage

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

LAWS = {"high": HIGH, "low": LOW, "both": BOTH}
_BATCH = 100  # draws held at the same time


@dataclass(frozen=True, slots=True)
class Cluster:
    """
    A window whose rate departs from the rest.

    `members` are sorted positions, `cases` and `expected` counts, `llr` the log-likelihood ratio,
    `p_value` its Monte Carlo rank (NaN without simulations).
    """

    members: tuple[int, ...]
    cases: float
    expected: float
    llr: float
    p_value: float


def poisson_scan(  # noqa: PLR0913 - the contract
    cases: ArrayLike,
    exposure: ArrayLike,
    distances: ArrayLike,
    *,
    rates: str = "high",
    max_share: float = 0.5,
    simulations: int = 999,
    seed: int = 0,
) -> tuple[Cluster, ...]:
    """
    Return the clusters of high (low, both) rates, most likely first, sharing no place.

    `cases` and `exposure` [n] (people at risk, or expected counts), `distances` [n, n] of any kind,
    inf = out of reach. A window is a place and its nearest ones, up to `max_share` of the exposure.
    p-values compare each with the best window of `simulations` draws given the total (Kulldorff
    1997; SaTScan). Raises WrongUsage when shapes or `rates` do not fit, a number is negative or
    unknown, cases are not whole, or exist where nobody is exposed.
    """
    counts, people = checked_counts(cases, exposure, rates, simulations)
    windows = nearest_windows(distances, people, max_share=max_share)
    return clusters_among(windows, counts, people, rates, simulations=simulations, seed=seed)


def clusters_among(
    windows: Windows,
    counts: NDArray[np.float64],
    people: NDArray[np.float64],
    rates: str,
    *,
    simulations: int,
    seed: int,
) -> tuple[Cluster, ...]:
    """Return the clusters among `windows`, best first, disjoint; data [n] of `checked_counts`."""
    if not counts.sum():
        return ()
    expected, law = people * counts.sum() / people.sum(), LAWS[rates]
    shape = (windows.order, windows.sizes, windows.closes)
    scores = window_scores(*shape, counts, expected, law, 0.0)
    chance = _highest(windows, expected, int(counts.sum()), law, simulations, seed)
    return tuple(
        Cluster(
            tuple(sorted(map(int, members))),
            float(counts[members].sum()),
            float(expected[members].sum()),
            llr,
            monte_carlo_p(llr, chance),
        )
        for members, llr in leading_windows(windows, scores)
    )


def monte_carlo_p(score: float, chance: NDArray[np.float64]) -> float:
    """Return the rank of `score` among itself and `chance` [draws], as a share; NaN without any."""
    return (
        float((1 + (chance >= score - 1e-9).sum()) / (1 + len(chance))) if len(chance) else np.nan
    )


def checked_counts(
    cases: ArrayLike, exposure: ArrayLike, rates: str, simulations: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return cases and exposure as numbers [n]; raises WrongUsage as `poisson_scan`."""
    counts, people = np.asarray(cases, float).ravel(), np.asarray(exposure, float).ravel()
    if rates not in LAWS:
        raise WrongUsage(f"Les taux cherchés « {rates} » n'existent pas : high, low ou both.")
    if counts.shape != people.shape:
        raise WrongUsage(f"{len(counts)} comptages pour {len(people)} expositions.")
    if not (np.isfinite(counts).all() and np.isfinite(people).all()):
        raise WrongUsage("Un comptage ou une exposition est inconnu.")
    if (counts < 0).any() or (people < 0).any() or (counts != np.round(counts)).any():
        raise WrongUsage(
            "Un comptage ou une exposition est négatif, ou un comptage n'est pas entier."
        )
    if (counts[people == 0] > 0).any():
        raise WrongUsage("Des cas sont comptés là où personne n'est exposé.")
    if simulations < 0:
        raise WrongUsage("Le nombre de simulations est négatif.")
    return counts, people


def _highest(
    windows: Windows,
    expected: NDArray[np.float64],
    total: int,
    law: int,
    simulations: int,
    seed: int,
) -> NDArray[np.float64]:
    random, chances = np.random.default_rng(seed), expected / expected.sum()
    parts = [np.zeros(0)]
    shape = (windows.order, windows.sizes, windows.closes)
    for start in range(0, simulations, _BATCH):
        draws = random.multinomial(total, chances, size=min(_BATCH, simulations - start))
        parts.append(highest_scores(*shape, draws.astype(np.int32), expected, law, 0.0))
    return np.concatenate(parts)
