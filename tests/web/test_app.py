"""The door: whom it answers, what every answer carries, what is said when something goes wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import SQLAlchemyError
from starlette.testclient import TestClient

from territory.errors import BadSettings
from territory.web.app import make_app
from territory.web.assets import NAMES, served, web_manifest
from territory.web.config import WebConfig
from territory.web.headers import Guarded
from tests.web.conftest import BASE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Opens = Callable[..., TestClient]


def test_a_page_names_the_territory_in_french(demo_folder: Path, client: Opens) -> None:
    page = client(demo_folder).get("/")
    assert page.status_code == 200
    assert '<html lang="fr" data-theme="light">' in page.text
    assert "Valfictif (ville fictive)" in page.text


def test_a_foreign_name_of_the_server_is_refused_before_anything(
    demo_folder: Path, client: Opens
) -> None:
    answer = client(demo_folder).get("/", headers={"host": "attaque.example"})
    assert (answer.status_code, answer.text) == (421, "Adresse inconnue de ce serveur.")
    assert client(demo_folder).get("/", headers={"host": "localhost:8017"}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/nulle-part", "/static/inconnu.js"])
def test_every_answer_says_what_the_browser_may_do(
    path: str, demo_folder: Path, client: Opens
) -> None:
    headers = client(demo_folder).get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers


def test_https_is_asked_for_only_where_it_is_there() -> None:
    asked = "strict-transport-security"
    assert asked not in Guarded(None, hosts=(), secure=False).always
    assert asked in Guarded(None, hosts=(), secure=True).always


def test_an_unknown_page_and_a_wrong_word_are_french_sentences(
    demo_folder: Path, client: Opens
) -> None:
    pages = client(demo_folder)
    lost = pages.get("/nulle-part")
    assert (lost.status_code, "Cette page n’existe pas." in lost.text) == (404, True)
    assert pages.delete("/").status_code == 405


def test_a_form_without_its_token_changes_nothing(demo_folder: Path, client: Opens) -> None:
    pages = client(demo_folder)
    assert pages.post("/calcul", headers={"x-csrf-token": ""}).status_code == 403
    assert pages.post("/calcul", headers={"x-csrf-token": "faux"}).status_code == 403


def test_damaged_settings_are_said_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "territory.toml").write_text("[zones]\nnombre = 0\n", encoding="utf-8")
    with pytest.raises(BadSettings, match="nombre"):
        make_app(WebConfig(tmp_path))


def test_settings_damaged_later_are_a_page_with_their_sentence(
    own_demo: Path, client: Opens
) -> None:
    pages = client(own_demo)
    (own_demo / "territory.toml").write_text("[zones]\nnombre = 0\n", encoding="utf-8")
    answer = pages.get("/")
    assert answer.status_code == 422
    assert "doit valoir au moins 1" in answer.text


def test_a_fault_of_the_code_shows_no_trace(demo_folder: Path) -> None:
    app = make_app(WebConfig(demo_folder))

    @app.get("/panne")
    def broken() -> None:
        raise ZeroDivisionError("secret")

    answer = TestClient(app, base_url=BASE, raise_server_exceptions=False).get("/panne")
    assert answer.status_code == 500
    assert "Une erreur imprévue" in answer.text
    assert "secret" not in answer.text


def test_a_base_that_is_away_is_said_and_tells_to_come_back(demo_folder: Path) -> None:
    app = make_app(WebConfig(demo_folder))

    @app.get("/panne")
    def away() -> None:
        raise SQLAlchemyError("postgresql://secret")

    answer = TestClient(app, base_url=BASE, raise_server_exceptions=False).get("/panne")
    assert answer.status_code == 503
    assert "La base de données n’a pas répondu" in answer.text
    assert "secret" not in answer.text


def test_static_files_are_kept_by_browsers_under_names_that_change(
    demo_folder: Path, client: Opens
) -> None:
    pages = client(demo_folder)
    assert set(served()) == set(NAMES)
    for plain, file in served().items():
        assert re.fullmatch(r"[a-z]+\.[0-9a-f]{12}\.[a-z0-9]+", file.name), plain
        answer = pages.get(f"/static/{file.name}")
        assert answer.content == file.content
        assert answer.headers["cache-control"].endswith("immutable")
    assert pages.get("/static/../app.py").status_code == 404
    assert web_manifest()[0].version == "2.0.3"


def test_pages_load_nothing_from_elsewhere(demo_folder: Path, client: Opens) -> None:
    page = client(demo_folder).get("/").text
    links = re.findall(r'(?:src|href|action)="([^"]*)"', page)
    assert links
    assert all(link.startswith(("/", "#")) for link in links)
    assert " style=" not in page
    assert "<script>" not in page


def test_files_of_the_folder_are_given_only_from_its_outputs(
    demo_folder: Path, client: Opens
) -> None:
    pages = client(demo_folder)
    for path in (
        "../territory.toml",
        "%2e%2e/territory.toml",
        "..%2fterritory.toml",
        "/etc/passwd",
    ):
        assert pages.get(f"/fichiers/{path}").status_code == 404, path
    written = next((demo_folder / "outputs").glob("*/carte.html")).relative_to(
        demo_folder / "outputs"
    )
    shown = pages.get(f"/cartes/{written.as_posix()}")
    assert shown.status_code == 200
    assert "sandbox" in shown.headers["content-security-policy"]
