"""What a year, or several, will add up to beside the aim of a team: how many, and how sure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.report.aim_words import (
    NO_POSTS,
    NOBODY,
    TOO_SHORT,
    chance_mention,
    ending_mention,
    forecast_mention,
    month_names,
)
from territory.analysis.report.months import month_counts, within
from territory.analysis.report.noted import NO_LINE
from territory.analysis.report.posts import post_years
from territory.analysis.report.prediction import Effort, predict
from territory.model.report import Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from territory.analysis.report.prediction import Prediction
    from territory.settings.report import Aim

TARGET, REACHED, FORECAST, CHANCE = "OBJ", "OBJr", "OBJp", "OBJc"
PER_POST, NEEDED = "OBJo", "OBJn"
AHEAD = (FORECAST, CHANCE, NEEDED)  # of no use for the year before
UNSURE = (*AHEAD, PER_POST)
LABELS = {
    TARGET: "Objectif", REACHED: "Atteint", FORECAST: "Prévision",
    CHANCE: "Chance d’atteindre l’objectif", PER_POST: "Observé par poste et par an",
    NEEDED: "Nécessaire par poste et par an, d’ici la fin",
}  # fmt: skip
RAMP_UPS = {0.0: 0.1, 0.5: 0.2, 1.0: 0.4, 1.5: 0.2, 2.0: 0.1}  # times what is supposed: weight
LEAST_DAYS = 180  # counted, six months
LATE_DAYS = 14  # a log without activity for longer is not filled in up to the day
SURE = 0.99
PEOPLE, PER_POST_UNIT = "personnes", "personnes par poste et par an"


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """What the log tells of a stage: its lines, the days kept, until which day it was filled in."""

    people: pd.DataFrame
    months: pd.DataFrame
    first: date
    cut: date


@dataclass(frozen=True, slots=True)
class Period:
    """Days that a figure of the aim is about: part, label, first and last day, people aimed at."""

    part: str
    label: str
    first: date
    last: date
    target: float

    def figure(self, code: str, value: float, unit: str, mention: str = "") -> Part:
        """Return the figure `code` of these days."""
        return self.named(code, Part("", "", value, unit, mention=mention))

    def named(self, code: str, part: Part) -> Part:
        """Return the figure `code` with the name of these days."""
        label = self.label if self.part else f"{LABELS[code]}, {self.label}"
        return replace(part, part=self.part, label=label)


def forecast_parts(
    aim: Aim, last: date, people: pd.DataFrame, active: pd.Series
) -> dict[str, tuple[Part, ...]]:
    """
    Return the figures of the aim as they stand on `last`, by code of figure.

    `people` are all lines of the stage of the aim (report.lines), `active` the days with a realised
    activity; what comes after `last` is not looked at. Unknown, with the reason, when fewer than
    six months are counted, or a month of the year is not.
    """
    log = _counted(aim, last, people, active)
    year = Period("", f"année {last.year}", date(last.year, 1, 1), date(last.year, 12, 31),
                  aim.people)  # fmt: skip
    periods = (year, *_planned(aim, last, log.cut if log else last))
    found = {
        TARGET: tuple(period.figure(TARGET, period.target, PEOPLE) for period in periods),
        REACHED: (_reached(people, year, last),),
    }
    why = _refused(log, year)
    if log is None or why:
        return {**found, **{code: (year.figure(code, np.nan, "", why),) for code in UNSURE}}
    told = zip(*(_told(aim, log, period) for period in periods[1:]), strict=True)
    ahead = {
        code: _said_once((year.named(code, parts[0]), *parts))
        for code, parts in zip(AHEAD, told, strict=True)
    }
    return {**found, **ahead, PER_POST: (_per_post(aim, log),)}


def _said_once(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Return figures, what is supposed being said with the first value that supposes it."""
    said: set[str] = set()
    told = []
    for part in parts:
        again = part.mention in said and not np.isnan(part.value)
        told.append(replace(part, mention="") if again else part)
        said.add(part.mention)
    return tuple(told)


def _counted(aim: Aim, last: date, people: pd.DataFrame, active: pd.Series) -> Counted | None:
    """Return what is counted of the stage up to `last`; None when nothing is."""
    kept = active[active <= pd.Timestamp(last)]
    counted = people.loc[people["people"].notna(), "on"]
    if kept.empty or counted.empty or counted.min().date() > last:
        return None
    end = kept.max().date()
    cut = last if (last - end).days <= LATE_DAYS else end
    since = min((step.since for step in aim.posts), default=date.min)
    first = max(counted.min().date(), since)
    if first > cut:
        return None
    return Counted(people, month_counts(people, active, first, cut), first, cut)


def _planned(aim: Aim, last: date, cut: date) -> Iterator[Period]:
    """Yield the year of `last`, each one after it up to the end of the aim, all those not over."""
    until = max(aim.until or last, date(last.year, 12, 31))
    years = []
    for year in range(last.year, until.year + 1):
        start, end = date(year, 1, 1), min(date(year, 12, 31), until)
        share = ((end - start).days + 1) / ((date(year, 12, 31) - start).days + 1)
        years.append(Period(str(year), f"année {year}", start, end, round(aim.people * share)))
    yield from years
    left = [period for period in years if period.last > cut]
    if len(left) > 1:
        yield Period("total", f"total {left[0].part}–{left[-1].part}", left[0].first, until,
                     sum(period.target for period in left))  # fmt: skip


def _refused(log: Counted | None, year: Period) -> str:
    """Return why nothing is foreseen, "" when something is."""
    if log is None:
        return NOBODY
    ours = log.months[log.months.index >= _month(year.first)]
    if not ours["known"].all():
        return f"non calculé : mois sans comptage ({month_names(ours.index[~ours['known']])})"
    known = log.months[log.months["known"]]
    if _days(log, known.index) < LEAST_DAYS:
        return TOO_SHORT
    return "" if known["people"].sum() else NOBODY


def _days(log: Counted, months: pd.PeriodIndex) -> int:
    """Return how many days of these months are counted."""
    spans = ((max(m.start_time.date(), log.first), min(m.end_time.date(), log.cut)) for m in months)
    return sum((last - first).days + 1 for first, last in spans)


def _told(aim: Aim, log: Counted, period: Period) -> tuple[Part, Part, Part]:
    """Return the forecast of a period, the chance of its target, what is needed of each post."""
    done = _sum(log, period)
    days = max(period.first, log.cut + timedelta(days=1)), period.last
    left = post_years(aim.posts, *days, aim.ramp_up_months)
    if not left.sum():
        over = ending_mention(done >= period.target)
        used = tuple(_lines(log, period).index)
        return (
            replace(period.figure(FORECAST, done, PEOPLE, over), lines=used),
            period.figure(CHANCE, np.nan, "", over),
            period.figure(NEEDED, np.nan, "", over),
        )
    foreseen = _foreseen(aim, log, days)
    low, high = foreseen.interval()
    mention = forecast_mention(aim, log.cut, len(log.months), uncounted=_uncounted(log))
    chance = foreseen.reaching(period.target - done)
    told = round(min(max(chance, 1 - SURE), SURE), 2)
    used = tuple(within(log.people, log.first, log.cut).index)
    total = period.figure(FORECAST, round(done + foreseen.expected), PEOPLE, mention)
    return (
        replace(total, low=done + low, high=done + high, lines=used),
        replace(period.figure(CHANCE, told, "part", chance_mention(chance, SURE)), lines=used),
        _needed(aim, period, period.target - done, left),
    )


def _foreseen(aim: Aim, log: Counted, period: tuple[date, date]) -> Prediction:
    """Return what the days of `period`, after those counted, will add up to."""
    used = log.months.index[log.months["known"]]
    efforts = []
    for times, weight in RAMP_UPS.items():
        months = aim.ramp_up_months * times
        worked = post_years(aim.posts, log.first, log.cut, months)[used]
        efforts.append(Effort(worked, post_years(aim.posts, *period, months), weight))
    coming = pd.period_range(*period, freq="M")
    return predict(log.months.loc[used, "people"], used.month, coming.month, efforts)


def _per_post(aim: Aim, log: Counted) -> Part:
    """Return the people of a post a year, as observed, with its limits."""
    if not aim.posts:
        return Part("", LABELS[PER_POST], np.nan, PER_POST_UNIT, mention=NO_POSTS)
    value, low, high = _foreseen(aim, log, (log.cut, log.cut)).rate_interval()
    return Part("", LABELS[PER_POST], round(value, 1), PER_POST_UNIT, low=round(low, 1),
                high=round(high, 1))  # fmt: skip


def _needed(aim: Aim, period: Period, missing: float, left: pd.Series) -> Part:
    """Return how many people a post must reach a year, from now on, for the target to be met."""
    why = "" if aim.posts else NO_POSTS
    if len(left) <= 1:
        why = "non calculé : la période est presque finie"
    if missing <= 0:
        why = "objectif déjà atteint"
    return period.figure(
        NEEDED, np.nan if why else round(missing / left.sum(), 1), PER_POST_UNIT, why
    )


def _reached(people: pd.DataFrame, year: Period, last: date) -> Part:
    """Return the people counted from the first of January to `last`."""
    ours = within(people, year.first, last)
    untold = int(ours["people"].isna().sum())
    known = len(ours) - untold
    ever = (people["on"] <= pd.Timestamp(last)) & people["people"].notna()
    noted = ever.any() if not len(ours) else known
    value = float(ours["people"].sum()) if noted else np.nan
    mention = "" if noted else "aucun comptage dans le suivi" if len(ours) else NO_LINE
    label = f"{LABELS[REACHED]} depuis le 1er janvier {last.year}"
    return Part("", label, value, PEOPLE, uncounted=untold,
                people=True, mention=mention, lines=tuple(ours.index))  # fmt: skip


def _lines(log: Counted, period: Period) -> pd.DataFrame:
    return within(log.people, period.first, min(period.last, log.cut))


def _sum(log: Counted, period: Period) -> float:
    return float(_lines(log, period)["people"].sum())


def _uncounted(log: Counted) -> int:
    return int(log.months["uncounted"].sum())


def _month(day: date) -> pd.Period:
    return pd.Period(day, freq="M")
