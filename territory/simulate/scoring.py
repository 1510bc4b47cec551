"""How much of the planted truth an answer finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import ArrayLike, NDArray

    from territory.simulate.answer import Answer, Claim
    from territory.simulate.truth import PlantedTruth

HALF = 0.5  # a planted zone is hit when that share of its need is covered
NOMINAL = 0.05


@dataclass(frozen=True, slots=True)
class Found:
    """Precision and recall weighted by need, share of planted zones hit; NaN: no case."""

    precision: float
    recall: float
    hit: float


@dataclass(frozen=True, slots=True)
class Score:
    """
    All figures of one answer.

    `auc` and `average_precision` of the cell scores, weighted by need; `top4`, `top6`: the first
    zones; `established`: zones with p <= 0.05; `any_claim`: there is one; `tested`: no zone
    lacks a p-value; `calibration`: of each zone with a posterior, (posterior, share planted).
    """

    auc: float
    average_precision: float
    top4: Found
    top6: Found
    established: Found
    any_claim: bool
    tested: bool
    calibration: tuple[tuple[float, float], ...]


def score_answer(answer: Answer, truth: PlantedTruth) -> Score:
    """Return the figures of an answer; raises WrongUsage for scores of another length or NaN."""
    values = np.asarray(answer.cell_score, float)
    if values.shape != (truth.n,) or np.isnan(values).any():
        raise WrongUsage(f"Simulation : il faut un score pour chacun des {truth.n} carreaux.")
    sure = [z for z in answer.zones if z.p_value is not None and z.p_value <= NOMINAL]
    stated = [(z.posterior, z) for z in answer.zones if z.posterior is not None]
    return Score(
        auc=weighted_auc(values, truth.planted, truth.need),
        average_precision=weighted_average_precision(values, truth.planted, truth.need),
        top4=found_by(answer.zones[:4], truth),
        top6=found_by(answer.zones[:6], truth),
        established=found_by(sure, truth),
        any_claim=bool(sure),
        tested=all(z.p_value is not None for z in answer.zones),
        calibration=tuple((float(p), planted_share(z, truth)) for p, z in stated),
    )


def weighted_auc(score: ArrayLike, inside: ArrayLike, weight: ArrayLike) -> float:
    """
    Return P(score inside > score outside) for cells drawn by `weight`, ties counting one half.

    `score`, `inside` (bool) and `weight` are [n]; NaN when nothing is inside, or nothing outside.
    """
    yes, no = _by_score(score, inside, weight)
    if not yes.sum() or not no.sum():
        return float("nan")
    below = np.cumsum(no[::-1])[::-1] - no  # weight outside of strictly lower scores
    return float((yes * (below + no / 2)).sum() / (yes.sum() * no.sum()))


def weighted_average_precision(score: ArrayLike, inside: ArrayLike, weight: ArrayLike) -> float:
    """
    Return the mean precision over the steps of recall, weighted; tied scores make one step.

    `score`, `inside` (bool) and `weight` are [n]; NaN when nothing is inside.
    """
    yes, no = _by_score(score, inside, weight)
    if not yes.sum():
        return float("nan")
    caught = np.cumsum(yes)
    everything = caught + np.cumsum(no)
    precision = np.divide(caught, everything, out=np.zeros(len(yes)), where=everything > 0)
    return float((precision * yes).sum() / yes.sum())


def found_by(zones: Sequence[Claim], truth: PlantedTruth) -> Found:
    """Return what the zones together find of the planted ones; NaN where there is no case."""
    covered = np.zeros(truth.n, bool)
    for zone in zones:
        covered[np.asarray(zone.cells, np.int64)] = True
    need, planted = truth.need, truth.planted
    both, claimed = need[covered & planted].sum(), need[covered].sum()
    share = [_share(need, covered & own, own) for own in _each_zone(truth)]
    return Found(
        precision=float(both / claimed) if claimed else float("nan"),
        recall=_share(need, covered & planted, planted),
        hit=float(np.mean([s >= HALF for s in share])) if share else float("nan"),
    )


def planted_share(zone: Claim, truth: PlantedTruth) -> float:
    """Return the share of the need of a claimed zone that lies in planted zones."""
    claimed = np.zeros(truth.n, bool)
    claimed[np.asarray(zone.cells, np.int64)] = True
    return _share(truth.need, claimed & truth.planted, claimed)


def _each_zone(truth: PlantedTruth) -> Iterable[NDArray[np.bool_]]:
    return [truth.zone == k for k in np.unique(truth.zone[truth.planted])]


def _share(need: NDArray[np.float64], part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float:
    total = float(need[whole].sum())
    return float(need[part].sum()) / total if total else float("nan")


def _by_score(
    score: ArrayLike, inside: ArrayLike, weight: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the weight inside and outside at each distinct score, highest first."""
    values, step = np.unique(-np.asarray(score, float), return_inverse=True)
    heavy, yes = np.asarray(weight, float), np.asarray(inside, bool)
    within, outside = np.zeros(len(values)), np.zeros(len(values))
    np.add.at(within, step, np.where(yes, heavy, 0.0))
    np.add.at(outside, step, np.where(yes, 0.0, heavy))
    return within, outside
