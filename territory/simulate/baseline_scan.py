"""The textbook low-rate scan over walking windows: Poisson likelihood, Poisson null."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.simulate.answer import Answer, Claim
from territory.simulate.zone_builder import ZONES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.simulate.truth import PlantedTruth

WINDOW_MIN, WINDOW_SHARE = 12.0, 0.05  # of all expected contacts
SIMULATIONS, BLOCK = 199, 20


@dataclass(frozen=True, slots=True, eq=False)
class _Windows:
    """Cells by walk around each centre, [centres, k], and how many of them each centre may take."""

    cells: NDArray[np.int64]
    allowed: NDArray[np.bool_]
    expected: NDArray[np.float64]


def poisson_scan_gated(truth: PlantedTruth, among: NDArray[np.bool_]) -> Answer:
    """
    Return cell scores [n] (the best window that holds the cell) and windows that do not overlap.

    Windows are the nearest cells of `among` (bool [n]) within 12 minutes on foot, of 5 % of the
    expected contacts at most; p-values by 199 multinomial draws. Source: Kulldorff 1997.
    """
    met = truth.contacts.astype(float)
    total = float(met.sum())
    expected = truth.need * total / max(float(truth.need.sum()), 1e-300)
    if not among.any() or not total:
        return Answer(np.zeros(truth.n))
    windows = _windows(truth, among, expected)
    ratio = _ratios(windows, met[None], total)[0]
    highest = _null(windows, expected, total)
    zones = [
        Claim(cells, value, p_value=(1 + int((highest >= value).sum())) / (SIMULATIONS + 1))
        for cells, value in _apart(windows, ratio, truth.n)
    ]
    return Answer(_cover(windows, ratio, truth.n), tuple(zones))


def _windows(
    truth: PlantedTruth, among: NDArray[np.bool_], expected: NDArray[np.float64]
) -> _Windows:
    own = np.flatnonzero(among)
    order = np.argsort(truth.minutes[np.ix_(own, own)], axis=1, kind="stable")
    cells, walks = own[order], np.sort(truth.minutes[np.ix_(own, own)], axis=1)
    held = np.cumsum(expected[cells], axis=1)
    allowed = (walks <= WINDOW_MIN) & (held <= WINDOW_SHARE * expected.sum())
    most = max(int(allowed.sum(axis=1).max()), 1)
    return _Windows(cells[:, :most], allowed[:, :most], held[:, :most])


def _ratios(windows: _Windows, counts: NDArray[np.float64], total: float) -> NDArray[np.float64]:
    """Return the log likelihood ratio of every window for rows of counts: [rows, centres, k]."""
    inside = np.cumsum(counts[:, windows.cells], axis=2)
    expected = np.maximum(windows.expected, 1e-12)
    rest, rest_expected = total - inside, np.maximum(total - expected, 1e-12)
    part = np.where(inside > 0, inside * np.log(np.maximum(inside, 1e-12) / expected), 0.0)
    part = part + np.where(rest > 0, rest * np.log(np.maximum(rest, 1e-12) / rest_expected), 0.0)
    return np.where(windows.allowed & (inside < windows.expected), part, 0.0)


def _null(windows: _Windows, expected: NDArray[np.float64], total: float) -> NDArray[np.float64]:
    rng = np.random.default_rng(0)
    draws = rng.multinomial(int(total), expected / expected.sum(), SIMULATIONS).astype(float)
    blocks = [draws[k : k + BLOCK] for k in range(0, SIMULATIONS, BLOCK)]
    return np.concatenate([_ratios(windows, b, total).max(axis=(1, 2)) for b in blocks])


def _apart(
    windows: _Windows, ratio: NDArray[np.float64], n: int
) -> list[tuple[NDArray[np.int64], float]]:
    """Return the best windows that share no cell, best first."""
    taken = np.zeros(n, bool)
    found: list[tuple[NDArray[np.int64], float]] = []
    for flat in np.argsort(-ratio, axis=None, kind="stable"):
        centre, last = divmod(int(flat), ratio.shape[1])
        cells = windows.cells[centre, : last + 1]
        if ratio[centre, last] <= 0 or len(found) == 2 * ZONES:
            break
        if not taken[cells].any():
            taken[cells] = True
            found.append((cells, float(ratio[centre, last])))
    return found


def _cover(windows: _Windows, ratio: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    best_from = np.maximum.accumulate(ratio[:, ::-1], axis=1)[:, ::-1]
    cover = np.full(n, -1.0)  # below any window: cells that no window may hold
    np.maximum.at(cover, windows.cells, np.where(windows.allowed, best_from, -1.0))
    return cover
