"""Every page of the server read in French: no English word, the typography of French."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from territory.io.debriefs import read_sheets
from territory.web.app import make_app
from territory.web.config import WebConfig
from territory.web.job_model import JobState
from territory.web.rights import Role
from tests.web.conftest import BASE, token_of
from tests.web.reading import Reader, Walk, read_routes, walked, words_found
from tests.web.team import close_team, open_team

if TYPE_CHECKING:
    from pathlib import Path

# Words that French pages never say. Not here: those that French has too (six, on, or, note, plan,
# page, date, score, commune, public), and names (France services, Cap emploi, OpenStreetMap).
ENGLISH_WORDS = """
    the and of with your you we they he she it its this that these those is are was were be been
    has have had do does did not no none null nan nat true false undefined from to by at for in
    into all any each more most less few week weeks day days month year today tomorrow monday
    tuesday wednesday thursday friday saturday sunday january february march april june july
    august september october november december please error errors invalid unknown warning
    failed failure success exception traceback file files folder upload download submit save
    saved delete remove edit cancel open settings loading home back next previous search send
    sign login logout password username user account accounts welcome click here help yes show
    hide map maps need walk walking people team job jobs running waiting done stopped refused
    started ended street streets zone_id street_id unit value values name names title row rows
    column columns hours empty missing required field fields must should will can cannot
"""
ENGLISH = frozenset(ENGLISH_WORDS.split())
# Routes that give no page, and what each gives.
NOT_PAGES = {
    "/static/{name}": "what pages load",
    "/zones/zones.csv": "a table",
    "/bilan/bilan.csv": "a table",
    "/fichiers/{path:path}": "files of outputs/",
    "/fichiers-recus/classeur-vide.xlsx": "a workbook",
    "/fichiers-recus/depot/{key}/refus-{fichier}.csv": "a table",
    "/donnees-personnelles/{name}.docx": "a document",
    "/bilan/dehors": "leads to the report",
    "/permanences/{part}": "leads to a part of the page",
    "/secteurs/{part}": "leads to a part of the page",
}
STARTS = (
    "/", "/premiers-pas", "/journal", "/semaine/2026-W46", "/bilan?pour=equipe", "/zones?tri=score",
    "/zones?semaines=30", "/fichiers-recus/retrait/0", "/saisie", "/nulle-part", "/fichiers",
)  # fmt: skip
SENT = {
    "bonnes": "code,activite,date,duree\nM1,maraude,2026-10-01,2\nM1,danse,32/10/2026,2\n",
    "personnes": "nom,prenom,date_naissance\nDurand,Paul,2001-02-03\n",
    "autres": "a,b\n1,2\n",
}


@pytest.fixture(scope="module")
def walk(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """Every page: of the fictional town, of a team, of an empty folder, and what refuses."""
    folder = tmp_path_factory.mktemp("lecture")
    town = shutil.copytree(demo_folder, folder / "ville")
    found = of_the_town(town)
    for more in (of_a_team(folder / "equipe"), of_nothing(folder / "vide")):
        found.pages |= more.pages
        found.routes |= more.routes
    return found


def opened(folder: Path, language: str) -> TestClient:
    """Return a browser of a folder that chose a language."""
    app = make_app(WebConfig(folder))
    return TestClient(app, base_url=BASE, cookies={"langue": language})


def of_the_town(folder: Path, language: str = "fr") -> Walk:
    browser = opened(folder, language)
    browser.headers["x-csrf-token"] = token_of(browser.get("/").text)
    sheets = [f"/saisie/{week}/{code}" for week, code in read_sheets(folder)]
    starts = [*STARTS, *sheets, "/cartes/2026-W45/carte.html"]
    found = walked(browser, [*starts, *jobs_of(browser), *deposits_of(browser)])
    asked = {
        "refus du tarif": browser.post("/premiers-pas/telechargement"),
        "mauvaise ligne": browser.post("/saisie/lecture", data={"ligne": "ZZZZ I12"}),
        "mauvais réglage": browser.post("/reglages", data={"semaine.debut": "midi"}),
        "changement inconnu": browser.post("/semaine/2026-W45/changements", data={"action": "x"}),
        "ailleurs": browser.post("/calcul", headers={"sec-fetch-site": "cross-site"}),
        "périmé": browser.post("/calcul", headers={"x-csrf-token": "0"}),
        "méthode": browser.delete("/zones"),
    }
    found.pages |= {name: answer.text for name, answer in asked.items()}
    return found


def jobs_of(browser: TestClient) -> list[str]:
    """Leave a job of each state in the base; return the addresses of their pages."""
    jobs = browser.app.state.office.jobs  # type: ignore[attr-defined]
    jobs.close()
    kept = [
        jobs.start(order, {"seed": n}, by="", back="/")
        for n, order in enumerate([*jobs.orders, "build", "week"])
    ]
    ends = (JobState.DONE, JobState.REFUSED, JobState.STOPPED, JobState.BROKEN)
    for job, state in zip(kept, ends, strict=False):
        jobs._store.end(job.key, state, 0, ("Une phrase.", "Une autre."))
    return ["/travaux", *(f"/travaux/{job.key}" for job in kept[:6])]


def deposits_of(browser: TestClient) -> list[str]:
    """Send files good, refused and unknown; return the address of what was read of each."""
    pages = []
    for name, text in SENT.items():
        sent = {"fichiers": (f"{name}.csv", text.encode(), "text/csv")}
        answer = browser.post("/fichiers-recus", files=sent, follow_redirects=False)
        pages.append(answer.headers["location"])
    return pages


def of_a_team(folder: Path, language: str = "fr") -> Walk:
    team = open_team(folder)
    stranger, keeper = as_sent(team.browser()), as_sent(team.signed(Role.MANAGER))
    reader = as_sent(team.signed(Role.READER))
    for browser in (stranger, keeper, reader):
        browser.cookies.set("langue", language)
    found = walked(keeper, ["/", "/compte", "/comptes", "/journal"])
    found.routes |= walked(stranger, ["/connexion"]).routes
    told = stranger.get("/connexion").text
    asked = {
        "connexion": told,
        "mot de passe faux": stranger.post(
            "/connexion", data={"csrf": token_of(told), "code": "M1", "mot_de_passe": "x"}
        ).text,
        "compte mal nommé": keeper.post(
            "/comptes", data={"code": "Durand", "role": "lecture"}
        ).text,
        "compte créé": keeper.post("/comptes", data={"code": "M7", "role": "lecture"}).text,
        "non permis": reader.get("/reglages").text,
    }
    close_team(team)
    found.pages |= asked
    return found


def as_sent(browser: TestClient) -> TestClient:
    """Return the same browser, that reads the spaces that the pages have."""
    app, cookies, headers = browser.app, browser.cookies, browser.headers
    return TestClient(app, base_url=BASE, cookies=cookies, headers=headers)


def of_nothing(folder: Path, language: str = "fr") -> Walk:
    folder.mkdir()
    return walked(opened(folder, language), ["/", "/premiers-pas"])


def test_every_page_was_read(walk: Walk) -> None:
    assert {route.path for route in read_routes()} - walk.routes - set(NOT_PAGES) == set()
    assert len(walk.pages) > 40


def test_no_english_word_on_any_page(walk: Walk) -> None:
    found = {
        (address, piece.text.strip()[:80], tuple(words))
        for address, page in walk.pages.items()
        for piece in Reader(page).pieces
        if piece.language != "en" and (words := words_found(piece.text, ENGLISH))
    }
    assert found == set()


def test_marks_hold_to_their_word_and_apostrophes_are_curved(walk: Walk) -> None:
    wrong = re.compile(r"\w [:;?!»%]|« |[^\W\d_]'[^\W\d_]")
    found = {
        (address, piece.text.strip()[:80])
        for address, page in walk.pages.items()
        if not address.startswith("/cartes/")  # see tests/outputs/test_maps.py
        for piece in Reader(page).pieces
        if not piece.attribute and wrong.search(piece.text)
    }
    assert found == set()


def test_every_page_says_that_it_is_french(walk: Walk) -> None:
    whole = [page for page in walk.pages.values() if "<html" in page]
    assert all('<html lang="fr">' in page for page in whole)
    assert len(whole) > 40


def test_an_english_word_is_seen() -> None:
    page = '<p title="Hide">La semaine</p><p lang="en">English, please</p><b>Next</b>'
    found = [
        w for p in Reader(page).pieces if p.language != "en" for w in words_found(p.text, ENGLISH)
    ]
    assert found == ["hide", "next"]
