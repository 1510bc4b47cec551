"""The team by codes, and when each is free, away, or expected somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.io.contact_counts import numbered
from territory.io.rows import Columns, Row, record_frame, refuse_identifiers, report_of
from territory.io.slot_days import one_day, read_when
from territory.io.text_tables import read_table
from territory.io.values import district_code, is_worker_code, read_code, read_list, read_range
from territory.model.french_hours import DAY_MIN
from territory.model.recurrence_words import french
from territory.model.tables import AVAILABILITY, TEAM, check_table, conform, empty_table
from territory.model.words import ROLES, SLOT_KINDS, plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from territory.io.slot_days import When
    from territory.model.issues import ReadReport
    from territory.model.recurrence import Recurrence

_CODE_WANTED = "cette colonne attend un code (par exemple M1), pas un nom de personne."
_MOST_PEOPLE, _LONGEST_ID = 20, 40
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
        row.refuse("E-NOM", "agent_code", _CODE_WANTED, "Ligne refusée.")
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


def read_availability(path: Path, *, sheet: str | None = None) -> tuple[pd.DataFrame, ReadReport]:
    """
    Read « disponibilites » (LOG_FORMAT 3.6) as AVAILABILITY: weekly slots, dated absences.

    A line with several weekdays (`lundi, mardi` or `lun-ven`) or workers (`M1|M2`) gives one slot
    each; an absence without hours lasts the whole day; « recurrence » tells what comes back
    otherwise (`recurrence_text`). Raises RefusedFile, UnreadableFile, UnknownKind when `sheet`
    does not exist.
    """
    columns = Columns("availability", read_table(path, sheet))
    opening = columns.opening_issues(("agent_code", "kind", ("weekday", "from_on", "recurrence")))
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
    codes, kind = _codes(row), row.word("kind", SLOT_KINDS, required=True)
    when = read_when(row, kind)
    span = None if when is None else _span(row, kind, when)
    headcount, partners = row.spare_count("headcount", most=_MOST_PEOPLE), _partners(row)
    if when is None or span is None or row.refused:
        return []
    return [
        {
            "agent_code": code,
            "weekday": weekday,
            "from_on": when.from_on,
            "to_on": when.to_on,
            "start_min": span[0],
            "end_min": span[1],
            "weeks": when.weeks,
            "kind": kind,
            "place_id": row.text("partner_id"),
            "recurrence": _written(one_day(when.recurrence, weekday)),
            "headcount": headcount or None,
            "partners": partners,
        }
        for code in codes
        for weekday in when.weekdays
    ]


def _codes(row: Row) -> tuple[str, ...]:
    """Return the workers of a line, « M1 » or « M1|M2 »; a name refuses the line (E-NOM)."""
    codes = read_list(row.required("agent_code") or "")
    if not all(map(is_worker_code, codes)):
        row.refuse("E-NOM", "agent_code", _CODE_WANTED, "Ligne refusée.")
    return () if row.refused else tuple(sorted(set(codes)))


def _partners(row: Row) -> str | None:
    """Return the codes of other teams joined by |; anything else is left out and said (W-NOM)."""
    codes = read_list(row.text("partners") or "")
    if not all(map(is_worker_code, codes)):
        problem = "cette colonne attend des codes d'équipes partenaires, jamais un nom."
        row.note("W-NOM", "partners", problem, "Case laissée vide.")
        return None
    return "|".join(sorted(set(codes))) or None


def _written(recurrence: Recurrence | None) -> str | None:
    return None if recurrence is None else french(recurrence)


def _span(row: Row, kind: str | None, when: When) -> tuple[int, int] | None:
    both = read_range(row.text("start") or "")
    start, end = both or (row.minutes("start"), row.minutes("end"))
    if start is None and end is None:
        if when.half and when.span:
            told = f"de {when.span[0] // 60}h à {when.span[1] // 60}h"
            row.note("W-HEURE", "recurrence", f"demi-journée sans heures : {told} est retenu.")
        if when.span is not None or kind == "absent":
            return when.span or (0, DAY_MIN)
    if start is None or end is None or end <= start:
        problem = "heures de début et de fin absentes, illisibles ou inversées."
        row.refuse("E-HEURE", "start", problem, "Ligne ignorée.")
        return None
    return start, end


def _slot_id(slot: Mapping[str, Any]) -> str:
    """Return a readable identifier made of the slot itself: M1-2-0540-permanence."""
    begins = slot["from_on"].isoformat() if slot["from_on"] else ""
    day = begins if slot["weekday"] is None else slot["weekday"]
    period = f"-{begins}" if begins and slot["weekday"] is not None else ""
    weeks = "" if slot["weeks"] == "toutes" else f"-{slot['weeks']}"
    back = f"-{plain(slot['recurrence'])[:_LONGEST_ID]}" if slot["recurrence"] else ""
    code = f"{slot['agent_code']}-{day}-{slot['start_min']:04d}-{slot['kind']}"
    return f"{code}{weeks}{period}{back}"


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
