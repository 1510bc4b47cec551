"""
Who was met, by RESIDENCE: people of each commune and class of quarter, against its share of need.

Residence is what the team noted (class, commune; never an address). Where it noted none it stays
unknown: it is never filled in from the meeting place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.effort_pooled import clumping
from territory.analysis.gamma_poisson import GammaPoisson, fit_gamma_poisson
from territory.analysis.residence import UNKNOWN
from territory.analysis.shrinkage import LEAST_VARIANCE, shrunken_shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

BY_CLASS, BY_COMMUNE, BY_BOTH = "classe", "commune", "commune et classe"
LEVELS = {
    BY_CLASS: ["residence"],
    BY_COMMUNE: ["commune_code"],
    BY_BOTH: ["commune_code", "residence"],
}
WHOLE = "ensemble"
UNTOLD_SHARE = 0.01  # of need in cells of unknown class: above, no class has a known share
LEAST_TOLD = 0.05  # share told at a place, at least: one answer never stands for more than 20
KEYS = ["level", "commune_code", "residence"]


@dataclass(frozen=True, slots=True)
class _Level:
    """The people of one level: those told by stratum, those who could live in each, the weights."""

    told: pd.DataFrame  # stratum columns, n, weight, outing
    doubtful: pd.DataFrame  # people not told at this level: stratum columns, NA where unknown, n


def homes_met(people: pd.DataFrame, strata: pd.DataFrame, communes: Sequence[str]) -> pd.DataFrame:
    """
    Compare who was met with where the need lives: by class, by commune, and by both.

    `people` is that of `people_met`, `strata` that of `strata_need`. A person counts at a level
    when all that it asks was noted; one living outside `communes` counts at none. Those not told
    are taken as missing at random within the catchment of each meeting place: an answer weighs
    1 / share told there (drawn to the overall share, Martuzzi and Elliott 1996), the interval rests
    on Kish's effective count. Then the two extremes: nobody, or everybody, among those who could
    live there does. People met in one outing count together (`clumping`).

    Strata without need where nobody met lives are left out. Columns, by level: level, commune_code
    and residence (« ensemble » when it is not asked), target
    (people in need), expected, met (people told, whole), unknown (people who could live there),
    observed (weighted), ratio, ratio_low, ratio_high (95 %), p_below_half, ratio_least, ratio_most
    (ends of both extremes), p_below_half_least, p_below_half_most. NaN when no answer is known, or
    when the class of more than UNTOLD_SHARE of the need is unknown.
    """
    tables = [_at_level(level, people, strata, list(communes)) for level in LEVELS]
    table = pd.concat(tables, ignore_index=True)
    named = table[["commune_code", "residence"]].fillna(WHOLE).astype("string")
    return table.assign(**named)[[*KEYS, *(c for c in table if c not in KEYS)]]


def unknown_homes(people: pd.DataFrame, communes: Sequence[str]) -> pd.DataFrame:
    """
    Return how many people have no residence noted, by meeting place.

    `people` is that of `people_met`. Columns on meeting_place: met, class_unknown, commune_unknown
    (people), outside (living outside `communes`).
    """
    n, home = people["n"], people["commune_code"]
    away = home.notna() & ~home.isin(list(communes))
    data = {
        "met": n,
        "class_unknown": n.where(people["residence"].isna() & ~away, 0),
        "commune_unknown": n.where(home.isna(), 0),
        "outside": n.where(away, 0),
    }
    table = pd.DataFrame(data).groupby(people["meeting_place"].rename("meeting_place")).sum()
    return table.astype("int64").sort_index()


def _at_level(
    level: str, people: pd.DataFrame, strata: pd.DataFrame, communes: list[str]
) -> pd.DataFrame:
    asked = LEVELS[level]
    split = _split(people, asked, communes)
    known = strata[strata["residence"] != UNKNOWN] if "residence" in asked else strata
    untold = float(strata["target"].sum() - known["target"].sum())
    table = known.groupby(asked, sort=True, as_index=False)["target"].sum()
    total = float(table["target"].sum())
    sure = total > 0 and untold <= UNTOLD_SHARE * total
    table["target"] = table["target"] if sure else np.nan
    share = table["target"] / total if sure else table["target"]
    sums = _sums(table[asked], split)
    found = _compared(sums, share.to_numpy(float), clumping(_by_outing(split.told, asked)))
    table = pd.concat([table, sums[["met", "unknown"]], found], axis="columns")
    for column in ("commune_code", "residence"):
        if column not in table:
            table[column] = pd.NA
    somebody = ~table["target"].eq(0) | (table["met"] > 0)
    return table[somebody].assign(level=level)


def _split(people: pd.DataFrame, asked: list[str], communes: list[str]) -> _Level:
    home = people["commune_code"]
    away = home.notna() & ~home.isin(communes)
    told = people[asked].notna().all(axis="columns")
    answers = people["n"].where(told | away, 0).groupby(people["meeting_place"]).sum()
    met = people["n"].groupby(people["meeting_place"]).sum()
    share = pd.Series(shrunken_shares(answers, met), index=met.index).clip(lower=LEAST_TOLD)
    weight = 1 / people["meeting_place"].map(share).astype(float)
    heard = float((people["n"] * weight).where(told | away, 0.0).sum())
    weight = weight * (float(people["n"].sum()) / heard if heard else np.nan)
    columns = [*asked, "n", "outing"]
    mine = people.assign(weight=weight)
    return _Level(mine.loc[told & ~away, [*columns, "weight"]], mine.loc[~told & ~away, columns])


def _sums(strata: pd.DataFrame, level: _Level) -> pd.DataFrame:
    """Return for each stratum people told (met), weighted (o, o2), and who could live there."""
    n, weight = level.told["n"].astype(float), level.told["weight"].astype(float)
    weighted = level.told.assign(met=n, observed=n * weight, squared=n * weight**2)
    names = ["met", "observed", "squared"]
    told = _of_strata(strata, weighted, names).astype({"met": "int64"})
    maybe = _could_live(strata, level.doubtful)
    return told.assign(unknown=maybe, doubtful=int(level.doubtful["n"].sum()))


def _could_live(strata: pd.DataFrame, doubtful: pd.DataFrame) -> pd.Series:
    """Return how many `doubtful` people could live in each stratum: what is NA may be anything."""
    maybe = pd.Series(0, index=strata.index)
    silent = doubtful[[*strata.columns]].isna()
    for unsaid, own in silent.groupby([*strata.columns]):
        people = doubtful.loc[own.index]
        said = strata.loc[:, [not no for no in unsaid]]
        if len(said.columns):
            maybe += _of_strata(said, people, ["n"])["n"].astype("int64")
        else:
            maybe += int(people["n"].sum())
    return maybe


def _of_strata(strata: pd.DataFrame, people: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return the sums of `names` over the people who live in each stratum, 0 where nobody does."""
    asked = [*strata.columns]
    sums = people.astype(dict.fromkeys(asked, "object")).groupby(asked)[names].sum().reset_index()
    found = strata.astype("object").merge(sums, how="left", on=asked)[names]
    return found.astype(float).fillna(0.0).set_axis(strata.index)


def _by_outing(told: pd.DataFrame, asked: list[str]) -> NDArray[np.float64]:
    sums: NDArray[np.float64] = told.groupby([*asked, "outing"])["n"].sum().to_numpy(float)
    return sums


def _compared(sums: pd.DataFrame, share: NDArray[np.float64], clump: float) -> pd.DataFrame:
    met, unknown = sums["met"].to_numpy(float), sums["unknown"].to_numpy(float)
    observed, squared = sums["observed"].to_numpy(float), sums["squared"].to_numpy(float)
    expected = observed.sum() * share
    expected = np.where(expected > 0, expected, np.nan) if met.any() else share * np.nan
    usual = squared.sum() / observed.sum() if observed.sum() > 0 else 1.0
    scale = clump * np.divide(squared, observed, out=np.full(len(met), usual), where=observed > 0)
    law = fit_gamma_poisson(observed / scale, expected / scale)
    law = law if law.places and law.mean > 0 else GammaPoisson(1.0, np.inf, 0.0, 0)
    law = law.at_least_dispersed(LEAST_VARIANCE)
    ratio, low, high = law.posterior(observed / scale, expected / scale)
    everyone = (met.sum() + sums["doubtful"].to_numpy(float)) * share
    few, many = (met / clump, everyone / clump), ((met + unknown) / clump, everyone / clump)
    data = {
        "expected": expected, "observed": observed if met.any() else np.nan,
        "ratio": ratio, "ratio_low": low, "ratio_high": high,
        "p_below_half": law.below(observed / scale, expected / scale),
        "ratio_least": np.minimum(law.posterior(*few)[1], low),
        "ratio_most": np.maximum(law.posterior(*many)[2], high),
        "p_below_half_least": law.below(*many), "p_below_half_most": law.below(*few),
    }  # fmt: skip
    table = pd.DataFrame(data, index=sums.index)
    of_law = [c for c in table if c not in {"expected", "observed"}]
    table[of_law] = table[of_law].where(pd.Series(np.isfinite(expected), index=table.index), np.nan)
    return table
