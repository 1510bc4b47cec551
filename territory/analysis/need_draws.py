"""How sure the estimated residents of a cell are: draws, intervals, percentiles of every draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import ArrayLike, NDArray

LEVEL = 0.9  # of every interval
SAMPLED = 0.4  # of dwellings the census meets in five years, in communes of 10,000 people or more
# Sd of log(true / allocated), measured by benchmarks/allocation.py: census unemployed of
# groups of three IRIS given back to their IRIS (859 IRIS of Paris, 21 of Bondy), sampling removed.
WITH_POVERTY, WITHOUT_POVERTY = 0.17, 0.20


@dataclass(frozen=True, slots=True, eq=False)
class Allocated:
    """
    People of areas shared between cells: what `draw_allocated` draws around.

    `area` [n] is the position of the cell's area, -1 without; `people` [n] its share, NaN unknown;
    `shape` [areas] that of the gamma posterior of the area's people (`gamma_shapes`); `log_sd` [n]
    the error of the sharing.
    """

    area: NDArray[np.int64]
    people: NDArray[np.float64]
    shape: NDArray[np.float64]
    log_sd: NDArray[np.float64]


def draw_allocated(given: Allocated, draws: int, random: Generator) -> NDArray[np.float64]:
    """
    Return draws [draws, n] of the people of each cell; NaN where the area is unknown.

    Each draw takes the people of an area from its gamma posterior, shifts the shares of its cells
    by a log-normal error, then deals the people out between them (Dirichlet: the continuous twin of
    a multinomial). The cells of an area thus always add up to what the draw gave the area.
    """
    found = np.full((draws, len(given.area)), np.nan)
    known = np.flatnonzero((given.area >= 0) & np.isfinite(given.people))
    if not len(known):
        return found
    order = known[np.argsort(given.area[known], kind="stable")]
    areas, starts, sizes = np.unique(given.area[order], return_index=True, return_counts=True)
    people = given.people[order]
    mass = np.add.reduceat(people, starts)
    shape = np.maximum(given.shape[areas], 0.0)
    factor = _mean_one(shape, draws, random)
    shifted = people * np.exp(given.log_sd[order] * random.standard_normal((draws, len(order))))
    drawn = mass * factor
    parts = random.standard_gamma(_scaled(shifted, drawn, starts, sizes))
    found[:, order] = _scaled(parts, drawn, starts, sizes)
    return found


def draw_shares(
    hits: ArrayLike,
    of: ArrayLike,
    people: ArrayLike,
    log_sd: ArrayLike,
    draws: int,
    random: Generator,
) -> NDArray[np.float64]:
    """
    Return draws [draws, n] of `people` x hits / of; NaN where a figure is unknown.

    `hits` among `of` (households) give a Beta posterior (Jeffreys 1946) whose mean is moved to the
    plain share, the log-normal error has mean 1, and people are dealt out one by one.
    """
    hits, of, people = (np.asarray(v, float) for v in (hits, of, people))
    found = np.full((draws, len(hits)), np.nan)
    known = np.isfinite(hits) & np.isfinite(of) & (of > 0) & np.isfinite(people)
    k, m, sd = (
        np.clip(hits[known], 0, of[known]),
        of[known],
        np.broadcast_to(log_sd, hits.shape)[known],
    )
    share = random.beta(k + 0.5, m - k + 0.5, size=(draws, len(k)))
    error = np.exp(sd * random.standard_normal((draws, len(k))) - sd**2 / 2)
    middle = (k + 0.5) / (m + 1)
    mean = people[known] * (k / m) * (share / middle) * error
    found[:, known] = random.standard_gamma(mean)
    return found


def interval(draws: NDArray[np.float64], middle: ArrayLike) -> tuple[NDArray[np.float64], ...]:
    """
    Return low and high [n] of the LEVEL interval of draws [draws, n], always around `middle` [n].

    NaN where `middle` or a draw is unknown.
    """
    centre = np.asarray(middle, float)
    tails = (1 - LEVEL) / 2
    low, high = np.quantile(draws, [tails, 1 - tails], axis=0) if draws.size else (centre, centre)
    return np.minimum(low, centre), np.maximum(high, centre)


def percentile_draws(draws: NDArray[np.float64], area_m2: ArrayLike) -> NDArray[np.float64]:
    """
    Return the percentile (0-100) of each cell's density in each draw [draws, n]; NaN if unknown.

    Cells drawn at 0 share the middle of their places, as they do in `Series.rank`.
    """
    found = np.full(draws.shape, np.nan)
    known = np.isfinite(draws).all(axis=0)
    density = draws[:, known] / np.asarray(area_m2, float)[known]
    n = density.shape[1]
    if not n or not len(draws):
        return found
    order = np.argsort(density, axis=1)
    places = np.empty_like(density)
    np.put_along_axis(places, order, np.arange(1.0, n + 1)[None, :], axis=1)
    empty = (density <= 0).sum(axis=1, keepdims=True)
    found[:, known] = 100 / n * np.where(density <= 0, (empty + 1) / 2, places)
    return found


def _mean_one(shape: NDArray[np.float64], draws: int, random: Generator) -> NDArray[np.float64]:
    """Return gamma draws [draws, n] of mean 1; exactly 1 where the shape is not a usable one."""
    usable = np.isfinite(shape) & (shape > 0)
    safe = np.where(usable, shape, 1.0)
    drawn = random.standard_gamma(safe, size=(draws, len(shape))) / safe
    return np.where(usable, drawn, 1.0)


def _scaled(
    parts: NDArray[np.float64],
    wanted: NDArray[np.float64],
    starts: NDArray[np.int64],
    sizes: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return parts [draws, n] scaled so that each run of cells adds up to `wanted` [, runs]."""
    sums = np.add.reduceat(parts, starts, axis=1)
    factor = np.divide(wanted, sums, out=np.zeros_like(sums), where=sums > 0)
    scaled: NDArray[np.float64] = parts * np.repeat(factor, sizes, axis=1)
    return scaled
