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
from tests.browser.test_pages import faults
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


def first_stop(page: Page, folder: Path) -> tuple[Session, str]:
    """Open the stops of an outing in the grid; return it and the key of its first place."""
    outing = outing_of(folder)
    key = next(s.place_id for s in outing.stops if s.place_id)
    slot = page.locator(f".slot[data-sortie='{outing.session_id}']").first
    slot.locator("summary").press("Enter")
    return outing, key


def test_one_stop_is_dropped_on_another_half_day(page: Page, folder: Path) -> None:
    """Only it moves, by the same lines as the form; one key takes it back."""
    outing, key = first_stop(page, folder)
    stop = page.locator(f"[data-arret='{key}']").first
    row = f"[data-qui='{outing.agents[0]}']"
    there = page.locator(f"td{row}[data-moment='vendredi matin']")
    stop.drag_to(there, target_position={"x": 20, "y": 20})
    page.wait_for_url("**?fait=*")
    page.wait_for_selector("#annuler:focus")
    held = edits_in_force(read_edits(folder, WEEK)[0]).values()
    assert [(e.kind, e.target, e.half_day) for e in held] == [
        (EditKind.EXCLUDE, key, outing.half_day), (EditKind.PLACE, key, "matin"),
    ]  # fmt: skip
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Rétablir").wait_for()
    assert noted(folder) == []


def test_one_stop_is_taken_and_put_down_by_keyboard(page: Page, folder: Path) -> None:
    """Taken, let go, taken again; arrows choose the half-day, Enter puts it there."""
    _, key = first_stop(page, folder)
    stop = page.locator(f"[data-arret='{key}']").first
    taker = stop.get_by_role("button")
    taker.press("Enter")
    assert focused(page) == "Poser ici"
    assert "Choisissez une demi-journée" in page.locator("#annonce").inner_text()
    assert faults(page) == []
    page.keyboard.press("Escape")
    assert focused(page) == "Prendre"
    assert page.get_by_role("button", name="Poser ici").count() == 0
    taker.press("Enter")
    before = page.evaluate("() => document.activeElement.closest('td').dataset.titre")
    page.keyboard.press("ArrowRight")
    chosen = page.evaluate("() => ({...document.activeElement.closest('td').dataset})")
    assert chosen["titre"] != before
    page.keyboard.press("Enter")
    page.wait_for_url("**?fait=*")
    page.wait_for_selector("#annuler:focus")
    placed = [e for e in edits_in_force(read_edits(folder, WEEK)[0]).values() if e.kind == "placer"]
    assert [(e.target, e.agent) for e in placed] == [(key, chosen["qui"])]


def test_one_stop_is_moved_by_finger(
    folder: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tap takes it, a tap puts it down: nothing is dragged on a touch screen."""
    monkeypatch.setattr(Jobs, "start", lambda *_, **__: None)
    with served(folder) as address, visit(browser, has_touch=True) as (page, wrong):
        page.goto(f"{address}/semaine/{WEEK}")
        page.wait_for_selector("body[data-pret]")
        outing, key = first_stop(page, folder)
        page.locator(f"[data-arret='{key}'] button").first.tap()
        there = page.locator(f"td[data-qui='{outing.agents[0]}'][data-moment='vendredi matin']")
        there.get_by_role("button", name="Poser ici").tap()
        page.wait_for_url("**?fait=*")
        assert set(noted(folder)) == {EditKind.EXCLUDE, EditKind.PLACE}
        assert wrong == []


def test_one_stop_is_moved_from_the_page_of_its_outing(page: Page, folder: Path) -> None:
    """The link opens the form of the week with that stop chosen."""
    outing = outing_of(folder)
    stop = next(s for s in outing.stops if s.place_id)
    page.locator(f".slot[data-sortie='{outing.session_id}'] .title a").first.click()
    page.get_by_role("link", name=f"Déplacer cet arrêt : {stop.name}").click()
    assert page.locator("#s-arret").input_value() == f"{outing.session_id} {stop.place_id}"
    page.locator("#s-quand").select_option("vendredi matin")
    page.locator("#deplacer-arret button").press("Enter")
    page.wait_for_url("**?fait=*")
    assert set(noted(folder)) == {EditKind.EXCLUDE, EditKind.PLACE}


def test_a_move_that_cannot_be_says_why(page: Page, folder: Path) -> None:
    outing = outing_of(folder)
    page.locator("summary", has_text="Déplacer une sortie").press("Enter")
    page.locator("#d-sortie").select_option(outing.session_id)
    page.locator("#deplacer button").press("Enter")
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "Cette sortie est déjà là" in alert.inner_text()
    assert noted(folder) == []
