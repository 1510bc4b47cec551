"""Other teams are told wherever a week is read: text, grid, sheets, calendar, CSV, debriefs."""

from __future__ import annotations

import csv
from dataclasses import replace
from typing import TYPE_CHECKING

from icalendar import Calendar

from territory.model.debriefs import PrintedSheet
from territory.outputs.calendar_file import agents_of, week_calendar
from territory.outputs.sheets_content import sheet_content
from territory.outputs.week_account import week_account
from territory.outputs.week_csv import write_week_csv
from territory.outputs.week_grid import week_grid
from territory.outputs.who import team_of, who_goes
from territory.planning.codes import identity
from territory.settings import Settings
from tests.outputs.map_town import outing, plan

if TYPE_CHECKING:
    from pathlib import Path

JOINT = outing(session_id="S9", partners=("PRIJ",))
WEEK = replace(plan(), sessions=(JOINT,))
ALONE = replace(WEEK, sessions=(outing(session_id="S9"),))


def test_who_goes_with_whom() -> None:
    assert who_goes(JOINT) == f"{' + '.join(JOINT.agents)} avec PRIJ"
    fixed = replace(JOINT, agents=("M1", "PRIJ"), fixed=True)  # an appointment names it twice
    assert (who_goes(fixed), team_of(fixed)) == ("M1 avec PRIJ", ("M1",))
    assert who_goes(outing()) == " + ".join(outing().agents)


def test_text_grid_and_sheet_name_the_other_team() -> None:
    assert any("avec PRIJ" in line for line in week_account(WEEK))
    assert not any("PRIJ" in line for line in week_account(ALONE))
    grid = week_grid(WEEK)
    assert "PRIJ" not in grid.agents
    assert all(e.mates[-1] == "PRIJ" for row in grid.cells for cell in row for e in cell)
    content = sheet_content(JOINT, {JOINT.place_id or "": "1 rue Haute"}, (), Settings())
    assert ["Qui", who_goes(JOINT)] in content["facts"]
    assert content["start"].startswith("Sortie commune avec PRIJ : départ à ")
    assert content["start"].endswith(", 1 rue Haute.")
    assert sheet_content(outing(), {}, (), Settings())["start"] == ""


def test_the_calendar_of_the_other_team_has_its_outing_only() -> None:
    both = replace(WEEK, sessions=(JOINT, outing(session_id="S2")))
    assert "PRIJ" in agents_of(both)
    (event,) = Calendar.from_ical(week_calendar(both, Settings(), agent="PRIJ")).walk("VEVENT")
    assert str(event["summary"]).endswith("avec PRIJ)")
    assert "Sortie commune avec PRIJ" in str(event["description"])


def test_the_csv_has_a_column(tmp_path: Path) -> None:
    path = write_week_csv(tmp_path / "semaine.csv", WEEK)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert {row["avec"] for row in rows} == {"PRIJ"}


def test_the_code_of_a_sheet_changes_with_the_other_team() -> None:
    assert identity(JOINT, "2026-W48") != identity(outing(session_id="S9"), "2026-W48")
    fixed = replace(JOINT, agents=("M1", "PRIJ"))  # printed before other teams were told apart
    assert identity(fixed, "2026-W48") == identity(replace(fixed, partners=()), "2026-W48")


def test_a_debrief_names_everybody_once() -> None:
    sheet = PrintedSheet("7KQ7", "2026-W48", "", JOINT.on, "matin", "maraude", ("M1", "PRIJ"), 540,
                         600, partners=("PRIJ",))  # fmt: skip
    assert sheet.everybody == ("M1", "PRIJ")
    assert replace(sheet, agents=("M1",)).everybody == ("M1", "PRIJ")
