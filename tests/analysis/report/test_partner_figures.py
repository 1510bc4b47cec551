"""Structures that fell silent, on cases counted by hand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.report.partner_figures import dormant
from territory.analysis.report.partner_lines import partner_lines
from territory.model.tables import PLACES, conform, empty_table

if TYPE_CHECKING:
    from territory.model.report import Part

END = date(2026, 12, 31)
TOWNS = {"93010": "Bondy", "93053": "Noisy-le-Sec"}
ROWS: dict[str, tuple[str, str | None, str | None, str, bool]] = {
    "long": ("rencontree", "2024-01-05", "2025-12-31", "93010", False),  # 12 months to the day
    "lately": ("rencontree", "2024-01-05", "2026-01-01", "93010", False),
    "held": ("contactee", "2024-01-05", None, "93010", False),  # an activity there in March 2026
    "first": ("contactee", "2025-06-01", None, "93053", False),
    "secret": ("contactee", "2025-06-01", None, "93053", True),
    "dateless": ("active", None, None, "93010", False),
    "no": ("refus", "2024-01-05", None, "93010", False),
    "closed": ("inactive", "2024-01-05", None, "93010", False),
    "listed": ("recensee", None, None, "93010", False),
    "later": ("rencontree", "2024-06-01", "2027-01-15", "93010", False),  # not known yet
}
HISTORY = pd.DataFrame(
    {"on": pd.to_datetime(["2026-03-10", "2026-03-10"]), "place_id": ["held", None]}
)


def found(rows: dict[str, tuple[str, str | None, str | None, str, bool]]) -> tuple[Part, ...]:
    table = pd.DataFrame.from_dict(
        rows, orient="index",
        columns=["status", "first_contact_on", "last_met_on", "commune_code", "sensitive"],
    ).assign(geometry=None, kind="ccas")  # fmt: skip
    return dormant(partner_lines(conform(table, PLACES), END), HISTORY, END, TOWNS)


def test_the_silent_are_those_without_any_exchange_for_twelve_months() -> None:
    whole, *parts = found(ROWS)
    assert whole.lines == ("first", "later", "long", "secret")
    assert (whole.value, whole.over) == (4, 6)
    assert whole.mention == "1 sans aucune date : on ne sait pas"
    assert not whole.people
    assert [(p.label, p.value, p.lines) for p in parts] == [
        ("Bondy", 2, ("later", "long")),
        ("Noisy-le-Sec", 1, ("first",)),
        ("commune non dite", 1, ("secret",)),
    ]


def test_without_any_date_or_partner_nobody_knows() -> None:
    (undated,) = found({"dateless": ROWS["dateless"]})
    assert np.isnan(undated.value)
    assert "1 sans aucune date" in undated.mention
    none = partner_lines(empty_table(PLACES), END)
    (nothing,) = dormant(none, HISTORY, END, TOWNS)
    assert np.isnan(nothing.value)
    assert nothing.mention == "aucune structure n’a de statut"


def test_nobody_silent_is_none_known() -> None:
    (whole,) = found({"lately": ROWS["lately"]})
    assert (whole.value, whole.over, whole.lines) == (0, 1, ())
