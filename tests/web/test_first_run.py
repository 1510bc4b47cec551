"""From an empty folder to a first week: every file of the fictional town sent one by one."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

from territory.commands.work import build
from territory.pipeline.last_build import is_current
from territory.pipeline.workspace import open_territory
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.testclient import TestClient

    Opens = Callable[..., TestClient]

RAW = ROOT / "data" / "raw"


def _state(page: str) -> list[str]:
    """Return what is said beside the title of each step."""
    return re.findall(r"<h2>\d\..*?<span class=\"tag[^\"]*\">\s*(.*?)\s*</span>", page, re.DOTALL)


def test_every_page_of_an_empty_folder_leads_to_the_first_steps(
    tmp_path: Path, client: Opens
) -> None:
    pages = client(tmp_path / "neuf")
    for path in ("/", "/fichiers-recus"):
        answer = pages.get(path)
        assert answer.status_code == 200
        assert answer.url.path == "/premiers-pas"
    assert _state(answer.text) == ["à faire maintenant", *["ensuite"] * 4]
    assert "Nouveau territoire" in answer.text


def test_what_is_wrong_with_the_communes_is_said_and_kept_typed(
    tmp_path: Path, client: Opens
) -> None:
    pages = client(tmp_path / "neuf")
    none = pages.post("/premiers-pas/territoire", data={"nom": "Ici"})
    assert none.status_code == 422
    assert "Dites au moins une commune" in none.text
    wrong = pages.post("/premiers-pas/territoire", data={"nom": "Ici", "codes": "9301"})
    assert "Codes Insee de commune impossibles : 9301" in wrong.text
    assert 'value="9301"' in wrong.text
    assert 'value="Ici"' in wrong.text
    assert not (tmp_path / "neuf" / "territory.toml").exists()


def test_an_ept_brings_all_its_communes(tmp_path: Path, client: Opens) -> None:
    pages = client(tmp_path / "neuf")
    page = pages.post("/premiers-pas/territoire", data={"nom": "Est", "epci": "200057875"})
    assert "9 communes" in page.text
    assert _state(page.text)[:2] == ["✓ fait", "à faire maintenant"]


def test_communes_are_found_by_name_when_their_outlines_lie_there(
    tmp_path: Path, client: Opens
) -> None:
    raw = tmp_path / "neuf" / "data" / "raw"
    raw.mkdir(parents=True)
    (raw / "communes.geojson").write_bytes((RAW / "communes.geojson").read_bytes())
    pages = client(tmp_path / "neuf")
    assert "Chercher une commune" in pages.get("/premiers-pas").text
    found = pages.get("/premiers-pas", params={"commune": "VALFICTIF"})
    assert 'value="00101"' in found.text
    assert "Aucune commune de ce nom" in pages.get("/premiers-pas?commune=Ailleurs").text


def test_nothing_is_fetched_without_being_asked(tmp_path: Path, client: Opens) -> None:
    pages = client(tmp_path / "neuf")
    page = pages.post("/premiers-pas/territoire", data={"codes": "93010"}).text
    assert "www.data.gouv.fr" in page  # the servers are named before
    refused = pages.post("/premiers-pas/telechargement", data={})
    assert refused.status_code == 422
    assert "Cochez d’abord" in refused.text
    assert pages.app.state.office.jobs.latest() == ()


def to_send(town: Path) -> list[Path]:
    """Return the files that a coordinator of the fictional town has."""
    files = sorted((town / "data" / "raw").iterdir())
    return [p for p in files if p.suffix != ".md" and "verite" not in p.name]


def test_the_whole_way_with_files_sent_one_by_one(
    fresh_town: Path, tmp_path: Path, client: Opens
) -> None:
    folder = tmp_path / "neuf"
    pages = client(folder)
    codes = "00101, 00102; 00103"
    pages.post("/premiers-pas/territoire", data={"nom": "Ma « ville »", "codes": codes})
    toml = folder / "territory.toml"
    settings = toml.read_text(encoding="utf-8").replace("# date_reference", "date_reference")
    toml.write_text(settings, encoding="utf-8")  # the day of the fictional town
    for path in to_send(fresh_town):
        read = pages.post("/fichiers-recus", files=[("fichiers", (path.name, path.read_bytes()))])
        assert "Garder ce fichier" in read.text, path.name
        kept = pages.post(f"{read.url.path}/garder", data={"fichier": 0})
        assert "Le fichier est gardé." in kept.text
    page = pages.get("/premiers-pas").text
    assert _state(page) == ["✓ fait", "✓ fait", "✓ fait", "à faire maintenant", "ensuite"]
    assert "Ma « ville »" in page
    assert 'action="/calcul"' in page
    assert "rien n’est encore calculé" in pages.get("/").text


def test_files_sent_give_the_products_of_files_that_lay_there(
    demo_folder: Path, fresh_town: Path, tmp_path: Path, client: Opens
) -> None:
    """What was built once from the folder is read back: nothing sent was altered on the way."""
    folder = shutil.copytree(demo_folder, tmp_path / "ville")
    shutil.rmtree(folder / "data" / "raw")
    pages = client(folder)
    sent = to_send(fresh_town)
    layers = [p for p in sent if p.suffix == ".gpkg"]
    for group in (layers, [p for p in sent if p not in layers]):  # each read at once, no job
        files = [("fichiers", (p.name, p.read_bytes())) for p in group]
        read = pages.post("/fichiers-recus", files=files)
        assert "Garder tous les fichiers lus" in read.text
        kept = pages.post(f"{read.url.path}/garder", data={"fichier": -1})
        assert "Les fichiers lus sont gardés." in kept.text
    before = {p: p.stat().st_mtime_ns for p in (folder / "data" / "processed").glob("*/*")}
    assert build(folder, None).code == 0
    after = {p: p.stat().st_mtime_ns for p in (folder / "data" / "processed").glob("*/*")}
    assert after == before
    assert is_current(open_territory(folder))
    assert _state(pages.get("/premiers-pas").text) == ["✓ fait"] * 5


def test_after_the_week_the_way_is_over(own_demo: Path, client: Opens) -> None:
    page = client(own_demo).get("/premiers-pas").text
    assert _state(page) == ["✓ fait"] * 5
    assert "la première semaine est préparée" in page
