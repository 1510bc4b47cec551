"""People of one stage month by month, and the months that were not counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from datetime import date

    from territory.analysis.report.lines import Lines

MOST_UNCOUNTED = 0.2  # of the lines of a month: above, nobody knows what the month was
COLUMNS = ("people", "lines", "uncounted", "known")


def month_counts(people: pd.DataFrame, active: pd.Series, first: date, last: date) -> pd.DataFrame:
    """
    Return on month (Period) from `first` to `last`: people, lines, uncounted, known.

    `people` are lines of one stage (report.lines), `active` the days with a realised activity.
    A month is not known when nothing was noted, or more than a fifth of its lines hold no count.
    """
    months = pd.period_range(first, last, freq="M")
    ours = within(people, first, last)
    by_month = ours.groupby(ours["on"].dt.to_period("M"))["people"]
    table = pd.DataFrame({
        "people": by_month.sum().astype(float),
        "lines": by_month.size(),
        "uncounted": by_month.size() - by_month.count(),
    }).reindex(months, fill_value=0)  # fmt: skip
    noted = months.isin(active[active.between(pd.Timestamp(first), pd.Timestamp(last))]
                        .dt.to_period("M"))  # fmt: skip
    told = table["uncounted"] <= MOST_UNCOUNTED * table["lines"]
    return table.assign(known=told & noted)


def within(lines: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """Return the lines of these days, both included."""
    return lines[lines["on"].between(pd.Timestamp(first), pd.Timestamp(last))]


def active_days(lines: Lines) -> pd.Series:
    """Return the days with something realised, sorted: when the log was kept."""
    done = lines.activities.loc[(lines.activities["state"] == "realise").fillna(value=False), "on"]
    days = pd.concat([done, lines.people["on"]]).dropna()
    return days.drop_duplicates().sort_values(ignore_index=True)


def stage_lines(lines: Lines, stage: str) -> pd.DataFrame:
    """Return the lines of people of one stage."""
    return lines.people[(lines.people["stage"] == stage).fillna(value=False)]
