"""Quarters or underserved zones of all territories, by what they lack, with how sure a rank is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.disclosure import K_PUBLIC, Additive, hidden
from territory.analysis.funnel import poisson_limits
from territory.analysis.rank_doubt import rank_limits

if TYPE_CHECKING:
    Valued = tuple[pd.Series, pd.Series, pd.Series]

LACK, NEED, ACCESS, EFFORT = "manque", "besoin", "acces", "effort"
MEASURES = (LACK, NEED, ACCESS, EFFORT)
LEAST_RESIDENTS = 200  # below, no rate is told
_THOUSAND = 1000.0


def ranked(
    places: pd.DataFrame, whole: pd.DataFrame, by: str = LACK, *, k: int = K_PUBLIC
) -> pd.DataFrame:
    """
    Return `places` by what they lack most, with rank, rank_best and rank_worst, ties by code.

    `places` has territoire, code, residents, target, target_low, target_high, unserved, contacts;
    `whole` territoire and contacts of all the territory. Adds `value`, `value_low`, `value_high` of
    the measure `by`: « manque », people neither in reach of a permanence nor, were contacts drawn
    at random among the public, met once; « besoin », people of the public; « acces », those out of
    reach; « effort », people of the public for one contact, one added to both. `contacts` are NA,
    and count as none (k - 1 for the lower limit), where they may not leave a team (`hidden`);
    where they are unknown the measure is. Raises WrongUsage when `k` is below 5.
    """
    told = _told(places, whole, k)
    value, low, high = _measured(told, by, k)
    rank, best, worst = rank_limits(*(part.to_numpy(float) for part in (value, low, high)))
    found = told.assign(
        value=value, value_low=low, value_high=high, rank=rank, rank_best=best, rank_worst=worst
    )
    return found.sort_values(["rank", "territoire", "code"]).reset_index(drop=True)


def _told(places: pd.DataFrame, whole: pd.DataFrame, k: int) -> pd.DataFrame:
    """Return `places` without the contacts that may not leave a team; `per_1000` with limits."""
    totals = whole.set_index("territoire")["contacts"]
    mask = pd.Series(data=False, index=places.index, dtype=bool)
    for name, part in places.groupby("territoire", sort=True):
        mask.loc[part.index] = _hidden(part["contacts"], float(totals.get(name, np.nan)), k)
    contacts = places["contacts"].mask(mask)
    target = places["target"].where(places["target"] > 0)
    rated = contacts.where(places["residents"] >= LEAST_RESIDENTS)
    limits = poisson_limits(rated.to_numpy(float))
    return places.assign(
        contacts=contacts,
        hidden=mask,
        per_1000=_THOUSAND * rated / target,
        per_1000_low=_THOUSAND * limits[:, 0] / target,
        per_1000_high=_THOUSAND * limits[:, 1] / target,
    )


def _hidden(contacts: pd.Series, total: float, k: int) -> list[bool]:
    """Return which contacts of one territory to hide: small ones, then those of a subtraction."""
    known = contacts.fillna(0.0)
    counts = np.ceil(known.to_numpy(float)).astype(np.int64).tolist()  # 0.3 is a few, not nobody
    rest = max(round(0.0 if np.isnan(total) else total) - sum(counts), 0)
    parts = [*counts, rest]
    sums = ((0, tuple(range(1, len(parts) + 1))),)
    mask = hidden(Additive(np.array([sum(parts), *parts], np.int64), sums), k=k)
    return [bool(m) or 0 < c < k for m, c in zip(mask[1:-1], known, strict=True)]


def _measured(told: pd.DataFrame, by: str, k: int) -> Valued:
    target = told["target"].where(told["target"] > 0)
    low = np.minimum(told["target_low"].fillna(target), target)
    high = np.maximum(told["target_high"].fillna(target), target)
    if by == NEED:
        return target, low, high
    away = (told["unserved"] / target).clip(0.0, 1.0)
    if by == ACCESS:
        return target * away, low * away, high * away
    counted = told["contacts"].mask(told["hidden"], 0.0)
    limits = poisson_limits(counted.to_numpy(float))
    fewest, most = (pd.Series(limits[:, n], told.index) for n in (0, 1))
    most = most.mask(told["hidden"], poisson_limits(np.array([k - 1.0]))[0, 1])
    if by == EFFORT:
        rated = told["residents"] >= LEAST_RESIDENTS
        least = (low + 1) / (most + 1), (high + 1) / (fewest + 1)
        return tuple(v.where(rated) for v in ((target + 1) / (counted + 1), *least))
    return (
        target * away * np.exp(-counted / target),
        low * away * np.exp(-most / low),
        high * away * np.exp(-fewest / high),
    )
