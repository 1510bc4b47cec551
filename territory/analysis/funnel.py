"""
Which territories are unlike the others beyond chance: limits around the overall rate.

Funnel plots (Spiegelhalter 2005, Statistics in Medicine 24): small territories have wide limits,
so that none is called last by chance alone. Counts and shares are compared on the scales where
their spread does not depend on their level (Anscombe 1948). When territories differ more than
chance says, limits are widened by the overdispersion of their z-scores, winsorised at 10 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.stats

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Reals = NDArray[np.float64]

Z_95, Z_998 = 1.959963984540054, 3.090232306167813
WINSORISED = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Funnel:
    """
    Territories around the rate of all: z-scores [n] and limits [n, 2] in the unit of the rate.

    `overall` is the rate of all, `spread` the overdispersion that limits were widened by (1: none).
    NaN where nothing is known.
    """

    overall: float
    spread: float
    z: Reals
    limits_95: Reals
    limits_998: Reals


def rate_funnel(counts: Reals, exposure: Reals) -> Funnel:
    """Return where `counts` [n] of events for `exposure` [n] > 0 stand around the rate of all."""
    known = np.isfinite(counts) & (exposure > 0)
    overall = _ratio(counts[known].sum(), exposure[known].sum())
    size = np.where(known, exposure, np.nan)
    middle = size * overall
    z = 2 * (np.sqrt(counts + 3 / 8) - np.sqrt(middle + 1 / 8))

    def at(steps: float) -> Reals:
        root = np.maximum(np.sqrt(middle + 1 / 8) + steps / 2, 0.0)
        limits: Reals = np.maximum(root**2 - 3 / 8, 0.0) / size
        return limits

    return _funnel(overall, z, at)


def share_funnel(parts: Reals, wholes: Reals) -> Funnel:
    """Return where shares `parts` / `wholes` [n] of people stand around the share of all."""
    known = np.isfinite(parts) & (wholes > 0)
    overall = _ratio(parts[known].sum(), wholes[known].sum())
    size = np.where(known, wholes, np.nan)
    near = np.clip((parts + 3 / 8) / (size + 3 / 4), 0.0, 1.0)
    middle, scale = np.arcsin(np.sqrt(overall)), 2 * np.sqrt(size + 1 / 2)
    z = scale * (np.arcsin(np.sqrt(near)) - middle)

    def at(steps: float) -> Reals:
        angle = np.clip(middle + steps / scale, 0.0, np.pi / 2)
        parts_at = np.sin(angle) ** 2 * (size + 3 / 4) - 3 / 8
        limits: Reals = np.clip(parts_at / size, 0.0, 1.0)
        return limits

    return _funnel(overall, z, at)


def poisson_limits(counts: Reals) -> Reals:
    """Return the exact limits [n, 2], 95 %, of the mean of Poisson counts (Garwood 1936)."""
    low = scipy.stats.gamma.ppf(0.025, np.where(counts > 0, counts, np.nan))
    return np.column_stack([
        np.where(counts > 0, low, np.where(np.isnan(counts), np.nan, 0.0)),
        scipy.stats.gamma.ppf(0.975, counts + 1),
    ])  # fmt: skip


def overdispersion(z: Reals) -> float:
    """
    Return the mean square of `z` [n] winsorised at 10 % on each side; 1 when it is no sign of more.

    A sign is a mean square above 1 + 2 sqrt(2 / n), as Spiegelhalter (2005) advises.
    """
    known = np.sort(z[np.isfinite(z)])
    if not len(known):
        return 1.0
    cut = int(len(known) * WINSORISED)
    kept = np.clip(known, known[cut], known[len(known) - 1 - cut])
    found = float((kept**2).mean())
    return found if found > 1 + 2 * np.sqrt(2 / len(known)) else 1.0


def _funnel(overall: float, z: Reals, at: Callable[[float], Reals]) -> Funnel:
    spread = overdispersion(z)
    wide = np.sqrt(spread)
    both = [np.column_stack([at(-s * wide), at(s * wide)]) for s in (Z_95, Z_998)]
    return Funnel(overall, spread, z / wide, both[0], both[1])


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")
