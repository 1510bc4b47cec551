"""How far the facts of a place can still be trusted: when they were last seen to be true."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.model.facts import HOURS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

STALE = "à vérifier"
FRESH, AGEING, OLD, UNDATED = "récente", "à confirmer", "ancienne", "sans date"
_TRUST = {FRESH: 1.0, AGEING: 0.8, OLD: 0.6, UNDATED: 0.8}
FRESH_MONTHS, _OLD_MONTHS = 12, 24


def freshness(places: pd.DataFrame, on: date) -> pd.DataFrame:
    """
    Return how fresh each row of PLACES is at day `on`, on the same index.

    Columns: `verified_on` (last of updated_on and last_met_on not after `on`; NaT when there is
    none), `months` since then (whole, NA), `level` (récente under 12 months, à confirmer, ancienne
    from 24 months on, sans date) and `trust`, the factor 0-1 by which a visit planned there counts.
    A fact without a date is not an old one: it counts as one to be confirmed.
    """
    day, none = pd.Timestamp(on), np.datetime64("NaT")
    dates = [pd.to_datetime(places[name]).to_numpy() for name in ("updated_on", "last_met_on")]
    verified = pd.Series(
        np.fmax(*[np.where(seen <= day.to_datetime64(), seen, none) for seen in dates]),
        index=places.index,
    )
    months = _months(verified, day)
    aged = months.to_numpy(float, na_value=np.nan)
    grades = [aged < FRESH_MONTHS, aged >= _OLD_MONTHS, np.isnan(aged)]
    level = np.select(grades, [FRESH, OLD, UNDATED], AGEING)
    trust = np.select(grades, [_TRUST[FRESH], _TRUST[OLD], _TRUST[UNDATED]], _TRUST[AGEING])
    return pd.DataFrame(
        {
            "verified_on": verified,
            "months": months,
            "level": pd.array(level.astype(object), dtype="string"),
            "trust": trust,
        },
        index=places.index,
    )


def fact_freshness(facts: pd.DataFrame, limits: Mapping[str, int], on: date) -> pd.DataFrame:
    """
    Return FACT_TABLE with how fresh each fact is at day `on`, on the same index.

    Two columns more: `months` since it was verified (whole, NA), and `level`: récente under the
    months that `limits` gives its code, à vérifier from there on, sans date without a day or with
    one after `on`. A fact without a date is never récente.
    """
    seen = facts["verified_on"].where(facts["verified_on"] <= pd.Timestamp(on))
    months = _months(seen, pd.Timestamp(on))
    stale = (months >= facts["fact"].map(limits)).fillna(value=False).astype(bool)
    level = pd.Series(FRESH, index=facts.index, dtype="string").mask(stale, STALE)
    return facts.assign(months=months, level=level.mask(seen.isna(), UNDATED))


def less_trusted(trust: pd.Series, judged: pd.DataFrame) -> pd.Series:
    """Return the trust (0-1) of places by place_id, at most « à confirmer » when hours are old."""
    stale = judged[(judged["fact"] == HOURS) & (judged["level"] == STALE)]
    old = trust.index.isin(stale["place_id"])
    return trust.mask(old, trust.clip(upper=_TRUST[AGEING]))


def _months(since: pd.Series, on: pd.Timestamp) -> pd.Series:
    """Return whole months from each day to `on`, NA without a day."""
    days = since.to_numpy("datetime64[D]")
    month = days.astype("datetime64[M]")
    whole = (np.datetime64(on, "M") - month).astype(np.int64)
    whole -= (days - month).astype(np.int64) + 1 > on.day
    return pd.Series(pd.arrays.IntegerArray(whole, np.isnat(days)), index=since.index)
