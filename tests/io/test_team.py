"""The team by codes, and its weekly slots."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from territory.io.table_writer import write_csv
from territory.io.team import read_availability, read_team, with_periods
from territory.model.tables import AVAILABILITY, TEAM, check_table, empty_table
from territory.planning.records import slot_records
from tests.io.tables import AVAILABILITY as EXAMPLE_SLOTS
from tests.io.tables import TEAM as EXAMPLE
from tests.io.tables import save

if TYPE_CHECKING:
    from pathlib import Path

SLOTS = "code_agent;jour;date_du;date_au;debut;fin;semaine;type"


def test_team(tmp_path: Path) -> None:
    table, report = read_team(save(tmp_path, EXAMPLE))
    check_table(table, TEAM)
    first, second = table.loc["M1"], table.loc["M2"]
    assert (first.role, first.weekly_hours, first.communes) == ("mediateur", 35, "93008|93010")
    assert (first.walk_kmh, first.walk_max_m) == (4.5, 6000)
    assert pd.isna(second.communes)
    assert pd.isna(second.walk_kmh)
    assert report.kept == 2


def test_names_in_place_of_codes_are_refused(tmp_path: Path) -> None:
    text = "code_agent;role\nFatou Exemple;mediateur\nM1;mediateur\nM1;coordinateur\n"
    table, report = read_team(save(tmp_path, text))
    assert list(table.index) == ["M1"]
    assert [(i.code, i.line) for i in report.issues] == [("E-NOM", 2), ("E-CLE", 4)]
    assert "Fatou" not in "".join(map(str, report.issues))
    assert "cette colonne attend un code (par exemple M1)" in str(report.issues[0])


def test_communes_by_name(tmp_path: Path) -> None:
    path = save(tmp_path, "code_agent;role;communes\nM1;mediateur;Bondy, Pantin\n")
    known, _ = read_team(path, city_codes={"Bondy": "93010", "Pantin": "93055"})
    assert known.communes["M1"] == "93010|93055"
    unknown, report = read_team(path)
    assert pd.isna(unknown.communes["M1"])
    assert [i.code for i in report.issues] == ["W-COMMUNE"]


def test_availability(tmp_path: Path) -> None:
    table, report = read_availability(save(tmp_path, EXAMPLE_SLOTS))
    check_table(table, AVAILABILITY)
    slot = table[table.kind == "permanence"].iloc[0]
    assert (slot.agent_code, slot.weekday, slot.start_min, slot.end_min) == ("M1", 3, 840, 1020)
    assert slot.place_id == "P0007"
    assert table.weeks.tolist().count("impaire") == 1
    assert report.kept == 3


def test_several_days_absences_and_bad_lines(tmp_path: Path) -> None:
    rows = [
        "M1;lun-ven;;;9h;17h;;disponible",
        "M1;mardi, jeudi;;;14h-16h;;;reunion",
        "M1;;01/08/2024;15/08/2024;;;;absent",
        "M2;;02/05/2024;;9h;12h;;formation",
        "M2;lundi;;;17h;9h;;disponible",
        "M2;;;;9h;12h;;disponible",
        "M2;lundredi;;;9h;12h;;disponible",
        "M2;;15/08/2024;01/08/2024;;;;absent",
    ]
    table, report = read_availability(save(tmp_path, "\n".join([SLOTS, *rows])))
    check_table(table, AVAILABILITY)
    assert len(table) == 5 + 2 + 1 + 1
    away = table[table.kind == "absent"].iloc[0]
    assert (away.start_min, away.end_min) == (0, 1440)
    assert pd.isna(away.weekday)
    single = table[table.kind == "formation"].iloc[0]
    assert single.from_on == single.to_on == pd.Timestamp("2024-05-02")
    refused = [(i.code, i.line) for i in report.issues if i.refused]
    assert refused == [("E-HEURE", 6), ("E-VIDE", 7), ("E-LISTE", 8), ("E-DATE", 9)]
    assert (report.read, report.kept) == (8, 4)


def test_nobody_works_outside_the_time_in_the_team(tmp_path: Path) -> None:
    rows = (
        "M1;mediateur;01/09/2024;31/12/2024\nM2;mediateur;;\nM3;mediateur;01/02/2024;01/01/2024\n"
    )
    team, report = read_team(save(tmp_path, f"code_agent;role;actif_du;actif_au\n{rows}"))
    assert [(i.code, i.line) for i in report.issues] == [("W-DATE", 4)]
    slots, _ = read_availability(save(tmp_path, EXAMPLE_SLOTS))
    after = with_periods(slots, team)
    check_table(after, AVAILABILITY)
    pd.testing.assert_frame_equal(after.loc[slots.index], slots)
    records = [s for s in slot_records(after) if s.kind == "absent"]
    away = {d for d in pd.date_range("2024-01-01", "2025-06-30").date
            if any(s.applies(d) for s in records)}  # fmt: skip
    assert {s.agent for s in records} == {"M1"}
    assert date(2024, 8, 31) in away
    assert away.isdisjoint(pd.date_range("2024-09-01", "2024-12-31").date)
    assert date(2025, 1, 1) in away
    assert with_periods(empty_table(AVAILABILITY), team).index.tolist() == ["M1-apres", "M1-avant"]
    pd.testing.assert_frame_equal(with_periods(slots, team.loc[["M2"]]), slots)


def test_identifiers_do_not_depend_on_the_order(tmp_path: Path) -> None:
    header, *rows = EXAMPLE_SLOTS.splitlines()
    first, _ = read_availability(save(tmp_path, EXAMPLE_SLOTS))
    second, _ = read_availability(save(tmp_path, "\n".join([header, *reversed(rows)])))
    pd.testing.assert_frame_equal(first, second)


BACK = (
    "code_agent;jour;date_du;date_au;debut;fin;semaine;type;recurrence;effectif;avec;id_partenaire"
)


def read_back(tmp_path: Path, *rows: str) -> tuple[pd.DataFrame, list[tuple[str, int]]]:
    table, report = read_availability(save(tmp_path, "\n".join([BACK, *rows])))
    check_table(table, AVAILABILITY)
    return table, [(i.code, i.line) for i in report.issues]


def falls(table: pd.DataFrame, first: str, last: str) -> list[str]:
    slots = slot_records(table)
    days = pd.date_range(first, last).date
    return [d.isoformat() for d in days if any(s.applies(d) for s in slots)]


def test_the_plainest_recurrences_are_weekdays(tmp_path: Path) -> None:
    table, said = read_back(
        tmp_path,
        "M1;;;;14h;17h;;permanence;tous les jeudis;;;P1",
        "M2;;05/01/2026;;9h;12h;;reunion;mardi et jeudi, semaines paires;;;",
    )
    assert said == []
    assert table.recurrence.isna().all()
    assert table.weekday.tolist() == [3, 1, 3]
    assert table.weeks.tolist() == ["toutes", "paire", "paire"]
    assert table.from_on.dropna().unique().tolist() == [pd.Timestamp("2026-01-05")]


def test_a_market_held_by_two_people(tmp_path: Path) -> None:
    row = "M1|M2;;;;;;;permanence;tous les mercredis 9h-12h, sauf jours fériés;2;PRIJ;P1"
    table, said = read_back(tmp_path, row)
    assert said == []
    assert table.agent_code.tolist() == ["M1", "M2"]
    assert set(table.weekday) == {2}
    assert set(table.recurrence) == {"tous les mercredis, sauf jours fériés"}
    assert set(table.headcount) == {2}
    assert set(table.partners) == {"PRIJ"}
    assert falls(table, "2026-11-01", "2026-11-20") == ["2026-11-04", "2026-11-18"]


def test_every_six_weeks_from_the_date_of_the_line(tmp_path: Path) -> None:
    table, said = read_back(
        tmp_path, "M1;mardi;12/01/2026;30/06/2026;9h;12h;;reunion;toutes les 6 semaines;;;"
    )
    assert said == []
    assert falls(table, "2026-01-01", "2026-12-31") == [
        "2026-01-13", "2026-02-24", "2026-04-07", "2026-05-19", "2026-06-30",
    ]  # fmt: skip


def test_numbers_of_weeks(tmp_path: Path) -> None:
    table, said = read_back(tmp_path, "M1;jeudi;;;9h;12h;2, 6 et 10-12;formation;;;;")
    assert said == []
    assert falls(table, "2026-01-01", "2026-12-31") == [
        "2026-01-08", "2026-02-05", "2026-03-05", "2026-03-12", "2026-03-19",
    ]  # fmt: skip


def test_visits_after_a_recruitment(tmp_path: Path) -> None:
    table, said = read_back(
        tmp_path,
        "M1;;02/03/2026;;10h;11h;;suivi;jours 1, 3 et 5;;;E1",
        "M1;;;;9h;10h;;evenement;;;;",
    )
    assert said == [("E-VIDE", 3)]
    assert falls(table, "2026-01-01", "2026-12-31") == ["2026-03-02", "2026-03-04", "2026-03-06"]


def test_recurrences_that_cannot_be_read(tmp_path: Path) -> None:
    table, said = read_back(
        tmp_path,
        "M1;jeudi;;;14h;17h;;permanence;de temps en temps;;;P1",
        "M1;mardi;;;14h;17h;;disponible;parfois;;;",
        "M1;;;;14h;17h;;reunion;toutes les 6 semaines;;;",
        "M1;jeudi;;;;;;reunion;tous les mardis après-midi;;Fatou Exemple;",
    )
    assert said == [
        ("W-HORAIRE", 2), ("E-HORAIRE", 3), ("E-HORAIRE", 4), ("W-JOUR", 5), ("W-HEURE", 5),
        ("W-NOM", 5),
    ]  # fmt: skip
    assert sorted(zip(table.weekday, table.kind, table.start_min, strict=True)) == [
        (1, "reunion", 840), (3, "permanence", 840),
    ]  # fmt: skip


def test_lines_that_come_back_are_written_and_read_again(tmp_path: Path) -> None:
    table, _ = read_back(
        tmp_path,
        "M1|M2;;;;9h;12h;;permanence;tous les mercredis hors vacances scolaires;2;PRIJ;P1",
        "M1;mardi;12/01/2026;30/06/2026;9h;12h;;reunion;toutes les 6 semaines;;;",
        "M1;;;;9h;12h;;reunion;les 05/11/2026 et 10/12/2026;;;",
        "M1;;02/03/2026;;10h;11h;;suivi;jours 1, 3 et 5;;;E1",
        "M1;;12/01/2026;;10h;11h;;accompagnement;FREQ=MONTHLY;;;",
        "M2;jeudi;;;9h;12h;2, 6;formation;;;;",
        "M2;;;;9h;12h;;formation;1er lundi du mois;;;",
    )
    assert len(table) == 8
    again, report = read_availability(write_csv(table, AVAILABILITY, tmp_path / "bis.csv"))
    assert [i for i in report.issues if not i.code.startswith("I-")] == []
    pd.testing.assert_frame_equal(again, table)
