"""The guide « Ouvrir les pages à une équipe », walked sentence by sentence with real accounts."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.browser.served import visit
from tests.conftest import ROOT
from tests.shared_folder import copy_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    Opens = Callable[[str, str], Page]

pytestmark = pytest.mark.browser
OWN = "sept loutres calmes"
WEEK = "/semaine/2026-W45"
LATER_MS = 30_000
PAGES = ("/zones", "/saisie", "/reglages", "/comptes", "/journal")
DECIDE = "Comparer au partage d’aujourd’hui"
ACTS = {"/semaine/2026-W45": ("Noter une absence",),
        "/secteurs": ("De quoi sont faites les heures", DECIDE)}  # fmt: skip


@pytest.fixture(scope="module")
def folder(untouched_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of(untouched_demo, tmp_path_factory, "guide-equipe")


def command(*words: str) -> str:
    """Run `territory` as one types it; return what it says."""
    told = subprocess.run(
        [sys.executable, "-m", "territory", *words],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return told.stdout


@pytest.fixture(scope="module")
def drawn(folder: Path) -> str:
    """The first account, made before anybody can sign in: its password, shown once."""
    told = command("account", str(folder), "D1", "--role", "direction")
    return re.search(r"montré cette seule fois : (.+)", told)[1].strip()  # type: ignore[index]


@pytest.fixture(scope="module")
def address(folder: Path, drawn: str) -> Iterator[str]:
    """Where `territory serve --equipe` answers, started as the guide says."""
    assert drawn
    words = ["serve", str(folder), "--equipe", "--no-open", "--port", "0"]
    with subprocess.Popen(
        [sys.executable, "-m", "territory", *words], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().split()[4].rstrip("/")
        finally:
            server.kill()


@contextmanager
def browsers(browser: Browser, address: str) -> Iterator[Opens]:
    """A function that opens a browser of its own and signs somebody in."""
    with ExitStack() as stack:

        def opens(code: str, password: str) -> Page:
            page, _ = stack.enter_context(visit(browser))
            page.goto(address)
            sign_in(page, code, password)
            return page

        yield opens


def sign_in(page: Page, code: str, password: str) -> None:
    page.get_by_label("Code ou initiales").fill(code)
    page.get_by_label("Mot de passe").fill(password)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_selector("body[data-pret]")


def change_password(page: Page, former: str, new: str = OWN) -> None:
    """Do what the first page after a drawn password asks."""
    page.wait_for_url("**/compte")
    for field, text in (("actuel", former), ("nouveau", new), ("encore", new)):
        page.locator(f"#{field}").fill(text)
    page.get_by_role("button", name="Changer").click()
    page.get_by_text("Le mot de passe est changé.").wait_for()


def shown_password(page: Page) -> str:
    """Return the password that the page of accounts shows this once."""
    said = page.locator("p[role=status]")
    assert "montré cette seule fois" in said.inner_text()
    assert "de vive voix" in said.inner_text()
    return said.locator("code").inner_text()


def somebody_comes(keeper: Page, address: str, code: str, role: str) -> str:
    """Add an account on the page Comptes; return its password."""
    keeper.goto(f"{address}/comptes")
    keeper.locator("#code").fill(code)
    keeper.locator("#role").select_option(role)
    keeper.get_by_role("button", name="Ajouter", exact=True).click()
    return shown_password(keeper)


def row_button(keeper: Page, address: str, name: str, code: str) -> None:
    keeper.goto(f"{address}/comptes")
    keeper.get_by_role("button", name=f"{name} {code}", exact=True).click()
    keeper.wait_for_selector("body[data-pret]")


def signed_out(page: Page, address: str) -> bool:
    page.goto(f"{address}/zones")
    return page.url.startswith(f"{address}/connexion")


def test_the_guide_is_so_from_the_first_account_to_the_journal(
    browser: Browser, address: str, drawn: str, folder: Path
) -> None:
    with browsers(browser, address) as opens:
        keeper = opens("D1", drawn)
        change_password(keeper, drawn)
        people = roles_open_what_the_guide_says(keeper, opens, address)
        leaving_and_forgetting(keeper, people, opens, address)
        two_change_one_week(people, address)
        what_is_noted(keeper, address)
    assert "sept loutres" not in (folder / "journal.jsonl").read_text(encoding="utf-8")


def roles_open_what_the_guide_says(keeper: Page, opens: Opens, address: str) -> dict[str, Page]:
    """« Qui a quel rôle », « Quelqu'un arrive ». Return the browsers of who came, by code."""
    people = {}
    comers = {"C1": "coordination", "C2": "coordination", "M1": "mediation", "ABC": "lecture"}
    for code, role in comers.items():
        given = somebody_comes(keeper, address, code, role)
        people[code] = opens(code, given)
        change_password(people[code], given)
        keeper.goto(f"{address}/comptes")
        assert given not in keeper.content()  # shown once only
    people["D1"] = keeper
    named = somebody_refused(keeper, address, "Durand")
    assert "pas un nom" in named
    opened = {
        code: [path for path in PAGES if answers(people[code], address + path)] for code in people
    }
    assert opened == {
        "ABC": ["/zones"], "M1": ["/zones", "/saisie"],
        "C1": ["/zones", "/saisie", "/reglages"], "C2": ["/zones", "/saisie", "/reglages"],
        "D1": ["/zones", "/comptes", "/journal"],
    }  # fmt: skip
    acts = {code: shown_acts(people[code], address) for code in people}
    whole = [text for texts in ACTS.values() for text in texts]
    assert acts == {"C1": whole, "C2": whole, "M1": [], "ABC": [], "D1": [DECIDE]}
    people["ABC"].goto(f"{address}/donnees-personnelles")
    assert people["ABC"].get_by_text("Qui peut quoi").count()
    return people


def answers(page: Page, address: str) -> bool:
    """Whether the server opens a page to whom this browser is signed in as; nothing is drawn."""
    return page.request.get(address).ok


def shown_acts(page: Page, address: str) -> list[str]:
    found = []
    for path, texts in ACTS.items():
        page.goto(address + path)
        found += [text for text in texts if page.get_by_text(text).count()]
    return found


def somebody_refused(keeper: Page, address: str, code: str) -> str:
    keeper.goto(f"{address}/comptes")
    keeper.locator("#code").fill(code)
    keeper.get_by_role("button", name="Ajouter", exact=True).click()
    return keeper.get_by_role("alert").inner_text()


def leaving_and_forgetting(
    keeper: Page, people: dict[str, Page], opens: Opens, address: str
) -> None:
    """« Quelqu'un part, ou oublie » : every session ends at once, no manager is locked out."""
    row_button(keeper, address, "Fermer", "ABC")
    assert signed_out(people["ABC"], address)
    sign_in(people["ABC"], "ABC", OWN)
    assert people["ABC"].get_by_role("alert").count()
    row_button(keeper, address, "En donner un nouveau", "M1")
    given = shown_password(keeper)
    assert signed_out(people["M1"], address)  # the phone that was lost
    sign_in(people["M1"], "M1", OWN)
    assert people["M1"].get_by_role("alert").count()  # the former password is worth nothing
    change_password(opens("M1", given), given, "huit canards verts")
    keeper.goto(f"{address}/comptes")
    keeper.get_by_label("Rôle de M1").select_option("coordination")
    keeper.get_by_role("button", name="Changer M1", exact=True).click()
    keeper.wait_for_selector("body[data-pret]")
    assert keeper.get_by_label("Rôle de M1").input_value() == "coordination"
    row_button(keeper, address, "Fermer", "D1")
    assert "Il faut au moins un compte de direction" in keeper.get_by_role("alert").inner_text()


def two_change_one_week(people: dict[str, Page], address: str) -> None:
    """The second is told, sees who changed it, chooses; pages answer while a week is planned."""
    one, two = people["C1"], people["C2"]
    for page in (one, two):
        page.goto(address + WEEK)
    one.get_by_role("button", name="Verrouiller").first.click()
    one.wait_for_url("**?fait=*")
    two.locator("summary", has_text="Exclure un lieu ou une zone").click()
    two.locator("#e-cible").fill(str(two.locator("#lieux option").nth(2).get_attribute("value")))
    two.get_by_role("button", name="Exclure", exact=True).click()
    said = two.get_by_role("alert").inner_text().replace("\u00a0", " ")
    assert "a changé cette semaine" in said
    assert re.search(r"Dernier changement : C1, \w+ \d+ \w+ \d{4} à ", said)
    assert two.get_by_role("button", name="Déverrouiller").count()
    two.get_by_role("button", name="Exclure", exact=True).click()
    two.wait_for_url("**?fait=*")
    assert answers(one, f"{address}/zones")  # while the week is planned
    two.locator(".job button", has_text="Arrêter").click(timeout=LATER_MS)


def what_is_noted(keeper: Page, address: str) -> None:
    """« Ce qui est noté » : when, who, what, on which codes, what came of it; a year; no value."""
    keeper.goto(f"{address}/journal")
    text = keeper.locator("main").inner_text()
    rows = keeper.locator("table").first.locator("tbody tr").all_inner_texts()
    closed = next(row for row in rows if "Compte fermé" in row and "ABC" in row)
    assert "D1" in closed
    assert "fait" in closed
    assert any("Changement de la semaine" in row and "C1" in row for row in rows)
    assert any("dépassé par un autre changement" in row and "C2" in row for row in rows)
    assert "365 jours" in text
    assert not re.search(r"loutres|canards|Durand", text)
