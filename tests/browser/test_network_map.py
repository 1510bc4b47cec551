"""The map of the control in a real browser: silent, drawn, its cards opened from the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from territory.outputs.network_faults import network_faults
from territory.outputs.network_map import write_network_map
from tests.browser.test_map_page import COLOURS
from tests.outputs.test_network_outputs import BARRIERS, SETTINGS, everything, segments

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def map_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reseau") / "reseau.html"
    return write_network_map(
        path, found=everything(), segments=segments(), barriers=BARRIERS, settings=SETTINGS
    )


def test_nothing_is_asked_and_lines_are_drawn(map_file: Path, open_page: Callable) -> None:
    opened = open_page(map_file)
    assert set(opened.asked) == {map_file.as_uri()}
    assert opened.complaints == []
    assert opened.page.evaluate(COLOURS, ".leaflet-tile-pane") > 3
    assert "Aucune" not in opened.page.locator(".leaflet-control-layers").inner_text()


def test_a_key_of_the_table_opens_the_card_on_the_map(map_file: Path, open_page: Callable) -> None:
    opened = open_page(map_file)
    fault = next(f for f in network_faults(everything()) if "impasse du Rail" in f.title)
    button = opened.page.locator(f"button[data-repere={fault.key}]").first
    button.focus()
    opened.page.keyboard.press("Enter")
    card = opened.page.locator(".leaflet-popup-content").inner_text()
    assert "Impasse coupée : impasse du Rail" in card
    assert "Que faire : Un passage existe ?" in card
    assert opened.complaints == []


def test_a_click_on_the_bare_ground_says_nothing(map_file: Path, open_page: Callable) -> None:
    opened = open_page(map_file)
    opened.page.mouse.click(60, 700)
    assert opened.page.locator(".leaflet-popup-content").count() == 0
    assert opened.complaints == []
