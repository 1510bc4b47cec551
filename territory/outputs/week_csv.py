"""The week as a CSV that any spreadsheet opens: one line for each stop, one for an appointment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.io.table_writer import write_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from territory.model.week_results import Session, Stop, WeekPlan

HEADERS = (
    "semaine", "date", "demi_journee", "agents", "type_activite", "titre", "fiche", "heure_debut",
    "heure_fin", "fixe", "arret", "ordre", "lieu", "id_lieu", "type_lieu", "arrivee", "depart",
    "marche_m", "ferme_a", "x", "y", "pourquoi", "avec",
)  # fmt: skip
_STOP_CELLS = 11


def write_week_csv(path: Path, plan: WeekPlan) -> Path:
    """
    Write the sessions of the plan, stop by stop, atomically; return `path`.

    UTF-8 with BOM, `;`, CRLF, jj/mm/aaaa, HH:MM; `x` and `y` metres in the metric CRS; texts that a
    spreadsheet would run as formulas are preceded by `'`. Empty cells are unknown or do not apply.
    """
    return write_rows([HEADERS, *(row for s in plan.sessions for row in _rows(s, plan.week))], path)


def _rows(session: Session, week: str) -> Iterator[tuple[str, ...]]:
    head = (
        week, f"{session.on:%d/%m/%Y}", session.half_day, "|".join(session.agents), session.kind,
        session.title, session.code, _hour(session.start_min), _hour(session.end_min),
        "oui" if session.fixed else "non",
    )  # fmt: skip
    mates = "|".join(session.partners)
    if not session.stops:
        place = ("", "", "", session.place_id or "")
        yield (*head, *place, *[""] * (_STOP_CELLS - len(place)), session.reason, mates)
    for stop in session.stops:
        yield (*head, *_stop(stop), mates)


def _stop(stop: Stop) -> tuple[str, ...]:
    return (
        stop.code, str(stop.order), stop.name, stop.place_id or "", stop.kind,
        _hour(stop.arrive_min), _hour(stop.leave_min), str(stop.walk_m), _hour(stop.closes_min),
        _metres(stop.x), _metres(stop.y), stop.reason,
    )  # fmt: skip


def _hour(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes // 60:02d}:{minutes % 60:02d}"


def _metres(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")
