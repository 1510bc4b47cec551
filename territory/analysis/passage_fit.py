"""
Passage calibrated on counts: what each purpose must be multiplied by to give the walkers counted.

Poisson counts whose mean is a sum of non-negative parts: iterated non-negative least squares, each
count weighted by one over its mean (Fisher scoring; McCullagh and Nelder 1989, identity link). A
weak pull to the common scale keeps a purpose that the counts hardly see from running away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy
from shapely import STRtree

from territory.errors import NoAnswer, WrongUsage
from territory.model.walking import PURPOSES, slots, walks_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from territory.model.walking import Purpose

LEAST = 10  # counts, and twice as many as purposes
_PULL = 1.0  # worth of the pull to the common scale: one standard error of one count
_ROUNDS = 50
_STILL = 1e-9


@dataclass(frozen=True, slots=True)
class PassageFit:
    """
    Coefficients by purpose, and how well counts left out are found again.

    `error` is the mean absolute error of each count guessed from all others, over the mean count
    (0.3 = 30 %); `error_scale_only` the same when only one common scale is fitted. `dispersion` is
    the variance of the counts beside that of Poisson (1 = as expected).
    """

    coefficients: Mapping[str, float]
    scale: float
    counts: int
    error: float
    error_scale_only: float
    dispersion: float


def counts_on_streets(
    counts: gpd.GeoDataFrame, segments: gpd.GeoDataFrame, *, max_m: float = 20.0
) -> pd.DataFrame:
    """
    Tie counts (points) to the nearest segment within `max_m` metres; others are left out.

    Both tables are in one metric CRS. Returns the counts with segment_id, without geometry.
    """
    ordered = segments.sort_index()
    lines = ordered.geometry.to_numpy()
    row, segment = STRtree(lines).query_nearest(
        counts.geometry.to_numpy(), max_distance=max_m, all_matches=True
    )
    order = np.lexsort((segment, row))
    rows, first = np.unique(row[order], return_index=True)
    tied = pd.DataFrame(counts.drop(columns="geometry")).iloc[rows]
    return tied.assign(segment_id=ordered.index.to_numpy()[segment[order][first]])


def counts_needed(loads: pd.DataFrame, *, purposes: Sequence[Purpose] = PURPOSES) -> int:
    """Return how many counts `fit_passage` asks for: ten, or two for each purpose with a place."""
    return max(LEAST, 2 * sum(p.code in loads for p in purposes))


def fit_passage(
    loads: pd.DataFrame, counts: pd.DataFrame, *, purposes: Sequence[Purpose] = PURPOSES
) -> PassageFit:
    """
    Fit the coefficients of purposes on counts of walkers, both directions together.

    `loads` is the table of `purpose_loads`; `counts` has segment_id, slot (code of
    `walking.slots`), walkers_per_hour and hours (how long was counted). Counts on a segment where
    nothing is known are left out. Raises NoAnswer (French) when fewer than ten, or than twice the
    purposes with any place, are left, or when the model sees nobody where they were made;
    WrongUsage for counts that are negative, not numbers, or of an unknown slot.
    """
    named = [p for p in purposes if p.code in loads]
    usable = _usable(loads, counts)
    needed = counts_needed(loads, purposes=purposes)
    if len(usable) < needed:
        raise NoAnswer(
            f"Il faut au moins {needed} comptages sur des rues du réseau pour caler le passage ; "
            f"il y en a {len(usable)}."
        )
    hours = usable["hours"].to_numpy(float)
    rates = _rates(loads, usable, named) * hours[:, None]
    seen = usable["walkers_per_hour"].to_numpy(float) * hours
    if rates.sum() <= 0 or seen.sum() <= 0:
        raise NoAnswer("Les comptages ne disent rien : personne n'y est compté, ou attendu.")
    beta = _fitted(rates, seen)
    mean = np.maximum(rates @ beta, _floor(seen))
    left = np.array([rates[i] @ _fitted(*_without(rates, seen, i)) for i in range(len(seen))])
    flat = np.array([rates[i].sum() * _scale(*_without(rates, seen, i)) for i in range(len(seen))])
    freedom = max(len(seen) - len(named), 1)
    return PassageFit(
        dict(zip([p.code for p in named], beta.tolist(), strict=True)),
        _scale(rates, seen),
        len(seen),
        float(np.abs(left - seen).sum() / seen.sum()),
        float(np.abs(flat - seen).sum() / seen.sum()),
        float(((seen - mean) ** 2 / mean).sum() / freedom),
    )


def _usable(loads: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Return the counts on known segments, in an order that does not depend on their rows."""
    numbers = counts[["walkers_per_hour", "hours"]].to_numpy(float)
    known_slots = {slot for slot, _, _ in slots()}
    if not np.isfinite(numbers).all() or (numbers < 0).any() or (numbers[:, 1] <= 0).any():
        raise WrongUsage("Comptages : un nombre de passants ou une durée n'est pas possible.")
    if not set(counts["slot"]) <= known_slots:
        raise WrongUsage("Comptages : une période n'est pas de celles de la semaine.")
    known = loads.dropna(how="all").index
    kept = counts[counts["segment_id"].isin(known)]
    return kept.sort_values(["segment_id", "slot", "walkers_per_hour", "hours"])


def _rates(
    loads: pd.DataFrame, counts: pd.DataFrame, named: Sequence[Purpose]
) -> NDArray[np.float64]:
    """Return walkers per hour expected of each purpose at each count, [counts, purposes]."""
    each = {s: [walks_in(p, d, t) / t.hours for p in named] for s, d, t in slots()}
    often = np.array([each[s] for s in counts["slot"]]).reshape(len(counts), len(named))
    known = loads.loc[counts["segment_id"], [p.code for p in named]]
    rates: NDArray[np.float64] = known.to_numpy(float) * often
    return rates


def _fitted(rates: NDArray[np.float64], seen: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the coefficients [purposes] of the largest likelihood, pulled to the common scale."""
    scale = _scale(rates, seen)
    if scale <= 0:
        return np.zeros(rates.shape[1])
    purposes = rates.shape[1]
    beta, least = np.full(purposes, scale), _floor(seen)
    pull = np.eye(purposes) * _PULL / scale
    for _ in range(_ROUNDS):
        weight = 1 / np.sqrt(np.maximum(rates @ beta, least))
        left = np.vstack([rates * weight[:, None], pull])
        right = np.concatenate([seen * weight, np.full(purposes, _PULL)])
        former, (beta, _) = beta, scipy.optimize.nnls(left, right)
        if np.abs(beta - former).max() <= _STILL * scale:
            break
    return np.asarray(beta, float)


def _scale(rates: NDArray[np.float64], seen: NDArray[np.float64]) -> float:
    total = float(rates.sum())
    return float(seen.sum()) / total if total > 0 else 0.0


def _floor(seen: NDArray[np.float64]) -> float:
    """Return the smallest mean a count may have: no count weighs without end."""
    return max(0.01 * float(seen.mean()), 1e-9)


def _without(
    rates: NDArray[np.float64], seen: NDArray[np.float64], i: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.delete(rates, i, axis=0), np.delete(seen, i)
