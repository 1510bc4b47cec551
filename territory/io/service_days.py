"""On which days each service of a GTFS feed runs: its weekly calendar and the exceptions to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.errors import UnreadableFile
from territory.io.transit import feed_members, feed_table
from territory.model.issues import Issue

if TYPE_CHECKING:
    from pathlib import Path

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SPAN_DAYS = 400  # a feed that claims to hold for a century is read for this long
_ADDED, _REMOVED = "1", "2"


def read_service_days(path: Path) -> tuple[pd.DataFrame, list[Issue]]:
    """
    Return the days of each service (service_id, on: each pair once, sorted) and what was doubtful.

    Either file may be missing, not both: UnreadableFile (French). Lines whose dates cannot be read
    are counted and left out. A feed that spans more than SPAN_DAYS is cut to that many days from
    the latest start of its services. Format: GTFS reference, calendar.txt and calendar_dates.txt.
    """
    members = feed_members(path)
    if not members & {"calendar.txt", "calendar_dates.txt"}:
        raise UnreadableFile(
            f"« {path.name} » ne dit pas quels jours passent les lignes : ni calendar.txt ni "
            "calendar_dates.txt. Téléchargez le fichier complet."
        )
    issues: list[Issue] = []
    weekly = _weekly(path, issues) if "calendar.txt" in members else _no_days()
    exceptions = _exceptions(path, issues) if "calendar_dates.txt" in members else _no_days()
    added = exceptions.loc[exceptions["exception_type"].eq(_ADDED), ["service_id", "on"]]
    removed = exceptions.loc[exceptions["exception_type"].eq(_REMOVED), ["service_id", "on"]]
    keys = pd.MultiIndex.from_frame(pd.concat([weekly[["service_id", "on"]], added]))
    kept = keys.difference(pd.MultiIndex.from_frame(removed)).unique().sort_values()
    days = kept.to_frame(index=False).set_axis(["service_id", "on"], axis="columns")
    if days.empty:
        raise UnreadableFile(
            f"« {path.name} » : aucun jour de service lisible. Téléchargez-le de nouveau."
        )
    return days.astype({"service_id": "string", "on": "datetime64[us]"}), issues


def _weekly(path: Path, issues: list[Issue]) -> pd.DataFrame:
    """Return the days of calendar.txt, one row for a service and a day it runs."""
    rows = feed_table(path, "calendar.txt", ("service_id", "start_date", "end_date", *WEEKDAYS))
    first, last = _date(rows["start_date"]), _date(rows["end_date"])
    sound = first.notna() & last.notna() & rows["service_id"].notna() & (first <= last)
    _tell(issues, path, "calendar.txt", rows.index[~sound])
    rows, first, last = rows[sound], first[sound], last[sound]
    if rows.empty:
        return _no_days()
    start, end = first.min(), last.max()
    if (end - start).days >= SPAN_DAYS:
        start = min(max(start, first.max()), end)
        end = min(end, start + pd.Timedelta(days=SPAN_DAYS - 1))
    span = pd.DataFrame({"on": pd.date_range(start, end)})
    span["weekday"] = span["on"].dt.day_of_week
    runs = rows.assign(first=first, last=last).melt(
        id_vars=["service_id", "first", "last"], value_vars=list(WEEKDAYS), var_name="name"
    )
    runs = runs[runs["value"].eq("1")].assign(weekday=lambda t: t["name"].map(WEEKDAYS.index))
    days = runs.merge(span, on="weekday")
    return days.loc[days["on"].between(days["first"], days["last"]), ["service_id", "on"]]


def _exceptions(path: Path, issues: list[Issue]) -> pd.DataFrame:
    rows = feed_table(path, "calendar_dates.txt", ("service_id", "date", "exception_type"))
    on = _date(rows["date"])
    known = rows["exception_type"].isin([_ADDED, _REMOVED])
    sound = on.notna() & known & rows["service_id"].notna()
    _tell(issues, path, "calendar_dates.txt", rows.index[~sound])
    return rows.assign(on=on)[sound]


def _date(values: pd.Series) -> pd.Series:
    return pd.to_datetime(values, format="%Y%m%d", errors="coerce").astype("datetime64[us]")


def _tell(issues: list[Issue], path: Path, member: str, bad: pd.Index) -> None:
    if len(bad):
        problem = f"{member} : {len(bad)} lignes de dates illisibles, laissées de côté."
        issues.append(Issue("E-DATE", path.name, problem, "", int(bad[0]) + 2))


def _no_days() -> pd.DataFrame:
    on = pd.Series(dtype="datetime64[us]")
    texts = pd.Series(dtype="string")
    return pd.DataFrame({"service_id": texts, "on": on, "exception_type": texts})
