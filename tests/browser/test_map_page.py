"""The offline map in a real browser: silent, drawn, readable, in French, usable by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString

from territory.model.tables import SEGMENTS, conform
from territory.outputs.map_content import degrees
from territory.outputs.maps import write_map
from tests.outputs.map_town import X0, Y0, analyses, cells, town

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd
    from playwright.sync_api import FrameLocator, Page

    from tests.browser.conftest import Opened

pytestmark = pytest.mark.browser

COLOURS = """(layer) => {
  const seen = new Set();
  document.querySelectorAll(layer + ' canvas').forEach((c) => {
    const p = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
    for (let i = 0; i < p.length; i += 4 * 17) seen.add((p[i] << 16) + (p[i+1] << 8) + p[i+2]);
  });
  return seen.size;
}"""

CLICK = """(at) => {
  const map = Object.entries(window).find(([k, v]) => /^map_\\d+$/.test(k) && v.getZoom)[1];
  map.fire('click', {latlng: L.latLng(at)});
}"""


@pytest.fixture(scope="session")
def map_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_map(tmp_path_factory.mktemp("carte") / "carte.html", **town())


def test_nothing_is_asked_and_nothing_goes_wrong(map_file: Path, open_page: Callable) -> None:
    opened: Opened = open_page(map_file)
    assert set(opened.asked) == {map_file.as_uri()}
    assert opened.complaints == []
    assert opened.page.title() == "Villefictive – semaine 48"


def test_streets_and_squares_are_really_drawn(map_file: Path, open_page: Callable) -> None:
    page = open_page(map_file).page
    assert page.evaluate(COLOURS, ".leaflet-carreaux-pane") > 3
    assert page.evaluate(COLOURS, ".leaflet-tile-pane") > 3


def test_click_on_a_square_says_its_figures_in_french(map_file: Path, open_page: Callable) -> None:
    opened = open_page(map_file)
    page = opened.page
    spot = page.locator(".folium-map").bounding_box()
    assert spot
    page.mouse.click(spot["x"] + spot["width"] * 0.30, spot["y"] + spot["height"] * 0.42)
    text = page.locator(".leaflet-popup-content").inner_text()
    for words in ("Carreau de 200 m", "Public estimé", "Permanence la plus proche", "Contacts"):
        assert words in text
    assert opened.complaints == []


def test_small_square_shows_no_figure(map_file: Path, open_page: Callable) -> None:
    page = open_page(map_file).page
    page.evaluate(CLICK, list(degrees([(X0 + 20, Y0 + 20)], 2154)[0]))
    text = page.locator(".leaflet-popup-content").inner_text()
    assert text.count("effectif trop faible") == 3


def test_zone_button_works_by_keyboard(map_file: Path, open_page: Callable) -> None:
    page = open_page(map_file).page
    page.locator("[data-repere='zone-2']").focus()
    page.keyboard.press("Enter")
    text = page.locator(".leaflet-popup-content").inner_text()
    assert "2. Secteur 2 <b>" in text
    assert all(f"Raison {kind} n° 2." in text for kind in ("besoin", "acces", "effort"))
    assert page.locator(".leaflet-popup-close-button").get_attribute("aria-label") == "Fermer"


def test_every_button_of_the_tables_finds_its_mark(map_file: Path, open_page: Callable) -> None:
    page = open_page(map_file).page
    buttons = page.locator("[data-repere]")
    assert buttons.count() == 5  # two zones, two outings, one suggested site
    for n in range(buttons.count()):
        buttons.nth(n).click()
        said = page.locator(".leaflet-popup-content h3").inner_text()
        assert said.endswith(buttons.nth(n).inner_text())


def opened_by_keyboard(page: Page) -> None:
    """Open the list of layers, closed until asked for."""
    assert page.locator(".leaflet-control-layers-expanded").count() == 0
    page.get_by_role("button", name="Calques").focus()
    page.keyboard.press("Enter")
    assert page.locator(".leaflet-control-layers-expanded").count() == 1


def test_escape_closes_the_list_of_layers_and_gives_the_focus_back(
    map_file: Path, open_page: Callable
) -> None:
    page = open_page(map_file).page
    opened_by_keyboard(page)
    page.get_by_label("Besoin", exact=True).focus()
    page.keyboard.press("Escape")
    assert page.locator(".leaflet-control-layers-expanded").count() == 0
    assert page.evaluate("() => document.activeElement.textContent") == "Calques"


def framed(map_file: Path, open_page: Callable, folder: Path) -> tuple[Page, FrameLocator]:
    """Open a page that holds the map in a frame, as the application does; return both."""
    around = folder / "page.html"
    frame = f'<iframe src="{map_file.as_uri()}#carte" sandbox="allow-scripts" title="Carte"'
    around.write_text(
        f'<!doctype html><body data-pret="1">{frame} width="900" height="600"></iframe>', "utf-8"
    )
    page = open_page(around).page
    inside = page.frame_locator("iframe")
    inside.locator("body[data-pret]").wait_for()
    return page, inside


def test_in_a_frame_the_map_is_alone_and_shows_what_the_page_says(
    map_file: Path, open_page: Callable, tmp_path: Path
) -> None:
    page, inside = framed(map_file, open_page, tmp_path)
    assert not inside.locator(".panneau").is_visible()
    assert inside.locator(".folium-map").bounding_box()["height"] > 300
    wanted = town()["gaps"][0].zone_id
    page.evaluate(
        "(id) => document.querySelector('iframe').contentWindow.postMessage({montre: id}, '*')",
        wanted,
    )
    inside.locator(".leaflet-popup-content").wait_for()
    card = inside.locator(".leaflet-popup-content").inner_text()
    assert card.startswith("1. ")
    assert "Pourquoi cette zone" not in card  # its card is in the page around


def test_in_a_frame_one_outing_is_shown_alone_and_a_stop_clicked_is_told(
    map_file: Path, open_page: Callable, tmp_path: Path
) -> None:
    """Two outings of two stops: one is left; what the page itself asked is not told back."""
    page, inside = framed(map_file, open_page, tmp_path)
    stops = inside.locator(".signe.arret")
    assert stops.count() == 4
    page.evaluate("""() => {
      window.told = [];
      window.addEventListener('message', (e) => window.told.push(e.data.ouvert));
    }""")
    post = "(said) => document.querySelector('iframe').contentWindow.postMessage(said, '*')"
    page.evaluate(post, {"seule": "seance-S2"})
    inside.locator(".signe.arret >> nth=2").wait_for(state="detached")
    assert [text[-1] for text in stops.all_inner_texts()] == ["1", "2"]
    page.evaluate(post, {"montre": "arret-S2-1"})
    card = inside.locator(".leaflet-popup-content")
    card.wait_for()
    assert card.inner_text().startswith("Arrêt 1")
    inside.locator(".leaflet-popup-close-button").click()
    stops.nth(1).click()
    page.wait_for_function("() => window.told.length")
    assert page.evaluate("() => window.told") == ["arret-S2-2"]


def test_one_colouring_at_a_time_with_its_legend(map_file: Path, open_page: Callable) -> None:
    page = open_page(map_file).page
    opened_by_keyboard(page)
    for name in ("Accès", "Passages", "Besoin"):
        page.get_by_label(name, exact=True).focus()
        page.keyboard.press("Space")
        shown = page.locator("[data-theme]:visible")
        assert shown.count() == 1
        assert shown.locator("h2").inner_text().startswith(name)
    page.get_by_label("Aucune", exact=True).focus()
    page.keyboard.press("Space")
    assert page.locator("[data-theme]:visible").count() == 0


def test_marks_have_a_name_for_screen_readers(map_file: Path, open_page: Callable) -> None:
    page = open_page(map_file).page
    marks = page.locator(".leaflet-marker-icon[role=button]")
    assert marks.count() == 8  # two zones, a permanence, a proposal, four stops
    names = [marks.nth(n).get_attribute("aria-label") for n in range(marks.count())]
    assert all(names)
    assert "Arrêt 1 : Centre social Les Lilas" in names


def test_hostile_names_are_shown_as_text(map_file: Path, open_page: Callable) -> None:
    opened = open_page(map_file)
    page = opened.page
    page.locator("summary", has_text="Partenaires").click()
    assert page.get_by_text("<script>alert(1)</script>", exact=True).is_visible()
    assert page.get_by_text("{{ 7 * 7 }} </script>", exact=True).is_visible()
    assert opened.complaints == []


def test_planted_tile_address_gets_no_answer(map_file: Path, open_page: Callable) -> None:
    opened = open_page(map_file)
    before = list(opened.answered)
    opened.page.evaluate("""() => {
      const image = new Image();
      image.src = 'https://tile.example.org/1/1/1.png';
      document.body.appendChild(image);
      document.body.appendChild(Object.assign(document.createElement('script'), {text: 'window.bad = 1'}));
    }""")  # noqa: E501
    opened.page.wait_for_selector("body[data-pret]")
    assert opened.page.evaluate("() => window.bad") is None
    assert opened.answered == before
    assert any("Content Security Policy" in c for c in opened.complaints)


def test_phone_has_no_sideways_scroll(map_file: Path, open_page: Callable) -> None:
    page = open_page(map_file, width=390, height=844).page
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert page.locator(".leaflet-control-layers-expanded").count() == 0


def test_paper_keeps_the_map_and_the_tables(map_file: Path, open_page: Callable) -> None:
    page = open_page(map_file).page
    page.emulate_media(media="print")
    assert page.locator(".folium-map").is_visible()
    assert page.locator("table").first.is_visible()
    assert not page.locator(".leaflet-control-layers").is_visible()


def many_streets(n: int = 150) -> gpd.GeoDataFrame:
    """45 000 bent segments over 15 km."""
    i, j, along = (a.ravel() for a in np.meshgrid(range(n), range(n), (0, 1), indexing="ij"))
    x, y, step = X0 + 100.0 * i, Y0 + 100.0 * j, 100.0
    middle_x, middle_y = x + step / 2 * along + 9.0, y + step / 2 * (1 - along) + 7.0
    lines = [
        LineString([(a, b), (c, d), (a + step * k, b + step * (1 - k))])
        for a, b, c, d, k in zip(x, y, middle_x, middle_y, along, strict=True)
    ]
    data = {"way_id": range(len(lines)), "tail": 0, "head": 1, "length_m": 100.0,
            "highway": "residential", "steps": False, "geometry": lines}  # fmt: skip
    return conform(pd.DataFrame(data, index=range(len(lines))), SEGMENTS)


@pytest.mark.slow
def test_large_town_stays_small_and_quick(tmp_path: Path, open_page: Callable) -> None:
    squares = cells(72, 70)
    arguments = town(cells=squares, segments=many_streets(), **analyses(squares.index))
    path = write_map(tmp_path / "grande.html", **arguments)
    assert len(arguments["segments"]) == 45_000
    assert path.stat().st_size <= 3_000_000
    opened = open_page(path)
    assert opened.complaints == []
    ready = opened.page.evaluate("() => performance.now()")
    assert ready <= 15_000  # a bar of 5 s on a quiet machine
