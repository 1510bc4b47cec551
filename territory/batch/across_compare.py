"""Territories side by side: coverage, contacts, outings, hours in reach, and chance's limits."""

from __future__ import annotations

import numpy as np
import pandas as pd

from territory.analysis.funnel import (
    Z_95,
    Z_998,
    Funnel,
    poisson_limits,
    rate_funnel,
    share_funnel,
)
from territory.analysis.proportions import wilson

COVERAGE, CONTACTS, OUTINGS = "couverture", "contacts", "sorties"
_THOUSAND, _YEAR_DAYS = 1000.0, 365.25
INSIDE, HIGH_95, HIGH_998 = "≈", "↑", "↑↑"
LOW_95, LOW_998, UNKNOWN = "↓", "↓↓", ""


def compared(
    coverage: pd.DataFrame, counts: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, Funnel]]:
    """
    Return territories side by side, by name, and each measure with its limits around all.

    `coverage` has territoire, target, served and hours_1000; `counts` territoire, contacts,
    outings, days that they were counted over (NA unknown), and hidden. Adds `served_share` with
    Wilson's limits, `contacts_1000` and `outings_1000` of the public and a year with Poisson's,
    `far` (people) and the place in each funnel. Contacts that may not leave a team are NA: they
    count nowhere, not even in the rate of all.
    """
    both = coverage.merge(counts, on="territoire", how="left").sort_values("territoire")
    both = both.reset_index(drop=True)
    both = both.assign(hidden=both["hidden"].astype("boolean").fillna(value=False).astype(bool))
    target = both["target"].where(both["target"] > 0)
    thousands = target * both["days"] / _YEAR_DAYS / _THOUSAND
    funnels = {
        COVERAGE: share_funnel(both["served"].to_numpy(float), target.to_numpy(float)),
        CONTACTS: rate_funnel(both["contacts"].to_numpy(float), thousands.to_numpy(float)),
        OUTINGS: rate_funnel(both["outings"].to_numpy(float), thousands.to_numpy(float)),
    }
    found = both.assign(
        far=target - both["served"],
        **_share(both["served"], target),
        **_rate("contacts_1000", both["contacts"], thousands),
        **_rate("outings_1000", both["outings"], thousands),
        **{f"funnel_{name}": verdicts(funnel) for name, funnel in funnels.items()},
    )
    return found, funnels


def verdicts(funnel: Funnel) -> list[str]:
    """Return a mark for each territory: ↑ above the limits at 95 %, ↑↑ at 99.8 %, ↓, ↓↓, or ≈."""
    return [_verdict(z) for z in funnel.z]


def _verdict(z: float) -> str:
    if np.isnan(z):
        return UNKNOWN
    if abs(z) <= Z_95:
        return INSIDE
    near, far = (HIGH_95, HIGH_998) if z > 0 else (LOW_95, LOW_998)
    return far if abs(z) > Z_998 else near


def _share(part: pd.Series, whole: pd.Series) -> dict[str, pd.Series]:
    limits = [wilson(p, w) if w > 0 else (np.nan, np.nan) for p, w in zip(part, whole, strict=True)]
    return {
        "served_share": part / whole,
        "served_low": pd.Series([low for low, _ in limits], part.index, dtype="float64"),
        "served_high": pd.Series([high for _, high in limits], part.index, dtype="float64"),
    }


def _rate(name: str, counts: pd.Series, thousands: pd.Series) -> dict[str, pd.Series]:
    limits = poisson_limits(counts.to_numpy(float))
    return {
        name: counts / thousands,
        f"{name}_low": pd.Series(limits[:, 0], counts.index) / thousands,
        f"{name}_high": pd.Series(limits[:, 1], counts.index) / thousands,
    }
