"""Timetables as feeds write them: nights, gaps, repeats, exceptions, changes and damage."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path  # noqa: TC003 - a fixture type
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from territory.errors import TerritoryError, UnreadableFile
from territory.io.service_days import SPAN_DAYS, read_service_days
from territory.io.timetable import read_timetable
from territory.io.transit import read_stops
from territory.model.tables import check_table
from territory.model.timetable import TRANSFERS
from tests.io.feeds import every, read_feed, run, write_feed
from tests.real_data import real_file

if TYPE_CHECKING:
    import pandas as pd

RUN = run("t", "1", "A8:00:00", "B8:10:00")
JULY = ("S,1,1,1,1,1,0,0,20260713,20260719",)


def minutes(passages: pd.DataFrame, column: str = "depart_s") -> list[float]:
    return (passages[column] / 60).tolist()


def test_a_run_is_read_whole_whatever_the_order_of_the_rows(tmp_path: Path) -> None:
    runs = [*every(60, "1", "ABC"), *every(90, "2", "CBA")]
    one, report, _ = read_feed(write_feed(tmp_path / "a.zip", runs))
    assert one.trips["line"].value_counts().to_dict() == {"1": 18, "2": 12}
    assert one.trips["mode"].unique().tolist() == ["tram"]
    assert one.trips.groupby("line")["direction"].first().to_dict() == {
        "1": "Arrêt C", "2": "Arrêt A",
    }  # fmt: skip
    assert (report.read, report.kept, report.issues) == (30, 30, ())
    for seed in range(3):
        other, _, _ = read_feed(write_feed(tmp_path / "b.zip", runs, shuffle=seed))
        assert_frame_equal(one.passages, other.passages)
        assert_frame_equal(one.trips, other.trips)
        assert_frame_equal(one.days, other.days)


def test_times_go_past_midnight(tmp_path: Path) -> None:
    late = run("t", "1", "A23:55:00", "B24:05:00", "C25:10:30")
    table, _, _ = read_feed(write_feed(tmp_path / "f.zip", [late]))
    assert table.passages["depart_s"].tolist() == [86_100, 86_700, 90_630]


def test_stops_without_a_time_get_one_between_their_neighbours(tmp_path: Path) -> None:
    gaps = run("t", "1", "A8:00:00", "B-", "C-", "D8:30:00", "E-", "F8:40:00")
    table, report, _ = read_feed(
        write_feed(tmp_path / "f.zip", [gaps, run("u", "1", *("A9:00:00", "B9:01:00"))])
    )
    assert minutes(table.passages[table.passages["trip"] == 0]) == [480, 490, 500, 510, 515, 520]
    assert report.issues == ()


def test_no_time_is_made_up_at_the_ends(tmp_path: Path) -> None:
    bare = run("t", "1", "A-", "B8:00:00", "C8:10:00", "D-")
    table, report, _ = read_feed(write_feed(tmp_path / "f.zip", [bare]))
    assert [table.stop_ids[s] for s in table.passages["stop"]] == ["B", "C"]
    assert table.passages["rank"].tolist() == [0, 1]
    assert [i.code for i in report.issues] == ["W-HEURE"]
    assert report.issues[0].problem.startswith("stop_times.txt : 2 passages sans heure")


def test_a_run_that_goes_back_in_time_is_left_out(tmp_path: Path) -> None:
    back = run("b", "1", "A8:00:00", "B7:50:00")
    table, report, _ = read_feed(write_feed(tmp_path / "f.zip", [RUN, back]))
    assert len(table.trips) == 1
    assert [(i.code, i.line) for i in report.issues] == [("E-HEURE", 4)]
    assert "1 courses dont les heures reculent" in str(report.issues[0])


def test_repeated_runs_are_written_out(tmp_path: Path) -> None:
    told = (
        "trip_id,start_time,end_time,headway_secs\n"
        "t,07:00:00,08:00:00,1200\nt,08:00:00,08:30:00,1800\nu,07:00:00,09:00:00,1\n"
    )
    runs = [RUN, run("u", "2", "C9:00:00", "D9:20:00")]
    table, report, _ = read_feed(write_feed(tmp_path / "f.zip", runs, frequencies=told))
    starts = table.passages[table.passages["rank"] == 0].groupby("trip")["depart_s"].first() / 60
    assert starts.tolist() == [540, 420, 440, 460, 480]
    rides = table.passages.groupby("trip")["depart_s"].agg(lambda s: s.iloc[-1] - s.iloc[0])
    assert (rides / 60).tolist() == [20, 10, 10, 10, 10]
    assert table.trips["line"].tolist() == ["2", "1", "1", "1", "1"]
    assert [(i.code, i.line) for i in report.issues] == [("E-FREQUENCE", 4)]


def test_repeated_runs_keep_their_hours_when_they_start_outside(tmp_path: Path) -> None:
    """The first stop lies outside the territory: those inside are passed as late as before."""
    told = "trip_id,start_time,end_time,headway_secs\nt,07:00:00,08:00:00,1200\n"
    far = run("t", "1", "A8:00:00", "B8:25:00", "C8:40:00")
    path = write_feed(tmp_path / "f.zip", [far], frequencies=told)
    stops, _ = read_stops(path)
    inside, _ = read_timetable(path, stops.drop(index="A"))
    first = inside.passages[inside.passages["rank"] == 0]
    assert [inside.stop_ids[s] for s in first["stop"]] == ["B"] * 3
    assert minutes(first) == [445, 465, 485]


def days(path: Path) -> dict[str, list[date]]:
    table, _ = read_service_days(path)
    return {s: [d.date() for d in g] for s, g in table.groupby("service_id")["on"]}


def test_a_week_and_its_exceptions(tmp_path: Path) -> None:
    path = write_feed(
        tmp_path / "f.zip", [RUN], calendar=JULY, dates=["S,20260714,2", "S,20260719,1"]
    )
    assert [d.day for d in days(path)["S"]] == [13, 15, 16, 17, 19]


def test_a_feed_with_days_listed_one_by_one(tmp_path: Path) -> None:
    path = write_feed(tmp_path / "f.zip", [RUN], calendar=None, dates=["S,20260714,1"] * 2)
    assert days(path) == {"S": [date(2026, 7, 14)]}


def test_a_feed_that_says_no_day_is_refused(tmp_path: Path) -> None:
    path = write_feed(tmp_path / "f.zip", [RUN], calendar=None)
    with pytest.raises(UnreadableFile, match=r"ni calendar\.txt ni"):
        read_feed(path)
    with pytest.raises(UnreadableFile, match="aucun jour de service"):
        read_feed(write_feed(tmp_path / "g.zip", [RUN], calendar=["S,1,1,1,1,1,1,1,hier,demain"]))
    with pytest.raises(UnreadableFile, match="aucune course n'a de jour"):
        read_feed(write_feed(tmp_path / "h.zip", [run("t", "1", "A8:00:00", service="X")]))


def test_a_calendar_for_a_century_stays_small(tmp_path: Path) -> None:
    path = write_feed(tmp_path / "f.zip", [RUN], calendar=["S,1,1,1,1,1,1,1,20000101,20991231"])
    assert len(days(path)["S"]) == SPAN_DAYS


def test_dates_that_cannot_be_read_are_counted(tmp_path: Path) -> None:
    path = write_feed(tmp_path / "f.zip", [RUN], dates=["S,20260231,1", "S,20260714,3"])
    _, issues = read_service_days(path)
    assert [(i.code, i.line) for i in issues] == [("E-DATE", 2)]
    assert "2 lignes de dates illisibles" in issues[0].problem


def test_runs_without_any_day_are_told(tmp_path: Path) -> None:
    runs = [RUN, run("u", "1", "A9:00:00", "B9:10:00", service="X")]
    table, report, _ = read_feed(write_feed(tmp_path / "f.zip", runs))
    assert len(table.trips) == 1
    assert [i.code for i in report.issues] == ["I-JAMAIS"]


def test_where_nobody_boards_or_leaves(tmp_path: Path) -> None:
    times = (
        "trip_id,stop_id,arrival_time,departure_time,stop_sequence,pickup_type,drop_off_type\n"
        "t,A,08:00:00,08:00:00,1,,1\nt,B,08:10:00,08:10:00,2,1,0\nt,C,08:20:00,08:20:00,3,3,\n"
    )
    table, _, _ = read_feed(write_feed(tmp_path / "f.zip", [RUN], stop_times=times))
    assert table.passages["board"].tolist() == [True, False, True]
    assert table.passages["alight"].tolist() == [False, True, True]


def test_changes_of_a_station_and_those_the_feed_times(tmp_path: Path) -> None:
    stops = (
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
        "G,Gare,48.9,2.4,1,\nA,Quai A,48.9,2.400,,G\nB,Quai B,48.9,2.404,,G\nC,Rue,48.9,2.41,,\n"
    )
    told = (
        "from_stop_id,to_stop_id,transfer_type,min_transfer_time\n"
        "A,B,2,400\nG,C,2,90\nB,C,3,\nC,A,0,\nZ,A,2,9\n"
    )
    path = write_feed(tmp_path / "f.zip", [RUN], stops=stops, transfers=told, pathways="x\n1\n")
    table, report, _ = read_feed(path)
    check_table(table.transfers, TRANSFERS)
    found = {(a, b): s for a, b, s in table.transfers.itertuples(index=False)}
    assert found.keys() == {("A", "B"), ("B", "A"), ("A", "C"), ("B", "C")}
    assert [found[k] for k in [("A", "B"), ("A", "C"), ("B", "C")]] == [400, 90, 90]
    metres = 0.004 * np.cos(np.radians(48.9)) * 111_320
    assert found["B", "A"] == pytest.approx(metres * 1.3 / 1.25, rel=0.01)
    assert [i.code for i in report.issues] == ["I-CHEMIN", "I-CHANGE"]


def test_lines_are_named_as_the_feed_can(tmp_path: Path) -> None:
    routes = "route_id,route_short_name,route_long_name,route_type\nr1,,Longue ligne,715\nr2,,,x\n"
    trips = "route_id,trip_id,service_id,trip_headsign\nr1,t,S,Gare\nr2,u,S,\nr3,v,S,\nr1,t,S,\n"
    runs = [run(t, "1", "A8:00:00", "B8:10:00") for t in "tuv"]
    table, report, _ = read_feed(write_feed(tmp_path / "f.zip", runs, routes=routes, trips=trips))
    assert table.trips["line"].tolist() == ["Longue ligne", "r2", "r3"]
    assert table.trips["mode"].tolist() == ["bus", "transport", "transport"]
    assert table.trips["direction"].tolist() == ["Gare", "Arrêt B", "Arrêt B"]
    assert [(i.code, i.line) for i in report.issues] == [("E-DOUBLON", 5)]


@pytest.mark.parametrize(
    ("member", "content", "told"),
    [
        ("stop_times", "trip_id,stop_id\nt,A\n", "arrival_time, departure_time, stop_sequence"),
        ("trips", "route_id,trip_id\nr1,t\n", "service_id dans trips.txt"),
        ("routes", "x\n1\n", "route_id dans routes.txt"),
        ("stop_times", "\x00\n\x00,\n", "GTFS"),
        ("frequencies", "trip_id\nt\n", "start_time"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(tmp_path: Path, member: str, content: str, told: str) -> None:
    path = write_feed(tmp_path / "f.zip", [RUN], **{member: content})
    with pytest.raises(UnreadableFile, match=told):
        read_feed(path)


def test_a_feed_of_elsewhere_is_refused(tmp_path: Path) -> None:
    path = write_feed(tmp_path / "f.zip", [run("t", "1", "X8:00:00", "Y8:10:00")])
    with pytest.raises(UnreadableFile, match="aucun passage aux arrêts"):
        read_feed(path)


def test_rows_wider_than_their_header_are_refused(tmp_path: Path) -> None:
    wide = "trip_id,stop_id,arrival_time,departure_time,stop_sequence\nt,A,8:00:00,8:00:00,1,\n"
    with pytest.raises(UnreadableFile, match="plus de cases que l'en-tête"):
        read_feed(write_feed(tmp_path / "f.zip", [RUN], stop_times=wide))


def test_damaged_feeds_are_read_or_refused_in_french(tmp_path: Path) -> None:
    told = "trip_id,start_time,end_time,headway_secs\nt,07:00:00,08:00:00,1200\n"
    sound = write_feed(tmp_path / "f.zip", [RUN], dates=["S,20260714,1"], frequencies=told)
    with zipfile.ZipFile(sound) as archive:
        texts = {n: archive.read(n) for n in archive.namelist()}
    draw = np.random.default_rng(0)
    outcomes = [outcome(damaged(texts, draw, tmp_path / "d.zip")) for _ in range(15)]
    assert 0 < outcomes.count("lu") < 15
    assert all(o == "lu" or "« d.zip »" in o for o in outcomes)
    sound.write_bytes(sound.read_bytes()[:-40])
    assert "GTFS" in outcome(sound)


def damaged(texts: dict[str, bytes], draw: np.random.Generator, path: Path) -> Path:
    """Write the files of a feed again with one or two bytes of one of them changed."""
    name = draw.choice(sorted(texts))
    broken = bytearray(texts[name])
    for _ in range(draw.integers(1, 3)):
        broken[draw.integers(len(broken))] = draw.choice([*b'\x00\xff",\n;9-:A'])
    with zipfile.ZipFile(path, "w") as archive:
        for other, content in texts.items():
            archive.writestr(other, bytes(broken) if other == name else content)
    return path


def outcome(path: Path) -> str:
    try:
        table, _, _ = read_feed(path)
    except TerritoryError as error:
        return str(error)
    assert table.passages["trip"].nunique() == len(table.trips)
    return "lu"


def test_a_real_feed() -> None:
    table, report, stops = read_feed(real_file("gtfs/heidelberg_vrn_gtfs_cut.zip"), epsg=25832)
    assert (report.read, report.kept, report.issues) == (1480, 1480, ())
    assert len(table.passages) == 46_269
    assert table.trips["mode"].value_counts().to_dict() == {"tram": 994, "bus": 486}
    assert table.passages["depart_s"].max() > 86_400
    assert set(table.transfers["from_stop"]) <= set(stops.index)
