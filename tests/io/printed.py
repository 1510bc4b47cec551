"""A printed sheet and its debriefs."""

from __future__ import annotations

from datetime import date
from typing import Any

from territory.io.debrief_line import read_line
from territory.model.debriefs import Debrief, PrintedSheet

TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)


def sheet(**changes: Any) -> PrintedSheet:  # noqa: ANN401
    facts: dict[str, Any] = {
        "code": "7KQ7", "week": "2026-W48", "identity": "58b21b9f4e0aebec", "on": TUESDAY,
        "half_day": "matin", "kind": "maraude", "agents": ("M1", "M2"), "start_min": 570,
        "end_min": 690, "zone_id": "Z1", "x": 660_550.0, "y": 6_868_050.0,
        "stops": {"A": "p1", "B": "", "C": "p3"},
    }  # fmt: skip
    return PrintedSheet(**facts | changes)


def typed(text: str, **changes: Any) -> Debrief:  # noqa: ANN401
    found, _ = read_line(text, sheet(**changes), today=WEDNESDAY)
    assert found is not None
    return found
