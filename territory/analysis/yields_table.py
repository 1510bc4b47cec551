"""What each visit that could be made would bring, with its doubt and what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy

from territory.analysis.yields import levels, told

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.yields_fit import YieldLaw

THIN_VISITS = 3  # fewer visits behind a figure: « peu de données »
LEVEL = 0.95


def expected_yields(law: YieldLaw, wanted: pd.DataFrame, *, level: float = LEVEL) -> pd.DataFrame:
    """
    Return people informed that each visit of `wanted` would bring, on its index.

    `wanted` has columns of CONTEXT (NA, or none: not known; no place_id: a place of that kind never
    seen) and `hours` of the visit. Columns: `mean` people, `low` and `high` of that mean (`level`
    between them), `shape` of its gamma law, `visit_low` and `visit_high` (whole people) between
    which the count of one visit falls, `n_visits` counted there (at that kind of place when none is
    named), `n_slot` of them in that slot, `thin` under THIN_VISITS. NA hours give NA.
    """
    logs, variance = law.log_rates(wanted)
    mean = np.exp(logs) * wanted["hours"].to_numpy(float, na_value=np.nan)
    shape = 1 / variance
    tail = (1 - level) / 2
    low, high = (scipy.stats.gamma.ppf(p, shape, scale=mean / shape) for p in (tail, 1 - tail))
    seen = _seen(law, wanted)
    data = {"mean": mean, "low": low, "high": high, "shape": shape}
    least, most = _one_visit(mean, shape, law.noise, tail)
    table = pd.DataFrame({**data, "visit_low": least, "visit_high": most}, index=wanted.index)
    return table.join(seen).assign(thin=seen["n_visits"] < THIN_VISITS)


def _one_visit(
    mean: NDArray[np.float64], shape: NDArray[np.float64], noise: float, tail: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the ends of the count of one visit: doubt of the mean, noise and chance together."""
    spread = (1 + 1 / shape) * (1 + 1 / noise) - 1
    chance = 1 / (1 + mean * spread)
    return scipy.stats.nbinom.ppf(tail, 1 / spread, chance), scipy.stats.nbinom.ppf(
        1 - tail, 1 / spread, chance
    )


def _seen(law: YieldLaw, wanted: pd.DataFrame) -> pd.DataFrame:
    rows = told(wanted)
    place, kind, slot = (
        [law.seen.get((names, level or ""), 0) for level in levels(rows, names)]
        for names in (("place_id",), ("kind",), ("place_id", "slot"))
    )
    named = [p is not None for p in rows["place_id"]]
    data = {"n_visits": np.where(named, place, kind), "n_slot": slot}
    return pd.DataFrame(data, index=wanted.index).astype("int64")
