"""A week by mouse: planned, an outing locked, a place excluded, a visit placed, undone, stopped."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from territory.pipeline.week_held import delivered_plan
from territory.web.job_model import JobState
from tests.browser.journey import JOB_MS, somebody, typed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

    from tests.browser.conftest import Town
    from tests.browser.journey import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]  # six plans on a loaded machine

WEEK = "2026-W46"
NOT_PLANNED = "Cette semaine n’est pas encore préparée."
MOVED = re.compile(r"\d+ arrêts? changés? sur \d+|Aucun des \d+ arrêts annoncés ne change")


def test_a_week_is_planned_changed_undone_and_stopped(browser: Browser, town: Town) -> None:
    with somebody(browser, town.address) as one:
        plans(one)
        locks(one)
        place = last_place(town)
        excludes(one, place)
        assert place not in stops_of(town)
        undoes(one, place)
        places_and_moves(one, place)
        assert place in stops_of(town)
        stops_the_plan(one, town)


def stops_of(town: Town) -> list[str]:
    plan = delivered_plan(town.folder, WEEK)
    assert plan is not None
    return [stop.name for session in plan.sessions for stop in session.stops if stop.place_id]


def last_place(town: Town) -> str:
    """Return a place visited once, in an outing that is not locked."""
    plan = delivered_plan(town.folder, WEEK)
    assert plan is not None
    often = Counter(stops_of(town))
    names = [
        stop.name for session in plan.sessions if not session.locked for stop in session.stops
        if stop.place_id and often[stop.name] == 1
    ]  # fmt: skip
    return names[-1]


def plans(one: Person) -> None:
    """From the week shown to the next one; the bar moves, the grid comes by itself."""
    one.goes("/semaine")
    one.page.get_by_role("link", name="Semaine d’après").click()
    one.page.get_by_text(NOT_PLANNED).wait_for()
    one.meets("semaine à préparer")
    with one.looking():
        one.button("Préparer la semaine du lundi 9 novembre 2026").click()
        one.page.wait_for_selector(".job progress")
        one.meets("semaine en cours")
    one.page.wait_for_selector(".week-grid", timeout=JOB_MS)
    one.waits()
    assert len(one.told) > 1
    shares = [float(share) for share, _ in one.told if share]
    assert shares == sorted(shares)
    one.meets("semaine préparée")


def locks(one: Person) -> None:
    """Lock the first outing, without waiting for its plan."""
    locking = one.button(re.compile("^Verrouiller : "))
    name = (locking.get_attribute("aria-label") or "").partition(" : ")[2]
    locking.click()
    one.button(f"Déverrouiller : {name}").wait_for()
    assert f"Sortie gardée telle quelle : {name}" in typed(one.page.locator(".held").inner_text())


def excludes(one: Person, place: str) -> None:
    """Exclude a place, misspelt first; read how few stops change."""
    box = one.unfolds("Exclure un lieu ou une zone")
    box.get_by_label("Lieu ou zone").fill("Nulle part")
    one.meets("exclusion remplie")
    box.get_by_role("button", name="Exclure").click()
    alert = one.page.get_by_role("alert")
    alert.wait_for()
    assert "« Nulle part » : ni lieu ni zone de ce nom" in typed(alert.inner_text())
    one.meets("exclusion refusée", refused=422)
    again = one.page.get_by_label("Lieu ou zone").and_(one.page.locator("#e-cible"))
    assert again.input_value() == "Nulle part"
    again.fill(place)
    one.page.get_by_role("button", name="Exclure", exact=True).click()
    undoing(one, place).wait_for()
    one.waits()
    assert one.page.locator(".week-grid").get_by_text("verrouillée").count() > 0
    changes = one.page.locator("section", has=one.page.locator("#change")).inner_text()
    assert MOVED.search(typed(changes))
    one.meets("lieu exclu")


def undoing(one: Person, words: str) -> Locator:
    return one.button(re.compile(f"^Annuler : .*{re.escape(words)}"))


def undoes(one: Person, place: str) -> None:
    """Take the exclusion back: it is in force no more."""
    undoing(one, place).click()
    undoing(one, place).wait_for(state="detached")
    one.waits()
    one.meets("exclusion annulée")


def places_and_moves(one: Person, place: str) -> None:
    """Ask for a visit, then move an outing while the first plan is still under way."""
    box = one.unfolds("Placer une visite")
    box.get_by_label("Lieu ou zone").fill(place)
    box.get_by_role("button", name="Placer").click()
    undoing(one, place).wait_for()
    moving = one.unfolds("Déplacer une sortie")
    outing = moving.get_by_label("Sortie").locator("option").last
    label = outing.inner_text()
    moving.get_by_label("Sortie").select_option(label=label)
    moving.get_by_label("Quand").select_option(label="mardi 10 après-midi")
    moving.get_by_role("button", name="Déplacer").click()
    undoing(one, "Déplacé de vendredi").wait_for()
    one.waits()
    one.meets("sortie déplacée")


def stops_the_plan(one: Person, town: Town) -> None:
    """Stop a plan under way: it is over within two seconds, by the clock of the server."""
    one.button("Préparer à nouveau").click()
    one.button("Arrêter").click()
    one.page.get_by_role("heading", name="Préparation de la semaine : arrêté").wait_for()
    one.meets("travail arrêté")
    job, stop = town.office.jobs.latest(1)[0], town.office.store.actions.latest(1)[0]
    assert (job.state, stop.title) == (JobState.STOPPED, "Travail arrêté")
    assert job.ended is not None
    assert job.ended.timestamp() - stop.at_s < 2
