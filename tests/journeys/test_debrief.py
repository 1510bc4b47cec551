"""From the printed sheet to the activity: codes kept over plans, one line typed, read back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from territory.cli import run
from territory.io.debriefs import read_debriefs, read_sheets
from territory.model.jsonable import to_json
from territory.pipeline.week_codes import PLAN, awaited_sheets, printed_plan
from territory.settings import FILE_NAME
from tests.io.printed import WEDNESDAY
from tests.outputs.map_town import outing, plan

if TYPE_CHECKING:
    from pathlib import Path

    from territory.model.week_results import WeekPlan


@pytest.fixture
def printed(tmp_path: Path) -> WeekPlan:
    """A territory whose week was printed, on the day after the first outing."""
    assert run(["init", str(tmp_path), "--communes", "93010"]) == 0
    settings = tmp_path / FILE_NAME
    text = settings.read_text(encoding="utf-8")
    head = "[territoire]" if "[territoire]" in text else text.split("\n", 1)[0]
    dated = text.replace(head, f"{head}\ndate_reference = {WEDNESDAY.isoformat()}", 1)
    settings.write_text(dated, encoding="utf-8")
    made = printed_plan(tmp_path, plan(), frozenset(), epsg=2154)
    folder = tmp_path / "outputs" / made.week
    folder.mkdir(parents=True)
    (folder / PLAN).write_text(json.dumps(to_json(made)), encoding="utf-8")
    return made


def test_one_line_is_noted_and_the_last_one_holds(
    printed: WeekPlan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = printed.sessions[0].code
    assert run(["debrief", str(tmp_path), f"{code} I12 A3 F7 H6 A=4 ferme:B pluie"]) == 0
    said = capsys.readouterr().out
    assert "Retour n° 1 noté." in said
    assert "12 personnes informées, 3 personnes accrochées" in said
    assert "[W-SOMME] femmes + hommes (13) dépasse" in said
    assert run(["debrief", str(tmp_path), f"{code.lower()} devenu visite I2"]) == 0
    assert "Il remplace le retour n° 1 de la même fiche" in capsys.readouterr().out
    known, _ = read_debriefs(tmp_path)
    assert [d.kind for d in known.values()] == ["maraude", "visite_partenaire"]
    assert run(["debrief", str(tmp_path), "--list"]) == 0
    said = capsys.readouterr().out
    assert "Fiches saisies : 1" in said
    assert "(remplacé depuis)" in said


def test_a_wrong_code_and_free_text_write_nothing_and_are_not_repeated(
    printed: WeekPlan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = printed.sessions[0].code
    for line, told in (
        (f"{code[:3]}{'2' if code[3] != '2' else '3'} I12", "[E-CODE]"),
        (f"{code} I12 avec Mme Dupont", "[E-MOT]"),
        ("Dupont I12", "[E-CODE]"),
    ):
        assert run(["debrief", str(tmp_path), line]) == 2
        said = capsys.readouterr()
        assert told in said.err + said.out
        assert "Dupont" not in said.err + said.out
    assert read_debriefs(tmp_path) == ({}, ())
    journal = (tmp_path / "journal.jsonl").read_text(encoding="utf-8")
    assert "Dupont" not in journal


def test_a_code_of_another_territory_is_unknown(
    printed: WeekPlan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "fiches.jsonl").unlink()
    assert run(["debrief", str(tmp_path), f"{printed.sessions[0].code} I12"]) == 2
    assert "[E-FICHE]" in capsys.readouterr().err


def test_a_sheet_printed_before_a_new_plan_can_still_be_typed(
    printed: WeekPlan, tmp_path: Path
) -> None:
    moved = outing(start_min=600, session_id="S1")
    again = printed_plan(
        tmp_path, replace(plan(), sessions=(moved, plan().sessions[1])), frozenset(), epsg=2154
    )
    assert again.sessions[0].code != printed.sessions[0].code
    assert again.sessions[1].code == printed.sessions[1].code
    assert run(["debrief", str(tmp_path), f"{printed.sessions[0].code} I12"]) == 0
    assert len(read_sheets(tmp_path)) == 3


def test_what_is_awaited_is_the_past_outings_of_the_plan_delivered(
    printed: WeekPlan, tmp_path: Path
) -> None:
    assert [s.code for s in awaited_sheets(tmp_path, WEDNESDAY)] == [printed.sessions[0].code]
    assert run(["debrief", str(tmp_path), f"{printed.sessions[0].code} annule meteo"]) == 0
    assert awaited_sheets(tmp_path, WEDNESDAY) == []


def test_points_of_the_register_are_squares_and_secret_places_are_not_there(
    tmp_path: Path,
) -> None:
    printed_plan(tmp_path, plan(), frozenset({"p1"}), epsg=2154)
    text = (tmp_path / "fiches.jsonl").read_text(encoding="utf-8")
    assert '"p1"' not in text
    sheet = next(iter(read_sheets(tmp_path).values()))
    assert sheet.x not in {stop.x for stop in plan().sessions[0].stops}
    assert list(sheet.stops) == ["B"]
