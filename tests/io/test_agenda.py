"""Calendars of institutions: the hours of the team, and nothing of anybody."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from territory.errors import UnreadableFile
from territory.io.agenda import read_agenda
from territory.io.agenda_file import bare_agenda, read_events
from territory.io.intake import open_raw, read_logs
from territory.io.privacy_check import check_privacy
from territory.io.raw_folder import add_raw, raw_folder
from territory.io.recognise import recognise
from territory.model.french_calendar import FrenchCalendar
from territory.model.results import Ending
from territory.model.tables import (
    AVAILABILITY,
    COMMUNES,
    PLACES,
    TEAM,
    ZONES,
    check_table,
    conform,
    empty_table,
)
from territory.model.week_results import WeekPlan
from territory.outputs.calendar_file import week_calendar
from territory.planning.records import slot_records
from territory.settings import Settings
from tests.io.tables import save

if TYPE_CHECKING:
    from pathlib import Path

    from territory.model.issues import ReadReport

TODAY = date(2026, 1, 2)
NAMES = ("Durand", "Fatou", "exemple.fr", "Impasse", "confidentiel")
PERSONAL = [
    "ORGANIZER;CN=Jeanne Durand:mailto:jeanne.durand@exemple.fr",
    "ATTENDEE;CN=Fatou Durand:mailto:fatou@exemple.fr",
    "DESCRIPTION:point confidentiel avec Mme Durand",
    "LOCATION:chez Mme Durand\\, 3 Impasse Haute",
    "X-ALT-DESC:Durand",
    "BEGIN:VALARM", "ACTION:EMAIL", "TRIGGER:-PT15M", "ATTENDEE:mailto:durand@exemple.fr",
    "DESCRIPTION:Durand", "SUMMARY:Durand", "END:VALARM",
]  # fmt: skip


def team() -> pd.DataFrame:
    rows = {"M1": "mediateur", "M2": "mediateur", "PRIJ": "partenaire"}
    return conform(pd.DataFrame({"role": rows}), TEAM)


def agenda(folder: Path, *events: list[str], name: str = "agenda.ics", more: str = "") -> Path:
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//", "X-WR-CALNAME:Jeanne Durand"]
    lines = [*head, *more.split("\n")] if more else head
    for number, event in enumerate(events):
        uid = (
            []
            if any(line.startswith("UID:") for line in event)
            else [f"UID:{number}-durand@exemple.fr"]
        )
        lines += ["BEGIN:VEVENT", *uid, *event, "END:VEVENT"]
    return save(folder, "\r\n".join([*lines, "END:VCALENDAR", ""]), name=name)


def read(path: Path) -> tuple[pd.DataFrame, ReadReport]:
    table, report = read_agenda(path, team=team(), today=TODAY)
    check_table(table, AVAILABILITY)
    return table, report


def held(table: pd.DataFrame, code: str, on: date) -> list[tuple[int, int]]:
    slots = [s for s in slot_records(table) if s.agent == code]
    return [(s.start_min, s.end_min) for s in slots if s.applies(on, FrenchCalendar())]


PARIS = "DTSTART;TZID=Europe/Paris:20260113T090000", "DTEND;TZID=Europe/Paris:20260113T103000"


def test_a_meeting_every_six_weeks_is_for_the_whole_team(tmp_path: Path) -> None:
    event = [*PARIS, "RRULE:FREQ=WEEKLY;INTERVAL=6;COUNT=4", "SUMMARY:Comité"]
    out = ["EXDATE;TZID=Europe/Paris:20260224T090000"]
    path = agenda(tmp_path, event + out)
    assert [s.kind for s in recognise(path)] == ["agenda"]
    table, report = read(path)
    assert sorted(table.agent_code) == ["M1", "M2"]
    assert set(table.kind) == {"reunion"}
    assert sorted(held(table, "M1", date(2026, 1, 13))) == [(540, 630)]
    assert held(table, "M1", date(2026, 2, 24)) == []
    assert held(table, "M2", date(2026, 4, 7)) == [(540, 630)]
    assert held(table, "M2", date(2026, 5, 19)) == [(540, 630)]
    assert held(table, "M2", date(2026, 6, 30)) == []
    assert (report.read, report.kept) == (1, 1)
    assert [i.code for i in report.issues] == ["I-PERSO"]
    assert "titres, descriptions, lieux, organisateurs et invités" in str(report.issues[0])


def test_a_code_in_the_title_or_the_category(tmp_path: Path) -> None:
    table, report = read(
        agenda(
            tmp_path,
            [*PARIS, "SUMMARY:Bilan M1 avec Mme Durand", "CATEGORIES:Formation"],
            [*PARIS, "SUMMARY:Point", "CATEGORIES:M2,interne"],
            [*PARIS, "SUMMARY:Salle B12"],
        )
    )
    found = {(r.agent_code, r.kind) for r in table.itertuples()}
    assert found == {("M1", "formation"), ("M2", "reunion"), ("M1", "reunion")}
    assert [i.code for i in report.issues] == ["I-PERSO", "W-CODE"]
    assert "toute l'équipe est retenue" in str(report.issues[1])


def test_hours_are_those_of_paris_when_clocks_change(tmp_path: Path) -> None:
    """Nine in New York is three in the afternoon here, two when America changed first."""
    path = agenda(
        tmp_path,
        [
            "DTSTART;TZID=America/New_York:20260302T090000", "DURATION:PT1H",
            "RRULE:FREQ=WEEKLY;UNTIL=20260406T130000Z",
        ],
        ["DTSTART:20260323T083000Z", "DTEND:20260323T090000Z", "RRULE:FREQ=WEEKLY;COUNT=2"],
    )  # fmt: skip
    table, _ = read(path)
    assert held(table, "M1", date(2026, 3, 2)) == [(900, 960)]
    assert held(table, "M1", date(2026, 3, 9)) == [(840, 900)]
    assert sorted(held(table, "M1", date(2026, 3, 23))) == [(570, 600), (840, 900)]
    assert sorted(held(table, "M1", date(2026, 3, 30))) == [(630, 660), (900, 960)]
    assert held(table, "M1", date(2026, 4, 6)) == [(900, 960)]


def test_an_end_before_the_hour_leaves_the_last_day_out(tmp_path: Path) -> None:
    table, _ = read(agenda(tmp_path, [*PARIS, "RRULE:FREQ=DAILY;UNTIL=20260115T075959Z"]))
    assert held(table, "M1", date(2026, 1, 14)) == [(540, 630)]
    assert held(table, "M1", date(2026, 1, 15)) == []


def test_a_moved_and_a_cancelled_repetition(tmp_path: Path) -> None:
    table, _ = read(
        agenda(
            tmp_path,
            ["UID:a", *PARIS, "RRULE:FREQ=WEEKLY;COUNT=3"],
            [
                "UID:a", "RECURRENCE-ID;TZID=Europe/Paris:20260120T090000",
                "DTSTART;TZID=Europe/Paris:20260121T140000",
                "DTEND;TZID=Europe/Paris:20260121T150000",
            ],
            [
                "UID:a", "RECURRENCE-ID;TZID=Europe/Paris:20260127T090000", *PARIS,
                "STATUS:CANCELLED",
            ],
        )
    )  # fmt: skip
    days = {d: held(table, "M1", date(2026, 1, d)) for d in (13, 20, 21, 27)}
    assert days == {13: [(540, 630)], 20: [], 21: [(840, 900)], 27: []}


def test_what_cannot_be_kept_is_said(tmp_path: Path) -> None:
    table, report = read(
        agenda(
            tmp_path,
            ["DTSTART;VALUE=DATE:20260714", "SUMMARY:Fermeture"],
            ["DTSTART;VALUE=DATE:20260803", "DTEND;VALUE=DATE:20260805",
             "SUMMARY:M2", "CATEGORIES:Congés"],
            ["DTSTART;VALUE=DATE:20260901", "CATEGORIES:absence", "SUMMARY:Mme Durand"],
            [*PARIS, "RRULE:FREQ=HOURLY;COUNT=3"],
            [*PARIS, "RRULE:FREQ=BANANE"],
            ["DTSTART;TZID=Europe/Paris:20260106T220000", "RRULE:FREQ=WEEKLY"],
            ["DTSTART:illisible"],
            [*PARIS, "TRANSP:TRANSPARENT"],
            ["DTSTART:20260105T090000", "DTEND:99990105T090000"],
        )
    )  # fmt: skip
    said = [i.code for i in report.issues]
    assert said == [
        "I-PERSO", "W-DATE", "W-HEURE", "W-CODE", "W-HORAIRE", "W-HORAIRE", "I-AGENDA", "W-HEURE",
        "W-HEURE",
    ]  # fmt: skip
    assert "31/12/2028" in str(report.issues[6])
    assert (report.read, report.kept) == (9, 4)
    assert held(table, "M2", date(2026, 8, 3)) == [(0, 1440)]
    assert sorted(held(table, "M2", date(2026, 8, 4))) == [(0, 1440), (1320, 1380)]
    assert held(table, "M2", date(2026, 8, 5)) == []
    assert held(table, "M1", date(2026, 8, 4)) == [(1320, 1380)]
    assert sorted(held(table, "M1", date(2026, 1, 13))) == [(540, 630), (540, 630), (1320, 1380)]
    assert not any(name in str(i) for i in report.issues for name in NAMES)


def test_a_night_is_cut_at_midnight(tmp_path: Path) -> None:
    table, _ = read(agenda(tmp_path, ["DTSTART:20260106T220000", "DTEND:20260107T010000"]))
    assert held(table, "M1", date(2026, 1, 6)) == [(1320, 1440)]
    assert held(table, "M1", date(2026, 1, 7)) == [(0, 60)]


def test_nothing_of_anybody_is_kept(tmp_path: Path) -> None:
    """What is stored names nobody, says the same hours, and does not change again."""
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Bureau\nCOMMENT:Durand\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
        "TZOFFSETFROM:+0300\nTZOFFSETTO:+0300\nTZNAME:Durand\nEND:STANDARD\nEND:VTIMEZONE"
    )
    events = (
        [*PARIS, "RRULE:FREQ=MONTHLY;BYDAY=2TU", "SUMMARY:Bilan M1 Fatou Durand",
         "CATEGORIES:formation,Durand", "EXDATE;TZID=Europe/Paris:20260210T090000", *PERSONAL],
        ["DTSTART;TZID=Bureau:20260112T120000", "DTEND;TZID=Bureau:20260112T130000",
         "RDATE;TZID=Bureau:20260119T120000", "RRULE:FREQ=BANANE", *PERSONAL],
        ["DTSTART;VALUE=DATE:20260803", "CATEGORIES:absent", "SUMMARY:M2 Durand"],
    )  # fmt: skip
    path = agenda(tmp_path, *events, more=zone)
    file = add_raw(tmp_path / "ville", path, recognise(path))
    kept = raw_folder(tmp_path / "ville") / file.name
    text = kept.read_text(encoding="utf-8")
    assert not any(name in text for name in NAMES)
    assert "SUMMARY:formation M1" in text
    pd.testing.assert_frame_equal(read(kept)[0], read(path)[0])
    assert held(read(kept)[0], "M2", date(2026, 1, 19)) == [(600, 660)]
    assert bare_agenda(kept) == kept.read_bytes()
    stored = repr(read_events(kept)) + read(kept)[0].to_csv()
    assert not any(name in stored for name in NAMES)


def test_a_calendar_in_another_order_is_the_same(tmp_path: Path) -> None:
    events = ([*PARIS, "SUMMARY:M1"], [*PARIS, "RRULE:FREQ=WEEKLY;COUNT=2"])
    one, _ = read(agenda(tmp_path, *events))
    two, _ = read(agenda(tmp_path, *reversed(events), name="b.ics"))
    pd.testing.assert_frame_equal(one.sort_values(list(one)).reset_index(drop=True),
                                  two.sort_values(list(two)).reset_index(drop=True))  # fmt: skip


def test_the_check_before_importing_says_what_is_left_out(tmp_path: Path) -> None:
    (check,) = check_privacy(agenda(tmp_path, [*PARIS, *PERSONAL]))
    assert (check.kind, check.refusals, check.lines_with_identifiers) == ("agenda", (), ())
    assert [i.code for i in check.left_out] == ["I-PERSO"]


def test_a_territory_puts_calendars_and_tables_together(tmp_path: Path) -> None:
    given = {
        "equipe.csv": "code_agent;role;actif_du\nM1;mediateur;\nM2;mediateur;01/02/2026\n",
        "dispo.csv": "code_agent;jour;debut;fin;type\nM1;mardi;9h;17h;disponible\n",
    }
    paths = [save(tmp_path, text, name=name) for name, text in given.items()]
    paths.append(agenda(tmp_path, [*PARIS, "RRULE:FREQ=WEEKLY;INTERVAL=6;COUNT=4"]))
    home = tmp_path / "ville"
    for path in paths:
        add_raw(home, path, recognise(path))
    raw = open_raw(home)
    nothing = [empty_table(contract) for contract in (COMMUNES, ZONES, PLACES)]
    settings = Settings.model_validate({"territoire": {"date_reference": "2026-01-02"}})
    read_in = read_logs(raw, *nothing, settings)
    table = read_in.tables["availability"]
    check_table(table, AVAILABILITY)
    assert [r.kind for r in read_in.reports if r.file == "agenda.ics"] == ["agenda"]
    assert held(table[table.kind == "disponible"], "M1", date(2026, 1, 13)) == [(540, 1020)]
    assert held(table[table.kind == "reunion"], "M1", date(2026, 2, 24)) == [(540, 630)]
    assert held(table, "M2", date(2026, 1, 13)) == [(0, 1440), (540, 630)]


@pytest.mark.parametrize("text", ["BEGIN:VCALENDAR\r\nn'importe quoi", "BEGIN:VCALENDAR\r\n"])
def test_a_damaged_calendar(tmp_path: Path, text: str) -> None:
    path = save(tmp_path, text, name="abime.ics")
    with pytest.raises(UnreadableFile, match="agenda ICS lisible"):
        read(path)


def test_our_own_week_is_not_read_back(tmp_path: Path) -> None:
    path = save(tmp_path, "", name="semaine.ics")
    empty = WeekPlan("2026-W10", (), (), (), Ending.OPTIMAL, 0)
    path.write_bytes(week_calendar(empty, Settings()))
    with pytest.raises(UnreadableFile, match="semaine écrite par territory"):
        read(path)
