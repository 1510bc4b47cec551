"""No visit is planned in a temporary closure, whatever the hours."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from territory.planning.records import Place
from territory.planning.rounds import spans_of

FIRST = date(2026, 8, 3)


@given(st.integers(-5, 25), st.sampled_from(["Mo-Su 09:00-12:00", None]))
def test_closed_days_have_no_span(away: int, hours: str | None) -> None:
    place = Place("p", "CCAS", "ccas", hours, "active", sensitive=False, fixed_point=True,
                  x=0.0, y=0.0, closures="2026-08-03/2026-08-23")  # fmt: skip
    found = spans_of(place, FIRST + timedelta(days=away), holiday=False)
    usual = ((540, 720),) if hours else None
    assert found == (() if 0 <= away <= 20 else usual)
