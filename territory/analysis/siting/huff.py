"""
What the log says of attendance: how often people come, and how fast a walk keeps them away.

Model: people choose among the permanences and staying away by their pulls (Huff 1963). Only what a
log can tell is measured; the rest stays an assumption, and is called one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy

from territory.analysis.access import AFTERNOON_MIN, HALF_DAYS
from territory.analysis.access_catchment import gaussian
from territory.analysis.gamma_poisson import GammaPoisson, fit_gamma_poisson
from territory.analysis.siting.slot_options import slot_of
from territory.errors import WrongUsage
from territory.model.walks import Walks, walks_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from numpy.typing import ArrayLike, NDArray
    from scipy.sparse import csr_array

    Array = NDArray[np.float64]

ASSUMED = "hypothèse, non mesurée"
LEAST_SESSIONS, LEAST_PEOPLE = 12, 20  # below, a log says nothing of how often people come
LEAST_HOMES = 100  # people whose commune was noted, below which no walk is measured
FEW = 3  # with fewer permanences, how they differ is assumed: by a half (deviation of the log)
BETWEEN = 0.25
_DROP = 1.92  # of log-likelihood at the ends of a 95 % interval (chi-squared, one degree)
_NEAREST_MIN = 1.0  # a power of no distance at all has no value


@dataclass(frozen=True, slots=True)
class Willingness:
    """
    Visits a week that one person of the public would make at the very most, with 95 % interval.

    Measured on `sessions` permanences of `options` half-days that received `people`; `one_low` and
    `one_high` are the ends, times `visits`, for one place nobody tried, which differs from the
    others as they do from each other. Not measured: the ends are NaN and `words` say so in French.
    """

    visits: float
    low: float
    high: float
    measured: bool
    options: int
    sessions: int
    people: float
    words: str
    one_low: float = float("nan")
    one_high: float = float("nan")


@dataclass(frozen=True, slots=True)
class Decay:
    """
    What a walk leaves of the pull: the parameter of the law, with 95 % interval.

    Of « gaussienne » the minutes that leave a half, of « puissance » the exponent. Not measured:
    `value` is what was assumed, low and high are NaN. `people` is how many it rests on.
    """

    value: float
    low: float
    high: float
    measured: bool
    people: float
    words: str


def logged_sessions(
    activities: pd.DataFrame, options: pd.DataFrame, *, today: date, months: int
) -> pd.DataFrame:
    """
    Return what the log says of each permanence held now, on option_id: sessions, people.

    `activities` keeps tables.ACTIVITIES, `options` comes from `slot_options`. Counted: realised
    permanences of the last `months` months before `today`, at that place on that weekday and
    half-day, whose people were counted (informed, else diagnostics); others say nothing.
    """
    rows = activities[(activities["kind"] == "permanence") & (activities["state"] == "realise")]
    people = rows["n_informed"].fillna(rows["n_assessed"])
    first = pd.Timestamp(today) - pd.DateOffset(months=months)
    rows = rows.assign(people=people)[
        people.notna()
        & rows["place_id"].notna()
        & rows["start_min"].notna()
        & rows["on"].gt(first)
        & rows["on"].le(pd.Timestamp(today))
    ]
    half = np.where(rows["start_min"].astype(int) < AFTERNOON_MIN, *HALF_DAYS)
    days = rows["on"].dt.day_of_week
    names = [
        f"{place}@{slot_of(int(day), h)}"
        for place, day, h in zip(rows["place_id"], days, half, strict=True)
    ]
    counts = rows["people"].astype(float).set_axis(pd.Index(names, dtype="object"))
    held = options.index[options["present"]]
    sums = counts.groupby(level=0).agg(["size", "sum"]).reindex(held, fill_value=0.0)
    return sums.set_axis(["sessions", "people"], axis="columns").rename_axis("option_id")


def willingness(logged: pd.DataFrame, expected: ArrayLike, *, assumed: float) -> Willingness:
    """
    Measure the visits a week of one person from the log, else return what is `assumed`.

    `logged` [options] has sessions and people; `expected` [options] are the people who would come
    to one session if everybody made one visit a week. Counts follow a gamma-Poisson law by place
    (`fit_gamma_poisson`); the interval is that of the logarithm of its mean, by Student's law; with
    one or two permanences their variance is assumed to be at least 0.25. Fewer than 12 sessions or
    20 people: not measured. Raises WrongUsage as `fit_gamma_poisson`.
    """
    norm_people = logged["sessions"].to_numpy(float) * np.asarray(expected, float)
    seen = norm_people > 0
    counts, norm_people = logged["people"].to_numpy(float)[seen], norm_people[seen]
    sessions, people = int(logged["sessions"][seen].sum()), float(counts.sum())
    if sessions < LEAST_SESSIONS or people < LEAST_PEOPLE:
        nan = float("nan")
        return Willingness(assumed, nan, nan, False, len(counts), sessions, people, ASSUMED)
    law = fit_gamma_poisson(counts, norm_people)
    few = len(counts) < FEW
    law = law.at_least_dispersed(BETWEEN) if few else law
    times = float(scipy.stats.norm.ppf(0.975) if few else scipy.stats.t.ppf(0.975, len(counts) - 1))
    error = _log_error(law, norm_people)
    low, high = law.mean * np.exp(-times * error), law.mean * np.exp(times * error)
    one = times * np.hypot(error, np.sqrt(np.log1p(1 / law.shape)))
    many = "s" if len(counts) > 1 else ""
    words = f"mesuré sur {sessions} permanences tenues, {len(counts)} demi-journée{many}"
    told = (True, len(counts), sessions, people, words, float(np.exp(-one)), float(np.exp(one)))
    return Willingness(law.mean, float(low), float(high), *told)


def homes_by_place(activities: pd.DataFrame, contacts: pd.DataFrame) -> pd.DataFrame:
    """
    Return people received in permanences by home commune and place [commune_code x place_id].

    Both tables keep their contracts. One activity may count the same people at several stages: the
    largest count of each commune is theirs. Contacts without a home commune say nothing.
    """
    rows = activities[(activities["kind"] == "permanence") & (activities["state"] == "realise")]
    place = rows["place_id"].dropna()
    known = contacts.dropna(subset=["activity_id", "home_city_code", "count"])
    known = known[known["activity_id"].isin(place.index)]
    stages = known["stage"].fillna("")
    keys = [known["activity_id"], known["home_city_code"], stages]
    by_stage = known["count"].astype(float).groupby(keys).sum()
    most = by_stage.groupby(level=[0, 1]).max().reset_index()
    most["place_id"] = most["activity_id"].map(place)
    table = most.pivot_table(
        index="home_city_code", columns="place_id", values="count", aggfunc="sum", fill_value=0.0
    )
    return table.rename_axis(index="commune_code", columns="place_id").astype(float)


def fit_decay(  # noqa: PLR0913 - who lives where, what was counted, and what is assumed
    counts: ArrayLike,
    people: ArrayLike,
    home: ArrayLike,
    minutes: ArrayLike | Walks,
    *,
    assumed: float,
    law: str = "gaussienne",
    attraction: ArrayLike | None = None,
    outside: float = 1.0,
    cut_min: float = 25.0,
) -> Decay:
    """
    Measure by maximum likelihood how a walk keeps people away, from counts by home commune.

    `counts` [communes, places] are people counted; `people` [cells] live there, `home` [cells] is
    the position of their commune, `minutes` [cells, places] their walks, an array (inf: out of
    reach) or Walks. Given that somebody of a commune came somewhere, the place follows the sum over
    its cells of the Huff shares: pull = `attraction` [places] x minutes ** -exponent
    (« puissance »), or the Gaussian of `gaussian` up to `cut_min` minutes (« gaussienne »). Fewer
    than 100 people, two communes or two places: what is `assumed`. Raises WrongUsage for another
    law or shapes that do not fit.
    """
    seen, walks = np.asarray(counts, float), walks_of(minutes)
    who, where = np.asarray(people, float), np.asarray(home, np.int64)
    if law not in {"gaussienne", "puissance"}:
        raise WrongUsage(f"La loi de marche « {law} » n'existe pas : gaussienne, puissance.")
    if seen.ndim != 2 or walks.shape != (len(who), seen.shape[1]) or len(where) != len(who):  # noqa: PLR2004
        raise WrongUsage("Calage de la marche : les tableaux n'ont pas la même forme.")
    total = float(seen.sum())
    if total < LEAST_HOMES or min((seen.sum(1) > 0).sum(), (seen.sum(0) > 0).sum()) < 2:  # noqa: PLR2004
        return Decay(assumed, float("nan"), float("nan"), False, total, ASSUMED)
    drawing = np.ones(seen.shape[1]) if attraction is None else np.asarray(attraction, float)

    def loss(log: float) -> float:
        pull = walks.weights(_weight(law, float(np.exp(log)), cut_min))
        pull.data *= drawing[pull.indices]
        return -_loglik(seen, who, where, pull, outside)

    ends = (np.log(1.0), np.log(90.0)) if law == "gaussienne" else (np.log(0.05), np.log(8.0))
    grid = np.linspace(*ends, 40)
    best = int(np.argmin([loss(x) for x in grid]))
    around = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    found = scipy.optimize.minimize_scalar(
        loss, bounds=around, method="bounded", options={"xatol": 1e-7}
    )
    low, high = (_end(loss, float(found.x), float(found.fun), end) for end in ends)
    words = f"mesuré sur {total:.0f} personnes dont la commune est notée"
    return Decay(float(np.exp(found.x)), low, high, True, total, words)


def _log_error(law: GammaPoisson, expected: Array) -> float:
    """Return the standard error of the logarithm of the mean of the law."""
    mean = law.mean * expected
    return float(1 / np.sqrt((mean / (1 + mean / law.shape)).sum()))


def _weight(law: str, value: float, cut_min: float) -> Callable[[Array], Array]:
    if law == "gaussienne":
        return gaussian(value, cut_min)
    return lambda walks: np.maximum(walks, _NEAREST_MIN) ** -value


def _loglik(
    counts: Array, people: Array, home: NDArray[np.int64], pull: csr_array, outside: float
) -> float:
    """Return the log-likelihood of the places chosen, given how many of each commune came."""
    cell = np.repeat(np.arange(len(people)), np.diff(pull.indptr))
    summed = outside + np.bincount(cell, pull.data, minlength=len(people))
    share = people[cell] * pull.data / summed[cell]
    pair = home[cell] * counts.shape[1] + pull.indices
    drawn = np.bincount(pair, share, minlength=counts.size).reshape(counts.shape)
    total = drawn.sum(1, keepdims=True)
    chance = np.divide(drawn, total, out=np.zeros_like(drawn), where=total > 0)
    return float((counts * np.log(np.maximum(chance, 1e-12))).sum())


def _end(loss: Callable[[float], float], best: float, least: float, end: float) -> float:
    """Return where the likelihood has fallen by 1.92, at most the `end` of what is searched."""
    if loss(end) - least < _DROP or end == best:
        return float(np.exp(end))
    root = scipy.optimize.brentq(lambda x: loss(x) - least - _DROP, *sorted((best, end)))
    return float(np.exp(root))
