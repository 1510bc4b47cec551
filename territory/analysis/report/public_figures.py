"""Public statistics of the territory that a report prints: inhabitants, the young, women."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.report.ground import WHOLE
from territory.model.report import Part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

UNIT = "habitants"
UNKNOWN = "les fichiers reçus ne le disent pas"


def public_figures(iris: pd.DataFrame, ground: pd.DataFrame) -> Mapping[str, Sequence[Part]]:
    """
    Return R3 (inhabitants), R3j (15-24 among 15-64), R3f (women among 15-64) of the territory.

    `iris` keeps tables.IRIS, `ground` is report.ground. A figure that one IRIS does not tell is
    unknown.
    """
    people = float(ground.loc[WHOLE, "residents"]) if WHOLE in ground.index else np.nan
    young, adults = (_sum(iris, name) for name in ("residents_15_24", "residents_15_64"))
    women, men = (_sum(iris, name) for name in ("women_15_64", "men_15_64"))
    return {
        "R3": (_part("Habitants du territoire", people, np.nan),),
        "R3j": (_part("Jeunes de 15 à 24 ans, parmi les 15 à 64 ans", young, adults),),
        "R3f": (_part("Femmes, parmi les 15 à 64 ans", women, women + men),),
    }


def _part(label: str, value: float, over: float) -> Part:
    return Part(WHOLE, label, value, UNIT, over, mention=UNKNOWN if pd.isna(value) else "")


def _sum(iris: pd.DataFrame, name: str) -> float:
    values = iris[name].astype("Float64")
    return float(values.sum()) if len(values) and values.notna().all() else np.nan
