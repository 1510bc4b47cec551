"""What permanences offer: hours held by workers, by place and half-day of the week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.access import AFTERNOON_MIN, HALF_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Span = tuple[int, int]

PARITIES = ("paire", "impaire")
NEEDED = ["place_id", "weekday", "start_min", "end_min"]
COLUMNS = {
    "place_id": "string", "weekday": "int64", "half_day": "string", "workers": "int64",
    "open_hours": "float64", "staff_hours": "float64", "every_week": "bool",
}  # fmt: skip


def staffed_hours(availability: pd.DataFrame) -> pd.DataFrame:
    """
    Return hours a week by place and half-day, from the permanences of `tables.AVAILABILITY`.

    Columns on staffing_id: place_id, weekday (0 Monday), half_day (matin, apres-midi), workers
    (different ones), open_hours (somebody is there), staff_hours (added over workers), every_week.
    Hours are a mean over two weeks: a permanence of even or of odd weeks counts for half. One
    across 12:30 is cut there. A worker written twice counts once; a row without a worker is held by
    somebody. Rows without a place, a day or times are left out: their hours are unknown.
    """
    rows = availability[availability["kind"] == "permanence"].dropna(subset=NEEDED)
    held: dict[tuple[str, int, str], dict[tuple[str, str], list[Span]]] = {}
    for row in rows.sort_index().itertuples():
        worker = f"?{row.Index}" if pd.isna(row.agent_code) else str(row.agent_code)
        for half, span in _halves(int(row.start_min), int(row.end_min)):
            spans = held.setdefault((str(row.place_id), int(row.weekday), half), {})
            for parity in _parities(row.weeks):
                spans.setdefault((worker, parity), []).append(span)
    lines = [_line(key, held[key]) for key in sorted(held)]
    names = [f"{x['place_id']}-{x['weekday']}-{x['half_day']}" for x in lines]
    index = pd.Index(names, name="staffing_id", dtype="object")
    return pd.DataFrame(lines, index=index, columns=[*COLUMNS]).astype(COLUMNS).sort_index()


def place_hours(staffing: pd.DataFrame) -> pd.Series:
    """Return the staffed hours a week of each place_id, from the table of `staffed_hours`."""
    return staffing.groupby("place_id")["staff_hours"].sum().rename("staff_hours").sort_index()


def _halves(start: int, end: int) -> Iterator[tuple[str, Span]]:
    if start < min(end, AFTERNOON_MIN):
        yield HALF_DAYS[0], (start, min(end, AFTERNOON_MIN))
    if end > max(start, AFTERNOON_MIN):
        yield HALF_DAYS[1], (max(start, AFTERNOON_MIN), end)


def _parities(weeks: object) -> tuple[str, ...]:
    return (str(weeks),) if not pd.isna(weeks) and weeks in PARITIES else PARITIES


def _line(key: tuple[str, int, str], spans: dict[tuple[str, str], list[Span]]) -> dict[str, object]:
    staff = sum(_length(s) for s in spans.values())
    shared = {p: [s for (_, q), own in spans.items() if q == p for s in own] for p in PARITIES}
    minutes = {p: _length(s) for p, s in shared.items()}
    place, weekday, half = key
    return {
        "place_id": place,
        "weekday": weekday,
        "half_day": half,
        "workers": len({worker for worker, _ in spans}),
        "open_hours": sum(minutes.values()) / 120,
        "staff_hours": staff / 120,
        "every_week": all(minutes.values()),
    }


def _length(spans: Iterable[Span]) -> int:
    """Return the minutes covered by spans, what overlaps counted once."""
    total, until = 0, -1
    for start, end in sorted(spans):
        total += max(end - max(start, until), 0)
        until = max(until, end)
    return total
