"""
Whether the interval of a forecast holds the year, and an opening without effect is told so.

Run: python benchmarks/report_forecast.py [--teams 1000] [--draws 4000] [--json FILE]. Teams are
drawn with what the forecast knows of (rate per post, months of unequal luck, season, new posts that
rise) and, in the last case, with what it does not (new posts that do not yield as much). Peers: the
rule of three with a Poisson interval, and a Gamma-Poisson of months that takes its rate for sure.
Before and after: how often a change is claimed when there is none, beside the Poisson test. Same
seed, same figures.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import scipy

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from territory.analysis.gamma_poisson import fit_gamma_poisson
from territory.analysis.report.before_after import change, change_beside
from territory.analysis.report.forecast import CHANCE, FORECAST, forecast_parts
from territory.analysis.report.posts import post_years
from territory.settings.report import Aim

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.report.before_after import Change

    Array = NDArray[np.float64]

SEASON = np.array([0.95, 1.0, 1.15, 1.05, 1.0, 1.1, 0.85, 0.55, 1.2, 1.2, 1.1, 0.85])
RATE, RATE_SHAPE, MONTH_SHAPE = 105.0, 25.0, 15.0  # people a post a year; 20 % and 26 % around
TARGET = 800
LEVEL = 0.95


@dataclass(frozen=True)
class Case:
    """A team: first day counted, day of the report, end of the forecast, posts, what is drawn."""

    name: str
    first: date
    last: date
    end: date
    posts: tuple[tuple[date, float], ...]
    new_posts_spread: float = 0.0
    season: float = 1.0


BEGUN = date(2020, 1, 1)
CASES = (
    Case("6 mois, 4 postes", date(2024, 1, 1), date(2024, 6, 30), date(2024, 12, 31),
         ((BEGUN, 4),)),
    Case("12 mois à 4 postes, puis 8", date(2024, 1, 1), date(2024, 12, 31), date(2025, 12, 31),
         ((BEGUN, 4), (date(2025, 1, 1), 8))),
    Case("18 mois, 8 postes depuis 6", date(2024, 1, 1), date(2025, 6, 30), date(2025, 12, 31),
         ((BEGUN, 4), (date(2025, 1, 1), 8))),
    Case("30 mois, 8 postes depuis 6", date(2023, 1, 1), date(2025, 6, 30), date(2025, 12, 31),
         ((BEGUN, 4), (date(2025, 1, 1), 8))),
    Case("36 mois à 4 postes, puis trois ans à 8", date(2022, 1, 1), date(2024, 12, 31),
         date(2027, 12, 31), ((BEGUN, 4), (date(2025, 1, 1), 8))),
    Case("12 mois, puis 8 postes qui rendent autrement (20 %)", date(2024, 1, 1),
         date(2024, 12, 31), date(2025, 12, 31), ((BEGUN, 4), (date(2025, 1, 1), 8)), 0.2),
)  # fmt: skip


def draw(case: Case, rng: np.random.Generator) -> pd.Series:
    """Return the people of each month of a drawn team, from its first day to the end."""
    rise = float(rng.choice([3.0, 6.0, 9.0], p=[0.25, 0.5, 0.25]))
    aim = aim_of(case)
    worked = post_years(aim.posts, case.first, case.end, rise)
    if case.new_posts_spread:
        old = post_years(aim.posts[:1], case.first, case.end, rise)
        worked = old + (worked - old) * rng.lognormal(0.0, case.new_posts_spread)
    rate = RATE * rng.gamma(RATE_SHAPE, 1 / RATE_SHAPE)
    season = SEASON ** rng.uniform(0.0, 1.5)
    factor = (season / season.mean())[worked.index.month - 1]
    luck = rng.gamma(MONTH_SHAPE, 1 / MONTH_SHAPE, len(worked))
    return pd.Series(rng.poisson(rate * worked * factor * luck), index=worked.index)


def aim_of(case: Case) -> Aim:
    """Return the aim of a case, as the settings write it."""
    posts = [{"le": since, "nombre": count} for since, count in case.posts]
    return Aim.model_validate({"personnes_par_an": TARGET, "jusqu_au": case.end, "postes": posts})


def foretold(case: Case, seen: pd.Series, key: str) -> tuple[float, float, float, float]:
    """Return forecast, low, high and chance of the part `key`, from the months seen."""
    days = pd.Series(seen.index.to_timestamp())
    people = pd.DataFrame({"on": days, "people": pd.array(seen.to_numpy(), dtype="Int64")})
    active = pd.concat([days, pd.Series([pd.Timestamp(case.last)])])
    found = forecast_parts(aim_of(case), case.last, people, active)
    total = next(part for part in found[FORECAST] if part.part == key)
    chance = next(part for part in found[CHANCE] if part.part == key)
    return total.value, total.low, total.high, chance.value


def rule_of_three(case: Case, seen: pd.Series, done: float) -> tuple[float, float, float]:
    """Return people per post so far times posts to come, with a Poisson interval; no rise."""
    past, coming = efforts(case, 0.0)
    mean = seen.sum() / past.sum() * coming.sum()
    low, high = scipy.stats.poisson.ppf([(1 - LEVEL) / 2, (1 + LEVEL) / 2], mean)
    return done + mean, done + low, done + high


def sure_of_its_rate(case: Case, seen: pd.Series, done: float) -> tuple[float, float, float]:
    """Return the forecast of a Gamma-Poisson law of months taken as known, new posts rising."""
    past, coming = efforts(case, 6.0)
    law = fit_gamma_poisson(seen.to_numpy(), past.to_numpy())
    mean = law.mean * float(coming.sum())
    spread = np.sqrt(mean + law.mean**2 * float((coming**2).sum()) / law.shape)
    far = scipy.stats.norm.ppf((1 + LEVEL) / 2)
    return done + mean, done + mean - far * spread, done + mean + far * spread


def efforts(case: Case, rise: float) -> tuple[pd.Series, pd.Series]:
    """Return the years of posts of the months counted and to come."""
    worked = post_years(aim_of(case).posts, case.first, case.end, rise)
    seen = worked.index <= pd.Period(case.last, freq="M")
    return worked[seen], worked[~seen]


def forecasts(case: Case, teams: int, seed: int) -> dict[str, Any]:
    """Return how often each interval holds the truth, its width and its error, over drawn teams."""
    rng, rows = np.random.default_rng(seed), []
    begun = time.process_time()
    for _ in range(teams):
        months = draw(case, rng)
        counted = months.index <= pd.Period(case.last, freq="M")
        seen, key = months[counted], asked(case)
        start = pd.Period(min(date(case.end.year, 1, 1), first_day(case)), freq="M")
        done = float(seen[seen.index >= start].sum())
        truth = float(months[months.index >= start].sum())
        mean, low, high, chance = foretold(case, seen, key)
        target = TARGET * (3 if key == "total" else 1)
        peers = (*rule_of_three(case, seen, done), *sure_of_its_rate(case, seen, done))
        rows.append([truth, chance, truth >= target, mean, low, high, *peers])
    table = np.array(rows, dtype=float)
    return {
        "case": case.name, "teams": teams, "cpu_s": round(time.process_time() - begun, 1),
        "here": held(table, 3), "rule_of_three": held(table, 6), "sure_rate": held(table, 9),
        "chance_mean": round(float(table[:, 1].mean()), 3),
        "reached_share": round(float(table[:, 2].mean()), 3),
        "brier": round(float(((table[:, 1] - table[:, 2]) ** 2).mean()), 3),
    }  # fmt: skip


def first_day(case: Case) -> date:
    """Return the first day of what is foretold: the year under way, or all the years to come."""
    year = case.last.year + ((case.last.month, case.last.day) == (12, 31))
    return date(year, 1, 1)


def asked(case: Case) -> str:
    """Return the part of the forecast that a case looks at."""
    return "total" if case.end.year - case.last.year > 1 else str(case.end.year)


def held(table: Array, at: int) -> dict[str, float]:
    """Return coverage, median width and median error (shares of the truth) of one method."""
    truth, mean, low, high = table[:, 0], *table[:, at : at + 3].T
    return {
        "coverage": round(float(((low <= truth) & (truth <= high)).mean()), 3),
        "width": round(float(np.median((high - low) / truth)), 3),
        "error": round(float(np.median(np.abs(mean - truth) / truth)), 3),
    }


def claims(people: float, months: int, effect: float, draws: int, seed: int) -> dict[str, Any]:
    """Return how often each test claims a change of `people` a month, season shared or not."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(draws):
        at = (np.arange(2 * months) + rng.integers(12)) % 12
        season = SEASON[at]
        grown = np.where(np.arange(2 * months) < months, 1.0, effect)
        flat, here, away = (
            rng.poisson(mean * rng.gamma(8.0, 1 / 8.0, 2 * months)).astype(float)
            for mean in (people * grown, people * grown * season, 60 * season)
        )
        parts = [(c[:months], c[months:]) for c in (flat, here, away)]
        found.append([
            outside(change(*parts[0])), naive(*parts[0]),
            outside(change(*parts[1])), naive(*parts[1]),
            outside(change_beside(*parts[1], *parts[2])), naive_beside(*parts[1], *parts[2]),
        ])  # fmt: skip
    names = ("flat", "flat_poisson", "season", "season_poisson", "beside", "beside_poisson")
    rates = np.nanmean(np.array(found, dtype=float), axis=0)
    told = {name: round(float(rate), 3) for name, rate in zip(names, rates, strict=True)}
    return {"people": people, "months": months, "effect": effect, "draws": draws, **told}


def outside(found: Change) -> float:
    """Return whether 1 is outside the limits; NaN when there are none."""
    return np.nan if np.isnan(found.ratio) else float(found.low > 1 or found.high < 1)


def naive(before: Array, after: Array) -> float:
    """Return whether the exact test of two Poisson counts claims a change at 5 %."""
    total = int(before.sum() + after.sum())
    if not total:
        return np.nan
    return float(scipy.stats.binomtest(int(after.sum()), total, 0.5).pvalue < 1 - LEVEL)


def naive_beside(before: Array, after: Array, before_away: Array, after_away: Array) -> float:
    """Return whether the chi-squared test of the four sums claims a change at 5 %."""
    table = np.array([[before.sum(), after.sum()], [before_away.sum(), after_away.sum()]])
    if not table.sum(axis=0).all() or not table.sum(axis=1).all():
        return np.nan
    return float(scipy.stats.chi2_contingency(table, correction=False).pvalue < 1 - LEVEL)


def main() -> int:
    """Measure forecasts and tests, print and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--teams", type=int, default=1000)
    parser.add_argument("--draws", type=int, default=4000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    told: dict[str, list[dict[str, Any]]] = {"forecast": [], "before_after": []}
    for seed, case in enumerate(CASES):
        told["forecast"].append(forecasts(case, options.teams, seed))
        print(json.dumps(told["forecast"][-1], ensure_ascii=False), flush=True)
    for people in (3.0, 8.0, 20.0):
        for months in (3, 6, 12):
            for effect in (1.0, 1.5, 2.0):
                told["before_after"].append(claims(people, months, effect, options.draws, 7))
                print(json.dumps(told["before_after"][-1]), flush=True)
    if options.json:
        options.json.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
