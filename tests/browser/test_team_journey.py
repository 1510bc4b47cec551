"""A team in browsers of their own: first passwords, menus of roles, two at once, sessions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from scripts.page_states import opened
from territory.io.week_edits import read_edits
from territory.model.week_edits import EditKind
from territory.web.account_line import account
from territory.web.config import WebConfig
from territory.web.rights import Role
from tests.browser.served import visit
from tests.shared_folder import copy_of
from tests.web.folders import HandClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

WEEK = "/semaine/2026-W45"
PASS, OTHER = "quatre chevaux bleus", "six tortues lentes"
CODES = {"L1": Role.READER, "M1": Role.MEDIATOR, "C1": Role.COORDINATOR, "C2": Role.COORDINATOR,
         "D1": Role.MANAGER}  # fmt: skip
READ = ["Accueil", "Zones", "Semaine", "Permanences", "Secteurs", "Bilan"]
_LONG = 30  # steps of Tab before any field of these pages


@dataclass
class Team:
    """A served folder with an account of each role, and the clock of its sessions."""

    address: str
    folder: Path
    clock: HandClock


@pytest.fixture(scope="module")
def team(untouched_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    folder, clock = copy_of(untouched_demo, tmp_path_factory, "equipe"), HandClock()
    for code, role in CODES.items():
        account(folder, code, role.value, PASS)
    with opened(WebConfig(folder, team=True, clock=clock)) as (address, _):
        yield Team(address, folder, clock)


def sign_in(page: Page, code: str, password: str = PASS) -> None:
    page.get_by_label("Code ou initiales").fill(code)
    page.get_by_label("Mot de passe").fill(password)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(lambda url: "/connexion" not in url)  # the page left is ready too
    page.wait_for_selector("body[data-pret]")


def tab_to(page: Page, field: str) -> None:
    """Press Tab until the field of this identifier has the focus."""
    for _ in range(_LONG):
        if page.evaluate("() => document.activeElement.id") == field:
            return
        page.keyboard.press("Tab")
    raise AssertionError(field)


def menu(page: Page) -> list[str]:
    return page.locator("header nav a").all_inner_texts()


def test_the_first_password_is_changed_by_keyboard_before_anything_else(
    browser: Browser, team: Team
) -> None:
    drawn = account(team.folder, "M9", "mediation").lines[1].rpartition(" ")[2]
    with visit(browser) as (page, wrong):
        page.goto(team.address + WEEK)
        assert page.url == f"{team.address}/connexion?vers={WEEK}"
        tab_to(page, "code")
        page.keyboard.type("m9")
        tab_to(page, "mot_de_passe")
        page.keyboard.type(drawn)
        page.keyboard.press("Enter")
        page.wait_for_url("**/compte")
        assert menu(page) == []
        page.goto(team.address + "/zones")
        assert page.url == team.address + "/compte"
        for field, text in (("actuel", drawn), ("nouveau", OTHER), ("encore", OTHER)):
            tab_to(page, field)
            page.keyboard.type(text)
        page.keyboard.press("Enter")
        page.get_by_text("Le mot de passe est changé.").wait_for()
        assert menu(page) == [*READ, "Saisie"]
        assert wrong == []


@pytest.mark.parametrize(
    ("code", "tabs", "more", "actions"),
    [
        ("L1", READ, ["L1"], []),
        ("M1", [*READ, "Saisie"], ["M1"], []),
        ("C1", [*READ, "Saisie"], ["C1"], ["Noter une absence", "Préparer à nouveau"]),
        ("D1", READ, ["Comptes", "Journal", "D1"], []),
    ],
)
def test_each_role_sees_its_own_menus_and_is_refused_the_pages_of_others(
    browser: Browser, team: Team, code: str, tabs: list[str], more: list[str], actions: list[str]
) -> None:
    with visit(browser) as (page, wrong):
        page.goto(team.address + WEEK)
        sign_in(page, code)
        assert page.url == team.address + WEEK
        assert menu(page) == tabs
        assert page.locator("header .account a").all_inner_texts() == more
        shown = [
            name
            for name in ("Noter une absence", "Préparer à nouveau")
            if page.get_by_text(name).count()
        ]
        assert shown == actions
        assert wrong == []
        may = {"/saisie": "Saisie" in tabs, "/reglages": bool(actions), "/comptes": code == "D1",
               "/fichiers-recus": True}  # fmt: skip
        found = {path: page.goto(team.address + path).status for path in may}
        assert found == {path: 200 if allowed else 403 for path, allowed in may.items()}
        page.goto(team.address + "/fichiers-recus")
        assert bool(page.locator("input[type=file]").count()) is (code == "C1")


def test_the_second_to_change_a_week_sees_the_change_of_the_first_and_keeps_what_was_typed(
    browser: Browser, team: Team
) -> None:
    with visit(browser) as (one, _), visit(browser) as (two, _):
        for page, code in ((one, "C1"), (two, "C2")):
            page.goto(team.address + WEEK)
            sign_in(page, code)
        two.locator("summary", has_text="Exclure un lieu ou une zone").click()
        target = str(two.locator("#lieux option").nth(2).get_attribute("value"))
        two.locator("#e-cible").fill(target)
        two.locator("#e-quand").select_option(index=1)
        moment = two.locator("#e-quand").input_value()
        one.get_by_role("button", name="Verrouiller").first.click()
        one.wait_for_selector("body[data-pret]")
        two.get_by_role("button", name="Exclure", exact=True).click()
        said = two.get_by_role("alert")
        said.wait_for()
        assert "a changé cette semaine" in said.inner_text()
        assert two.get_by_role("button", name="Déverrouiller").count()  # what the first one did
        assert two.locator("#e-cible").is_visible()
        assert two.locator("#e-cible").input_value() == target
        assert two.locator("#e-quand").input_value() == moment
        two.get_by_role("button", name="Exclure", exact=True).click()
        two.wait_for_url(re.compile(r"[?]fait="))
    edits, _torn = read_edits(team.folder, "2026-W45")
    assert [edit.kind for edit in edits.values()] == [EditKind.LOCK, EditKind.EXCLUDE]


def test_an_idle_session_ends_and_signing_in_comes_back_to_the_page(
    browser: Browser, team: Team
) -> None:
    with visit(browser) as (page, wrong):
        page.goto(team.address)
        sign_in(page, "M1")
        team.clock.now += 61 * 60
        page.get_by_role("link", name="Secteurs", exact=True).click()
        page.wait_for_url("**/connexion?vers=/secteurs")
        sign_in(page, "M1")
        assert page.url == team.address + "/secteurs"
        assert wrong == []


def test_once_signed_out_going_back_shows_nothing(browser: Browser, team: Team) -> None:
    with visit(browser) as (page, wrong):
        page.goto(team.address + "/bilan")
        sign_in(page, "M1")
        page.get_by_role("button", name="Se déconnecter").click()
        page.wait_for_url("**/connexion")
        page.go_back()
        page.wait_for_url("**/connexion?vers=/bilan")
        assert menu(page) == []
        assert wrong == []
