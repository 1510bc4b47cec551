"""Saisie: the sheets awaited, taps and typed lines, corrections, two people at one sheet."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from territory.cli import run
from territory.io.debriefs import in_force, read_debriefs
from territory.model.jsonable import to_json
from territory.pipeline.week_codes import PLAN, printed_plan
from territory.settings import FILE_NAME
from territory.web.rights import Right
from territory.web.visitor import Visitor
from tests.io.printed import WEDNESDAY
from tests.outputs.map_town import plan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.testclient import TestClient

    from territory.model.week_results import Session

    Opens = Callable[..., TestClient]


@pytest.fixture
def sheet(tmp_path: Path) -> Session:
    """The outing printed in a territory never built, the day after it."""
    assert run(["init", str(tmp_path), "--communes", "93010"]) == 0
    settings = tmp_path / FILE_NAME
    text = settings.read_text(encoding="utf-8")
    head = "[territoire]"
    dated = text.replace(head, f"{head}\ndate_reference = {WEDNESDAY.isoformat()}", 1)
    settings.write_text(dated, encoding="utf-8")
    made = printed_plan(tmp_path, plan(), frozenset(), epsg=2154)
    folder = tmp_path / "outputs" / made.week
    folder.mkdir(parents=True)
    (folder / PLAN).write_text(json.dumps(to_json(made)), encoding="utf-8")
    return next(s for s in made.sessions if s.stops)


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def path_of(sheet: Session) -> str:
    return f"/saisie/{plan().week}/{sheet.code}"


def test_taps_make_a_debrief_and_the_sheet_is_no_more_awaited(
    sheet: Session, tmp_path: Path, client: Opens
) -> None:
    pages = client(tmp_path)
    assert f'href="{path_of(sheet)}"' in pages.get("/saisie").text
    form = pages.get(path_of(sheet)).text
    assert 'type="number"' in form
    taps = {"revision": "0", "etat": "fait", "I": "3", "A": "", "F": "2", "meteo": "pluie",
            "ferme-B": "oui", "arret-A": "0", "debut": "09:30", "fin": "11:30"}  # fmt: skip
    page = pages.post(path_of(sheet), data=taps)
    assert "C’est noté." in page.text
    assert "3 personnes informées, 2 femmes" in text_of(page.text)
    (done,) = read_debriefs(tmp_path)[0].values()
    assert done.counts == {"n_informed": 3, "n_women": 2}  # what was left empty is not counted
    assert (done.at_stops, done.closed, done.weather) == ({"A": 0}, ("B",), "pluie")
    assert f'sheets">\n<li><a href="{path_of(sheet)}' not in page.text
    assert "Aucune sortie n’attend de retour." in page.text


def test_a_cancelled_outing_says_why_and_counts_nobody(
    sheet: Session, tmp_path: Path, client: Opens
) -> None:
    pages = client(tmp_path)
    both = pages.post(path_of(sheet), data={"etat": "annule", "motif": "meteo", "I": "4"})
    assert both.status_code == 422
    assert "n’a rencontré personne" in text_of(both.text)
    assert 'value="4"' in both.text  # nothing of the form is lost
    assert not read_debriefs(tmp_path)[0]
    page = pages.post(path_of(sheet), data={"etat": "annule", "motif": "meteo"})
    assert "annulé, motif : météo" in text_of(page.text)


def test_a_correction_replaces_and_the_former_one_stays_in_the_history(
    sheet: Session, tmp_path: Path, client: Opens
) -> None:
    pages = client(tmp_path)
    pages.post(path_of(sheet), data={"etat": "fait", "I": "3"})
    form = pages.get(path_of(sheet)).text
    assert re.search(r'name="I"[^>]*value="3"', form)
    assert 'name="revision" value="1"' in form
    page = pages.post(path_of(sheet), data={"revision": "1", "etat": "fait", "I": "5"})
    known = read_debriefs(tmp_path)[0]
    assert [d.counts["n_informed"] for d in known.values()] == [3, 5]
    assert [d.counts["n_informed"] for d in in_force(known).values()] == [5]
    assert text_of(page.text).count("Remplacé depuis.") == 1


def test_two_people_at_one_sheet_the_second_is_told(
    sheet: Session, tmp_path: Path, client: Opens
) -> None:
    pages = client(tmp_path)
    pages.post(path_of(sheet), data={"revision": "0", "etat": "fait", "I": "3"})
    late = pages.post(path_of(sheet), data={"revision": "0", "etat": "fait", "I": "9"})
    assert late.status_code == 409
    assert "Quelqu’un a saisi cette fiche entre-temps" in text_of(late.text)
    assert re.search(r'name="I"[^>]*value="3"', late.text)  # what was kept
    assert len(read_debriefs(tmp_path)[0]) == 1


def test_a_typed_line_is_read_in_french_before_it_is_kept(
    sheet: Session, tmp_path: Path, client: Opens
) -> None:
    pages = client(tmp_path)
    line = {"ligne": f"{sheet.code} I12 A3 F7 H6"}
    read = pages.post("/saisie/lecture", data=line, headers={"hx-request": "true"}).text
    assert "<html" not in read
    assert "12 personnes informées, 3 personnes accrochées" in text_of(read)
    assert "Femmes + hommes (13) dépasse" in text_of(read)
    assert not read_debriefs(tmp_path)[0]
    whole = pages.post("/saisie/lecture", data=line).text  # without JavaScript
    assert "<html" in whole
    kept = re.search(r'name="ligne" value="([^"]+)"', whole)
    assert kept is not None
    page = pages.post("/saisie/ligne", data={"ligne": kept[1], "revision": "0"})
    assert "C’est noté." in page.text
    assert len(read_debriefs(tmp_path)[0]) == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{code} I12 Josette", "Mot non compris, et non répété"),
        ("ZZZZ I3", "un signe est faux"),
        ("{code} A99999", "dépasse 2000 personnes"),
    ],
)
def test_what_is_not_understood_is_not_repeated(
    line: str, said: str, sheet: Session, tmp_path: Path, client: Opens
) -> None:
    pages = client(tmp_path)
    for path in ("/saisie/lecture", "/saisie/ligne"):
        page = pages.post(path, data={"ligne": line.format(code=sheet.code)}).text
        assert said in text_of(page)
        assert "Josette" not in page
    assert not read_debriefs(tmp_path)[0]


def test_no_sheet_no_form_and_readers_do_not_type(
    sheet: Session, tmp_path: Path, client: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = client(tmp_path)
    assert pages.get(f"/saisie/{plan().week}/ABCD").status_code == 404
    monkeypatch.setattr(Visitor, "may", lambda _, right: right is Right.READ)
    assert pages.get("/saisie").status_code == 403
    assert pages.post(path_of(sheet), data={"etat": "fait", "I": "1"}).status_code == 403
