"""Temporary closures: what is understood, what is not, and the days they hold."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.model.closures import closed_on, closures_text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("2026-08-03/2026-08-23|2026-12-24", "2026-08-03/2026-08-23|2026-12-24/2026-12-24"),
        ("du 03/08/2026 au 23/08/2026", "2026-08-03/2026-08-23"),
        ("tout l'été", None),
        ("23/08/2026-03/08/2026", None),
        ("31/02/2026", None),
    ],
)
def test_wording(text: str, kept: str | None) -> None:
    assert closures_text(text) == kept


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 60), st.integers(-70, 70))
def test_both_ends_are_closed(first: date, length: int, away: int) -> None:
    text = f"{first}/{first + timedelta(days=length)}"
    assert closed_on(text, first + timedelta(days=away)) == (0 <= away <= length)


def test_an_unread_text_closes_nothing() -> None:
    assert not closed_on("tout l'été", date(2026, 8, 1))
