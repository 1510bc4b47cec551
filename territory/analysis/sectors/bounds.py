"""Communes or territorial units that sectors should not cut: never, or at a price."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.sectors.compact import whole_inertia
from territory.analysis.sectors.pieces import blocks, each_alone, merge, posts_of
from territory.analysis.sectors.problem import FREE
from territory.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike, NDArray

    from territory.analysis.sectors.problem import Ground

    Sectors = NDArray[np.int32]

NEARLY = 1e4  # the price of a split, in sectors, when bounds that must hold cannot all


def groups(bounds: Sequence[object] | ArrayLike | None, n: int) -> Sectors:
    """
    Return the bound of each unit as a number [units]; units without (None, NA) are one each.

    Raises WrongUsage when there is not one label a unit.
    """
    if bounds is None:
        return np.arange(n, dtype=np.int32)
    labels = pd.Series(list(bounds), dtype=object)  # type: ignore[arg-type]
    if len(labels) != n:
        raise WrongUsage("« bounds » : une limite par unité est attendue.")
    codes = pd.factorize(labels)[0]
    alone = codes < 0
    codes[alone] = codes.max(initial=-1) + 1 + np.arange(int(alone.sum()))
    return np.asarray(codes, np.int32)


def priced(ground: Ground, strength: float) -> Ground:
    """
    Return the ground with a price on each split, from `strength` 0 (none) to 1 (nearly never).

    At one half a split costs what one sector of an even cut spreads: 1 / k^2 of the whole inertia.
    """
    odds = NEARLY if strength >= 1 else strength / (1 - strength)
    return replace(ground, split_cost=odds * whole_inertia(ground) / ground.k**2)


def unsplit(ground: Ground, solve: Callable[[Ground], Sectors]) -> Sectors | None:
    """
    Return sectors [units] that cut no bound, or as few as can be; None when locks forbid both.

    As many bounds as sectors or more: whole bounds are shared. Fewer: every sector is inside one
    bound, so that there are no more splits than missing bounds. A bound locked in two sectors is
    left to be cut.
    """
    block = blocks(ground, ground.group.astype(np.int64))
    merged = merge(ground, block)
    used = len(np.unique(merged.locks[merged.locks >= 0]))
    if used + int((merged.locks == FREE).sum()) >= ground.k:
        return solve(merged)[block]
    posts = posts_of(ground, block, len(merged.load))
    return None if posts is None else each_alone(ground, block, posts, solve)
