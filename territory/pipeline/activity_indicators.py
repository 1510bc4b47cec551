"""The activity of each month and year of the log, counted by the definitions of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.report.alone import at_communes
from territory.analysis.report.chosen import frame_of
from territory.analysis.report.counting import counted
from territory.analysis.report.lines import Lines, activity_lines, people_lines
from territory.analysis.report.noted import noted_by
from territory.analysis.report.partner_lines import partner_lines
from territory.analysis.report.spans import span_of
from territory.io.report_profiles import read_profile
from territory.model.report import FIGURES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from territory.model.report import Span
    from territory.pipeline.workspace import Built
    from territory.settings.report import Counting

YEAR, MONTH = "annee", "mois"
COUNTED = {
    "est_ensemble": ("E1", "E2", "E2a", "E3", "E3o", "E4", "E5", "E6"),
    "aveq": ("A2",),
    "standard": ("S12",),
}


def activity_indicators(built: Built) -> pd.DataFrame:
    """
    Return the columns of FIGURES, grain (annee, mois), period, first_on and last_on.

    Years hold the parts of each figure too (by commune, sex, age, type); months the wholes only.
    What nobody counted is NA, never 0. Raises BadSettings as `read_profile`.
    """
    countings = _countings(built)
    labels = {counting.code: counting.label for counting in countings}
    monthly = tuple(c.model_copy(update={"by": "mois", "shares": False}) for c in countings)
    found = [_dated(*figures, labels) for span in _years(built)
             for figures in _figures(built, span, (countings, monthly))]  # fmt: skip
    empty = pd.DataFrame(columns=[*FIGURES.names(), "grain", "period", "first_on", "last_on"])
    return pd.concat(found, ignore_index=True) if found else empty


def activity_counts(built: Built) -> pd.DataFrame:
    """
    Return what each activity adds to the figures of a year: activity_key, on, kind, value.

    One row for each line that a figure counts (definition, part): added up they are the figure. An
    activity keeps its key, so that one told in two files can be counted once.
    """
    countings = _countings(built)
    found = [
        _added(counting, figures.lines[name], lines, figures.table.loc[name, "part"])
        for lines in (_lines(built, span) for span in _years(built))
        for figures in (counted(countings, lines, {}, {}),)
        for counting in countings
        for name in figures.table.index[figures.table["definition"] == counting.code]
    ]
    columns = ["activity_key", "on", "kind", "definition", "part", "value"]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)


def _added(counting: Counting, keys: NDArray[np.object_], lines: Lines, part: str) -> pd.DataFrame:
    frame = frame_of(counting, lines).loc[keys]
    if counting.counted == "personnes":
        activity = frame["activity_id"].astype("object")
        key = activity.where(activity.notna(), frame.index.to_numpy(object))
        value, on = frame["people"], activity.map(lines.activities["on"]).fillna(frame["on"])
    else:
        key, on = pd.Series(frame.index.to_numpy(object), frame.index), frame["on"]
        value = frame["hours"] if counting.counted == "heures" else pd.Series(1.0, frame.index)
    return pd.DataFrame({
        "activity_key": key,
        "on": on,
        "kind": frame["kind"],
        "definition": counting.code,
        "part": part,
        "value": value.astype("float64"),
    })  # fmt: skip


def _countings(built: Built) -> tuple[Counting, ...]:
    return tuple(
        counting
        for name, codes in COUNTED.items()
        for counting in read_profile(name, built.territory.folder).countings
        if counting.code in codes
    )


def _years(built: Built) -> list[Span]:
    """Return the years of the log, up to today."""
    today = built.territory.today
    told = pd.concat([built.table(name)["on"] for name in ("activities", "contacts")]).dropna()
    years = {day.year for day in told.dt.date.unique() if day <= today}
    return [span_of(str(year), today, None) for year in sorted(years)]


def _figures(
    built: Built, span: Span, asked: tuple[tuple[Counting, ...], tuple[Counting, ...]]
) -> list[tuple[pd.DataFrame, Span, str]]:
    """Return the figures of a year, then those of its months, counted on the same lines."""
    lines, names = _lines(built, span), built.table("communes")["name"].to_dict()
    yearly, monthly = (counted(countings, lines, names, {}).table for countings in asked)
    return [(yearly, span, YEAR), (monthly[monthly["part"] != ""], span, MONTH)]


def _lines(built: Built, span: Span) -> Lines:
    activities, contacts, places = (built.table(n) for n in ("activities", "contacts", "places"))
    nowhere = pd.DataFrame(index=activities.index, columns=["residence", "quarter", "lacking"])
    names = built.table("communes")["name"].to_dict()
    done = activity_lines(activities, places, nowhere, span)
    people = at_communes(people_lines(done, contacts, span), contacts, names)
    ground = pd.DataFrame(columns=["name", "kind", "residents", "residents_18_64"])
    noted = noted_by(activities, contacts, span)
    return Lines(done, people, partner_lines(places, span.last), ground, noted)


def _dated(
    figures: pd.DataFrame, span: Span, grain: str, labels: Mapping[str, str]
) -> pd.DataFrame:
    """Return the figures of a span with their period, which parts by month are."""
    if grain == YEAR:
        first, last = pd.Timestamp(span.first), pd.Timestamp(span.last)
        return figures.assign(grain=grain, period=f"{first:%Y}", first_on=first, last_on=last)
    starts = pd.to_datetime(figures["part"], format="%Y-%m")
    return figures.assign(
        grain=grain,
        period=figures["part"],
        part="",
        label=figures["definition"].map(labels),
        first_on=starts.clip(lower=pd.Timestamp(span.first)),
        last_on=(starts + pd.offsets.MonthEnd(0)).clip(upper=pd.Timestamp(span.last)),
    )
