"""The cards of the zones in a real browser: clicked, walked through by keyboard, filtered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from territory.model.results import Variant, Verdict
from territory.outputs.maps import write_map
from tests.outputs.map_town import gap, town
from tests.outputs.test_zone_cards import zone

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def map_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    squares = town()["cells"].index
    there = replace(gap(2, (squares[18],)), commune_code="99002", verdict=Verdict.TO_CHECK)
    return write_map(
        tmp_path_factory.mktemp("zones") / "carte.html",
        **town(gaps=(replace(zone(), cells=(squares[12], squares[13])), there)),
        priority=pd.Series(50.0, index=squares),
        variants=(Variant("par IRIS", ("Z1",)), Variant("zones plus petites", ())),
    )


def test_a_click_on_a_zone_tells_of_it_and_of_the_square(
    map_file: Path, open_page: Callable
) -> None:
    opened = open_page(map_file)
    opened.page.locator(".leaflet-overlay-pane path[fill='#111']").click(position={"x": 9, "y": 9})
    said = opened.page.locator(".leaflet-popup-content").inner_text()
    for words in ("1. Secteur 1 <b>", "il en manque 30", "Carreau de 200 m", "Contacts attendus"):
        assert words in said
    opened.page.locator(".leaflet-popup-content button").click()
    card = opened.page.locator("#fiche-zone-1 .fiche")
    assert card.get_by_text("15 que ni le besoin ni la distance", exact=False).is_visible()
    assert opened.complaints == []


def test_the_card_is_reached_by_keyboard(map_file: Path, open_page: Callable) -> None:
    page = open_page(map_file).page
    page.locator("[data-repere='zone-1']").focus()
    page.keyboard.press("Enter")
    page.locator(".leaflet-popup-content button").focus()
    page.keyboard.press("Enter")
    focused = page.evaluate("() => document.activeElement.textContent")
    assert focused == "Pourquoi cette zone"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.get_by_text("zones plus petites", exact=False).first.is_visible()


def test_bars_are_as_long_as_their_part(map_file: Path, open_page: Callable) -> None:
    page = open_page(map_file).page
    page.locator("#fiche-zone-1 summary", has_text="Pourquoi").click()
    bars = page.locator("#fiche-zone-1 .barre")
    boxes = [bars.nth(n).bounding_box() for n in range(3)]
    widths = [b["width"] for b in boxes if b]
    assert widths[0] / widths[2] == pytest.approx(2 / 3, abs=0.05)
    assert boxes[1]["x"] == pytest.approx(boxes[0]["x"] + widths[0], abs=2)


def test_a_doubtful_zone_is_hatched_and_a_sure_one_is_not(
    map_file: Path, open_page: Callable
) -> None:
    page = open_page(map_file).page
    assert page.locator(".leaflet-overlay-pane path[fill='url(#hachures-zone)']").count() == 1
    assert page.locator(".leaflet-overlay-pane path[fill='#111']").count() == 1
    assert page.locator("pattern#hachures-zone").count() == 1


def test_zones_are_filtered_by_commune(map_file: Path, open_page: Callable) -> None:
    opened = open_page(map_file)
    page = opened.page
    page.get_by_label("Commune").select_option("99002")
    assert page.locator("#fiche-zone-1").is_hidden()
    assert page.locator("#fiche-zone-2").is_visible()
    assert page.locator(".signe.zone.pose").all_inner_texts() == ["2"]
    assert page.locator("#commune-compte").inner_text() == "1 zone sur 2"
    page.get_by_label("Commune").select_option("")
    assert page.locator(".signe.zone.pose").count() == 2
    assert page.locator(".leaflet-overlay-pane path[fill='#111']").count() == 1
    assert opened.complaints == []


def test_paper_unfolds_the_cards(map_file: Path, open_page: Callable) -> None:
    page = open_page(map_file).page
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("#fiche-zone-1 .barres").is_visible()
