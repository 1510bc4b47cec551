"""The funnel of partners and the list of those to contact again, on cases counted by hand."""

from __future__ import annotations

from datetime import date

import pandas as pd

from territory.analysis.partners import NEVER_MET, SILENT, Funnel, funnel, funnel_by, to_recall
from territory.model.tables import PLACES, conform


def partners(*rows: tuple[str | None, str | None, str | None]) -> pd.DataFrame:
    lines = [
        {"name": f"S{n}", "kind": "ccas", "status": s, "first_contact_on": first,
         "last_met_on": met, "geometry": None}
        for n, (s, first, met) in enumerate(rows)
    ]  # fmt: skip
    return conform(pd.DataFrame(lines, index=[f"p{n:03d}" for n in range(len(rows))]), PLACES)


def test_funnel_of_the_field() -> None:
    rows = [("recensee", None, None)] * 105 + [("contactee", None, None)] * 61
    table = partners(*rows, *[("rencontree", None, None)] * 84, (None, None, None))
    assert funnel(table) == Funnel(250, 145, 84)
    assert round(funnel(table).met_share or 0, 2) == 0.58
    assert funnel_by(table, "commune_code") == {"": Funnel(250, 145, 84)}


def test_days_count_more_than_status() -> None:
    table = partners(("recensee", "2026-01-05", None), ("refus", None, "2026-01-05"))
    assert funnel(table) == Funnel(2, 2, 1)
    assert funnel(partners(("recensee", None, None))).met_share is None


def test_to_recall_after_some_months() -> None:
    table = partners(
        ("contactee", "2026-03-01", None),
        ("contactee", "2026-02-28", None),
        ("recensee", None, None),
        ("refus", None, None),
        ("rencontree", None, "2025-01-01"),
    )
    found = to_recall(table, on=date(2026, 5, 31), months=3)
    assert [(r.place_id, r.reason) for r in found] == [("p002", NEVER_MET), ("p001", SILENT)]
