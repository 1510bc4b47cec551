"""Sectors of few units: every partition weighed, so that the best is known to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.sectors.problem import FREE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.sectors.problem import Ground, Reals

MAX_UNITS = 14
EPS = 1e-9


def best_partition(ground: Ground, *, slack: float = 0.0) -> NDArray[np.int32] | None:
    """
    Return the best sectors [units] of at most 14 units, None when the locks allow none.

    Best: fewest pieces, then least deviation (all within `slack` are alike), then what moving
    costs, then most compact: by dynamic programming over the subsets of units.
    """
    from territory.analysis.sectors.kernel import (  # noqa: PLC0415 - loads numba
        all_pieces,
        best_parts,
    )

    bits = _bits(len(ground.load))
    pieces, away, allowed = all_pieces(_near(ground)), _deviations(ground, bits), _may(ground, bits)
    parts = best_parts(pieces, _like(away, allowed), allowed.astype(np.int32), ground.k, 0)
    if len(parts) == 0:
        return None
    limit = max(float(away[parts].max()), slack) + EPS
    near_best = (allowed & (away <= limit)).astype(np.int32)
    spread = ground.pull * _inertias(ground, bits) + _splits(ground, bits)
    cost = _like(spread, allowed)
    if ground.moving is not None:
        cost = cost + (bits @ ground.moving).T
    return _labels(best_parts(pieces, cost, near_best, ground.k, 1), ground)


def _like(values: Reals, allowed: NDArray[np.bool_]) -> Reals:
    return np.ascontiguousarray(np.broadcast_to(values, allowed.shape))


def _bits(n: int) -> NDArray[np.bool_]:
    return (np.arange(1 << n)[:, None] >> np.arange(n) & 1).astype(bool)


def _near(ground: Ground) -> NDArray[np.int64]:
    n = len(ground.load)
    return np.asarray(ground.links.astype(np.int64) @ (1 << np.arange(n, dtype=np.int64)))


def _deviations(ground: Ground, bits: NDArray[np.bool_]) -> Reals:
    if ground.load.sum() <= 0:
        return np.zeros(len(bits))
    return np.asarray(np.abs(bits @ ground.load / ground.share - 1.0))


def _allowed(ground: Ground, bits: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Keep the subsets that hold all the units locked in one sector, or none, and one at most."""
    fine, held = np.ones(len(bits), bool), np.zeros(len(bits), int)
    for s in np.unique(ground.locks[ground.locks >= 0]):
        inside = bits[:, ground.locks == s]
        fine &= inside.all(axis=1) | ~inside.any(axis=1)
        held += inside.any(axis=1)
    return fine & (held <= 1)


def _may(ground: Ground, bits: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the subsets each sector may be: one row for all when sectors are alike."""
    fine = _allowed(ground, bits)
    if ground.moving is None:
        return fine[None]
    rows = []
    for s in range(ground.k):
        mine = ground.locks == s
        others = (ground.locks != FREE) & ~mine
        rows.append(fine & ~bits[:, others].any(axis=1) & bits[:, mine].all(axis=1))
    return np.array(rows)


def _inertias(ground: Ground, bits: NDArray[np.bool_]) -> Reals:
    """Return the inertia of every subset, 0 for the empty one."""
    w = ground.weight
    if ground.minutes is not None:
        far = (bits * w) @ ground.minutes.T**2
        return np.asarray(far.min(axis=1, initial=np.inf, where=bits))
    at = ground.points - ground.points.mean(axis=0)
    mass = np.maximum(bits @ w, 1e-300)
    middle = (bits @ (w[:, None] * at)) / mass[:, None]
    spread = bits @ (w * (at**2).sum(axis=1)) - mass * (middle**2).sum(axis=1)
    return np.asarray(np.maximum(spread, 0.0))


def _splits(ground: Ground, bits: NDArray[np.bool_]) -> Reals:
    """Return what the bounds that each subset touches cost: their sum is that of the splits."""
    member = np.equal.outer(ground.group, np.unique(ground.group))
    return np.asarray(ground.split_cost * (bits @ member.astype(float) > 0).sum(axis=1))


def _labels(parts: NDArray[np.int64], ground: Ground) -> NDArray[np.int32]:
    n = len(ground.load)
    sector = np.full(n, -1, np.int32)
    if ground.moving is not None:
        for s, part in enumerate(parts):
            sector[(int(part) >> np.arange(n) & 1).astype(bool)] = s
        return sector
    masks = [(int(p) >> np.arange(n) & 1).astype(bool) for p in parts]
    owner = [max(ground.locks[m].max(), -1) for m in masks]
    free = iter(s for s in range(ground.k) if s not in owner)
    for mask, label in zip(masks, owner, strict=True):
        sector[mask] = label if label >= 0 else next(free)
    return sector
