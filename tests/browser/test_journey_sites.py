"""What if a permanence opened, closed or moved: who gains, and today's proposal as it was."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.journey import JOB_MS, somebody, typed

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.conftest import Town
    from tests.browser.journey import Person

pytestmark = pytest.mark.browser


def test_permanences_are_supposed_and_the_proposal_stays(browser: Browser, town: Town) -> None:
    with somebody(browser, town.address) as one:
        one.goes("/permanences")
        before = proposed(one)
        one.meets("permanences")
        held = held_today(one)

        asks(one, 1, at=-1, what="y tenir une permanence")
        one.meets("essai rempli")
        with one.looking():
            one.button("Essayer").click()
            one.page.wait_for_selector(".job progress")
            one.meets("essai en cours")
        one.page.get_by_text("L’essai à côté de la proposition").wait_for(timeout=JOB_MS)
        one.unfolds("Qui y gagne")
        one.meets("essai terminé")
        assert gains(one)

        asks(one, 1, name=held[0], what="pouvoir fermer celle d’aujourd’hui")
        asks(one, 2, name=held[1], what="pouvoir déplacer celle d’aujourd’hui")
        told = shown(one)
        with one.page.expect_navigation(timeout=JOB_MS):
            one.button("Essayer").click()
        one.page.wait_for_selector("body[data-pret]")
        assert shown(one) != told
        one.meets("fermeture et déplacement")
        assert proposed(one) == before


def asks(one: Person, row: int, *, what: str, name: str = "", at: int = 0) -> None:
    """Fill one line of the form: a place by name, or by its rank in the list."""
    places = one.page.get_by_label(f"Lieu {row}", exact=True)
    options = [typed(o) for o in places.locator("option").all_inner_texts()]
    index = next(n for n, o in enumerate(options) if name in o) if name else at % len(options)
    places.select_option(index=index)
    one.page.get_by_label(f"Demande {row}", exact=True).select_option(label=what)


def proposed(one: Person) -> list[str]:
    """Return the names of today's proposal."""
    first = one.page.locator("main > ul.cards").first
    return [typed(text) for text in first.locator("h3").all_inner_texts()]


def shown(one: Person) -> str:
    """Return what the trial shown asked, and what it would bring."""
    return typed(one.page.locator("#essai > p").first.inner_text())


def held_today(one: Person) -> list[str]:
    """Return the names of the permanences held today, each once."""
    rows = one.page.get_by_role("table", name="Par jour de la semaine").locator("tbody th")
    return list(dict.fromkeys(typed(text) for text in rows.all_inner_texts()))


def gains(one: Person) -> bool:
    """Return whether the trial says who gains, and from which commune they would come."""
    said = typed(one.page.locator("#essai").inner_text())
    return bool(re.search(r"Viendraient de \(personnes par semaine\) : \S", said))
