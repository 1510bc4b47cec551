"""The team by codes, and when each is free, away, or expected somewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.io.contact_counts import numbered
from territory.io.rows import Columns, Row, record_frame, refuse_identifiers, report_of
from territory.io.text_tables import read_table
from territory.io.values import district_code, is_worker_code, read_code, read_list, read_range
from territory.model.french_hours import DAY_MIN
from territory.model.tables import AVAILABILITY, TEAM, check_table, conform, empty_table
from territory.model.words import ROLES, SLOT_KINDS, WEEKDAYS, WEEKS, find, plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from territory.model.issues import ReadReport

_MOST_HOURS = 39.0
_METRES = 1000


def read_team(
    path: Path, *, sheet: str | None = None, city_codes: Mapping[str, str] | None = None
) -> tuple[pd.DataFrame, ReadReport]:
    """
    Read « equipe » (LOG_FORMAT 3.5) as TEAM, one worker a row, by code.

    `city_codes` gives the code of communes written by name; a worker with a commune that stays
    unknown covers them all (W-COMMUNE). A name in place of a code refuses the line (E-NOM). Raises
    RefusedFile, UnreadableFile, UnknownKind when `sheet` does not exist.
    """
    columns = Columns("team", read_table(path, sheet))
    opening = columns.opening_issues(("agent_code",))
    rows, broken = list(columns.rows()), any(i.code == "E-COL" for i in opening)
    cities = {plain(name): code for name, code in (city_codes or {}).items()}
    agents: dict[str, dict[str, Any]] = {}
    for row in rows:
        agent = None if broken else _agent(row, cities)
        if agent is None:
            row.refused = True
        elif agent["agent_code"] in agents:
            row.refuse(
                "E-CLE", "agent_code", "ce code est déjà celui d'une autre ligne.", "Ligne ignorée."
            )
        else:
            agents[agent["agent_code"]] = agent
    report = report_of(columns, opening, rows)
    if not agents:
        return empty_table(TEAM), report
    table = conform(record_frame(TEAM, list(agents.values()), list(agents)), TEAM)
    check_table(table, TEAM)
    return table, report


def _agent(row: Row, cities: Mapping[str, str]) -> dict[str, Any] | None:
    code = _code(row)
    refuse_identifiers(row)
    hours = row.number_of("weekly_hours", 0, _MOST_HOURS)
    speed, far_km = row.number_of("walk_kmh", 2, 6), row.number_of("walk_max_km", 0.5, 30)
    if code is None or row.refused:
        return None
    return {
        "agent_code": code,
        "role": row.word("role", ROLES),
        "weekly_hours": hours,
        "communes": _communes(row, cities),
        "start_place_id": row.text("start_place"),
        "walk_kmh": speed,
        "walk_max_m": None if far_km is None else round(far_km * _METRES, 3),
        "unit": row.text("unit"),
        **_period(row),
        "languages": "|".join(sorted(read_list(row.text("languages") or ""))) or None,
    }


def _period(row: Row) -> dict[str, date | None]:
    """Return the first and last day of a worker in the team; a reversed period is left out."""
    first, last = row.date("active_from"), row.date("active_to")
    if first is not None and last is not None and last < first:
        row.note(
            "W-DATE", "active_to", "la fin est avant le début.", "Les deux sont laissés vides."
        )
        return {"active_from": None, "active_to": None}
    return {"active_from": first, "active_to": last}


def _code(row: Row) -> str | None:
    code = row.required("agent_code")
    if code is not None and not is_worker_code(code):
        problem = "cette colonne attend un code (par exemple M1), pas un nom de personne."
        row.refuse("E-NOM", "agent_code", problem, "Ligne refusée.")
    return None if row.refused else code


def _communes(row: Row, cities: Mapping[str, str]) -> str | None:
    parts = read_list(row.text("communes") or "")
    codes = [_commune(part, cities) for part in parts]
    if all(codes):
        return "|".join(sorted({code for code in codes if code})) or None
    problem = "au moins une commune n'a pas de code connu."
    row.note("W-COMMUNE", "communes", problem, "Toutes les communes sont retenues.")
    return None


def _commune(text: str, cities: Mapping[str, str]) -> str | None:
    code = read_code(text)[0]
    return code or district_code(text) or cities.get(plain(text))


@dataclass(frozen=True, slots=True)
class _When:
    """Weekdays or dates of one line of availability."""

    weekdays: tuple[int | None, ...]
    from_on: date | None
    to_on: date | None


def read_availability(path: Path, *, sheet: str | None = None) -> tuple[pd.DataFrame, ReadReport]:
    """
    Read « disponibilites » (LOG_FORMAT 3.6) as AVAILABILITY: weekly slots, dated absences.

    A line with several weekdays (`lundi, mardi` or `lun-ven`) gives one slot a day; an absence
    without hours lasts the whole day. Raises RefusedFile, UnreadableFile, UnknownKind when `sheet`
    does not exist.
    """
    columns = Columns("availability", read_table(path, sheet))
    opening = columns.opening_issues(("agent_code", "kind", ("weekday", "from_on")))
    rows, broken = list(columns.rows()), any(i.code == "E-COL" for i in opening)
    slots: list[dict[str, Any]] = []
    for row in rows:
        found = [] if broken else _slots(row)
        row.refused = row.refused or not found
        slots += found
    report = report_of(columns, opening, rows)
    if not slots:
        return empty_table(AVAILABILITY), report
    frame = record_frame(AVAILABILITY, slots, numbered([_slot_id(slot) for slot in slots]))
    table = conform(frame, AVAILABILITY)
    check_table(table, AVAILABILITY)
    return table, report


def _slots(row: Row) -> list[dict[str, Any]]:
    refuse_identifiers(row)
    code, kind = _code(row), row.word("kind", SLOT_KINDS, required=True)
    when = _when(row)
    span = _span(row, kind)
    if code is None or when is None or span is None or row.refused:
        return []
    return [
        {
            "agent_code": code,
            "weekday": weekday,
            "from_on": when.from_on,
            "to_on": when.to_on,
            "start_min": span[0],
            "end_min": span[1],
            "weeks": row.word("weeks", WEEKS) or "toutes",
            "kind": kind,
            "place_id": row.text("partner_id"),
        }
        for weekday in when.weekdays
    ]


def _when(row: Row) -> _When | None:
    text = row.text("weekday")
    first, last = row.date("from_on"), row.date("to_on")
    days = _weekdays(text) if text else (None,)
    if days is None:
        row.word("weekday", WEEKDAYS, required=True)
        return None
    if text is None and first is None:
        row.refuse("E-VIDE", "weekday", "ni jour de la semaine ni date.", "Ligne ignorée.")
        return None
    if first is not None and last is not None and last < first:
        row.refuse("E-DATE", "to_on", "la fin est avant le début.", "Ligne ignorée.")
        return None
    single = first if text is None and last is None else last
    return _When(days, first, single)


def _weekdays(text: str) -> tuple[int, ...] | None:
    """Return weekday numbers of `mardi`, `lundi, mardi` or `lun-ven`; None when not understood."""
    ends = [find(WEEKDAYS, part) for part in text.replace("–", "-").split("-")]
    if len(ends) == 2 and ends[0] and ends[1] and int(ends[0]) <= int(ends[1]):  # noqa: PLR2004
        return tuple(range(int(ends[0]), int(ends[1]) + 1))
    codes = [find(WEEKDAYS, part) for part in read_list(text)]
    known = [int(code) for code in codes if code is not None]
    return tuple(sorted(set(known))) if known and len(known) == len(codes) else None


def _span(row: Row, kind: str | None) -> tuple[int, int] | None:
    both = read_range(row.text("start") or "")
    start, end = both or (row.minutes("start"), row.minutes("end"))
    if start is None and end is None and kind == "absent":
        return 0, DAY_MIN
    if start is None or end is None or end <= start:
        problem = "heures de début et de fin absentes, illisibles ou inversées."
        row.refuse("E-HEURE", "start", problem, "Ligne ignorée.")
        return None
    return start, end


def _slot_id(slot: Mapping[str, Any]) -> str:
    """Return a readable identifier made of the slot itself: M1-2-0540-permanence."""
    day = slot["weekday"] if slot["weekday"] is not None else slot["from_on"].isoformat()
    period = (
        f"-{slot['from_on'].isoformat()}" if slot["from_on"] and slot["weekday"] is not None else ""
    )
    weeks = "" if slot["weeks"] == "toutes" else f"-{slot['weeks']}"
    return f"{slot['agent_code']}-{day}-{slot['start_min']:04d}-{slot['kind']}{weeks}{period}"


def with_periods(slots: pd.DataFrame, team: pd.DataFrame) -> pd.DataFrame:
    """
    Return AVAILABILITY with an absence before the first and after the last day of each worker.

    `team` keeps TEAM, whose active_from and active_to say those days; neither table is changed.
    """
    one_day = pd.Timedelta(days=1)
    ends = [
        *((f"{code}-avant", code, pd.NaT, day - one_day)
          for code, day in team["active_from"].dropna().items()),
        *((f"{code}-apres", code, day + one_day, pd.NaT)
          for code, day in team["active_to"].dropna().items()),
    ]  # fmt: skip
    if not ends:
        return slots
    away = pd.DataFrame(ends, columns=["slot_id", "agent_code", "from_on", "to_on"])
    away = away.assign(start_min=0, end_min=DAY_MIN, weeks="toutes", kind="absent")
    added = conform(away.set_index("slot_id"), AVAILABILITY)
    return conform(pd.concat([slots, added]) if len(slots) else added, AVAILABILITY)
