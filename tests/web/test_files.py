"""Sending files: read apart, told by line, kept only when told to, mended and sent again."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from territory.io.deposit import FOLDER
from territory.io.raw_folder import MANIFEST, raw_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx
    from starlette.testclient import TestClient

    Opens = Callable[..., TestClient]

HEADER = "nom_structure;commune;type_structure;latitude;longitude;date_derniere_rencontre\n"
GOOD = HEADER + "Le Fournil Inventé;Valfictif;association;;;12/10/2026\n"
BAD = GOOD + "Atelier Inventé;Valfictif;association;;;31/02/2026\n"
PERSONAL = "prenom;date;type_activite;commune\nJeanne-Secrète;12/10/2026;maraude;Valfictif\n"


def _send(pages: TestClient, *files: tuple[str, bytes | str]) -> httpx.Response:
    sent = [("fichiers", (n, c.encode() if isinstance(c, str) else c)) for n, c in files]
    return pages.post("/fichiers-recus", files=sent)


def _received(folder: Path) -> list[str]:
    listed = json.loads((raw_folder(folder) / MANIFEST).read_text(encoding="utf-8"))
    return [row["name"] for row in listed["files"]]


def test_nothing_is_kept_before_it_is_told(own_demo: Path, client: Opens) -> None:
    pages = client(own_demo)
    before = _received(own_demo)
    page = _send(pages, ("../../relais.csv", BAD))
    assert page.status_code == 200
    assert "/fichiers-recus/depot/" in str(page.url)
    assert "structures partenaires" in page.text
    assert "2" in page.text
    assert "lignes lues" in page.text
    assert "C’est un nouveau fichier." in page.text
    assert _received(own_demo) == before
    kept = pages.post(f"{page.url.path}/garder", data={"fichier": 0})
    assert "Le fichier est gardé." in kept.text
    assert 'action="/calcul"' in kept.text
    assert _received(own_demo) == sorted([*before, "relais.csv"])
    assert not list((own_demo / FOLDER).iterdir())


def test_a_bad_workbook_is_told_by_line_and_column_mended_and_sent_again(
    own_demo: Path, client: Opens, tmp_path: Path
) -> None:
    book = load_workbook(raw_folder(own_demo) / "suivi_aller_vers.xlsx")
    page = book["activites"]
    column = next(c.column for c in page[3] if c.value == "date")  # below two lines of title
    good, page.cell(7, column).value = page.cell(7, column).value, "avant-hier"
    book.save(tmp_path / "suivi_aller_vers.xlsx")
    pages = client(own_demo)
    told = _send(
        pages, ("suivi_aller_vers.xlsx", (tmp_path / "suivi_aller_vers.xlsx").read_bytes())
    )
    if "Lecture en cours" in told.text:
        raise AssertionError("a small workbook is read at once")
    assert "Il remplacera le fichier du même nom." in told.text
    row = re.search(r"<tr><td class=\"figure\">7</td><td>date</td><td>(.+?)</td>", told.text)
    assert row, told.text
    listed = pages.get(f"{told.url.path}/refus-0.csv")
    assert "E-DATE" in listed.text
    assert "avant-hier" not in listed.text  # its problem is told, never what the cell held
    pages.post(f"{told.url.path}/abandonner", data={"fichier": 0})
    page.cell(7, column).value = good
    book.save(tmp_path / "suivi_aller_vers.xlsx")
    mended = _send(
        pages, ("suivi_aller_vers.xlsx", (tmp_path / "suivi_aller_vers.xlsx").read_bytes())
    )
    assert "aucune refusée" in mended.text


def test_a_file_about_people_is_refused_erased_and_its_values_never_shown(
    own_demo: Path, client: Opens
) -> None:
    page = _send(client(own_demo), ("vues.csv", PERSONAL))
    assert "la colonne « prenom » contient des données personnelles" in page.text
    assert "Jeanne-Secrète" not in page.text
    assert "Garder ce fichier" not in page.text
    left = [p for p in (own_demo / FOLDER).rglob("*") if p.is_file()]
    assert all(b"Jeanne" not in path.read_bytes() for path in left)
    assert b"Jeanne" not in (own_demo / "journal.jsonl").read_bytes()


def test_several_files_are_judged_one_by_one(own_demo: Path, client: Opens) -> None:
    pages = client(own_demo)
    page = _send(pages, ("a.csv", GOOD), ("b.json", b"{}"), ("c.csv", b""))
    assert page.text.count("Garder ce fichier") == 1
    assert "« c.csv » est vide" in page.text
    after = pages.post(f"{page.url.path}/garder", data={"fichier": 0})
    assert "« c.csv » est vide" in after.text  # the next ones are still there
    assert "a.csv" in _received(own_demo)


def test_a_renamed_table_may_take_the_place_of_the_former(own_demo: Path, client: Opens) -> None:
    pages = client(own_demo)
    page = _send(pages, ("partenaires_v2.csv", GOOD))
    assert "Mettre à la place de partenaires.csv" in page.text
    pages.post(f"{page.url.path}/garder", data={"fichier": 0, "remplace": "partenaires.csv"})
    names = _received(own_demo)
    assert "partenaires_v2.csv" in names
    assert "partenaires.csv" not in names
    assert not (raw_folder(own_demo) / "partenaires.csv").exists()


def test_a_file_is_taken_out_after_a_question(own_demo: Path, client: Opens) -> None:
    pages = client(own_demo)
    number = _received(own_demo).index("qva.gpkg")
    asked = pages.get(f"/fichiers-recus/retrait/{number}")
    assert "qva.gpkg" in asked.text
    done = pages.post("/fichiers-recus/retrait", data={"nom": "qva.gpkg"})
    assert "Le fichier est retiré" in done.text
    assert "qva.gpkg" not in _received(own_demo)
    for name in ("qva.gpkg", "../../territory.toml", ""):
        assert pages.post("/fichiers-recus/retrait", data={"nom": name}).status_code == 422
    assert (own_demo / "territory.toml").exists()


def test_a_deposit_that_is_gone_is_a_sentence(own_demo: Path, client: Opens) -> None:
    answer = client(own_demo).get("/fichiers-recus/depot/AAAAAAAAAAAAAAAA")
    assert answer.status_code == 422
    assert "envoyez le fichier de nouveau" in answer.text


def test_the_empty_workbook_is_given(demo_folder: Path, client: Opens) -> None:
    answer = client(demo_folder).get("/fichiers-recus/classeur-vide.xlsx")
    assert answer.content[:2] == b"PK"
    assert 'filename="classeur_vide.xlsx"' in answer.headers["content-disposition"]
