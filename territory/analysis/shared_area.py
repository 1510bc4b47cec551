"""How much of many shapes lies in each of some grounds, however large these are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray


def shared_area(
    grounds: NDArray[np.object_], shapes: NDArray[np.object_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """
    Return positions of `grounds` and of the `shapes` that each meets, and the area shared [pairs].

    Polygons in one metric CRS, area in square metres, 0 for a mere touch; pairs by ground. A shape
    inside is not cut: the whole outline of a large ground would be gone through for each.
    """
    tree = shapely.STRtree(shapes)
    ground, shape = tree.query(grounds, predicate="intersects")
    area = shapely.area(shapes[shape])
    apart = [tree.query(grounds, predicate=name) for name in ("covers", "touches")]
    whole, edge = (np.isin(_key(ground, shape), _key(*pairs)) for pairs in apart)
    area[edge] = 0.0
    cut = ~whole & ~edge
    area[cut] = shapely.area(shapely.intersection(grounds[ground[cut]], shapes[shape[cut]]))
    return ground, shape, area


def _key(ground: NDArray[np.int64], shape: NDArray[np.int64]) -> NDArray[np.int64]:
    return ground.astype(np.int64) << 32 | shape
