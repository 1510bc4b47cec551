"""Product 48: who is near whom on foot, walked once for all the steps that ask."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.io.products import Computed, Product, step
from territory.model.walks import Walks
from territory.network.near import near_walks
from territory.pipeline.walking import FAR_MIN, network_of

if TYPE_CHECKING:
    from territory.network.near import Each
    from territory.pipeline.workspace import Territory

NAME = "48_near"
_CELL = "c:"
_ARRAYS = ("begins", "column", "minutes")


def near_step(territory: Territory, walk: Product, *, each: Each = map) -> Product:
    """
    48: minutes on foot from each cell to all that is within 25 minutes, as the arrays of `Walks`.

    Table ends: point, the names of the network in their order ("c:", "p:" or "a:" + id). `each`
    runs the tiles of a large network: `map`, or that of a pool. Raises WrongUsage when product 40
    does not hold together.
    """

    def compute() -> Computed:
        network = network_of(walk)
        ends = network.points.index
        walks = near_walks(network, _cells(ends), list(ends), limit_min=FAR_MIN, each=each)
        arrays = {name: getattr(walks, name) for name in _ARRAYS}
        return {"ends": pd.DataFrame({"point": ends.to_numpy(object)})}, {}, arrays

    settings = {"limit_min": FAR_MIN}
    return step(
        territory.processed, NAME, compute, settings=settings, inputs={walk.name: walk.digest}
    )


def walks_from_cells(near: Product, cells: pd.Index, kind: str, others: pd.Index) -> Walks:
    """
    Return the walks of 25 minutes at most from `cells` to `others`, under their own names.

    `kind` is the letter that tells them apart: c (cells), p (places), a (activities).
    """
    ends = pd.Index(near.tables["ends"]["point"])
    begins, column, minutes = (near.arrays[name] for name in _ARRAYS)
    known = Walks(
        pd.Index(_cells(ends)),
        ends,
        np.asarray(begins, np.int64),
        np.asarray(column, np.int32),
        np.asarray(minutes, np.float32),
    )
    found = known.among(_CELL + cells.astype(str), f"{kind}:" + others.astype(str))
    return replace(found, origins=cells, destinations=others)


def _cells(ends: pd.Index) -> list[str]:
    return [str(name) for name in ends if str(name).startswith(_CELL)]
