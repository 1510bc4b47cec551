"""The state of each received file, on cases counted by hand."""

from __future__ import annotations

from datetime import date

import pandas as pd

from territory.io.audit_log import Entry
from territory.io.raw_folder import RawFile
from territory.model.issues import Issue, ReadReport
from territory.outputs.data_state import last_days, missing_kinds, old_facts, source_states
from territory.outputs.journal_rows import journal_rows

TODAY = date(2026, 10, 31)
BOOK = RawFile("suivi.xlsx", "a", (("activities", "activites"), ("team", "equipe")))
LIST = RawFile(
    "france_services.csv",
    "b",
    (("france_services", None),),
    fetched_on="2025-09-01",
    vintage="2025",
)


def test_lines_are_those_of_every_sheet_and_unread_is_not_zero() -> None:
    reports = [
        ReadReport(
            "suivi.xlsx", "activities", 10, 8, (Issue("E-DATE", "suivi.xlsx", "x", line=3),)
        ),
        ReadReport("suivi.xlsx", "team", 4, 4),
    ]
    states = source_states(
        [BOOK, LIST], reports, last_days={"suivi.xlsx": date(2026, 10, 30)}, old_facts={},
        most_months=12, today=TODAY,
    )  # fmt: skip
    book, official = states
    assert (book.read, book.refused, book.doubts) == (14, 2, 1)
    assert book.holds == ("activités", "équipe")
    assert book.dated == "dernière activité le 30/10/2026"
    assert official.read is None
    assert official.dated == "édition 2025, téléchargé le 01/09/2025"
    assert official.stale == "à télécharger de nouveau : 13 mois"


def test_old_facts_are_counted_by_file_and_told() -> None:
    judged = pd.DataFrame(
        {"level": ["à vérifier", "récente", "à vérifier"], "source": ["p.csv", "p.csv", "p.csv"]}
    )
    counted = old_facts(judged)
    assert counted == {"p.csv": 2}
    partners = RawFile("p.csv", "c", (("partners", None),))
    (state,) = source_states(
        [partners], (), last_days={}, old_facts=counted, most_months=12, today=TODAY
    )
    assert state.stale == "2 informations à vérifier de nouveau"
    assert state.dated == "sans date"


def test_the_last_day_of_a_log_is_none_of_the_future() -> None:
    days = pd.DataFrame({"on": pd.to_datetime(["2026-10-02", "2026-11-06"])})
    assert last_days([BOOK, LIST], days, TODAY) == {"suivi.xlsx": date(2026, 10, 2)}
    assert last_days([BOOK, BOOK], days, TODAY) == {}  # nothing says which file holds which line


def test_what_no_file_holds_is_missing_in_order() -> None:
    assert missing_kinds([BOOK]) == ("communes", "cells", "streets")


def test_commands_are_told_in_french_the_newest_first() -> None:
    entries = [
        Entry("2026-10-30T09:00:00+01:00", "build", 0),
        Entry("2026-10-31T10:05:00+01:00", "check", 1, refused={"E-DATE": 2}),
        Entry("illisible", "nouvelle", 3),
    ]
    assert journal_rows(entries) == [
        ("", "Autre commande", "arrêté ou refusé"),
        ("31/10/2026 10:05", "Relecture des fichiers", "arrêté ou refusé, lignes refusées : 2"),
        ("30/10/2026 09:00", "Calcul du territoire", "terminé"),
    ]
