"""Employers and SIAE: who is listed, in which order, and when each recruits."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from territory.analysis.employers import by_stage, employers
from territory.model.seasons import season_months
from territory.model.tables import PLACES, conform


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("été", {6, 7, 8}),
        ("juin à septembre", {6, 7, 8, 9}),
        ("nov.-janv.", {11, 12, 1}),
        ("printemps et automne", {3, 4, 5, 9, 10, 11}),
        ("en décembre", {12}),
        ("toute l'année", set(range(1, 13))),
        ("Noël", None),
        ("ju", None),
        ("juin juillet août", None),
        ("", None),
    ],
)
def test_seasons(text: str, months: set[int] | None) -> None:
    found = season_months(text)
    assert found == (None if months is None else frozenset(months))


def test_employers_who_recruit_now_come_first() -> None:
    rows = {
        "p1": {"kind": "entreprise", "name": "Zinc", "season": "été", "sector": "hôtellerie"},
        "p2": {"kind": "siae", "name": "Atelier", "prospecting_stage": "offre reçue"},
        "p3": {"kind": "commerce", "name": "Boutique", "season": "hiver"},
        "p4": {"kind": "ccas", "name": "CCAS"},
        "p5": {"kind": "ccas", "name": "Ville", "sector": "espaces verts"},
        "p6": {"kind": "entreprise", "name": "Abri", "sensitive": True},
    }
    frame = pd.DataFrame([{"geometry": None, **r} for r in rows.values()], index=list(rows))
    found = employers(conform(frame, PLACES), date(2026, 7, 1))
    assert [(e.name, e.recruits) for e in found] == [
        ("Zinc", True), ("Atelier", None), ("Ville", None), ("lieu sensible", None),
        ("Boutique", False),
    ]  # fmt: skip
    assert by_stage(found) == {"": 4, "offre reçue": 1}
    assert employers(conform(frame.iloc[::-1], PLACES), date(2026, 7, 1)) == found
