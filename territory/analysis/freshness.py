"""How far the facts of a place can still be trusted: when they were last seen to be true."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    dates = places[["updated_on", "last_met_on"]].apply(pd.to_datetime)
    verified = pd.to_datetime(dates.where(dates <= pd.Timestamp(on)).max(axis=1))
    months = _months(verified, pd.Timestamp(on))
    level = pd.Series(AGEING, index=places.index, dtype="string")
    level = level.mask(months < FRESH_MONTHS, FRESH).mask(months >= _OLD_MONTHS, OLD)
    level = level.mask(verified.isna(), UNDATED)
    table = {"verified_on": verified, "months": months, "level": level}
    return pd.DataFrame(table, index=places.index).assign(trust=level.map(_TRUST).astype(float))


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
    whole = (on.year - since.dt.year) * 12 + on.month - since.dt.month
    return (whole - (since.dt.day > on.day)).astype("Int64")
