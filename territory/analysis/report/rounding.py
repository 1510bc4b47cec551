"""Shares of one split rounded together, so that they add up to 100: the largest remainders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.report.counting import LEAST
from territory.analysis.residence import rounded_shares

if TYPE_CHECKING:
    import pandas as pd

    from territory.model.report import Figures
    from territory.settings.report import Profile, Report

TOGETHER = "plus_forts_restes"
SENTENCE = (
    "Les parts d’une même répartition sont arrondies ensemble, aux plus forts restes : elles "
    "s’ajoutent à 100 %, et une part peut s’écarter d’un point de son arrondi."
)


def rounded_together(profile: Profile, figures: Figures, report: Report) -> dict[str, float]:
    """
    Return the shares (0-1, whole percentages) of the parts that add up to their base, by figure.

    None unless the team asked for it, nor for shares of fewer than LEAST people, or that one person
    may be in several of.
    """
    if report.rounding != TOGETHER:
        return {}
    found: dict[str, float] = {}
    for counting in profile.countings:
        if counting.shares and not counting.several:
            found |= _of_one(_shared(figures.table, counting.code))
    return found


def _shared(table: pd.DataFrame, code: str) -> pd.DataFrame:
    """Return the parts of a figure that have a share."""
    rows = table[(table["definition"] == code) & (table["part"] != "")]
    return rows[rows["value"].notna() & (rows["over"] >= LEAST).fillna(value=False)]


def _of_one(parts: pd.DataFrame) -> dict[str, float]:
    values = parts["value"].to_numpy(float)
    if not len(parts) or not np.isclose(values.sum(), float(parts["over"].iloc[0])):
        return {}
    shares = rounded_shares(values) / 100
    return {str(name): float(share) for name, share in zip(parts.index, shares, strict=True)}
