"""A week changed by mouse and by keyboard: moved, taken back, the focus where one goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from territory.io.week_edits import edits_in_force, read_edits
from territory.model.week_edits import EditKind
from territory.outputs.french import weekday
from territory.pipeline.week_held import delivered_plan
from territory.web.jobs import Jobs
from tests.browser.served import served, visit
from tests.shared_folder import copy_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from territory.model.week_results import Session

pytestmark = pytest.mark.browser
WEEK = "2026-W45"


@pytest.fixture
def folder(untouched_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of(untouched_demo, tmp_path_factory, "main")


@pytest.fixture
def page(folder: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """The page of the week, none of whose jobs runs, that complained of nothing."""
    monkeypatch.setattr(Jobs, "start", lambda *_, **__: None)
    with served(folder) as address, visit(browser) as (page, wrong):
        page.goto(f"{address}/semaine/{WEEK}")
        page.wait_for_selector("body[data-pret]")
        yield page
        assert [said for said in wrong if "422" not in said] == []  # 422: a refusal, shown


def outing_of(folder: Path) -> Session:
    plan = delivered_plan(folder, WEEK)
    assert plan is not None
    return next(s for s in plan.sessions if s.stops and s.on.weekday() < 4)


def noted(folder: Path) -> list[EditKind | None]:
    return [edit.kind for edit in edits_in_force(read_edits(folder, WEEK)[0]).values()]


def focused(page: Page) -> str:
    return str(page.evaluate("() => document.activeElement.textContent.trim()"))


def test_an_outing_dropped_on_a_half_day_moves_and_one_key_takes_it_back(
    page: Page, folder: Path
) -> None:
    outing = outing_of(folder)
    slot = page.locator(f".slot[data-sortie='{outing.session_id}']").first
    own = slot.locator("xpath=ancestor::td")
    slot.drag_to(own, target_position={"x": 5, "y": 5})
    assert noted(folder) == []  # where it is already
    row = f"[data-qui='{outing.agents[0]}']"
    slot.drag_to(page.locator(f"td{row}[data-moment='vendredi matin']"))
    page.wait_for_url("**?fait=*")
    page.wait_for_selector("#annuler:focus")
    assert set(noted(folder)) == {EditKind.EXCLUDE, EditKind.PLACE}
    assert focused(page) == "Annuler"
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Rétablir").wait_for()
    assert noted(folder) == []


def test_the_same_is_done_by_keyboard_from_the_grid(page: Page, folder: Path) -> None:
    outing = outing_of(folder)
    half = {"matin": "matin", "apres-midi": "après-midi"}[outing.half_day]
    which = f"{outing.agents[0]}, {weekday(outing.on.weekday())} {outing.on.day} {half}"
    page.get_by_role("button", name=f"Verrouiller la sortie de {which}").press("Enter")
    page.wait_for_selector("#annuler:focus")
    assert noted(folder) == [EditKind.LOCK]
    assert focused(page) == "Annuler"
    page.get_by_role("link", name=f"Déplacer la sortie de {which}").press("Enter")
    page.get_by_label("Quand").select_option("vendredi matin")
    page.locator("#deplacer button").press("Enter")
    page.wait_for_url("**?fait=*")
    assert EditKind.LOCK not in noted(folder)
    assert EditKind.PLACE in noted(folder)


def test_a_move_that_cannot_be_says_why(page: Page, folder: Path) -> None:
    outing = outing_of(folder)
    page.locator("summary", has_text="Déplacer une sortie").press("Enter")
    page.locator("#d-sortie").select_option(outing.session_id)
    page.locator("#deplacer button").press("Enter")
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "Cette sortie est déjà là" in alert.inner_text()
    assert noted(folder) == []
