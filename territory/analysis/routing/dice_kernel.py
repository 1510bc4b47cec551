"""Compiled chance: a generator whose state is ours, the same in whatever thread it runs."""

from __future__ import annotations

from territory.analysis.routing.week_layout import DICE, Week
from territory.network.hierarchy.kernel import inner, pasted

TIMES = 2685821657736338717
TOP_52, TOP_37, TOP_53 = 2**52 - 1, 2**37 - 1, 2**53 - 1  # what a shift to the right leaves


@pasted
def drawn(w: Week) -> float:
    """Return the next number of [0, 1): xorshift64* (Vigna 2016), on a signed integer."""
    x = w.total[DICE]
    x ^= (x >> 12) & TOP_52
    x ^= x << 25
    x ^= (x >> 27) & TOP_37
    w.total[DICE] = x
    return float(((x * TIMES) >> 11) & TOP_53) * 2.0**-53


@inner
def below(n: int, w: Week) -> int:
    """Return the next whole number of 0..n-1."""
    return int(drawn(w) * n)
