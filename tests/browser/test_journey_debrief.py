"""After an outing: six taps, the code of the sheet, a correction, and what it replaced."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from territory.io.debriefs import read_debriefs
from tests.browser.journey import somebody, typed
from tests.browser.served import served
from tests.shared_folder import copy_of

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.journey import Person

pytestmark = pytest.mark.browser


def test_an_outing_is_told_by_taps_then_by_code_corrected_and_remembered(
    browser: Browser, told_town: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = copy_of(told_town, tmp_path_factory, "saisie")
    with served(folder) as address, somebody(browser, address) as one:
        one.goes("/saisie")
        awaited = one.page.locator(".sheets li")
        many = awaited.count()
        assert many > 1
        one.meets("saisie")
        taps(one)
        assert awaited.count() == many - 1
        types(one)
        assert awaited.count() == many - 2
        corrects(one)
        one.goes("/")
        one.meets("accueil après un retour")
    counts = [done.counts.get("n_informed") for done in read_debriefs(folder)[0].values()]
    assert counts == [3, 12, 4]


def taps(one: Person) -> None:
    """The first sheet: three people informed, two women, rain."""
    one.page.locator(".sheets a").first.click()
    one.page.get_by_role("group", name="Combien de personnes").wait_for()
    one.meets("retour vide")
    for _ in range(3):
        one.button(re.compile("^Une de plus : .*informées")).click()
    one.page.get_by_text("pluie", exact=True).click()
    one.page.get_by_text("est annulée").click()
    one.page.get_by_label("Pourquoi, si elle n’a pas eu lieu").wait_for()
    one.meets("retour rempli")
    one.button("Garder ce retour").click()
    one.page.get_by_role("alert").wait_for()
    one.meets("retour refusé", refused=422)
    one.page.get_by_text("a eu lieu").click()
    one.button("Garder ce retour").click()
    one.page.get_by_text("C’est noté.").wait_for()
    assert "3 personnes informées" in typed(one.page.locator(".said.good").first.inner_text())
    one.meets("retour gardé")


def types(one: Person) -> None:
    """The second sheet: its code as it is printed, first with a sign too many."""
    code = typed(one.page.locator(".sheets a").first.inner_text()).split("fiche ")[1].split()[0]
    line = one.page.get_by_label("Code de la fiche, puis les nombres")
    line.fill(f"{code} I12 bavard")
    one.page.locator("#lecture .bad").wait_for()
    one.meets("ligne refusée")
    line.fill(f"{code} I12 pluie")
    one.page.get_by_text("Compris :").wait_for()
    one.meets("ligne comprise")
    one.button("Garder ce retour").click()
    one.page.get_by_text("C’est noté.").wait_for()


def corrects(one: Person) -> None:
    """The first debrief again: four people; the former one stays in the history."""
    one.page.get_by_role("link", name="Corriger le retour n° 1").click()
    one.page.get_by_text("Déjà saisi.").wait_for()
    one.button(re.compile("^Une de plus : .*informées")).click()
    one.button("Garder ce retour").click()
    one.page.get_by_text("Remplacé depuis.").wait_for()
    one.meets("retour corrigé")
    one.page.get_by_role("link", name="Corriger le retour n° 3").click()
    one.unfolds("Historique de cette fiche")
    said = typed(one.page.locator("main").inner_text())
    assert "3 personnes informées" in said
    assert "4 personnes informées" in said
    one.meets("historique d’une fiche")
