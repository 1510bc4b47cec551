"""The activities that took place, and the columns of ACTIVITIES that count people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

SUMS = ("n_informed", "n_engaged", "n_assessed", "n_referred")
PUBLICS = {
    "sexe": ("n_women", "n_men", "n_gender_unknown"),
    "age": ("n_under_26", "n_26_59", "n_60_plus", "n_age_unknown"),
}


def realised(activities: pd.DataFrame) -> pd.DataFrame:
    """Return the activities that took place; those whose state is not told did not."""
    return activities[(activities["state"] == "realise").fillna(value=False).astype(bool)]


def days_of(activities: pd.DataFrame, today: date) -> list[date]:
    """Return the days with a realised activity up to `today`, each once."""
    days = realised(activities)["on"].dropna().dt.date.unique()
    return [day for day in days if day <= today]
