"""What a hierarchy is: its shape, its lengths, and the arrays by which it is stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """
    What does not depend on the times: order and shortcuts of a graph.

    `rank` [n] of each node; `rows` [n + 1], `heads` [arcs] the upward arcs in ranks, heads
    ascending; `parent` [n] the lowest head of each rank, -1 at a root.
    """

    rank: NDArray[np.int32]
    rows: NDArray[np.int64]
    heads: NDArray[np.int32]
    parent: NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Hierarchy:
    """
    The arcs that times need, in ranks: every shortest walk goes up some arcs, then down others.

    `rank` [n] of each node; `parent` [n] in the elimination tree; `rows` [n + 1], `heads` upward
    arcs, ascending. Per arc, walked `up` and `down`: seconds, the rank it leads `over` (-1: a
    street), and whole units of time, `per_s` a second (int32: exact sums, fast loops). Up and down
    are the same arrays when streets are walked both ways alike.
    """

    rank: NDArray[np.int32]
    parent: NDArray[np.int32]
    rows: NDArray[np.int64]
    heads: NDArray[np.int32]
    up_s: NDArray[np.float64]
    down_s: NDArray[np.float64]
    up_over: NDArray[np.int32]
    down_over: NDArray[np.int32]
    up_units: NDArray[np.int32]
    down_units: NDArray[np.int32]
    per_s: float

    @property
    def n(self) -> int:
        """Number of nodes."""
        return len(self.rank)

    @property
    def turned(self) -> Hierarchy:
        """The same streets, each walked the other way."""
        return replace(
            self,
            up_s=self.down_s,
            down_s=self.up_s,
            up_over=self.down_over,
            down_over=self.up_over,
            up_units=self.down_units,
            down_units=self.up_units,
        )


_UP = ("up_s", "up_over", "up_units")
_DOWN = ("down_s", "down_over", "down_units")


def stored_arrays(shape: Shape, hierarchy: Hierarchy) -> dict[str, NDArray[np.generic]]:
    """Return a hierarchy and its shape as arrays by name ([n], [n + 1] or [arcs]), to store."""
    arrays: dict[str, NDArray[np.generic]] = {
        "rank": shape.rank,
        "parent": shape.parent,
        "shape_rows": shape.rows,
        "shape_heads": shape.heads,
        "rows": hierarchy.rows,
        "heads": hierarchy.heads,
        "per_s": np.array([hierarchy.per_s]),
    }
    alike = hierarchy.down_s is hierarchy.up_s
    names = _UP if alike else (*_UP, *_DOWN)
    return arrays | {name: getattr(hierarchy, name) for name in names}


def from_arrays(arrays: Mapping[str, NDArray[np.generic]]) -> tuple[Shape, Hierarchy]:
    """
    Return the shape and the hierarchy of `stored_arrays` ([n], [n + 1], [arcs]), not copied.

    Raises KeyError when one is missing.
    """
    held = {name: np.asarray(array) for name, array in arrays.items()}
    rank, parent = held["rank"], held["parent"]
    down = _DOWN if "down_s" in held else _UP
    lengths = dict(zip((*_UP, *_DOWN), (held[name] for name in (*_UP, *down)), strict=True))
    hierarchy = Hierarchy(
        rank=rank,
        parent=parent,
        rows=held["rows"],
        heads=held["heads"],
        per_s=float(held["per_s"][0]),
        **lengths,
    )
    return Shape(rank, held["shape_rows"], held["shape_heads"], parent), hierarchy
