"""A workbook sent, refused, mended, sent again and kept; nothing kept before it is wanted."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.browser.journey import somebody, typed
from tests.browser.served import served
from tests.shared_folder import copy_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.journey import Person

pytestmark = pytest.mark.browser

HEADS = ("id_activite", "date", "type_activite", "lieu", "id_partenaire", "commune", "nb_informes")
GOOD = ("B1", date(2026, 10, 27), "maraude", "Marché du mercredi", None, "Valfictif", 12)
BAD_DAY = ("B2", "31/02/2026", "maraude", "Gare routière de Valfictif", None, "Valfictif", 6)
NOWHERE = ("B3", date(2026, 10, 28), "permanence", None, "P9999", "Valfictif", 4)
MENDED = (GOOD, ("B2", date(2026, 10, 29), *BAD_DAY[2:]), (*NOWHERE[:4], "P0001", *NOWHERE[5:]))


def book(folder: Path, rows: Iterable[tuple[object, ...]], heads: tuple[str, ...] = HEADS) -> Path:
    made = openpyxl.Workbook()
    made.active.title = "activites"
    for row in (heads, *rows):
        made.active.append(row)
    folder.mkdir(exist_ok=True)
    made.save(folder / "sorties.xlsx")
    return folder / "sorties.xlsx"


def sends(one: Person, path: Path) -> str:
    """Send a file; return what the page says of it."""
    one.page.get_by_label("Tableaux, cartes ou rues").set_input_files(path)
    one.button("Lire ces fichiers").click()
    one.page.get_by_role("heading", name="Fichiers lus, pas encore gardés").wait_for()
    return typed(one.page.locator("main").inner_text())


def test_a_bad_workbook_is_refused_line_by_line_mended_and_kept(
    browser: Browser, untouched_demo: Path, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    folder = copy_of(untouched_demo, tmp_path_factory, "envoi")
    kept = folder / "data" / "raw" / "sorties.xlsx"
    with served(folder) as address, somebody(browser, address) as one:
        one.goes("/")
        one.page.get_by_role("link", name="Ajouter ou remplacer un fichier").click()
        one.page.get_by_role("heading", name="Fichiers reçus").wait_for()
        one.meets("fichiers reçus")
        sends_people(one, tmp_path / "gens")
        sends_bad_lines(one, tmp_path / "faux")
        assert not kept.exists()
        sent = book(tmp_path / "juste", MENDED)
        said = sends(one, sent)
        assert "3 lignes lues, aucune refusée." in said
        assert "n’existe pas" not in said
        assert not kept.exists()
        one.meets("fichier lu")
        keeps(one)
        assert kept.read_bytes() == sent.read_bytes()


def sends_people(one: Person, folder: Path) -> None:
    """A column of first names: the whole file is turned away and already erased."""
    said = sends(one, book(folder, [(*GOOD, "Camille")], (*HEADS, "prenom")))
    assert "« prenom »" in said
    assert "Ce fichier a déjà été effacé d’ici." in said
    assert "Camille" not in said
    one.meets("fichier de personnes refusé")
    one.button("Fermer").click()


def sends_bad_lines(one: Person, folder: Path) -> None:
    """A day that does not exist, a partner that nobody knows: each said, nothing kept."""
    said = sends(one, book(folder, [GOOD, BAD_DAY, NOWHERE]))
    assert "3 lignes lues, dont 1 refusée." in said
    rows = [typed(row.inner_text()) for row in one.page.locator("tbody tr").all()]
    assert any("31/02/2026" in row and row.startswith("3 date") for row in rows)
    assert any("Activité B3 : le partenaire « P9999 » n’existe pas" in row for row in rows)
    one.meets("lignes refusées")
    one.button("Abandonner").click()
    one.page.get_by_text("Le fichier est effacé, rien n’a changé.").wait_for()
    one.meets("fichier abandonné")


def keeps(one: Person) -> None:
    """Keep the file: it is among those received, and the first page asks to compute again."""
    one.button("Garder ce fichier").click()
    one.page.get_by_text("Le fichier est gardé.").wait_for()
    one.page.get_by_role("row", name="sorties.xlsx").wait_for()
    one.meets("fichier gardé")
    one.goes("/")
    one.page.get_by_role("row", name="sorties.xlsx").wait_for()
    one.button("Tout recalculer").wait_for()
    one.meets("accueil après un envoi")
