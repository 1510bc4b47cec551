"""One way to make zones of any cell score, so that scores are compared and not their zones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.simulate.answer import Answer, Claim
from territory.simulate.scenario import like_usual

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.simulate.truth import PlantedTruth

WINDOW_MIN = 9.0
FULL_SHARE, LEAST_SHARE = 0.02, 0.005  # of all need: where a zone stops, what it must hold
TOP_SHARE = 0.20  # zones are made of the best cells, holding that share of all need
LEAST_RESIDENTS = 11  # a cell with fewer is never shown (rule of Filosofi: 11 households)
ZONES = 6


def answer_of(
    score: NDArray[np.float64], truth: PlantedTruth, *, among: NDArray[np.bool_] | None = None
) -> Answer:
    """
    Return the answer that cell scores [n] make, high = underserved.

    Cells outside `among` (bool [n], the inhabited ones by default) come last. Zones: from the best
    free cell, the nearest free cells within 9 minutes on foot, of those best cells that hold 20 %
    of all need, until 2 % of it is in; six at most, of 0.5 % of the need at least (for 1,024
    cells: `like_usual`). Ties go by number of cell.
    """
    chosen = inhabited(truth) if among is None else among & inhabited(truth)
    floor = score[chosen].min() - 1.0 if chosen.any() else 0.0
    values = np.where(chosen, score, floor).astype(float)
    return Answer(values, tuple(_zones(values, chosen, truth)))


def inhabited(truth: PlantedTruth) -> NDArray[np.bool_]:
    """Return the cells of 11 residents at least, bool [n]."""
    return truth.residents >= LEAST_RESIDENTS


def _zones(
    values: NDArray[np.float64], chosen: NDArray[np.bool_], truth: PlantedTruth
) -> list[Claim]:
    share = truth.need / max(float(truth.need.sum()), 1e-300)
    order = np.argsort(-values, kind="stable")
    free = np.zeros(truth.n, bool)
    free[order[np.cumsum(share[order]) <= TOP_SHARE]] = True
    free &= chosen
    full, least = (like_usual(s, truth.n) for s in (FULL_SHARE, LEAST_SHARE))
    found: list[Claim] = []
    for seed in order:
        if free[seed] and len(found) < ZONES:
            near = np.argsort(truth.minutes[seed], kind="stable")
            near = near[(truth.minutes[seed][near] <= WINDOW_MIN) & free[near]]
            members = near[: np.searchsorted(np.cumsum(share[near]), full) + 1]
            if share[members].sum() >= least:
                free[members] = False
                found.append(Claim(members, float(values[seed])))
    return found
