"""Every page in a real browser: silent, accessible by the automatic rules, narrow screens too."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from territory.pipeline.week_held import delivered_plan
from tests.browser.journey import faults
from tests.browser.served import served, visit
from tests.shared_folder import copy_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

WEEK = "2026-W45"
PAGES = (
    "/", "/zones", "/semaine/2026-W45", "/permanences", "/secteurs", "/bilan", "/saisie",
    "/fichiers-recus", "/fichiers", "/travaux", "/reglages", "/accessibilite",
    "/donnees-personnelles", "/nulle-part",
)  # fmt: skip
NARROW = (390, 640)  # a phone; 1280 pixels at 200 %


@pytest.fixture(scope="module")
def address(quick_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(copy_of(quick_town, tmp_path_factory, "servie")) as address:
        yield address


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_silent_accessible_and_narrow_enough(
    browser: Browser, address: str, path: str
) -> None:
    with visit(browser) as (page, wrong):
        page.goto(address + path)
        page.wait_for_selector("body[data-pret]")
        assert [w for w in wrong if path != "/nulle-part" or "404" not in w] == []
        assert page.evaluate("() => document.documentElement.lang") == "fr"
        assert page.locator("h1").count() == 1
        page.evaluate(
            "() => document.querySelectorAll('details').forEach((d) => { d.open = true; })"
        )
        assert faults(page) == []
        for width in NARROW:
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_the_first_key_leads_to_the_content_and_focus_is_seen(
    browser: Browser, address: str
) -> None:
    with visit(browser) as (page, _):
        page.goto(address + "/")
        page.keyboard.press("Tab")
        first = page.evaluate("() => document.activeElement.textContent.trim()")
        assert first == "Aller au contenu"
        outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineWidth")
        assert outline == "3px"
        page.keyboard.press("Enter")
        assert page.evaluate("() => document.activeElement.id") == "contenu"


@pytest.mark.parametrize("path", ["/zones", "/permanences"])
def test_a_button_shows_its_card_on_the_map_beside(
    browser: Browser, address: str, path: str
) -> None:
    with visit(browser) as (page, wrong):
        page.goto(address + path)
        page.locator("iframe#carte").scroll_into_view_if_needed()  # drawn once it is seen
        map_ = page.frame_locator("iframe#carte")
        map_.locator("body[data-pret]").wait_for()
        assert map_.locator(".leaflet-control-scale-line").inner_text() in {"300 m", "500 m"}
        button = page.get_by_role("button", name="Voir sur la carte").first
        wanted = (button.text_content() or "").partition(" : ")[2].strip()
        button.click()
        card = map_.locator(".leaflet-popup-content")
        card.wait_for()
        assert wanted in card.inner_text()
        assert wrong == []


def test_an_absence_noted_by_hand_gives_the_new_week_without_another_click(
    browser: Browser, quick_town: Path, tmp_path: Path
) -> None:
    """From the form to the plan: nobody is left in front of the plan of before."""
    folder = tmp_path / "ville"
    shutil.copytree(quick_town, folder)
    plan = delivered_plan(folder, WEEK)
    assert plan is not None
    away = next(s for s in plan.sessions if s.stops and len(s.agents) == 1)
    agent, day = away.agents[0], ("lundi", "mardi", "mercredi", "jeudi", "vendredi")
    with served(folder) as address, visit(browser) as (page, wrong):
        page.goto(f"{address}/semaine/{WEEK}")
        page.locator("summary", has_text="Noter une absence").click()
        form = page.locator("details", has_text="Noter une absence").first
        form.locator("select[name=qui]").select_option(agent)
        form.locator("select[name=moment]").select_option(day[away.on.weekday()])
        form.locator("button").last.press("Enter")
        page.get_by_text("Ce qui a changé depuis le plan d’avant").wait_for(timeout=240_000)
        assert page.locator(".job").count() == 0
        assert wrong == []
    after = delivered_plan(folder, WEEK)
    assert after is not None
    assert not any(s.stops and agent in s.agents and s.on == away.on for s in after.sessions)


def test_a_form_being_filled_is_not_lost_when_a_job_ends(browser: Browser, address: str) -> None:
    with visit(browser) as (page, wrong):
        page.goto(f"{address}/semaine/{WEEK}")
        page.get_by_role("button", name="Préparer à nouveau").click()
        page.wait_for_selector(".job progress")
        page.locator("summary", has_text="Placer une visite").click()
        target = page.locator("details", has_text="Placer une visite").locator("[name=cible]")
        target.fill("Médiathèque")
        page.get_by_text("La page montre encore ce qu’il y avait avant").wait_for(timeout=240_000)
        assert target.input_value() == "Médiathèque"
        assert wrong == []
