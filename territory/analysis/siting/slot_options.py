"""What may be chosen: a place on a half-day, those held now and those that could be opened."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from territory.analysis.access import AFTERNOON_MIN, DAYS, HALF_DAYS, STAY_MIN, slot_names
from territory.analysis.siting.hosts import host_candidates
from territory.analysis.siting.slot_staff import free_spans, free_workers
from territory.model.marked import marked
from territory.model.opening import open_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from territory.analysis.siting.slot_staff import Span
    from territory.settings import Sites, Week

WEEKDAYS = 6  # Monday to Saturday
WEEKS = 4  # a place open « le 1er lundi du mois » is not open every Monday
AFTERNOON_START = 14 * 60  # a permanence of the afternoon begins there when it can
HOSTING, WILLING, TO_ASK = (
    marked("accueille déjà"), marked("d'accord pour accueillir"), marked("à demander"),
)  # fmt: skip
KNOWN, TO_CHECK = "horaires connus", "horaires à vérifier"
NEVER_SHOWN = frozenset({"bidonville"})
_TOLD = ("name", "kind", "commune_code", "opening_hours", "hosts_permanence", "sensitive")
COLUMNS = {
    "place_id": "string", "name": "string", "kind": "string", "commune_code": "string",
    "slot": "string", "weekday": "int64", "half_day": "string", "start_min": "int64",
    "end_min": "int64", "hours": "float64", "capacity": "float64", "every_week": "bool",
    "present": "bool", "named": "bool", "host": "string", "opening": "string", "free": "int64",
}  # fmt: skip


def slot_options(  # noqa: PLR0913 - the tables an option rests on, by name
    places: pd.DataFrame,
    permanences: pd.DataFrame,
    staffing: pd.DataFrame,
    *,
    team: pd.DataFrame,
    availability: pd.DataFrame,
    settings: Sites,
    week: Week,
    today: date,
) -> pd.DataFrame:
    """
    Return the options, one row for a place and a half-day: held now, or that could be opened.

    `places`, `team`, `availability` keep their contracts; `permanences` and `staffing` are those of
    `weekly_permanences` and `staffed_hours`. A place that may host (`host_candidates`) is an option
    on each half-day, Monday to Saturday, when it is open for a whole session in an ordinary week
    from `today` on (hours unknown: allowed, and said) and a worker is free (without any team told:
    nobody knows). Columns on option_id (« place@lundi matin »): place_id, name, kind, commune_code,
    slot (of `slot_names`), weekday (0 Monday), half_day, start_min, end_min (minutes after
    midnight), hours (of workers a week, preparation included), capacity (people a half-day),
    every_week, present (held now), named (False: sensitive or unknown, never shown), host and
    opening (French words), free (workers free then; -1 unknown).
    """
    held = list(_held(places, permanences, staffing, settings))
    taken = {(row["place_id"], row["slot"]) for row in held}
    spans = free_spans(team, availability, today=today)
    rows = [
        row
        for row in _possible(places, settings, week, today)
        if (row["place_id"], row["slot"]) not in taken
    ]
    free = {when: free_workers(spans, *when) for when in {*map(_session, (*held, *rows))}}
    for row in (*held, *rows):
        row["free"] = free[_session(row)] if len(team) else -1
    hosts = {row["place_id"] for row in held}
    kept = [*held, *(row for row in rows if row["free"] != 0)]
    for row in kept:
        row["host"] = HOSTING if row["place_id"] in hosts else row["host"]
    names = [f"{row['place_id']}@{row['slot']}" for row in kept]
    index = pd.Index(names, name="option_id", dtype="object")
    return pd.DataFrame(kept, index=index, columns=[*COLUMNS]).astype(COLUMNS).sort_index()


def next_monday(today: date) -> date:
    """Return the Monday after the week of `today`: where an ordinary week begins."""
    return today + timedelta(days=7 - today.weekday())


def ordinary_spans(hours: str, weekday: int, *, monday: date) -> tuple[Span, ...] | None:
    """
    Return when a place is open on that weekday in each of the four weeks from `monday`.

    `hours` is OSM opening_hours text; spans are minutes after midnight, () is closed, None is not
    understood. No day counts as a holiday: what is asked is an ordinary week.
    """
    try:
        weeks = [open_spans(hours, monday + timedelta(7 * w + weekday)) for w in range(WEEKS)]
    except ValueError:
        return None
    common = weeks[0]
    for spans in weeks[1:]:
        common = tuple(
            (max(a, c), min(b, d)) for a, b in common for c, d in spans if min(b, d) > max(a, c)
        )
    return common


def session_in(
    spans: Iterable[Span], half: str, *, session_min: int, day: Span
) -> tuple[int, int] | None:
    """
    Return when a session of `session_min` minutes is held in that half-day, None when it cannot.

    It lies in one of `spans` and in the working `day`, in the morning until 12:30; it begins as
    near as possible to the beginning of the day, or to 14:00.
    """
    first, last = (day[0], AFTERNOON_MIN) if half == HALF_DAYS[0] else (AFTERNOON_MIN, day[1])
    wished = day[0] if half == HALF_DAYS[0] else AFTERNOON_START
    starts = [
        min(max(wished, a, first), min(b, last) - session_min)
        for a, b in spans
        if min(b, last) - max(a, first) >= session_min
    ]
    if not starts:
        return None
    best = min(starts, key=lambda start: (abs(start - wished), start))
    return best, best + session_min


def slot_of(weekday: int, half_day: str) -> str:
    """Return the half-day as `slot_names` writes it; `weekday` counts from 0 Monday."""
    return f"{DAYS[weekday]} {half_day}"


def slot_number(slots: pd.Series) -> NDArray[np.int64]:
    """Return the position of each half-day in `slot_names` [options]."""
    order = {name: i for i, name in enumerate(slot_names())}
    numbers: NDArray[np.int64] = slots.map(order).to_numpy(np.int64)
    return numbers


def _possible(
    places: pd.DataFrame, settings: Sites, week: Week, today: date
) -> Iterator[dict[str, Any]]:
    """Tell every half-day on which a place that may host is open for a whole session."""
    day = _minute(week.day_start), _minute(week.day_end)
    session_min = round(60 * settings.session_h)
    sessions = cache(
        partial(_sessions, monday=next_monday(today), session_min=session_min, day=day)
    )
    for place in _records(places.loc[host_candidates(places)]):
        hours = place["opening_hours"]
        for weekday, half, session, opening in sessions(None if pd.isna(hours) else str(hours)):
            yield _row(place, weekday, half, session) | {
                "hours": settings.session_h + settings.preparation_h,
                "capacity": settings.per_hour * settings.session_h,
                "every_week": True, "present": False, "named": True,
                "host": WILLING if _yes(place["hosts_permanence"]) else TO_ASK,
                "opening": opening,
            }  # fmt: skip


def _sessions(
    hours: str | None, *, monday: date, session_min: int, day: Span
) -> list[tuple[int, str, Span, str]]:
    """Return weekday, half-day, session and what is known of it, wherever `hours` let hold one."""
    found = []
    for weekday in range(WEEKDAYS):
        told = None if hours is None else ordinary_spans(hours, weekday, monday=monday)
        spans = ((0, 24 * 60),) if told is None else told
        for half in HALF_DAYS:
            session = session_in(spans, half, session_min=session_min, day=day)
            if session is not None:
                found.append((weekday, half, session, TO_CHECK if told is None else KNOWN))
    return found


def _records(places: pd.DataFrame) -> list[dict[str, Any]]:
    """Return what an option tells of each place, one by one."""
    table = pd.DataFrame(places)[[*_TOLD]].rename_axis("place_id").reset_index()
    records: list[dict[str, Any]] = table.to_dict("records")
    return records


def _held(
    places: pd.DataFrame, permanences: pd.DataFrame, staffing: pd.DataFrame, settings: Sites
) -> Iterator[dict[str, Any]]:
    """Tell the permanences of now, with their own hours, by place and half-day."""
    if staffing.empty:
        return
    known = {place["place_id"]: place for place in _records(places)}
    days = permanences.groupby(["place_id", "weekday"]).indices
    for row in staffing.sort_index().itertuples():
        same = permanences.iloc[days.get((row.place_id, row.weekday), [])]
        span = _span_in(same, str(row.half_day))
        if span is None:
            continue
        part = 1.0 if row.every_week else 0.5
        place = known.get(row.place_id, {"place_id": row.place_id, "sensitive": True})
        hidden = _yes(place["sensitive"]) or place["kind"] in NEVER_SHOWN
        yield _row(place, int(row.weekday), str(row.half_day), span) | {
            "hours": row.staff_hours + part * row.workers * settings.preparation_h,
            "capacity": settings.per_hour * row.staff_hours,
            "every_week": bool(row.every_week), "present": True, "named": not hidden,
            "host": HOSTING, "opening": KNOWN,
        }  # fmt: skip


def _span_in(rows: pd.DataFrame, half: str) -> Span | None:
    """Return first start and last end in that half-day, None for the tail of a morning."""
    lo, hi = (0, AFTERNOON_MIN) if half == HALF_DAYS[0] else (AFTERNOON_MIN, 24 * 60)
    spans = [
        (max(int(r.start_min), lo), min(int(r.end_min), hi))
        for r in rows.itertuples()
        if min(int(r.end_min), hi) > max(int(r.start_min), lo)
    ]
    if not spans:
        return None
    first, last = min(a for a, _ in spans), max(b for _, b in spans)
    tail = first == lo == AFTERNOON_MIN and last - first < STAY_MIN
    return None if tail else (first, last)


def _row(place: Mapping[str, Any], weekday: int, half: str, session: Span) -> dict[str, Any]:
    return {
        "place_id": str(place["place_id"]),
        "name": place.get("name"),
        "kind": place.get("kind"),
        "commune_code": place.get("commune_code"),
        "slot": slot_of(weekday, half),
        "weekday": weekday,
        "half_day": half,
        "start_min": session[0],
        "end_min": session[1],
    }


def _session(row: dict[str, Any]) -> tuple[int, int, int]:
    return row["weekday"], row["start_min"], row["end_min"]


def _yes(value: object) -> bool:
    return not pd.isna(value) and bool(value)


def _minute(clock: str) -> int:
    hour, minute = clock.split(":")
    return 60 * int(hour) + int(minute)
