"""From the first page to a debrief without a mouse: a week planned, locked, planned again."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from territory.io.debriefs import read_debriefs
from territory.pipeline.week_held import delivered_plan
from tests.browser.journey import JOB_MS, somebody, typed
from tests.browser.keyboard import Keyboard
from tests.browser.served import served
from tests.shared_folder import copy_of

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.journey import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]  # three plans on a loaded machine

WEEK = "2026-W45"
LOCK = re.compile("^Verrouiller : ")


@pytest.fixture
def unplanned(told_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The town before its next week is planned."""
    folder = copy_of(told_town, tmp_path_factory, "clavier")
    shutil.rmtree(folder / "outputs" / WEEK)
    shutil.rmtree(folder / "data" / "processed" / f"90_week_{WEEK}")
    return folder


def test_a_week_and_a_debrief_without_a_mouse(browser: Browser, unplanned: Path) -> None:
    with served(unplanned) as address, somebody(browser, address) as one:
        keys = Keyboard(one.page)
        plans(one, keys)
        locks(one, keys)
        plans_again(one, keys)
        tells(one, keys)
    plan = delivered_plan(unplanned, WEEK)
    assert plan is not None
    assert [s.locked for s in plan.sessions if s.stops].count(True) == 1
    (done,) = read_debriefs(unplanned)[0].values()
    assert (done.counts, done.weather) == ({"n_informed": 4}, "pluie")


def plans(one: Person, keys: Keyboard) -> None:
    """From the first page; the focus stays on « Arrêter » while the bar moves, then on the end."""
    one.goes("/")
    one.meets("accueil, rien de préparé")
    keys.presses(one.button("Préparer la semaine"))
    stop = one.button("Arrêter")
    keys.reaches(stop, back=True)  # what is under way is shown above the buttons
    for _ in range(2):
        with one.page.expect_response(re.compile("suivi=")):
            pass
    keys.stays_on(one.button("Arrêter"))
    result = one.page.get_by_role("link", name="Voir le résultat")
    result.wait_for(timeout=JOB_MS)
    keys.is_somewhere()
    one.meets("accueil, semaine préparée")
    keys.presses(result)  # the focus is on the title of what is over
    one.page.wait_for_selector(".week-grid")


def locks(one: Person, keys: Keyboard) -> None:
    """Lock an outing: one key away from taking it back; planned again, what changed is told."""
    keys.presses(one.button(LOCK))
    one.button(re.compile("^Déverrouiller : ")).wait_for()
    one.page.wait_for_selector("#annuler:focus")
    one.waits()
    one.page.wait_for_selector("#change:focus")  # the title of what the lock changed
    assert one.page.locator("#annuler").is_visible()
    one.meets("clavier, sortie verrouillée")


def plans_again(one: Person, keys: Keyboard) -> None:
    """Ask for the same plan again from the keyboard."""
    keys.presses(one.button("Préparer à nouveau"), "Space")
    one.page.wait_for_selector("#travail:focus")
    one.waits()
    one.page.wait_for_selector(":is(#travail, h1, h2):focus")


def tells(one: Person, keys: Keyboard) -> None:
    """By the menu to the first sheet that waits: four people, rain."""
    keys.presses(one.page.get_by_role("link", name="Saisie", exact=True), back=True)
    keys.presses(one.page.locator(".sheets a").first)
    informed = one.page.get_by_label("Personnes informées", exact=True)
    keys.types(informed, "3")
    one.page.keyboard.press("ArrowUp")
    keys.reaches(one.page.get_by_label("rien à dire"))
    rain = one.page.get_by_label("pluie", exact=True)
    while not rain.is_checked():
        one.page.keyboard.press("ArrowDown")
    keys.presses(one.button("Garder ce retour"))
    one.page.get_by_text("C’est noté.").wait_for()
    assert "4 personnes informées" in typed(one.page.locator(".said.good").first.inner_text())
    one.meets("clavier, retour gardé")
