"""A whole fetch against a server that serves small files, then misbehaves."""

from __future__ import annotations

import gzip
import json
import socket
from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest

from territory.cli import run
from territory.commands.fetching import brought_in
from territory.fetch.run import FAILED, FETCHED, KEPT, NOTHING, UNCHANGED
from territory.fetch.sources import ALL, Source
from territory.io.raw_folder import MANIFEST, RawFile, raw_folder, read_raw
from tests.fetch.grounds import CODE, collection, degrees, outline, written, zipped
from tests.fetch.server import Reply
from tests.fetch.test_cut import feed, osm, points_table
from tests.fetch.test_unpack import seven

if TYPE_CHECKING:
    from pathlib import Path

    from territory.commands.answer import Answer
    from territory.fetch.patience import Means
    from tests.fetch.server import Script

SMALL = {source.key: replace(source, minimum_rows=1) for source in ALL}


@pytest.fixture
def town(tmp_path: Path) -> Path:
    folder = tmp_path / "territoire"
    assert run(["init", str(folder), "--communes", CODE]) == 0
    return folder


def zone(code: str, east_m: float) -> dict:
    feature = outline(CODE, "z", east_m=east_m)
    feature["properties"] = {"code_qp": code, "lib_qp": f"Zone {code}", "insee_com": CODE}
    return feature


def iris() -> dict:
    feature = outline(CODE, "i")
    feature["properties"] = {"code_iris": "930100101", "nom_iris": "Un", "code_insee": CODE}
    return feature


def library() -> dict:
    lon, lat = degrees(500, 500)
    facts = {"sql_6": "1", "typeinst_code": "1", "nometablissement": "Bibliothèque du Carré"}
    spot = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "properties": facts, "geometry": spot}


def bodies(folder: Path) -> dict[str, bytes]:
    """A sound file for every source, as its publisher sends it."""
    folder.mkdir(exist_ok=True)
    lon, lat = degrees(100, 100)
    "idcar_200m,i_est_200,ind,men,men_pauv\n" + "".join(
        f"CRS3035RES200mN{n}E3778000,0,10.5,4,1\n" for n in (1_000_000, 2_898_000)
    )
    seven(folder / "c.7z", {"carreaux_200m_met.csv": _cells_here().encode()})
    census = (
        "IRIS;COM;P22_POP1564;P22_ACT1564;P22_CHOM1564\n"
        "930100101;93010;10,5;8;2\n750010101;75101;1;1;1\n"
    )
    place = f"{lat},{lon}"
    structures = (
        "id,source,nom,date_maj,code_insee,latitude,longitude,siret,reseaux_porteurs,"
        "contact_nom_prenom\n"
        f"dora--1,dora,Un,2026-01-01,93010,{place},1,['plie'],Secrète Personne\n"
    )
    services = (
        "id,structure_id,source,nom,thematiques,code_insee,latitude,longitude\n"
        f"dora--9,dora--1,dora,Cours,\"['numerique']\",,{place}\n"
    )
    mednum = (
        "id,pivot,nom,commune,code_postal,adresse,services,code_insee,latitude,longitude\n"
        f"m1,0,Espace,BONDY,93140,1 rue,aide|cours,93010,{place}\n"
    )
    return {
        "communes": gzip.compress(
            collection(outline(CODE, "Carré"), outline("93011", "Autre", east_m=1000))
        ),
        "qpv": zipped(
            folder / "q.zip",
            GEOJSON_QP2024_France_Hexagonale_Outre_Mer_WGS84__geojson=collection(
                zone("QN09301M", 0), zone("QN09302M", 30_000)
            ),
        ).read_bytes(),
        "iris": collection(iris()),
        "recensement": zipped(
            folder / "r.zip", base_ic__csv=census.encode(), meta_base_ic__csv=b"COD_VAR;LIB\n" * 99
        ).read_bytes(),
        "filosofi": zipped(
            folder / "f.zip", Filosofi__7z=(folder / "c.7z").read_bytes()
        ).read_bytes(),
        "france-services": points_table([(500, 500)], [CODE]).encode(),
        "inclusion-structures": structures.encode(),
        "inclusion-services": services.encode(),
        "mediation-numerique": mednum.encode(),
        "bibliotheques": collection(library()),
        "osm": osm({10: [1, 2]}, {1: (100, 100), 2: (900, 900)}).encode(),
        "gtfs": feed(folder).read_bytes(),
    }


def _cells_here() -> str:
    """Two cells: one in the commune, one far away."""
    spot = gpd.GeoSeries.from_xy([660_500.0], [6_867_500.0], crs=2154).to_crs(3035)[0]
    east, north = int(spot.x // 200) * 200, int(spot.y // 200) * 200
    ids = [f"CRS3035RES200mN{north}E{east}", f"CRS3035RES200mN{north}E{east + 90_000}"]
    return "idcar_200m,i_est_200,ind,men,men_pauv\n" + "".join(f"{i},0,10.5,4,1\n" for i in ids)


def served(server: Script, files: dict[str, bytes]) -> dict[str, tuple[str, ...]]:
    return {key: (server.serve(f"/{key}", Reply(body)),) for key, body in files.items()}


def bring(town: Path, addresses, means: Means, *keys: str) -> Answer:
    sources = [s for s in SMALL.values() if not keys or s.key in keys]
    return brought_in(town, sources, addresses=addresses, means=means)


def states(answer: Answer) -> dict[str, str]:
    return {row["key"]: row["state"] for row in answer.value["sources"]}


def listed(town: Path) -> dict[str, RawFile]:
    return {file.name: file for file in read_raw(town)}


def test_everything_arrives_cut_and_recognised(town, server, means, tmp_path, capsys) -> None:
    addresses = served(server, bodies(tmp_path / "pub"))
    answer = bring(town, addresses, means)
    assert states(answer) == dict.fromkeys(SMALL, FETCHED)
    assert answer.code == 0
    files = listed(town)
    assert {f.sources[0][0] for f in files.values()} == {s.kind for s in ALL}
    qpv = files["qpv_2024.geojson"]
    assert (qpv.origin, qpv.licence) == (addresses["qpv"][0], "Licence Ouverte 2.0 (Etalab)")
    assert (qpv.fetched_on, qpv.vintage) == ("1970-01-12", "2024")
    assert len(qpv.original_sha256) == 64 != qpv.sha256
    assert all("Secrète" not in p.read_text("utf-8", "ignore") for p in raw_folder(town).iterdir())
    # the hosts first, before anything was asked
    said = capsys.readouterr().err.splitlines()
    assert said[0] == f"Serveurs qui peuvent être contactés : {server.address[7:]}."
    assert not (town / "data" / ".telechargements").exists()


def test_the_readers_take_what_came(town, server, means, tmp_path, capsys) -> None:
    bring(town, served(server, bodies(tmp_path / "pub")), means)
    run(["check", str(town)])
    text = capsys.readouterr().out
    for name in ("communes.geojson", "qpv_2024.geojson", "iris.geojson", "filosofi_200m.csv"):
        assert f"« {name} », " in text
    assert "« recensement_iris.csv », recensement par IRIS : lignes lues 1, gardées 1" in text
    assert "« france_services.csv », France services : lignes lues 1, gardées 1" in text


def test_a_second_fetch_changes_nothing(town, server, means, tmp_path) -> None:
    addresses = served(server, bodies(tmp_path / "pub"))
    bring(town, addresses, means)
    before = {p.name: p.read_bytes() for p in raw_folder(town).iterdir()}
    assert states(bring(town, addresses, means)) == dict.fromkeys(SMALL, UNCHANGED)
    assert {p.name: p.read_bytes() for p in raw_folder(town).iterdir()} == before


def misbehaviours(good: bytes) -> dict[str, Reply]:
    return {
        "page": Reply(b"<!doctype html><html><body>Maintenance</body></html>"),
        "short": Reply(good, cut_after=len(good) // 2),
        "429": Reply(b"", 429),
        "503": Reply(b"", 503),
        "404": Reply(b"", 404),
        "columns": Reply(points_table([(500, 500)], [CODE]).replace("lib_fs", "x").encode()),
        "empty": Reply(b""),
        "other archive": Reply(b"PK\x03\x04" + bytes(50)),
        "few rows": Reply(points_table([], []).encode()),
    }


@pytest.mark.parametrize("kind", list(misbehaviours(b"")))
def test_a_failure_keeps_the_former_copy_and_stops_no_other(
    town, server, means, tmp_path, kind
) -> None:
    files = bodies(tmp_path / "pub")
    addresses = served(server, files)
    bring(town, addresses, means)
    before = (raw_folder(town) / "france_services.csv").read_bytes()
    manifest = (raw_folder(town) / MANIFEST).read_bytes()
    server.serve("/france-services", misbehaviours(files["france-services"])[kind])
    answer = bring(town, addresses, means, "france-services", "mediation-numerique")
    assert states(answer) == {"france-services": KEPT, "mediation-numerique": UNCHANGED}
    assert answer.code == 1
    assert "La copie du 1970-01-12 est gardée." in answer.lines[0]
    assert (raw_folder(town) / "france_services.csv").read_bytes() == before
    assert (raw_folder(town) / MANIFEST).read_bytes() == manifest


def test_the_second_address_serves_when_the_first_does_not(town, server, means, tmp_path) -> None:
    files = bodies(tmp_path / "pub")
    addresses = served(server, files)
    mirror = server.serve("/miroir", Reply(files["communes"]))
    addresses["communes"] = (server.serve("/absent", Reply(b"", 404)), mirror)
    assert states(bring(town, addresses, means, "communes")) == {"communes": FETCHED}
    assert listed(town)["communes.geojson"].origin == mirror


def test_zip_or_bare_geojson_under_the_same_address(town, server, means, tmp_path) -> None:
    addresses = served(server, bodies(tmp_path / "pub"))
    bring(town, addresses, means, "communes", "qpv")
    server.serve("/qpv", Reply(collection(zone("QN09301M", 0), zone("QN09302M", 30_000))))
    assert states(bring(town, addresses, means, "qpv")) == {"qpv": UNCHANGED}


def test_without_outlines_the_others_say_what_is_needed(town, server, means, tmp_path) -> None:
    addresses = served(server, bodies(tmp_path / "pub"))
    server.serve("/communes", Reply(b"", 404))
    answer = bring(town, addresses, means, "communes", "qpv", "recensement")
    assert states(answer) == {"communes": FAILED, "qpv": FAILED, "recensement": FETCHED}
    assert "il faut d'abord les limites des communes" in answer.lines[1]
    assert "/qpv" not in [path for path, _ in server.asked]  # nothing is received for nothing


def test_a_good_file_with_nothing_here(town, server, means, tmp_path) -> None:
    addresses = served(server, bodies(tmp_path / "pub"))
    server.serve("/qpv", Reply(collection(zone("QN09302M", 30_000))))
    answer = bring(town, addresses, means, "communes", "qpv")
    assert states(answer)["qpv"] == NOTHING
    assert answer.code == 0
    assert "qpv_2024.geojson" not in listed(town)


def test_an_unknown_commune_is_told(tmp_path, server, means) -> None:
    folder = tmp_path / "t"
    run(["init", str(folder), "--communes", f"{CODE},99999"])
    addresses = served(server, bodies(tmp_path / "pub"))
    assert "Communes introuvables : 1" in bring(folder, addresses, means, "communes").lines[0]


def test_a_territory_without_commune(tmp_path, capsys) -> None:
    run(["init", str(tmp_path / "t")])
    assert run(["fetch", str(tmp_path / "t")]) == 2
    assert "n'a pas de commune" in capsys.readouterr().err


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Refuse every socket and remember who asked."""
    asked: list[object] = []

    def refuse(*arguments: object, **_: object) -> None:
        asked.append(arguments)
        raise OSError("no network here")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return asked


def test_a_dry_run_contacts_nobody_and_writes_nothing(town, no_network, capsys) -> None:
    before = sorted(p.name for p in town.rglob("*"))
    assert run(["fetch", str(town), "--dry-run"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("Serveurs qui peuvent être contactés : data.geopf.fr")
    assert all(source.target in text for source in ALL)
    assert no_network == []
    assert sorted(p.name for p in town.rglob("*")) == before


def test_a_dry_run_as_json(town, no_network, capsys) -> None:
    assert run(["fetch", str(town), "qpv", "--dry-run", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["sources"]
    assert (row["source"], row["serveurs"]) == ("qpv", ["www.data.gouv.fr"])
    assert no_network == []


def test_files_brought_by_hand_need_no_network(town, tmp_path, no_network, capsys) -> None:
    given = tmp_path / "apportes"
    files = bodies(given)
    for junk in given.iterdir():
        junk.unlink()
    names = {
        "communes": "communes-5m.geojson.gz",
        "qpv": "qp2024_pack.zip",
        "iris": "contours.geojson",
        "recensement": "base-ic-activite-residents-2022_csv.zip",
        "filosofi": "Filosofi2019_carreaux_200m_csv.zip",
        "france-services": "liste.csv",
        "inclusion-structures": "un.csv",
        "inclusion-services": "deux.csv",
        "mediation-numerique": "trois.csv",
        "bibliotheques": "sous-dossier/b.geojson",
        "osm": "quartier.osm",
        "gtfs": "IDFM-gtfs.zip",
    }
    (given / "sous-dossier").mkdir()
    for key, name in names.items():
        written(given / name, files[key])
    assert run(["fetch", str(town), "--from", str(given), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["sources"]
    assert {row["key"]: row["state"] for row in rows} == dict.fromkeys(names, FETCHED)
    assert no_network == []
    cells = listed(town)["filosofi_200m.csv"]
    assert cells.origin == "apporté : Filosofi2019_carreaux_200m_csv.zip"
    assert cells.vintage == "2019"


def test_several_files_of_a_source_each_have_a_name(town, tmp_path) -> None:
    given = tmp_path / "apportes"
    given.mkdir()
    written(given / "communes-a.geojson", collection(outline(CODE, "Carré")))
    written(given / "communes-b.geojson", collection(outline(CODE, "Carré bis")))
    assert run(["fetch", str(town), "communes", "--from", str(given)]) == 0
    assert set(listed(town)) == {"communes_communes-a.geojson", "communes_communes-b.geojson"}


def test_a_bad_file_by_hand_fails_alone(town, tmp_path, capsys) -> None:
    given = tmp_path / "apportes"
    given.mkdir()
    written(given / "communes.geojson", collection(outline(CODE, "Carré")))
    written(given / "liste-fs-2026.csv", "<html>non</html>")
    assert run(["fetch", str(town), "--from", str(given)]) == 1
    text = capsys.readouterr().out
    assert "page web au lieu du fichier" in text
    assert set(listed(town)) == {"communes.geojson"}


def test_no_such_folder(town, capsys) -> None:
    assert run(["fetch", str(town), "--from", str(town / "absent")]) == 1
    assert "n'est pas un dossier" in capsys.readouterr().err


def test_an_older_list_of_files_is_still_read(town) -> None:
    written(raw_folder(town) / "a.csv", "x")
    row = {
        "name": "a.csv",
        "sha256": "",
        "sources": [["census", None]],
        "origin": "",
        "licence": "",
    }
    written(raw_folder(town) / MANIFEST, json.dumps({"files": [row]}))
    (file,) = read_raw(town)
    assert (file.fetched_on, file.vintage, file.original_sha256) == ("", "", "")


def test_the_list_of_sources(town, capsys) -> None:
    assert run(["fetch", str(town), "--liste"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(ALL)


def test_a_source_is_a_record() -> None:
    assert all(isinstance(s, Source) for s in ALL)
