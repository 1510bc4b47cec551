"""Counts beside what they are compared with: read from whatever holds them, misfits refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.errors import WrongUsage

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

FAR_APART = 1e12  # beyond, the second of a pair is a rounding of 0


def counted(
    observed: ArrayLike, compared: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """
    Return both as numbers [n], NaN = unknown, and which pairs [n] can be compared.

    `observed` and `compared` [n] are lists, arrays or series; one number is an array of one. A pair
    is of use when both are finite, the second is above 0 and their ratio below FAR_APART. Raises
    WrongUsage when lengths differ or a number is negative.
    """
    counts, norm = _numbers(observed), _numbers(compared)
    if counts.shape != norm.shape:
        raise WrongUsage(
            f"Comptages et attendus n'ont pas la même longueur : {len(counts)} et {len(norm)}."
        )
    if (counts < 0).any() or (norm < 0).any():
        raise WrongUsage("Un comptage ou un attendu est négatif.")
    known = np.isfinite(counts) & np.isfinite(norm) & (norm > 0)
    with np.errstate(over="ignore"):
        known[known] = counts[known] / norm[known] < FAR_APART
    return counts, norm, known


def _numbers(values: ArrayLike) -> NDArray[np.float64]:
    flat = np.atleast_1d(np.asarray(values))
    if flat.ndim > 1:
        raise WrongUsage("Des comptages tiennent sur une seule dimension.")
    numbers = pd.Series(flat, dtype="object").astype("Float64" if len(flat) else "float64")
    found: NDArray[np.float64] = numbers.to_numpy(float, na_value=np.nan)
    return found
