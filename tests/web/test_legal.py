"""The pages that the footer leads to: there for everybody, true of how the server is opened."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from docx import Document

from territory.io.retention import KEPT_YEARS
from territory.web.documents import TITLES
from territory.web.rights import RIGHT_NAMES, RIGHTS, ROLE_NAMES, Right, Role
from tests.web.team import close_team, open_team

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FOOTER = ("/travaux", "/accessibilite", "/donnees-personnelles")


@pytest.mark.parametrize("path", FOOTER)
def test_the_footer_leads_to_pages(demo_folder: Path, client: Callable, path: str) -> None:
    pages = client(demo_folder)
    assert f'href="{path}"' in pages.get("/").text
    answer = pages.get(path)
    assert answer.status_code == 200
    assert len(re.findall("<h1>", answer.text)) == 1


def test_what_is_said_of_data_goes_by_the_folder(demo_folder: Path, client: Callable) -> None:
    page = client(demo_folder).get("/donnees-personnelles").text
    assert "Prochain effacement : vendredi 1er janvier 2027." in page
    assert "Comptes de ces pages" not in page  # nobody has an account on this machine


def test_the_table_of_rights_is_that_of_the_door(demo_folder: Path, client: Callable) -> None:
    page = client(demo_folder).get("/donnees-personnelles").text
    table = page[page.index("<table>") : page.index("</table>")]
    titles, *rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    assert re.findall(r'<th scope="col">([^<]+)', titles)[1:] == [
        "Lecture", "Médiation", "Coordination", "Direction",
    ]  # fmt: skip
    told = {
        re.findall(r"<th[^>]*>([^<]+)", row)[0]: re.findall(r"<td>([^<]+)", row) for row in rows
    }
    assert list(told) == [RIGHT_NAMES[right] for right in Right]
    for right in Right:
        says = [word == "oui" for word in told[RIGHT_NAMES[right]]]
        assert says == [right in RIGHTS[role] for role in ROLE_NAMES]
    assert set(ROLE_NAMES) == set(Role)


@pytest.mark.parametrize("name", TITLES)
def test_the_documents_to_complete_are_given(
    demo_folder: Path, client: Callable, name: str
) -> None:
    pages = client(demo_folder)
    assert f'href="/donnees-personnelles/{name}.docx"' in pages.get("/donnees-personnelles").text
    answer = pages.get(f"/donnees-personnelles/{name}.docx")
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}.docx"'
    word = Document(io.BytesIO(answer.content))
    said = "".join(word.element.body.itertext())
    assert f"{12 * KEPT_YEARS} mois après la fin de l’année civile" in said
    assert "**" not in said


def test_no_other_file_is_given(demo_folder: Path, client: Callable) -> None:
    pages = client(demo_folder)
    for name in ("__init__", "..%2Fregistre", "territory"):
        assert pages.get(f"/donnees-personnelles/{name}.docx").status_code == 404


def test_a_team_reads_what_is_kept_of_its_accounts(tmp_path: Path) -> None:
    team = open_team(tmp_path / "ville")
    reader = team.signed(Role.READER)
    page = " ".join(reader.get("/donnees-personnelles").text.split())
    assert "Comptes de ces pages" in page
    assert "365 jours" in page
    assert "il n’y a pas de compte" not in page
    assert reader.get("/donnees-personnelles/registre.docx").status_code == 200
    close_team(team)
