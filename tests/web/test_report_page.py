"""The report of a year: sums by hand, the unknown never zero, nothing small given back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.partners import Funnel
from territory.analysis.year_figures import activities_of, by_commune, by_month, total, years_of
from territory.outputs.public import HIDDEN
from territory.web.views.report import (
    Reader,
    commune_rows,
    key_figures,
    kind_rows,
    month_rows,
    noted_rows,
    public_rows,
    reader_of,
)
from tests.web.stand_in import noted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.testclient import TestClient

    Clients = Callable[..., TestClient]

COUNTS = (
    "n_informed", "n_engaged", "n_assessed", "n_referred", "n_women", "n_men", "n_gender_unknown",
    "n_under_26", "n_26_59", "n_60_plus", "n_age_unknown",
)  # fmt: skip
TEAM, OUTSIDE = Reader(outside=False), Reader(outside=True)


def _log(*rows: dict[str, object]) -> pd.DataFrame:
    usual = {
        "kind": "maraude", "state": "realise", "on": "2026-03-02", "hours": 2.0,
        "commune_code": "1",
        "place_id": None, "place_name": "place", "sensitive": False, **dict.fromkeys(COUNTS),
    }  # fmt: skip
    table = pd.DataFrame([{**usual, **row} for row in rows])
    table["on"] = pd.to_datetime(table["on"])
    table.index = [f"A{n}" for n in range(len(table))]
    return table.astype(dict.fromkeys(COUNTS, "Int64")).astype({"sensitive": "boolean"})


def test_a_year_holds_what_was_done_up_to_the_day() -> None:
    """Other years, later days and what was only planned are left out."""
    log = _log({}, {"on": "2025-12-31"}, {"on": "2026-06-01"}, {"state": "prevu"})
    assert list(activities_of(log, 2026, date(2026, 5, 1)).index) == ["A0"]
    assert years_of(log, date(2026, 5, 1)) == [2026, 2025]


def test_no_count_is_unknown_and_not_zero() -> None:
    """An empty count stays unknown alone, and is told beside a sum."""
    assert total(_log({}), "n_informed").people is None
    found = total(_log({}, {"n_informed": 7}), "n_informed")
    assert (found.people, found.counted, found.uncounted) == (7, 1, 1)
    keys = key_figures(_log({}), Funnel(3, 2, 1), OUTSIDE)
    assert keys[0]["value"] == "inconnu"
    assert keys[0]["rests_on"] == "0 activité avec ce comptage, 1 sans"


def test_a_month_without_outing_is_in_the_table() -> None:
    """January and February have no activity, and unknown people."""
    table = by_month(_log({"n_informed": 7}))
    assert list(table["activities"]) == [0, 0, 1]
    assert list(table["n_informed"].isna()) == [True, True, False]


def test_sensitive_places_are_told_under_no_commune() -> None:
    """Nor those not known to be ordinary."""
    log = _log({"n_informed": 30}, {"n_informed": 40, "sensitive": True}, {"sensitive": None})
    table = by_commune(log)
    assert dict(table["activities"]) == {"": 2, "1": 1}
    assert commune_rows(log, {"1": "Bourg"}, TEAM)[0]["name"] == "lieu sensible ou inconnu"


def test_outside_a_small_count_cannot_be_found_by_subtraction() -> None:
    """Of 7, 30 and 100 two are hidden, the total stays; the team reads them all."""
    log = _log(
        {"n_informed": 7}, {"kind": "atelier", "n_informed": 30},
        {"kind": "permanence", "n_informed": 100},
    )  # fmt: skip
    outside = kind_rows(log, reader_of(log, outside=True))
    told = {row["name"]: row["informed"] for row in outside}
    assert told == {"maraude": HIDDEN, "atelier": HIDDEN, "permanence": "100", "Ensemble": "137"}
    team = {row["name"]: row["informed"] for row in kind_rows(log, TEAM)}
    assert team["maraude"] == "7"


def test_a_total_hidden_in_one_table_is_hidden_in_all() -> None:
    """3, 3 and 5 people by kind would be told by 11 people in all."""
    log = _log(
        {"n_informed": 3}, {"kind": "atelier", "n_informed": 3},
        {"kind": "permanence", "n_informed": 5},
    )  # fmt: skip
    reader = reader_of(log, outside=True)
    values = [row["informed"] for row in (*kind_rows(log, reader), *month_rows(log, reader))]
    assert "11" not in values
    assert key_figures(log, Funnel(0, 0, 0), reader)[0]["value"] == HIDDEN


def test_shares_say_both_numbers_and_never_a_hidden_one() -> None:
    """60 women of 100; with 7 men no share is told, for its whole would give them back."""
    rows = public_rows(_log({"n_women": 60, "n_men": 40}), "sexe", OUTSIDE)
    assert rows[0]["share"] == "60\u202f% (60 sur 100)"
    hidden = public_rows(_log({"n_women": 93, "n_men": 7, "n_gender_unknown": 50}), "sexe", OUTSIDE)
    assert hidden[1]["count"] == HIDDEN
    assert not any(row["share"] for row in hidden)
    assert not public_rows(_log({"n_women": 12, "n_men": 7}), "sexe", TEAM)[0]["share"]
    assert public_rows(_log({}), "age", TEAM) == []


def test_residence_is_what_was_noted_and_the_rest_is_said() -> None:
    """People engaged of this year only; those not noted are in no share."""
    log = _log({}, {"on": "2025-01-01"})
    lines = [("A0", 30, "qpv"), ("A0", 20, "autre"), ("A0", 15, None), ("A1", 90, "qva")]
    contacts = pd.DataFrame(lines, columns=["activity_id", "count", "home_zone"])
    contacts["stage"] = "accroche"
    done = activities_of(log, 2026, date(2026, 12, 31))
    rows = {row["name"]: row for row in noted_rows(contacts, done, "home_zone", OUTSIDE)}
    assert set(rows) == {"QPV", "autre", "non noté"}
    assert rows["QPV"]["share"] == "60\u202f% (30 sur 50)"
    assert not rows["non noté"]["share"]


def test_the_page_is_for_outside_unless_the_team_asks(demo_folder: Path, client: Clients) -> None:
    """The strict view is the usual one; each key figure has a definition; a wrong year is none."""
    pages = client(demo_folder)
    text = pages.get("/bilan").text
    assert "vue pour l’extérieur" in text
    assert text.count("Définition") >= 7
    assert "Ce qui n’est pas encore sur cette page" in text
    assert "vue de l’équipe" in pages.get("/bilan?pour=equipe&annee=1789").text
    rows = pages.get("/bilan/bilan.csv").text.splitlines()
    assert rows[0].lstrip("\ufeff").startswith("tableau;ligne;")
    assert not [row for row in rows if ";<" in row]


def test_a_table_for_outside_is_written_by_the_guarded_command(
    demo_folder: Path, client: Clients
) -> None:
    """The page only asks `export`, with the usual threshold, for a zoning that exists."""
    pages = client(demo_folder)
    jobs = noted(pages)
    pages.post("/bilan/export", data={"zonage": "porte", "periode": "annee"})
    assert dict(jobs.held[0].arguments) == {
        "zoning": "commune", "period": "annee", "extra": "", "k": 11,
    }  # fmt: skip
