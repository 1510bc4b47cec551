"""Quarters to serve next in all territories: those that hold most public out of reach, exactly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
from sklearn.neighbors import BallTree

from territory.analysis.siting.quota_cover import Quota, quota_cover
from territory.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from territory.model.results import SiteOutcome

_EARTH_M = 6_371_008.8
_RULE = re.compile(r"\s*(?P<who>[^=]+?)\s*=\s*(?P<least>\d+)?\s*(?P<range>-)?\s*(?P<most>\d+)?\s*")


@dataclass(frozen=True, slots=True)
class Rule:
    """From `least` to `most` quarters of one value of `column` (departement, reseau)."""

    column: str
    value: str
    least: int
    most: int


def read_rules(texts: Sequence[str], column: str, count: int) -> tuple[Rule, ...]:
    """
    Read « 93=2-5 » (from 2 to 5), « 93=2- » (2 at least), « 93=5 » (5 at most).

    Raises WrongUsage for anything else.
    """
    return tuple(_rule(text, column, count) for text in texts)


def _rule(text: str, column: str, count: int) -> Rule:
    found = _RULE.fullmatch(text)
    if found is None or not (found["least"] or found["most"]):
        raise WrongUsage(f"Quota « {text} » : écrivez 93=5 (au plus), 93=2- (au moins) ou 93=2-5.")
    if found["range"] is None:
        return Rule(column, found["who"], 0, int(found["least"] or found["most"]))
    least, most = int(found["least"] or 0), int(found["most"] or count)
    if least > most:
        raise WrongUsage(f"Quota « {text} » : le plus petit nombre passe le plus grand.")
    return Rule(column, found["who"], least, most)


def chosen_quarters(
    quarters: pd.DataFrame,
    count: int,
    rules: Sequence[Rule] = (),
    *,
    neighbours_m: float = 0.0,
    time_limit_s: float = 60.0,
) -> tuple[pd.DataFrame, SiteOutcome]:
    """
    Return the `count` quarters at most that serve most public out of reach, best first.

    `quarters` has code, territoire, departement, reseau, target, target_low, target_high, unserved,
    longitude_deg and latitude_deg, one row a quarter. A quarter chosen serves those at most
    `neighbours_m` metres away too (middle to middle, as the crow flies); a quarter served twice
    counts once. Adds `gain` (people that each adds to those before it), its limits `gain_low` and
    `gain_high`, and `with_it` (how many other quarters it serves). Raises WrongUsage when a rule
    names nobody.
    """
    need = quarters["unserved"].fillna(0.0).to_numpy(float)
    covers = _near(quarters, neighbours_m)
    quotas = [_quota(quarters, rule) for rule in rules]
    outcome = quota_cover(need, covers, count, quotas, time_limit_s=time_limit_s)
    order, gained = _best_first(need, covers, outcome.chosen)
    limits = [_limits(quarters, need, part) for part in gained]
    found = quarters.iloc[order].assign(
        gain=[float(need[part].sum()) for part in gained],
        gain_low=[low for low, _ in limits],
        gain_high=[high for _, high in limits],
        with_it=[int(covers[:, [at]].nnz) - 1 for at in order],
    )
    return found[found["gain"] > 0].reset_index(drop=True), outcome


def _near(quarters: pd.DataFrame, neighbours_m: float) -> sp.csc_matrix:
    """Return which quarters each serves, itself always: bool [quarters, quarters]."""
    alone = sp.identity(len(quarters), dtype=bool, format="csc")
    where = np.radians(quarters[["latitude_deg", "longitude_deg"]].to_numpy(float))
    known = np.flatnonzero(np.isfinite(where).all(axis=1))
    if neighbours_m <= 0 or not len(known):
        return alone
    tree = BallTree(where[known], metric="haversine")
    found = tree.query_radius(where[known], neighbours_m / _EARTH_M)
    rows = np.concatenate([known[near] for near in found])
    columns = np.repeat(known, [len(near) for near in found])
    pairs = sp.csc_matrix((np.ones(len(rows), bool), (rows, columns)), shape=alone.shape)
    return (alone + pairs).astype(bool).tocsc()


def _quota(quarters: pd.DataFrame, rule: Rule) -> Quota:
    held = (quarters[rule.column] == rule.value).fillna(value=False).to_numpy(bool)
    if not held.any():
        raise WrongUsage(f"Quota « {rule.value} » : aucun quartier n'y est connu.")
    return Quota(held, rule.least, rule.most)


def _best_first(
    need: np.ndarray, covers: sp.csc_matrix, chosen: Sequence[int]
) -> tuple[list[int], list[np.ndarray]]:
    """Order the quarters chosen by what each adds, the first of equals first; and what it adds."""
    left, waiting = need > 0, sorted(chosen)
    order: list[int] = []
    gained: list[np.ndarray] = []
    while waiting:
        parts = [covers.indices[covers.indptr[j] : covers.indptr[j + 1]] for j in waiting]
        new = [part[left[part]] for part in parts]
        best = int(np.argmax([need[part].sum() for part in new]))
        order.append(waiting.pop(best))
        gained.append(new[best])
        left[new[best]] = False
    return order, gained


def _limits(quarters: pd.DataFrame, need: np.ndarray, part: np.ndarray) -> tuple[float, float]:
    """Return the limits of what quarters gain: as those of their public, all at once."""
    ours = quarters.iloc[part]
    ratio = need[part] / ours["target"].where(ours["target"] > 0)
    low, high = (
        (ratio * ours[name].fillna(ours["target"])).sum() for name in ("target_low", "target_high")
    )
    return float(low), float(high)
