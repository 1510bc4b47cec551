"""Bondy fetched from a local server that serves the real files, then brought by hand."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path  # noqa: TC003 - a fixture type
from typing import TYPE_CHECKING

import pytest
import requests

from territory.cli import run
from territory.commands.fetching import brought_in
from territory.fetch.patience import Means
from territory.fetch.run import FETCHED, NOTHING
from territory.fetch.sources import ALL
from territory.io.raw_folder import raw_folder, read_raw
from tests.fetch.server import Reply, running
from tests.real_data import FOLDER, real_file

if TYPE_CHECKING:
    from territory.commands.answer import Answer

SERVED = {
    "communes": "admin/communes-93-seine-saint-denis.geojson",
    "qpv": "qpv/qp_2024_bondy_clip.geojson",
    "recensement": "iris/base-ic-activite-residents-2016-idf.csv",
    "filosofi": "grid/filosofi2019_carreaux_200m_bondy.gpkg",
    "france-services": "partners/france_services_2024-08-01.csv",
    "bibliotheques": "partners/bibliotheques_ile_de_france.geojson",
    "osm": "osm/bondy_pasteur_2022.osm",
    "gtfs": "gtfs/heidelberg_vrn_gtfs_cut.zip",
}
# The clip of the QPV has neither codes nor names: what is published has both.
LOOSER = {"qpv": ("ordre",)}
IRIS_PARTS = ("shp", "shx", "dbf", "prj")


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Answer]:
    """A territory of Bondy fetched from the real files, and what was answered."""
    folder = tmp_path_factory.mktemp("territoires") / "bondy"
    assert run(["init", str(folder), "--communes", "93010", "--nom", "Bondy"]) == 0
    with running() as server, requests.Session() as session:
        session.trust_env = False
        addresses = {
            key: (server.serve(f"/{key}", Reply(real_file(name).read_bytes())),)
            for key, name in SERVED.items()
        }
        packed = tmp_path_factory.mktemp("iris") / "iris.zip"
        addresses["iris"] = (server.serve("/iris", Reply(iris_archive(packed).read_bytes())),)
        sources = [
            replace(s, minimum_rows=1, columns=LOOSER.get(s.key, s.columns))
            for s in ALL
            if s.key in addresses
        ]
        return folder, brought_in(folder, sources, addresses=addresses, means=Means(session))


def iris_archive(target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for suffix in IRIS_PARTS:
            archive.write(real_file(f"iris/mgp_iris.{suffix}"), f"dossier/mgp_iris.{suffix}")
    return target


def test_each_source_arrives_or_says_that_nothing_is_here(fetched) -> None:
    states = {row["key"]: row["state"] for row in fetched[1].value["sources"]}
    expected = dict.fromkeys([*SERVED, "iris"], FETCHED) | {"gtfs": NOTHING}  # Heidelberg is far
    assert states == expected
    assert fetched[1].code == 0


def test_the_readers_find_bondy_in_what_was_cut(fetched, capsys) -> None:
    run(["check", str(fetched[0])])
    text = capsys.readouterr().out
    assert "« communes.geojson », limites communales : lignes lues 1, gardées 1" in text
    assert "« recensement_iris.csv », recensement par IRIS : lignes lues 22, gardées 22" in text
    assert "« iris.geojson », contours IRIS : lignes lues 22, gardées 22" in text
    assert "« france_services.csv », France services : lignes lues 3, gardées 3" in text


def test_the_cut_is_small_and_says_where_it_comes_from(fetched) -> None:
    files = read_raw(fetched[0])
    sizes = {f.name: (raw_folder(fetched[0]) / f.name).stat().st_size for f in files}
    assert sizes["france_services.csv"] < 5_000  # of 1.2 MB
    assert sizes["recensement_iris.csv"] < 20_000  # of 2.3 MB
    assert all(f.fetched_on and len(f.original_sha256) == 64 and f.licence for f in files)


def test_the_same_from_a_folder(tmp_path: Path) -> None:
    real_file("admin/mgp_com.shp")
    folder = tmp_path / "bondy"
    run(["init", str(folder), "--communes", "93010"])
    assert run(["fetch", str(folder), "communes", "iris", "qpv", "--from", str(FOLDER)]) == 0
    names = {f.name for f in read_raw(folder)}
    assert "communes_mgp_com.geojson" in names
    assert "iris_mgp_iris.geojson" in names
    assert "qpv_qpv_2015_ile_de_france.geojson" in names
    vintages = {f.name: f.vintage for f in read_raw(folder)}
    assert vintages["qpv_qpv_2015_ile_de_france.geojson"] == "2015"
