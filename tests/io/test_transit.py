"""Stops of a GTFS feed as points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shapely

from territory.errors import UnreadableFile
from territory.io.recognise import recognise
from territory.io.transit import STOPS, is_transit, read_stops
from territory.model.tables import check_table
from tests.fetch.grounds import zipped
from tests.real_data import real_file

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
REST = {
    "routes__txt": b"route_id\n",
    "trips__txt": b"route_id,trip_id\n",
    "stop_times__txt": b"trip_id,stop_id\nT,a\nT,a\nT,b\n",
}


def feed(folder: Path, rows: str) -> Path:
    return zipped(folder / "g.zip", stops__txt=(HEAD + rows).encode("utf-8-sig"), **REST)


def test_stops_stations_and_what_is_left_out(tmp_path: Path) -> None:
    path = feed(
        tmp_path, "a,Arr\u00eat,48.9,2.48,,g\ng,Gare,48.9,2.48,1,\ne,Entr\u00e9e,48.9,2.48,2,g\n"
    )
    table, report = read_stops(path)
    check_table(table, STOPS)
    assert table["kind"].to_dict() == {"a": "arret", "g": "station"}
    assert table["station_id"]["a"] == "g"
    assert table["station_id"].isna()["g"]
    assert table["passages"].to_dict() == {"a": 2, "g": 0}
    assert (report.read, report.kept) == (2, 2)


def test_doubts_are_named_by_line(tmp_path: Path) -> None:
    path = feed(
        tmp_path, "a,A,48.9,2.48,0,\nb,B,,2.4,0,\nc,C,0,0,0,\na,A,48.9,2.48,0,\nd,D,x,2,0,\n"
    )
    table, report = read_stops(path)
    assert list(table.index) == ["a"]
    assert {i.line: i.code for i in report.issues} == {
        3: "E-COORD", 4: "E-COORD", 5: "E-DOUBLON", 6: "E-COORD",
    }  # fmt: skip


def test_only_inside(tmp_path: Path) -> None:
    path = feed(tmp_path, "a,A,48.9,2.48,0,\nb,B,43.3,5.4,0,\n")
    box = shapely.box(640_000, 6_850_000, 680_000, 6_880_000)
    table, report = read_stops(path, inside=box)
    assert list(table.index) == ["a"]
    assert "non gardés : 1" in report.issues[0].problem
    assert (report.read, report.kept) == (1, 1)


def test_a_zip_of_something_else(tmp_path: Path) -> None:
    path = zipped(tmp_path / "z.zip", stops__txt=HEAD.encode())
    assert not is_transit(path)
    with pytest.raises(UnreadableFile, match="GTFS"):
        read_stops(path)


def test_without_a_needed_column(tmp_path: Path) -> None:
    path = zipped(tmp_path / "z.zip", stops__txt=b"stop_id\na\n", **REST)
    with pytest.raises(UnreadableFile, match="stop_lat"):
        read_stops(path)


def test_a_real_feed() -> None:
    path = real_file("gtfs/heidelberg_vrn_gtfs_cut.zip")
    assert [s.kind for s in recognise(path)] == ["transit"]
    table, report = read_stops(path, epsg=25832)
    check_table(table, STOPS, epsg=25832)
    assert report.kept == 392
    assert table["passages"].sum() == 46_269
