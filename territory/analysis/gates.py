"""Which cells may be called underserved at all: lived in, in need, and far from a permanence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_FEW_RESIDENTS = 11.0  # fewer: Insee's rule, the figures of the cell are not its own
_STEP_MIN, _STEP_LEVEL = 1.0, 0.07  # how softly a gate opens: minutes, share of the mean rate


def lived_in(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which cells [n] of `table` (residents, target) have people to learn from."""
    people = table["residents"].astype(float).fillna(0.0).to_numpy()
    outside = _column(table, "outside_households", 0.0)
    lived: NDArray[np.bool_] = (people >= _FEW_RESIDENTS) | (outside > 0)
    return lived


def need_level(table: pd.DataFrame) -> NDArray[np.float64]:
    """
    Return the rate of need of each cell [n] over that of the territory; 1 is the mean.

    Rate: target over residents and people outside tax households. 0 where nobody lives or the
    target is unknown.
    """
    people = table["residents"].astype(float).fillna(0.0).to_numpy()
    people = people + _column(table, "outside_households", 0.0)
    target = table["target"].astype(float).fillna(0.0).to_numpy()
    whole = target.sum() / people.sum() if people.sum() > 0 else 0.0
    rate = np.divide(target, people, out=np.zeros(len(people)), where=people > 0)
    return rate / whole if whole > 0 else np.zeros(len(people))


def eligible(table: pd.DataFrame, *, access_min: float, level: float) -> NDArray[np.bool_]:
    """
    Return which cells [n] may belong to an underserved zone.

    Lived in, a permanence `access_min` minutes away or more (or none in reach), and a rate of need
    of `level` times the mean or more. `table`: residents, target, minutes_permanence.
    """
    far = table["minutes_permanence"].astype(float).fillna(np.inf).to_numpy() >= access_min
    may: NDArray[np.bool_] = lived_in(table) & far & (need_level(table) >= level)
    return may


def openness(table: pd.DataFrame, *, access_min: float, level: float) -> NDArray[np.float64]:
    """Return how far each cell [n] is through the same gates, softened, in [0, 1]."""
    walk = np.minimum(table["minutes_permanence"].astype(float).fillna(np.inf).to_numpy(), 1e6)
    far, needy = (walk - access_min) / _STEP_MIN, (need_level(table) - level) / _STEP_LEVEL
    opened: NDArray[np.float64] = expit(far) * expit(needy) * lived_in(table)
    return opened


def _column(table: pd.DataFrame, name: str, missing: float) -> NDArray[np.float64]:
    if name not in table:
        return np.full(len(table), missing)
    values: NDArray[np.float64] = (
        table[name].astype("Float64").astype(float).fillna(missing).to_numpy()
    )
    return values
