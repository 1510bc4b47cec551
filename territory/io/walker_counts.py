"""Counts of people who walk by, from the sheet « comptages »: a street, a time, how many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd

from territory.io.contact_counts import numbered
from territory.io.coordinates import read_spot, to_points
from territory.io.place_rows import made_id
from territory.io.privacy import showable
from territory.io.rows import Columns, Row, record_frame, refuse_identifiers, report_of
from territory.io.text_tables import read_table
from territory.io.values import read_time
from territory.model.tables import WALKER_COUNTS, check_table, conform, empty_table
from territory.model.walking import PERIODS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from shapely.geometry import Point

    from territory.model.issues import ReadReport
    from territory.model.walking import Period

_MOST = 50_000  # walkers of one count: no street of a town sees more in a period
_IN_ONE_PERIOD = 0.75  # of its minutes, else a count says nothing of any period
_COLUMNS = ("on", "start", "end", "walkers", "lat", "lon")


def read_walker_counts(
    path: Path, *, sheet: str | None = None, epsg: int = 2154, today: date | None = None
) -> tuple[gpd.GeoDataFrame, ReadReport]:
    """
    Read « comptages » as WALKER_COUNTS, points in EPSG:`epsg`, and its report.

    A line is refused without a day, two times, a whole number of walkers and a point; after
    `today`; or when no period of `walking.PERIODS` holds three quarters of it. Raises RefusedFile
    for a file about people, UnreadableFile, UnknownKind when `sheet` does not exist.
    """
    columns = Columns("walker_counts", read_table(path, sheet))
    opening = columns.opening_issues(_COLUMNS)
    rows, broken = list(columns.rows()), any(i.code == "E-COL" for i in opening)
    records = [None if broken else _count(row, epsg, today) for row in rows]
    for row, record in zip(rows, records, strict=True):
        row.refused = row.refused or record is None
    kept = [(r, row) for r, row in zip(records, rows, strict=True) if r is not None]
    _warn_twins(kept)
    return _table([record for record, _ in kept], epsg), report_of(columns, opening, rows)


def _count(row: Row, epsg: int, today: date | None) -> dict[str, Any] | None:
    refuse_identifiers(row)
    on, walkers, point = row.date("on", required=True), _walkers(row), _point(row, epsg)
    start, end = _time(row, "start"), _time(row, "end")
    if on is not None and today is not None and on > today:
        row.refuse("E-DATE", "on", "la date est dans le futur.", "Ligne ignorée.")
    if row.refused or start is None or end is None:
        return None
    if end <= start:
        row.refuse("E-HEURE", "end", "la fin n'est pas après le début.", "Ligne ignorée.")
        return None
    period = _period(row, start, end)
    if period is None:
        return None
    facts = {"on": on, "start_min": start, "hours": (end - start) / 60, "walkers": walkers}
    return {**facts, "period": period.code, "geometry": point}


def _walkers(row: Row) -> int | None:
    return row.count("walkers", most=_MOST) if row.required("walkers") else None


def _point(row: Row, epsg: int) -> Point | None:
    spot = read_spot(row, required=True)
    point = to_points([spot], epsg)[0]
    if spot is not None and point is None:
        problem = "les coordonnées sont loin du territoire."
        row.refuse("E-COORD", "lat", problem, "Ligne ignorée.")
    return point


def _time(row: Row, name: str) -> int | None:
    """Return minutes after midnight; E-HEURE refuses the line when the cell is not understood."""
    text = row.required(name)
    found = None if text is None else read_time(text)
    if text is not None and found is None:
        problem = f"« {showable(text)} » n'est pas une heure (attendu : 9h30)."
        row.refuse("E-HEURE", name, problem, "Ligne ignorée.")
    return found


def _period(row: Row, start: int, end: int) -> Period | None:
    """Return the period that holds three quarters of a count (minutes after midnight), or None."""
    shared = {p.code: max(min(end, p.end_min) - max(start, p.start_min), 0) for p in PERIODS}
    best = max(PERIODS, key=lambda p: shared[p.code])
    if shared[best.code] >= _IN_ONE_PERIOD * (end - start):
        return best
    over = [p.label for p in PERIODS if shared[p.code]]
    if sum(shared.values()) < _IN_ONE_PERIOD * (end - start):
        problem = "plus du quart du comptage est hors des périodes décrites, de 7 h à 19 h 30."
    else:
        problem = f"le comptage est à cheval sur plusieurs périodes ({', '.join(over)})."
    remedy = "Ligne ignorée : comptez dans une seule période, aux trois quarts au moins."
    row.refuse("E-HEURE", "start", problem, remedy)
    return None


def _key(record: dict[str, Any]) -> tuple[str, ...]:
    names = ("on", "start_min", "hours", "geometry")
    return tuple(str(record[name]) for name in names)


def _warn_twins(kept: Sequence[tuple[dict[str, Any], Row]]) -> None:
    """Tell counts of the same time and point: two counters, or one line typed twice."""
    seen: dict[tuple[str, ...], Row] = {}
    for record, row in kept:
        first = seen.setdefault(_key(record), row)
        if first is not row:
            problem = f"même date, mêmes heures, même point que la ligne {first.line}."
            remedy = "Les deux lignes sont gardées ; additionnez-les si chacune compte un sens."
            row.note("W-DOUBLON", "", problem, remedy)


def _table(records: Sequence[dict[str, Any]], epsg: int) -> gpd.GeoDataFrame:
    if not records:
        return empty_table(WALKER_COUNTS, epsg=epsg)
    ids = numbered([made_id("n", "|".join((*_key(r), str(r["walkers"])))) for r in records])
    frame = record_frame(WALKER_COUNTS, records, ids)
    points = [record["geometry"] for record in records]
    frame["geometry"] = gpd.GeoSeries(points, index=frame.index)
    table = conform(frame, WALKER_COUNTS, epsg=epsg)
    check_table(table, WALKER_COUNTS, epsg=epsg)
    return table
