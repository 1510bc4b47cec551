"""Compiled chance: a generator whose state is ours, the same in whatever thread it runs."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from territory.network.hierarchy.kernel import inner

Dice: TypeAlias = NDArray[np.uint64]  # [1]
RIGHT, LEFT, AGAIN, TOP = np.uint64(12), np.uint64(25), np.uint64(27), np.uint64(11)
TIMES = np.uint64(2685821657736338717)


@inner
def drawn(dice: Dice) -> float:
    """Return the next number of [0, 1): xorshift64* (Vigna 2016)."""
    x = dice[0]
    x ^= x >> RIGHT
    x ^= x << LEFT
    x ^= x >> AGAIN
    dice[0] = x
    return float((x * TIMES) >> TOP) * 2.0**-53


@inner
def below(n: int, dice: Dice) -> int:
    """Return the next whole number of 0..n-1."""
    return int(drawn(dice) * n)
