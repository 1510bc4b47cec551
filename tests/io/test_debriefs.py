"""Debriefs are added, never edited; the last of a sheet holds and becomes an activity."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from shapely.geometry import Point

from territory.io.debriefs import (
    DEBRIEFS,
    append_debrief,
    append_sheets,
    debrief_activities,
    in_force,
    read_debriefs,
    read_sheets,
    sheet_of,
    stop_activities,
    with_debriefs,
)
from territory.io.retention import ARCHIVE, purge_debriefs
from territory.model.debriefs import Debrief, PrintedSheet
from territory.model.tables import ACTIVITIES, PLACES, check_table, conform, empty_table
from tests.io.printed import TUESDAY, sheet, typed

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd


def places() -> gpd.GeoDataFrame:
    data = {"name": ["Mairie"], "kind": ["mairie"], "commune_code": ["99001"],
            "geometry": [Point(660_000, 6_868_000)]}  # fmt: skip
    return conform(pd.DataFrame(data, index=["p9"]), PLACES)


def test_sheets_are_registered_once_and_found_by_their_code(tmp_path: Path) -> None:
    old = sheet(week="2026-W16", on=date(2026, 4, 14))
    assert append_sheets(tmp_path, [old, sheet()]) == 2
    assert append_sheets(tmp_path, [old, sheet()]) == 0
    known = read_sheets(tmp_path)
    assert sheet_of(known, "7KQ7") == sheet()
    assert sheet_of(known, "8888") is None
    assert sheet_of(read_sheets(tmp_path / "nowhere"), "7KQ7") is None


def test_debriefs_come_back_as_they_were_typed(tmp_path: Path) -> None:
    first, second = typed("I12 A3 A=4 ferme:C pluie"), typed("annule meteo", code="8KQ8")
    assert read_debriefs(tmp_path) == ({}, ())
    assert [append_debrief(tmp_path, d) for d in (first, second)] == [1, 2]
    assert read_debriefs(tmp_path) == ({1: first, 2: second}, ())
    assert stat.S_IMODE((tmp_path / DEBRIEFS).stat().st_mode) == 0o600


def test_the_last_debrief_of_a_sheet_holds_and_the_first_stays_written(tmp_path: Path) -> None:
    for one in (typed("I12"), typed("I3", code="8KQ8"), typed("I13")):
        append_debrief(tmp_path, one)
    known, _ = read_debriefs(tmp_path)
    assert list(known) == [1, 2, 3]
    assert in_force(known) == {2: typed("I3", code="8KQ8"), 3: typed("I13")}


@pytest.mark.parametrize("cut", [1, 30, 200])
def test_a_line_torn_by_a_crash_is_told_and_spoils_no_other(tmp_path: Path, cut: int) -> None:
    append_debrief(tmp_path, typed("I12"))
    append_debrief(tmp_path, typed("I3", code="8KQ8"))
    path = tmp_path / DEBRIEFS
    path.write_bytes(path.read_bytes()[: -cut - 1])
    known, (issue,) = read_debriefs(tmp_path)
    assert list(known) == [1]
    assert (issue.code, issue.line) == ("E-RETOUR", 2)
    assert append_debrief(tmp_path, typed("I4", code="9KQ9")) == 3
    assert list(read_debriefs(tmp_path)[0]) == [1, 3]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "Mme Dupont"), ("weather", "triste"), ("state", "oui"), ("cancel_reason", "x"),
        ("counts", {"nom": 3}), ("counts", {"n_informed": -1}), ("counts", {"n_informed": 9999}),
        ("at_stops", {"Z": 1}), ("closed", ["Dupont"]), ("start_min", "neuf"),
    ],
)  # fmt: skip
def test_a_line_edited_to_hold_something_else_is_left_out(
    tmp_path: Path, field: str, value: object
) -> None:
    append_debrief(tmp_path, typed("I12"))
    path = tmp_path / DEBRIEFS
    row = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**row, field: value}) + "\n", encoding="utf-8")
    known, (issue,) = read_debriefs(tmp_path)
    assert known == {}
    assert "Dupont" not in str(issue)


def test_debriefs_are_activities_with_unknown_left_unknown() -> None:
    table = debrief_activities(
        [typed("I12 A3 F7 devenu visite 9h30-11h pluie"), typed("annule meteo", code="8KQ8")],
        epsg=2154,
    )
    check_table(table, ACTIVITIES)
    held, cancelled = table.loc["fiche-2026-W48-7KQ7"], table.loc["fiche-2026-W48-8KQ8"]
    assert (held["state"], held["kind"], held["hours"]) == ("realise", "visite_partenaire", 1.5)
    assert (held["n_informed"], held["n_engaged"], held["n_women"]) == (12, 3, 7)
    assert pd.isna(held["n_men"])
    assert held["agents"] == "M1|M2"
    assert (held.geometry.x, held.geometry.y) == (660_550, 6_868_050)
    assert (cancelled["state"], cancelled["cancel_reason"]) == ("annule", "meteo")
    assert pd.isna(cancelled["n_informed"])


def test_they_join_the_activities_of_the_files_at_their_place() -> None:
    known = {1: typed("I2"), 2: typed("I12", kind="permanence", place_id="p9", x=None, y=None)}
    table, issues = with_debriefs(empty_table(ACTIVITIES), places(), known)
    check_table(table, ACTIVITIES)
    assert issues == []
    (row,) = table.itertuples()
    assert (row.n_informed, row.place_id, row.commune_code) == (12, "p9", "99001")
    assert row.geometry == Point(660_000, 6_868_000)


def test_an_outing_told_twice_is_kept_twice_and_told() -> None:
    line = {"on": [pd.Timestamp(TUESDAY)], "kind": ["maraude"], "state": ["realise"],
            "agents": ["M2|M1"], "start_min": [600], "end_min": [660], "geometry": [None],
            "sensitive": [False]}  # fmt: skip
    files = conform(pd.DataFrame(line, index=["a1"]), ACTIVITIES)
    table, (issue,) = with_debriefs(files, places(), {4: typed("I12")})
    assert sorted(table.index) == ["a1", "fiche-2026-W48-7KQ7"]
    assert (issue.code, issue.line) == ("W-DOUBLON", 4)
    assert with_debriefs(files.assign(agents="M3"), places(), {4: typed("I12")})[1] == []


def test_without_debrief_the_activities_are_the_same() -> None:
    files = empty_table(ACTIVITIES)
    assert with_debriefs(files, places(), {})[0] is files


def test_old_debriefs_and_sheets_are_forgotten_and_only_counted(tmp_path: Path) -> None:
    old = sheet(week="2023-W16", on=date(2023, 4, 18))
    append_sheets(tmp_path, [old, sheet()])
    for one in (typed("I12"), typed("I5", week="2023-W16", on=old.on), typed("I3", code="8KQ8")):
        append_debrief(tmp_path, one)
    with (tmp_path / DEBRIEFS).open("ab") as file:
        file.write(b"not a line\n")
    today = date(2026, 1, 5)
    tried = purge_debriefs(tmp_path, today=today, write=False)
    assert [(p.file, p.lines) for p in tried] == [("debriefs.jsonl", 2), ("fiches.jsonl", 1)]
    assert len(read_debriefs(tmp_path)[0]) == 3
    assert purge_debriefs(tmp_path, today=today, write=True) == tried
    assert list(read_debriefs(tmp_path)[0].values()) == [typed("I12"), typed("I3", code="8KQ8")]
    assert read_sheets(tmp_path) == {sheet().key: sheet()}
    archive = (tmp_path / ARCHIVE).read_text(encoding="utf-8-sig").splitlines()
    assert archive[1].endswith(";activities;;2023-04;maraude;1;5")
    assert purge_debriefs(tmp_path, today=today, write=True) == []


def test_people_counted_at_a_place_teach_what_it_brings() -> None:
    printed = PrintedSheet("7KQ2", "2026-W48", "id", TUESDAY, "matin", "maraude", ("M1",), 540, 660,
                           stops={"A": "P1", "B": ""})  # fmt: skip
    done = Debrief(printed, TUESDAY, "realise", "maraude", 540, 660, at_stops={"A": 4, "B": 2})
    like = empty_table(ACTIVITIES)
    rows = stop_activities([done], 20, like)
    assert rows[["place_id", "n_informed", "start_min", "end_min"]].to_numpy().tolist() == [
        ["P1", 4, 540, 560]
    ]
    assert rows.dtypes.drop("geometry").equals(like.dtypes.drop("geometry"))
    assert stop_activities([replace(done, state="annule")], 20, like).empty
