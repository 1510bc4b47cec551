"""Every link of every page leads somewhere, and every file that was written can be had."""

from __future__ import annotations

import re
import shutil
from collections import deque
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin

import pytest

from territory.web.files import all_files, right_for
from territory.web.rights import Right
from territory.web.views.downloads import download_groups
from territory.web.visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

    Opens = Callable[..., TestClient]

MORE = (  # what other commands write
    "public/personnes_informees_par_carreau_et_annee.geojson",
    "public/personnes_informees_par_carreau_et_annee.csv", "essais/permanences_0a1b2c.pdf",
    "reseau.gpkg", "reseau.txt", "comparaison_a_b.html", "secteurs.pdf", "permanences.pdf",
    "contacts_pro.csv", "refus_2026-10-30.csv", "extension.txt",
)  # fmt: skip
_LINK = re.compile(r'(?:href|src)="([^"]+)"')
_FAR = re.compile(r"/semaine/\d{4}-W\d\d$")  # one leads to the next without end
_NEAR = re.compile(r"/semaine/2026-W4[4-6]$")
_SORTED = re.compile(r"[?&]tri=(?!score)")  # each column sorts alike


def read_all(pages: TestClient) -> dict[str, str]:
    """Return every page that links lead to from the first one, by address; fail where none is."""
    found: dict[str, str] = {}
    links, seen = deque([("/", "")]), {"/"}
    wanted: set[tuple[str, str]] = set()
    while links:
        address, asker = links.popleft()
        answer = pages.get(address)
        assert answer.status_code == 200, f"{address}, from {asker}"
        html = answer.headers["content-type"].startswith("text/html")
        attached = "content-disposition" in answer.headers
        found[address] = answer.text if html and not attached else ""
        if address.startswith("/cartes/"):
            continue
        for link in map(unescape, _LINK.findall(found[address])):
            target, mark = urldefrag(urljoin(address, link))
            if mark and not target.startswith("/cartes/"):
                wanted.add((target, mark))
            far = _FAR.search(target) and not _NEAR.search(target)
            if target not in seen and not far and not _SORTED.search(target):
                seen.add(target)
                links.append((target, address))
    for target, mark in wanted:
        if target in found:
            assert f'id="{mark}"' in found[target], f"{target}#{mark}"
    return found


def test_every_link_of_every_page_leads_somewhere_and_every_file_can_be_had(
    own_demo: Path, client: Opens
) -> None:
    outputs = own_demo / "outputs"
    for name in MORE:
        (outputs / name).parent.mkdir(exist_ok=True)
        (outputs / name).write_bytes(b"essai")
    (outputs / ".half").write_bytes(b"")  # what a writer left
    found = read_all(client(own_demo))
    written = {p.relative_to(outputs).as_posix() for p in outputs.rglob("*") if p.is_file()}
    sent = {path.removeprefix("/fichiers/") for path in found if path.startswith("/fichiers/")}
    assert sent == written - {".half"}
    assert {"/semaine/2026-W45", "/zones", "/bilan", "/travaux", "/reglages"} <= set(found)
    assert sum(path.startswith("/semaine/2026-W45/sorties/") for path in found) == 6


def test_public_squares_are_offered_with_their_table(own_demo: Path, client: Opens) -> None:
    public = own_demo / "outputs" / "public"
    public.mkdir()
    (public / "carreaux.geojson").write_text("{}", encoding="utf-8")
    page = client(own_demo).get("/bilan").text
    assert 'href="/fichiers/public/carreaux.geojson"' in page


def test_who_only_reads_has_neither_hours_nor_mailboxes(
    own_demo: Path, client: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    outputs, pages = own_demo / "outputs", client(own_demo)
    for name in ("contacts_pro.csv", "secteurs.pdf"):
        (outputs / name).write_bytes(b"essai")
    assert "contacts_pro.csv" in pages.get("/fichiers").text
    monkeypatch.setattr(Visitor, "may", lambda _, right: right is Right.READ)
    page = pages.get("/fichiers").text
    for name in ("contacts_pro.csv", "secteurs.pdf", "2026-W45/semaine.xlsx"):
        assert name not in page
        assert pages.get(f"/fichiers/{name}").status_code == 403
    assert "2026-W45/semaine.csv" in page


def test_files_are_called_by_what_they_are() -> None:
    paths = [
        "2026-W44/semaine.csv", "2026-W45/fiches/2026-11-06_matin_09h15_M2-M3.pdf",
        "2026-W45/carte.html", "2026-W45/agendas/M2.ics", "permanences.pdf", "inconnu.txt",
        "essais/secteurs_0a1b.pdf", "public/personnes_informees_par_qpv_et_mois.csv",
    ]  # fmt: skip
    groups = download_groups(paths)
    assert [group.title for group in groups] == [
        "Semaine 45, du lundi 2 novembre 2026 au dimanche 8 novembre 2026",
        "Semaine 44, du lundi 26 octobre 2026 au dimanche 1er novembre 2026",
        "Tout le territoire", "Essais", "Pour l’extérieur",
    ]  # fmt: skip
    assert [(file.name, file.kind) for file in groups[0].files] == [
        ("Carte à ouvrir sans connexion", "HTML"), ("Agenda de M2", "ICS"),
        ("Fiche de sortie du vendredi 6 novembre 2026, 9\u202fh\u202f15, M2 + M3", "PDF"),
    ]  # fmt: skip
    assert [file.name for file in groups[2].files] == ["inconnu.txt", "Note sur les permanences"]
    assert groups[3].files[0].name == "Note sur un essai de secteurs (secteurs_0a1b)"


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("semaine.pdf", Right.HOURS), ("secteurs_0a1b.pdf", Right.HOURS),
        ("contacts_pro.csv", Right.IMPORT), ("semaine.csv", Right.READ),
        ("zones.pdf", Right.READ),
    ],
)  # fmt: skip
def test_each_file_asks_for_a_right(name: str, right: Right) -> None:
    assert right_for(name) is right


def test_a_folder_without_any_file_says_when_they_come(
    fresh_town: Path, tmp_path: Path, client: Opens
) -> None:
    folder = Path(shutil.copytree(fresh_town, tmp_path / "ville"))  # pages write in what they open
    assert all_files(folder) == []
    assert "Aucun fichier n’est encore écrit" in client(folder).get("/fichiers").text
