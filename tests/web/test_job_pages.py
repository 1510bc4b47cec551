"""The pages of jobs: a fragment that follows one to its end, the list, no scripts."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from territory.web.app import make_app
from territory.web.config import WebConfig
from territory.web.job_model import Job, JobState
from tests.conftest import ROOT
from tests.web.as_typed import AsTyped
from tests.web.job_server import jobs_of

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient

    from territory.web.jobs import Jobs

HTMX = {"hx-request": "true"}


@pytest.fixture
def jobs(tmp_path: Path) -> Jobs:
    shutil.copy(ROOT / "territory.toml", tmp_path)
    return jobs_of(tmp_path)


@pytest.fixture
def client(jobs: Jobs) -> TestClient:
    """A browser on a server whose jobs nobody runs: the test says how they go."""
    app = make_app(WebConfig(jobs.folder))
    app.state.office = replace(app.state.office, jobs=jobs)
    return AsTyped(app, base_url="http://127.0.0.1", follow_redirects=False)


@pytest.fixture
def running(jobs: Jobs) -> Job:
    """A job of somebody else, half done."""
    asked = datetime.now().astimezone()
    jobs._store.add(Job("k1", "hold", {"name": "a"}, "C1", "/zones", JobState.WAITING, asked))
    found = jobs._store.next()
    assert found is not None
    jobs._told["k1"] = "Attente <du> fichier", 0.5
    return found


def token(client: TestClient) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/travaux/k1").text)
    assert found is not None
    return found[1]


def test_a_running_job_is_followed_with_its_step_and_share(
    client: TestClient, running: Job
) -> None:
    text = client.get(f"/travaux/{running.key}?suivi=oui", headers=HTMX).text
    assert text.startswith('<section id="travail-k1"')
    assert 'hx-get="/travaux/k1?suivi=oui" hx-trigger="every 1s"' in text
    assert '<progress value="0.5" max="1"' in text
    assert "Attente &lt;du&gt; fichier</span> (50" in text
    assert "Demandé par C1" in re.sub(r"\s+", " ", text)


def test_its_end_is_said_once_to_who_follows_and_nothing_asks_again(
    client: TestClient, jobs: Jobs, running: Job
) -> None:
    assert "hx-trigger" not in client.get("/travaux/k1?suivi=oui", headers=HTMX).headers
    jobs._store.end(running.key, JobState.DONE, 0, ("Trois zones", ""))
    told = client.get("/travaux/k1?suivi=oui", headers=HTMX)
    assert told.headers["hx-trigger"] == "travail-fini"
    assert "hx-get" not in told.text
    assert "<li>Trois zones</li>" in told.text
    assert 'href="/zones">Voir le résultat' in told.text
    assert "hx-trigger" not in client.get("/travaux/k1", headers=HTMX).headers


def test_a_refusal_stands_first(client: TestClient, jobs: Jobs, running: Job) -> None:
    jobs._store.end(running.key, JobState.REFUSED, 1, ("Il manque <les> rues.", "Suite"))
    text = client.get("/travaux/k1", headers=HTMX).text
    assert '<p class="said bad">Il manque &lt;les&gt; rues.</p>' in text
    assert "<li>Suite</li>" in text
    assert "Revenir à la page" in text


def test_a_job_is_stopped_by_a_form_with_or_without_scripts(
    client: TestClient, jobs: Jobs, running: Job
) -> None:
    form = {"csrf": token(client)}
    plain = client.post("/travaux/k1/arret", data=form)
    assert (plain.status_code, plain.headers["location"]) == (303, "/travaux/k1")
    assert jobs._store.to_stop(running.key)
    scripted = client.post("/travaux/k1/arret", data=form, headers=HTMX)
    assert scripted.text.startswith("<section")
    deleted = client.delete("/travaux/k1", headers=HTMX | {"x-csrf-token": form["csrf"]})
    assert deleted.text.startswith("<section")
    assert client.post("/travaux/k1/arret", data={"csrf": "faux"}).status_code == 403


def test_without_scripts_the_page_of_a_job_loads_itself_until_its_end(
    client: TestClient, jobs: Jobs, running: Job
) -> None:
    refresh = '<noscript><meta http-equiv="refresh"'
    assert refresh in client.get("/travaux/k1").text
    jobs._store.end(running.key, JobState.STOPPED, 3, ("Arrêté.",))
    ended = client.get("/travaux/k1").text
    assert refresh not in ended
    assert ended.startswith("<!doctype html>")


def test_the_list_says_what_when_and_how_it_ended(
    client: TestClient, jobs: Jobs, running: Job
) -> None:
    assert 'id="travail-k1"' in client.get("/travaux").text
    jobs._store.end(running.key, JobState.BROKEN, None, ("Perdu.",))
    text = client.get("/travaux").text
    assert "Aucun travail en cours" in text
    assert '<a href="/travaux/k1">Essai hold</a>' in text
    assert "interrompu" in text
    assert "moins d’une minute" in text


def test_a_job_that_is_not_there_is_said(client: TestClient) -> None:
    assert client.get("/travaux/rien").status_code in {200, 404}
    assert "n’existe pas" in client.get("/travaux/rien").text
