"""The week to take away: every link gives a file of its kind, and paper has no menu."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import gpxpy
import icalendar
import openpyxl
import pypdf
import pytest

from tests.browser.journey import somebody, typed

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.conftest import Town
    from tests.browser.journey import Person

pytestmark = pytest.mark.browser

WEEK = "/semaine/2026-W45"


def pdf(path: Path) -> None:
    pages = pypdf.PdfReader(path).pages
    assert 1 <= len(pages) <= 2
    assert "fiche" in typed(pages[0].extract_text()).lower() or "Qui" in pages[0].extract_text()


def ics(path: Path) -> None:
    agenda = icalendar.Calendar.from_ical(path.read_bytes())
    assert agenda.walk("VEVENT")
    assert agenda.walk("VTIMEZONE")


def gpx(path: Path) -> None:
    track = gpxpy.parse(path.read_text(encoding="utf-8"))
    assert track.length_2d() > 100


def xlsx(path: Path) -> None:
    assert openpyxl.load_workbook(path).worksheets[0].max_row > 5


def table(path: Path) -> None:
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")), delimiter=";"))
    assert len(rows) > 5
    assert len({len(row) for row in rows}) == 1


def data(path: Path) -> None:
    assert json.loads(path.read_bytes())["sessions"]


def page(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


KINDS = {
    ".pdf": pdf, ".ics": ics, ".gpx": gpx, ".xlsx": xlsx, ".csv": table, ".json": data,
    ".html": page,
}  # fmt: skip


def test_all_that_a_week_offers_is_taken_away_and_printed(
    browser: Browser, town: Town, tmp_path: Path
) -> None:
    with somebody(browser, town.address) as one:
        one.goes(WEEK)
        found = [one.receives(link, tmp_path) for link in one.page.locator("a[download]").all()]
        assert {path.suffix for path in found} == set(KINDS)
        for path in found:
            KINDS[path.suffix](path)
        assert sum(path.suffix == ".gpx" for path in found) == len(outings(one))
        on_paper(one)
        one.page.get_by_role("link", name=outings(one)[0]).first.click()
        one.page.get_by_role("heading", name="Les arrêts, dans l’ordre").wait_for()
        one.meets("une sortie")
        pdf(one.keeps(one.page.get_by_role("link", name="Fiche (PDF)")))


def outings(one: Person) -> list[str]:
    return one.page.locator("ul.cards h3 a").all_inner_texts()


def on_paper(one: Person) -> None:
    """On paper: the grid, its people and half-days; no menu, no button, no form."""
    one.page.emulate_media(media="print")
    assert one.page.locator(".week-grid").is_visible()
    for gone in ("nav:visible", "button:visible", "form:visible", ".skip:visible"):
        assert one.page.locator(gone).count() == 0, gone
    paper = pypdf.PdfReader(io.BytesIO(one.page.pdf(prefer_css_page_size=True)))
    assert all(sheet.mediabox.width > sheet.mediabox.height for sheet in paper.pages)
    said = typed(" ".join(sheet.extract_text() for sheet in paper.pages))
    assert all(words in said for words in ("Qui va où", "vendredi 6", "Ce qui n’a pas été retenu"))
    assert not any(words in said for words in ("Préparer à nouveau", "Déplacer", "Fiche (PDF)"))
    one.page.emulate_media(media="screen")
