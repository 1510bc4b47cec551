"""The figures of the year: read, with what warns of them, taken away, written for outside."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from tests.browser.journey import JOB_MS, somebody, typed

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.conftest import Town

pytestmark = pytest.mark.browser


def test_the_year_is_read_and_taken_away(browser: Browser, town: Town) -> None:
    with somebody(browser, town.address) as one:
        one.goes("/bilan")
        keys = [typed(text) for text in one.page.locator(".keys strong").all_inner_texts()]
        assert len(keys) > 3
        assert any(key[:1].isdigit() for key in keys)
        assert (
            one.page.locator("section", has_text="À lire avec ces chiffres").locator("li").count()
        )
        one.meets("bilan pour l’extérieur")
        table = one.keeps(one.page.get_by_role("link", name="pour un tableur (CSV)"))
        with table.open(encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file, delimiter=";"))
        assert len(lines) > 10
        assert len({len(line) for line in lines}) == 1

        one.page.get_by_label("Pour", exact=True).select_option(label="l’équipe")
        one.button("Afficher").click()
        one.page.get_by_text("vue de l’équipe : ne pas diffuser").wait_for()
        one.meets("bilan de l’équipe")

        box = one.unfolds("Écrire un tableau pour l’extérieur")
        box.get_by_label("et par").select_option(label="année")
        with one.looking():
            box.get_by_role("button", name="Écrire et noter cette publication").click()
            one.page.wait_for_selector(".job progress")
            one.meets("publication en cours")
        link = one.page.locator("#dehors a[href^='/fichiers/public/']")
        link.first.wait_for(timeout=JOB_MS)
        one.waits()
        one.meets("publication faite")
        assert one.keeps(link.first).read_text(encoding="utf-8-sig").count("\n") > 1


def test_a_figure_of_the_team_leads_to_its_lines(browser: Browser, town: Town) -> None:
    with somebody(browser, town.address) as one:
        one.goes("/bilan?pour=equipe")
        value = one.page.locator(".keys strong a").first
        told = typed(value.inner_text()).split(",")[0]
        value.click()
        one.page.get_by_text("ce que font ces").wait_for()
        assert told in typed(one.page.locator("main").inner_text())
        one.meets("lignes d’un chiffre")
        lines = one.keeps(one.page.get_by_role("link", name="Toutes ces lignes"))
        assert lines.read_text(encoding="utf-8-sig").startswith("ligne;date;type;")
        one.page.get_by_role("link", name="Retour au bilan").click()
        one.page.get_by_text("vue de l’équipe : ne pas diffuser").wait_for()
