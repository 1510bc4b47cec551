"""Every state that a visitor may meet, in a real browser: silent, accessible, narrow enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts.page_states import JOBS, STAGES, TOWN, WEEK, Scene, Stage, State, opened
from tests.browser.served import visit
from tests.browser.test_pages import NARROW, faults

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
ELSEWHERE = frozenset({
    "accueil", "zones", "permanences", "secteurs", "bilan", "fichiers_recus", "reglages", "semaine",
    "travaux_aucun", "accessibilite", "donnees_personnelles", "introuvable",
})  # fmt: skip # pages as they open: tests/browser/test_pages.py
LONG = (TOWN, WEEK, JOBS)  # many states, or jobs to wait for
FOLDED = "(open) => document.querySelectorAll('details').forEach((d) => { d.open = open; })"


def wrong_with(page: Page, state: State, said: list[str]) -> list[str]:
    """Return what is wrong with the page shown: complaints, rules broken, sideways scroll."""
    expected = f"status of {state.status}"
    found = [one for one in said if expected not in one]
    if page.evaluate("() => document.documentElement.lang") != "fr":
        found.append("langue")
    if page.locator("h1").count() != 1:
        found.append("titre")
    page.evaluate(FOLDED, True)
    found += faults(page)
    for width in NARROW:
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("() => document.documentElement.scrollWidth") > width:
            found.append(f"défile de côté à {width}")
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


@pytest.mark.parametrize(
    "stage",
    [
        pytest.param(stage, id=stage.title, marks=pytest.mark.slow if stage in LONG else ())
        for stage in STAGES
    ],
)
def test_every_state_is_silent_accessible_and_narrow_enough(
    browser: Browser, quick_town: Path, tmp_path: Path, stage: Stage
) -> None:
    bad: dict[str, list[str]] = {}
    config = stage.prepare(quick_town, tmp_path / "ville")
    with opened(config) as (address, app), visit(browser) as (page, said):
        scene = Scene(page, address, app, quick_town)
        for state in stage.states:
            state.reach(scene)
            if state.name not in ELSEWHERE and (found := wrong_with(page, state, said)):
                bad[state.name] = found
            said.clear()
            page.evaluate(FOLDED, False)
    assert bad == {}
