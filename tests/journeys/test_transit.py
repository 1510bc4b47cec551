"""Public transport as a coordinator asks for it, on the fictional town with a line of its own."""

from __future__ import annotations

import json
import math
import shutil
from datetime import date
from pathlib import Path  # noqa: TC003 - a fixture type

import geopandas as gpd
import pytest

from territory.cli import run
from territory.io.products import read_product
from territory.model.tables import check_table
from territory.model.timetable import SERVICES, TRANSFERS
from territory.network.transit_trip import earliest_trip
from territory.pipeline.rides import rides_of
from territory.pipeline.steps import build
from territory.pipeline.workspace import open_territory
from territory.planning.checker_rides import ridden
from territory.planning.days import week_days
from tests.io.feeds import EVERY_DAY, every, write_feed


@pytest.fixture(scope="module")
def ends(demo_town: Path) -> tuple[str, str]:
    """Two places of the town with names of their own, as far from each other as can be."""
    places = gpd.read_parquet(demo_town / "data" / "processed" / "20_places" / "places.parquet")
    known = places[places.geometry.notna() & ~places["name"].duplicated(keep=False)]
    west, east = known.geometry.x.idxmin(), known.geometry.x.idxmax()
    return str(west), str(east)


@pytest.fixture(scope="module")
def served(demo_town: Path, ends, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The town with a bus every ten minutes from one of these places to the other, non-stop."""
    folder = tmp_path_factory.mktemp("desservie") / "ville"
    shutil.copytree(demo_town, folder)
    places = gpd.read_parquet(folder / "data" / "processed" / "20_places" / "places.parquet")
    spots = places.to_crs(4326).geometry.loc[list(ends)]
    rows = [f"{s},Arrêt {s},{p.y},{p.x}" for s, p in zip("AB", spots, strict=True)]
    feed = write_feed(
        folder.parent / "bus.zip",
        [*every(10, "7", "AB", hop=6), *every(10, "8", "BA", hop=6)],
        calendar=EVERY_DAY,
        stops="\n".join(["stop_id,stop_name,stop_lat,stop_lon", *rows, "Z,Loin,43.3,5.4"]),
    )
    assert run(["add", str(folder), str(feed)]) == 0
    assert run(["build", str(folder)]) == 0
    return folder


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    capsys.readouterr()
    assert run([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_product_beside_the_streets(served: Path, demo_town: Path) -> None:
    product = read_product(served / "data" / "processed", "42_transit")
    check_table(product.tables["services"], SERVICES)
    check_table(product.tables["transfers"], TRANSFERS)
    assert (product.tables["stops"]["node"] >= 0).tolist() == [True, True]
    assert product.facts["jours"]["bus.zip"]["nombre"] == {"ouvre": 20, "samedi": 4, "dimanche": 4}
    for name in ("40_walk", "55_access", "75_sites"):  # nothing else depends on it
        before = read_product(demo_town / "data" / "processed", name)
        assert read_product(served / "data" / "processed", name).digest == before.digest


def test_a_trip_is_told_by_its_legs(served: Path, ends, capsys) -> None:
    found = answer(capsys, "transit", str(served), *ends)
    trip = found["trajet"]
    rides = [leg for leg in trip["legs"] if leg["kind"] != "marche"]
    assert [leg["lines"] for leg in rides] == [["7"]]
    assert (rides[0]["wait_s"], rides[0]["seconds"]) == (300, 360)
    assert trip["seconds"] < trip["on_foot_s"]
    assert trip["seconds"] == pytest.approx(sum(s["seconds"] + s["wait_s"] for s in trip["legs"]))
    assert run(["transit", str(served), *ends, "--periode", "après-midi", "--jour", "samedi"]) == 0
    text = capsys.readouterr().out
    assert "samedi, après-midi" in text
    assert "tram 7, direction Arrêt B, de « Arrêt A » à « Arrêt B », attente habituelle" in text
    assert "du lundi 1er juin 2026 au dimanche 28 juin 2026 ; usuels d'après 28 jours" in text


def test_who_can_come(served: Path, ends, capsys) -> None:
    found = answer(capsys, "transit", str(served), ends[1])
    assert found["minutes"] == [15, 30, 45]
    on_foot = found["habitants"].pop("a_pied")
    assert set(found["habitants"]) == {"matin", "midi", "apres_midi", "soir"}
    for reached in found["habitants"].values():
        assert all(r >= f for r, f in zip(reached, on_foot, strict=True))
        assert reached[1] > on_foot[1] > 0
    assert run(["transit", str(served), ends[1]]) == 0
    assert "  à pied : " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (["--periode", "nuit"], 2, "Choisissez : matin, midi, après-midi, soir"),
        (["--jour", "lundi"], 2, "Choisissez : jour ouvré, samedi"),
        (["lieu qui n'existe pas"], 2, "Aucun lieu ne s'appelle"),
        (["e"], 2, "lieux répondent à"),
    ],
)
def test_what_is_not_understood(served: Path, ends, options, code: int, told: str, capsys) -> None:
    assert run(["transit", str(served), ends[0], *options]) == code
    assert told in capsys.readouterr().err


def test_without_a_timetable(demo_town: Path, ends, capsys) -> None:
    assert run(["transit", str(demo_town), *ends]) == 1
    assert "transports en commun (GTFS)" in capsys.readouterr().err


def test_feeds_of_elsewhere_and_two_feeds(served: Path, ends, tmp_path: Path, capsys) -> None:
    folder = tmp_path / "ville"
    shutil.copytree(served, folder)
    before = answer(capsys, "transit", str(folder), *ends)["trajet"]["seconds"]
    far = write_feed(tmp_path / "ailleurs.zip", every(10, "1", "CD"))
    again = tmp_path / "encore.zip"
    shutil.copy(folder / "data" / "raw" / "bus.zip", again)
    assert run(["add", str(folder), str(far), str(again)]) == 0
    assert run(["build", str(folder)]) == 0
    assert "aucun arrêt près du territoire" in capsys.readouterr().out
    after = answer(capsys, "transit", str(folder), *ends)["trajet"]["seconds"]
    assert after == pytest.approx(before, abs=0.01)  # lengths of zero are one millisecond


def test_the_week_reads_the_real_departures(served: Path, ends) -> None:
    built = build(open_territory(served))
    points = [f"p:{place}" for place in ends]
    rides = rides_of(built, week_days("2026-W24"))
    assert rides is not None
    assert rides.stand_in == ()
    monday = date(2026, 6, 8)
    trip = earliest_trip(rides, *points, monday, 9 * 3600.0 + 1, 1.0)
    assert trip is not None
    (ride,) = trip.rides
    assert (ride.line, ride.depart_s, ride.arrive_s) == ("7", 9 * 3600 + 600, 9 * 3600 + 960)
    judged = ridden(rides, (points[:1], points[1:]), 1.0, (monday, 9 * 60 + 1))
    assert judged is not None
    assert judged[0] == math.ceil((trip.arrive_s - 9 * 3600 - 60) / 60)
    later = rides_of(built, week_days("2026-W48"))
    assert later is not None
    assert {on.month for on in later.stand_in} == {6}
