"""Addresses of structures placed by a server of this machine that plays the official one."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from openpyxl import Workbook

from territory.cli import run
from territory.errors import UnreadableFile, WrongUsage
from territory.fetch.geocode_online import located_online, to_send
from territory.io.positions import POSITIONS, read_positions
from territory.io.table_writer import write_rows
from tests.fetch.server import Reply
from tests.io.test_placing import read, town_of
from tests.real_data import real_file

if TYPE_CHECKING:
    from pathlib import Path

    from territory.fetch.patience import Means
    from tests.fetch.conftest import Ear
    from tests.fetch.server import Script

STREETS = ("Verdun", "Salengro", "Carnot")  # of Bondy: enough for a place found and one in doubt
HEAD = "rang;adresse;code_insee;latitude;longitude;result_label;result_score;result_type\n"
GOOD = "0;x;93010;48.9;2.48;3 Rue de la Lune;0.91;housenumber\n"
DAY = "2026-11-24"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Bondy with the addresses of a few of its streets."""
    whole = json.loads(real_file("partners/ban_adresses_bondy.geojson").read_text("utf-8"))
    whole["features"] = [
        one for one in whole["features"]
        if any(name in one["properties"]["nom_voie"] for name in STREETS)
    ]  # fmt: skip
    path = tmp_path / "ban_adresses_bondy.geojson"
    path.write_text(json.dumps(whole), encoding="utf-8")
    return town_of(tmp_path, path)


def places(**other: object) -> pd.DataFrame:
    row = {"address": "3 rue de la Lune", "commune_code": "93010", "sensitive": False,
           "name": "Maison de Camille"} | other  # fmt: skip
    table = pd.DataFrame([row], index=pd.Index(["P1"], name="place_id"))
    return table.astype({"sensitive": "boolean"})


def serve(server: Script, body: str, *before: Reply) -> str:
    replies = [*before, Reply(body.encode())]
    return server.serve("/csv", *replies)


def test_a_place_is_found_and_only_its_address_leaves(server, means: Means, ear: Ear) -> None:
    address = serve(server, HEAD + GOOD)
    found = located_online(places(), means, ear.says, on=DAY, service=address)
    point = found["P1"]
    assert (point.latitude, point.longitude, point.score) == (48.9, 2.48, 0.91)
    assert (point.precision, point.origin, point.on) == ("numéro", "en ligne", DAY)
    (sent,) = server.posted
    assert b"rang;adresse;code_insee\n0;3 rue de la Lune;93010\n" in sent
    assert b"P1" not in sent
    assert b"Camille" not in sent
    assert ear.said[0].startswith("Serveur contacté : 127.0.0.1")
    assert ear.said[0].endswith("(1 adresses de structures).")


def test_tables_about_people_never_leave(server: Script, means: Means, ear: Ear) -> None:
    for index in ("activity_id", "contact_id"):
        with pytest.raises(WrongUsage, match="jamais celles des activités"):
            located_online(places().rename_axis(index), means, ear.says, on=DAY)
    assert server.posted == []


@pytest.mark.parametrize("other", [{"sensitive": True}, {"sensitive": None}, {"address": None},
                                   {"commune_code": None}])  # fmt: skip
def test_sensitive_or_incomplete_places_stay_here(means, ear: Ear, other) -> None:
    assert to_send(places(**other)).empty
    assert located_online(places(**other), means, ear.says, on=DAY) == {}
    assert ear.said == []


@pytest.mark.parametrize(
    "line",
    ["0;x;93010;48.9;2.48;Bondy;0.9;municipality\n", "0;x;93010;48.9;2.48;Rue;0.49;street\n",
     "0;x;93010;;;;;\n", "0;x;93010;-48.9;179;Rue;0.9;street\n",
     "0;x;93010;nan;nan;Rue;nan;street\n"],
)  # fmt: skip
def test_a_town_a_low_score_or_no_point_is_not_placed(server, means, ear, line: str) -> None:
    address = serve(server, HEAD + line)
    assert located_online(places(), means, ear.says, on=DAY, service=address) == {}


def test_a_busy_server_is_asked_again(server: Script, means: Means, ear: Ear, clock) -> None:
    busy = Reply(b"", 429, {"Retry-After": "5"})
    address = serve(server, HEAD + GOOD, busy, Reply(b"", 503))
    assert located_online(places(), means, ear.says, on=DAY, service=address)
    assert clock.waits == [5.0, 4.0]


@pytest.mark.parametrize(
    ("reply", "said"),
    [(Reply(b"<html>Maintenance</html>"), "tableau attendu"),
     (Reply(HEAD.encode()), "tableau attendu"),
     (Reply((HEAD + GOOD + GOOD).encode()), "autant de lignes"),
     (Reply((HEAD + GOOD.replace("0;", "1;", 1)).encode()), "autant de lignes"),
     (Reply(b"\xff\xfe\x00"), "tableau attendu"),
     (Reply(b"", 403), "a répondu 403"),
     (Reply(b"", 302, {"Location": "/ailleurs"}), "a répondu 302"),
     (Reply(b"", 503), "occupé"),
     (Reply(b"", 429, {"Retry-After": "9999"}), "occupé")],
)  # fmt: skip
def test_a_wrong_answer_places_nothing(server, means, ear, reply: Reply, said: str) -> None:
    address = server.serve("/csv", reply)
    with pytest.raises(UnreadableFile, match=said):
        located_online(places(), means, ear.says, on=DAY, service=address)


def test_the_command_keeps_what_was_found_and_uses_it_again(town, server, capsys) -> None:
    address = serve(server, HEAD + GOOD)
    assert run(["geocode", str(town)]) == 0
    assert server.posted == []  # nothing leaves unless asked
    assert run(["geocode", str(town), "--en-ligne", "--service", address]) == 0
    said = capsys.readouterr()
    assert "Serveur contacté : 127.0.0.1" in said.err
    assert "Adresses trouvées en ligne : 1 sur" in said.out
    assert b"Abri" not in server.posted[0]
    assert b"Salengro" not in server.posted[0]  # a sensitive place
    assert (town / POSITIONS).stat().st_mode & stat.S_IRWXO == 0
    assert read(town).tables["places"].loc["P2"].geometry is not None
    (town / POSITIONS).unlink()
    assert read(town).tables["places"].loc["P2"].geometry is None  # deleting undoes it


@pytest.mark.parametrize("online", [True, False])
def test_a_point_for_another_address_is_not_used(town: Path, server: Script, online: bool) -> None:
    if online:
        address = serve(server, HEAD + GOOD)
        assert run(["geocode", str(town), "--en-ligne", "--service", address]) == 0
    else:
        rows = [("id", "latitude", "longitude"), ("P2", "48,9", "2,48")]
        given = write_rows(rows, town / "c.csv")
        assert run(["geocode", str(town), "--corrections", str(given)]) == 0
    path = town / "data" / "raw" / "partenaires.csv"
    moved = path.read_text(encoding="utf-8").replace("Lune Verte", "Lune Bleue")
    path.write_text(moved, encoding="utf-8")
    intake = read(town)
    assert intake.tables["places"].loc["P2"].geometry is None
    told = [i.problem for r in intake.reports for i in r.issues if i.file == POSITIONS]
    assert told == ["lieu P2 : l'adresse a changé, le point gardé n'est plus utilisé."]


def test_corrections_come_back_from_a_workbook_too(town: Path, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["id", "nom", "latitude", "longitude"])
    book.active.append(["P2", "CCAS", 48.905, 2.481])
    book.save(tmp_path / "c.xlsx")
    assert run(["geocode", str(town), "--corrections", str(tmp_path / "c.xlsx")]) == 0
    assert read(town).tables["places"].loc["P2"].geometry is not None


def test_corrections_filled_in_the_list_are_taken_back(town: Path, capsys) -> None:
    assert run(["geocode", str(town)]) == 0
    path = town / "outputs" / "adresses_a_verifier.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].endswith(";latitude;longitude")
    filled = [line[:-1] + "48,905;2,481" if line.startswith("P2;") else line for line in lines]
    filled.append("P99;Nulle part;;;;;;48,905;2,481")
    path.write_bytes("\r\n".join(filled).encode("cp1252"))  # as a French Excel saves it
    assert run(["geocode", str(town), "--corrections", str(path)]) == 0
    said = capsys.readouterr().out
    assert "Points corrigés : 1" in said
    assert "Identifiants inconnus, laissés de côté : 1." in said
    kept = read_positions(town)["P2"]
    assert (kept.latitude, kept.longitude, kept.origin) == (48.905, 2.481, "corrigé")
    assert read(town).tables["places"].loc["P2"].geometry is not None


@pytest.mark.parametrize(
    "rows",
    [[("id", "latitude", "longitude"), ("P2", "48,9", "")],
     [("id", "latitude", "longitude"), ("P2", "2,4", "2,4")],
     [("id", "latitude", "longitude"), ("P2", "ici", "là")],
     [("id", "lat"), ("P2", "48,9")]],
)  # fmt: skip
def test_a_bad_correction_is_said_and_nothing_is_kept(town: Path, capsys, rows) -> None:
    path = write_rows(rows, town / "c.csv")
    assert run(["geocode", str(town), "--corrections", str(path)]) == 1
    assert "« c.csv »" in capsys.readouterr().err
    assert not (town / POSITIONS).exists()
