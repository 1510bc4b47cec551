"""Points of the plane put in a line so that neighbours stay near each other (Morton 1966)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BITS = 16


def along_a_curve(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int32]:
    """Return the positions of points, metres [n], in the order of a Z-shaped curve: int32 [n]."""
    code = np.zeros(len(x), np.int64)
    for shift, axis in enumerate((x, y)):
        wide = max(float(np.ptp(axis)), 1e-9) if len(axis) else 1.0
        cell = ((axis - axis.min(initial=np.inf)) / wide * (2**_BITS - 1)).astype(np.int64)
        for bit in range(_BITS):
            code |= (cell >> bit & 1) << (2 * bit + shift)
    return np.argsort(code, kind="stable").astype(np.int32)
