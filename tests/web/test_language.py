"""The pages in another language: a catalogue that is whole, a cookie, and pages that keep to it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from scripts.write_catalogue import CATALOGUE, read_catalogue, sentences, written
from territory.model.ept import EPTS
from territory.model.marked import Marked, marked
from territory.pipeline.week_held import delivered_plan
from territory.web.app import make_app
from territory.web.config import WebConfig
from territory.web.recognised import plain, recognised
from territory.web.rights import Role
from territory.web.translations import FRENCH, Tongue, tongue_in
from territory.web.views.week import short_title
from tests.web.conftest import BASE, token_of
from tests.web.reading import Reader, walked, words_found
from tests.web.team import CODES, PASS, Team, close_team, open_team
from tests.web.test_french_pages import of_a_team, of_nothing, of_the_town, opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx import Response

_VALUE = re.compile(r"%\(\w+\)s")
# Words of grammar that English has not (« on », « a », « me » and « pour » it has).
GRAMMAR_WORDS = """
    le la les des du de une est et dans avec sur au aux ne pas qui que ce cette ces son sa ses
    leur par sont vous nous elle elles il ils aucune aucun semaine semaines chaque tous toutes
    tout depuis jamais moins après avant être peu entre comme mais donc où à
"""
GRAMMAR = frozenset(GRAMMAR_WORDS.split())
MAIN = (
    "/", "/zones", "/semaine/2026-W45", "/permanences", "/secteurs", "/bilan", "/saisie",
    "/fichiers-recus", "/fichiers", "/reglages", "/travaux", "/journal", "/accessibilite",
    "/donnees-personnelles", "/premiers-pas", "/nulle-part",
)  # fmt: skip


# --- the catalogue -----------------------------------------------------------------------------


def parts(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def test_the_catalogue_is_what_the_script_writes() -> None:
    assert CATALOGUE.read_bytes() == written(read_catalogue()), "run scripts/write_catalogue.py"


def test_every_sentence_has_its_english_with_the_same_values() -> None:
    catalogue = read_catalogue()
    assert [s for s in sentences() if not all(parts(_said(catalogue, s)) or [""])] == []
    for sentence in sentences():
        asked = {value for part in parts(sentence) for value in _VALUE.findall(part)}
        for part in parts(_said(catalogue, sentence)):
            assert set(_VALUE.findall(part)) <= asked, sentence
            assert isinstance(sentence, tuple) or set(_VALUE.findall(part)) == asked, sentence


def test_the_catalogue_tells_neither_lines_nor_days() -> None:
    text = CATALOGUE.read_text(encoding="utf-8")
    assert not re.search(r"^#: |POT-Creation", text, re.MULTILINE)


def _said(catalogue: object, sentence: str | tuple[str, ...]) -> str | list[str] | None:
    name = sentence if isinstance(sentence, str) else sentence[0]
    return catalogue.get(name).string  # type: ignore[attr-defined, no-any-return]


# --- sentences of Python -----------------------------------------------------------------------


def test_a_marked_sentence_is_french_and_knows_what_it_is_made_of() -> None:
    said = marked("Le code « %(code)s » a déjà un compte.", code="M1")
    assert said == "Le code « M1 » a déjà un compte."
    assert str(ValueError(said)) == said
    assert isinstance(str(ValueError(said)), Marked)
    assert tongue_in("en").gettext(str(ValueError(said))) == "The code “M1” already has an account."
    assert FRENCH.gettext(said) == said


def test_what_is_not_known_stays_french() -> None:
    assert tongue_in("en").gettext("Rue de la Mairie") == "Rue de la Mairie"
    assert tongue_in("zz") is FRENCH


@pytest.mark.parametrize(
    ("tongue", "said"),
    [
        (FRENCH, ("0 semaine", "1 semaine", "2 semaines")),
        (tongue_in("en"), ("0 weeks", "1 week", "2 weeks")),
    ],
)
def test_each_language_counts_as_it_does(tongue: Tongue, said: tuple[str, ...]) -> None:
    found = [tongue.ngettext("%(n)s semaine", "%(n)s semaines", n) % {"n": n} for n in range(3)]
    assert tuple(found) == said


def test_a_percent_sign_without_values_is_only_a_sign() -> None:
    assert FRENCH.say("les autres choix à moins de 2 %") == "les autres choix à moins de 2 %"


# --- the cookie --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    team = open_team(tmp_path_factory.mktemp("langues"))
    yield team
    close_team(team)


def choose(browser: TestClient, language: str, goal: str = "/") -> Response:
    token = token_of(browser.get("/connexion").text)
    asked = {"csrf": token, "langue": language, "vers": goal}
    answer: Response = browser.post("/langue", data=asked)
    return answer


def test_french_is_spoken_whatever_the_browser_says(team: Team) -> None:
    page = team.browser(headers={"accept-language": "en"}).get("/connexion").text
    assert '<html lang="fr">' in page
    assert "Mot de passe" in page


def test_who_is_not_signed_in_may_choose_and_keeps_it_once_in(team: Team) -> None:
    browser = team.browser()
    answer = choose(browser, "en", "/connexion?vers=%2Fzones")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/connexion?vers=%2Fzones"
    assert answer.headers.get_list("set-cookie") == [
        "langue=en; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"
    ]
    page = browser.get("/connexion").text
    assert '<html lang="en">' in page
    assert "Password" in page
    asked = {"csrf": token_of(page), "code": CODES[Role.READER], "mot_de_passe": PASS}
    assert browser.post("/connexion", data=asked).status_code == 303
    assert "My account" in browser.get("/compte").text


def test_a_browser_that_only_chose_a_language_is_given_its_own_cookie(team: Team) -> None:
    browser = team.browser()
    browser.cookies.set("langue", "en")
    answer = browser.get("/connexion")
    assert [c.split("=")[0] for c in answer.headers.get_list("set-cookie")] == ["territory"]
    assert '<html lang="en">' in answer.text


@pytest.mark.parametrize("wrong", ["de", "", "EN", "english"])
def test_only_languages_that_are_spoken_are_taken(team: Team, wrong: str) -> None:
    browser = team.browser()
    answer = choose(browser, wrong)
    assert answer.status_code == 400
    assert "set-cookie" not in answer.headers
    browser.cookies.set("langue", wrong)
    assert '<html lang="fr">' in browser.get("/connexion").text


def test_another_site_chooses_nothing_and_leads_nowhere_else(team: Team) -> None:
    browser = team.browser()
    assert choose(browser, "en", "https://ailleurs.example/").headers["location"] == "/"
    other = team.browser()
    other.get("/connexion")
    assert other.post("/langue", data={"langue": "en"}).status_code == 403


def test_by_https_the_language_travels_by_https_only(tmp_path: Path) -> None:
    team = open_team(tmp_path, secure=True)
    browser = team.browser()
    browser.base_url = BASE.replace("http:", "https:")
    assert "; Secure" in choose(browser, "en").headers["set-cookie"]
    close_team(team)


def test_the_choice_is_no_action_of_the_journal(team: Team) -> None:
    before = len(team.office.store.actions.latest())
    choose(team.browser(), "en")
    assert len(team.office.store.actions.latest()) == before


# --- the pages ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pages(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Every page in English: of the town with its maps, of a team, of an empty folder, refusals."""
    folder = tmp_path_factory.mktemp("anglais")
    town = shutil.copytree(demo_folder, folder / "ville")
    found = of_the_town(town, "en").pages
    more = (of_a_team(folder / "equipe", "en"), of_nothing(folder / "vide", "en"))
    browser = opened(town, "en")
    browser.cookies.set("langue", "en")
    found |= walked(browser, MAIN, each=2).pages
    for one in more:
        found |= {f"{address} ({one is more[0]})": page for address, page in one.pages.items()}
    return found


@pytest.fixture(scope="module")
def names(demo_folder: Path) -> re.Pattern[str]:
    """What is a name in the fictional town, and keeps its language: places, communes, zones."""
    held = make_app(WebConfig(demo_folder)).state.office.shelf.now()
    tables = (held.built.table(name)["name"].dropna() for name in ("places", "communes"))
    found = {plainly(str(name)) for table in tables for name in table}
    found |= {plainly(gap.name) for gap in held.gaps}
    found |= {gap.rpartition(" (")[0] for gap in found if " (près de" in gap}
    found |= {source.name for source in held.territory.raw.files}
    found |= {plainly(ept.name) for ept in EPTS} | {"GIP Plateforme de l'inclusion"}
    plan = delivered_plan(demo_folder, "2026-W45")
    assert plan is not None
    found |= {plainly(short_title(outing.title)) for outing in plan.sessions}
    return re.compile("|".join(re.escape(name) for name in sorted(found, key=len, reverse=True)))


def test_an_english_page_is_english_where_it_does_not_say_french(
    pages: dict[str, str], names: re.Pattern[str]
) -> None:
    """Texts and what is told of elements: whatever has a word of French grammar is said French."""
    assert len(pages) > 60
    found = {
        (address, piece.text.strip()[:90], tuple(words))
        for address, page in pages.items()
        for piece in Reader(page).pieces
        if piece.language == "en"
        and (words := words_found(names.sub("", plainly(piece.text)), GRAMMAR))
    }
    assert found == set()


def test_no_sentence_that_has_its_english_is_left_in_french(
    pages: dict[str, str], names: re.Pattern[str]
) -> None:
    """Whether or not it says that it is French: fixed sentences are all said in English."""
    english = {plain(said) for m in read_catalogue() if m.id for said in parts(m.string)}
    found = {
        (address, piece.text.strip()[:90], said)
        for address, page in pages.items()
        for piece in Reader(page).pieces
        if not names.fullmatch(plainly(piece.text).strip())
        and (text := plain(piece.text)) not in english
        and (said := recognised(text, "en")) not in {None, text}
        and re.search(r"[^\W\d_]{3}", text)
    }
    assert found == set()


def test_a_map_speaks_the_language_of_the_pages_around(
    pages: dict[str, str], names: re.Pattern[str]
) -> None:
    """Legends, layers, cards; the policy names the scripts that are sent; lines left say French."""
    page = pages["/cartes/2026-W45/carte.html"]
    assert '<html lang="en">' in page
    for words in ("Need: estimated target group per 200 m square", "Go to the tables",
                  '"200 m square"', '"Layers"', '"Sectors"'):  # fmt: skip
        assert words in page
    assert "Montrer" not in page  # said by the style
    assert "u003eLu 1" not in page
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    prints = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
    assert all(f"'sha256-{one}'" in page for one in prints)
    drawn = scripts[-1][scripts[-1].index("var territoire = ") :]
    notes = re.findall(r'"lines":(\[.*?\])[,}]', drawn)
    lines = [line for note in notes for line in json.loads(note)]
    assert len(lines) > 100
    told = {names.sub("", plainly(line)) for line in lines if isinstance(line, str)}
    own = re.compile(r"\d+ (rue|place|avenue|boulevard|allée)\b")  # an address is a name
    assert {line for line in told if words_found(line, GRAMMAR) and not own.match(line)} == set()


def plainly(text: str) -> str:
    """Return a text without typography: a name is written one way."""
    return re.sub(r"\s+", " ", text).replace("’", "'")


def test_an_english_page_has_english_figures(pages: dict[str, str]) -> None:
    assert "Week 45, from Monday 2 November 2026 to Sunday 8 November 2026" in pages[MAIN[2]]
    assert "Monday 2" in pages[MAIN[2]]
    said = [p.text for p in Reader(pages["/bilan"]).pieces if p.language == "en"]
    assert not [
        text for text in said if re.search(r"\d[\u202f\u00a0]\d|\d,\d\b(?!\d\d)|\d\s%", text)
    ]


def test_the_page_of_data_tells_of_both_cookies(demo_folder: Path) -> None:
    browser = TestClient(make_app(WebConfig(demo_folder)), base_url=BASE)
    assert "Un second retient un an la langue des pages" in browser.get(MAIN[13]).text
