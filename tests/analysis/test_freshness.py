"""How fresh the facts of a place are: the last day they were seen to be true."""

from __future__ import annotations

from datetime import date

import pandas as pd

from territory.analysis.freshness import freshness

TODAY = date(2026, 11, 24)


def places(*rows: tuple[str | None, str | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["updated_on", "last_met_on"])


def test_levels_by_hand() -> None:
    table = places(
        ("2026-11-24", None), ("2025-11-25", None), ("2025-11-24", None),
        ("2024-11-25", None), ("2024-11-24", None), (None, None),
    )  # fmt: skip
    found = freshness(table, TODAY)
    assert found["months"].tolist() == [0, 11, 12, 23, 24, pd.NA]
    assert found["level"].tolist() == [
        "récente", "récente", "à confirmer", "à confirmer", "ancienne", "sans date",
    ]  # fmt: skip
    assert found["trust"].tolist() == [1.0, 1.0, 0.8, 0.8, 0.6, 0.8]


def test_a_meeting_counts_and_a_day_to_come_does_not() -> None:
    found = freshness(places(("2020-01-01", "2026-10-01"), ("2027-03-01", "2024-01-01")), TODAY)
    assert found["level"].tolist() == ["récente", "ancienne"]


def test_no_row_and_unread_days_are_no_error() -> None:
    assert freshness(places(), TODAY).empty
    assert freshness(places((None, None)), TODAY)["level"].tolist() == ["sans date"]
