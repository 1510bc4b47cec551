"""Rounds before a permanence near by are worth more: people met can be told to come."""

from __future__ import annotations

from datetime import date

import pytest

from territory.planning.calendar import Appointment
from territory.planning.lead_up import lead_up
from territory.planning.visit_options import street_options
from territory.settings import Week
from tests.planning.town import GAPS, NEED, town_walks

THURSDAY = date(2026, 11, 26)
DESK = Appointment(THURSDAY, 840, 1020, "permanence", "C", "Centre", ("A1",))


@pytest.mark.parametrize(
    ("on", "finish_min", "more"),
    [
        (date(2026, 11, 25), 720, 0.2),
        (THURSDAY, 720, 0.2),
        (THURSDAY, 900, 0.0),  # once it has begun
        (date(2026, 11, 22), 720, 0.0),  # too long before
        (date(2026, 11, 27), 720, 0.0),
    ],
)
def test_a_round_just_before(on: date, finish_min: int, more: float) -> None:
    options = street_options(GAPS, NEED, Week())
    found = lead_up(options, [DESK], town_walks(), 0.2)
    assert found.more("c:z1a", on, finish_min) == more
    assert found.more("c:z2a", on, finish_min) == 0.0  # fourteen minutes away


def test_nothing_without_permanence() -> None:
    options = street_options(GAPS, NEED, Week())
    assert lead_up(options, [], town_walks(), 0.2).near == {}
