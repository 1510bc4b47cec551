"""How fresh the facts of a place are: the last day they were seen to be true."""

from __future__ import annotations

from datetime import date

import pandas as pd

from territory.analysis.freshness import fact_freshness, freshness, less_trusted
from territory.model.facts import FACT_TABLE, FACTS
from territory.model.tables import conform
from territory.settings import Freshness

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


def facts(*rows: tuple[str, str, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["place_id", "fact", "verified_on"])
    return conform(frame.set_axis(frame["place_id"] + ":" + frame["fact"]), FACT_TABLE)


def test_every_fact_has_a_limit_of_its_own() -> None:
    assert set(Freshness().limits) == set(FACTS)
    table = facts(
        ("A", "horaires", "2026-05-25"), ("B", "horaires", "2026-05-24"),
        ("A", "statut", "2025-11-25"), ("B", "statut", "2025-11-24"),
        ("A", "position", "2023-11-25"), ("B", "position", "2023-11-24"),
        ("C", "horaires", None), ("C", "statut", "2026-11-25"),
    )  # fmt: skip
    found = fact_freshness(table, Freshness().limits, TODAY)
    assert found["level"].to_dict() == {
        "A:horaires": "récente", "B:horaires": "à vérifier", "A:statut": "récente",
        "B:statut": "à vérifier", "A:position": "récente", "B:position": "à vérifier",
        "C:horaires": "sans date", "C:statut": "sans date",  # unknown, or to come: never fresh
    }  # fmt: skip
    assert found.loc["B:horaires", "months"] == 6
    longer = fact_freshness(table, {**Freshness().limits, "horaires": 7}, TODAY)
    assert longer.loc["B:horaires", "level"] == "récente"


def test_old_hours_lower_trust_and_nothing_raises_it() -> None:
    days = {"A": "2026-11-01", "B": "2024-03-01", "C": "2024-03-01"}
    table = facts(*((place, "horaires", day) for place, day in days.items()))
    judged = fact_freshness(table, Freshness().limits, TODAY)
    trust = pd.Series({"A": 0.6, "B": 1.0, "C": 0.6, "D": 1.0})
    assert less_trusted(trust, judged).to_dict() == {"A": 0.6, "B": 0.8, "C": 0.6, "D": 1.0}
