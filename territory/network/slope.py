"""
How much longer a street takes because it goes up or down.

Tobler's hiking function (1993): 6 exp(-3.5 |slope + 0.05|) km/h, fastest on a gentle descent. Used
as a factor of the time on the flat, so that each keeps their own speed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.model.heights import HeightGrid

_STEEPNESS, _EASIEST = 3.5, 0.05  # of Tobler
_STEEPEST = 0.6  # no street is steeper: beyond, the grid shows a wall, a bridge or a quarry
_STRIDE_M = 20.0  # heights are compared this far apart at least: a finer grid is noise underfoot


def slope_factors(
    lines: NDArray[np.object_], heights: HeightGrid
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Return how many times its flat time each line takes, walked forth and walked back: [lines].

    `lines` are LineStrings in the metric CRS of the grid. Each is cut into equal strides of about
    20 m, or of a cell where the grid is coarser; heights between the middles of cells are bilinear.
    1 where no height is known at one of its ends, and for lines of no length.
    """
    length = shapely.length(lines)
    stride = max(_STRIDE_M, heights.cell_m)
    strides = np.maximum(np.rint(length / stride), 1).astype(int)
    line = np.repeat(np.arange(len(lines)), strides + 1)
    first = np.concatenate([[0], np.cumsum(strides + 1)])[:-1]
    step = np.arange(len(line)) - np.repeat(first, strides + 1)
    along = step * (length / strides)[line]
    spots = shapely.get_coordinates(shapely.line_interpolate_point(lines[line], along))
    height = _heights_at(spots, heights)
    inner = line[1:] == line[:-1]
    run = np.maximum((length / strides)[line[1:]], 1e-6)
    slope = np.clip(np.diff(height) / run, -_STEEPEST, _STEEPEST)
    forth, back = _factor(slope), _factor(-slope)
    known = np.isfinite(slope)
    forth, back = np.where(known, forth, 1.0), np.where(known, back, 1.0)
    owner = line[1:][inner]
    return (
        np.bincount(owner, forth[inner], len(lines)) / strides,
        np.bincount(owner, back[inner], len(lines)) / strides,
    )


def _factor(slope: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the time of a slope over that of the flat."""
    factor: NDArray[np.float64] = np.exp(_STEEPNESS * (np.abs(slope + _EASIEST) - _EASIEST))
    return factor


def _heights_at(spots: NDArray[np.float64], grid: HeightGrid) -> NDArray[np.float64]:
    """Return the heights at `spots` [k, 2], metres; NaN outside the grid or by unknown cells."""
    rows = (grid.top - spots[:, 1]) / grid.cell_m - 0.5
    columns = (spots[:, 0] - grid.left) / grid.cell_m - 0.5
    heights: NDArray[np.float64] = scipy.ndimage.map_coordinates(
        grid.metres.astype(float), [rows, columns], order=1, mode="constant", cval=np.nan
    )
    return heights
