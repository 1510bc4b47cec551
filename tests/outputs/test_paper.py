"""Every printed document: accessible, one look, legible letters, French spaces, same bytes."""

from __future__ import annotations

import os
import re
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pypdf
import pytest

from scripts.pdf_ua import JARS, checked
from territory.model.dialogue_results import Curve, CurvePoint
from territory.model.results import Ending
from territory.outputs.paper import pages
from territory.outputs.sheets import write_sheet
from territory.outputs.site_note import NoteParts, write_site_note
from territory.outputs.week_page import write_week_page
from territory.outputs.zone_sheets import write_zone_sheets
from territory.settings import Ground, Settings
from tests.outputs import test_sectors
from tests.outputs.map_town import gap, outing, site_plan, streets, town
from tests.outputs.printed import contrast, parts, words
from tests.outputs.test_place_roles import places, roles
from tests.outputs.test_week_files import whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DIGEST = "abc123def456789"
KNOWN = Settings(ground=Ground(nom="Valfictif : essai", fictif=True))
A4 = (595.276, 841.89)
DOCUMENTS = ("fiche", "semaine", "zones", "permanences", "secteurs")


def write(name: str, path: Path) -> Path:
    """Write one of the documents of the small town, with its hash."""
    base = town()
    shared = {"settings": KNOWN, "digest": DIGEST}
    cells = {k: base[k] for k in ("communes", "cells", "segments")}
    makers: dict[str, Callable[[], Path]] = {
        "fiche": partial(
            write_sheet, outing(), segments=streets(), zone_geometry=None, folder=path, **shared
        ),
        "semaine": partial(write_week_page, path / "s.pdf", whole(), **shared),
        "zones": partial(
            write_zone_sheets, path / "z.pdf", gaps=(gap(1, (base["cells"].index[12],)),),
            variants=(), when="semaine 48 de 2026", **cells, **shared,
        ),
        "permanences": partial(site_note, path / "p.pdf", **shared),
        "secteurs": partial(test_sectors.note, path / "q.pdf", when="mardi 3 mars", **shared),
    }  # fmt: skip
    return makers[name]()


def site_note(path: Path, **shared: Any) -> Path:  # noqa: ANN401
    points = tuple(
        CurvePoint(n, (), 10.0 + n, 12.0, 1.0, 3.0, 2.0, Ending.OPTIMAL) for n in range(4)
    )
    parts = NoteParts(
        talk=cast("Any", SimpleNamespace(requests=())), chosen=(), requests=(), together="",
        ways=None, curve=Curve(points, concave=True, elbow=2, flat=False, impossible=()),
        near=None, robust=None, frontier=None, place=str,
    )  # fmt: skip
    base = town()
    return write_site_note(
        path, plan=site_plan(), parts=parts, roles=roles(), places=places(),
        communes=base["communes"], segments=base["segments"], when="mardi 3 mars", **shared,
    )  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {name: write(name, tmp_path_factory.mktemp(name)) for name in DOCUMENTS}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_it_is_tagged_french_and_says_nothing_of_its_making(
    written: dict[str, Path], name: str
) -> None:
    document = pypdf.PdfReader(written[name])
    root = document.root_object
    assert str(root["/Lang"]).startswith("fr")
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in written[name].read_bytes()
    assert document.metadata is not None
    assert "Valfictif" in str(document.metadata.title) or "Maraude" in str(document.metadata.title)
    assert (document.metadata.author, document.metadata.creation_date) == (None, None)
    found = list(parts(written[name]))
    kinds = {kind for kind, _ in found}
    assert {"H1", "H2", "P"} <= kinds
    told = [words for kind, words in found if kind == "Figure"]
    assert all(len(words) > 10 for words in told)
    assert bool(told) == (name != "semaine")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_head_and_foot_are_the_same_on_every_page(written: dict[str, Path], name: str) -> None:
    document = pypdf.PdfReader(written[name])
    for number, page in enumerate(document.pages, 1):
        text = re.sub(r"\s+", " ", page.extract_text())
        assert "Valfictif : essai – " in text
        assert "Document de travail – ne pas diffuser." in text
        assert f"Empreinte : {DIGEST[:12]}." in text
        assert f"{number} / {len(document.pages)}" in text
        size = sorted((float(page.mediabox.width), float(page.mediabox.height)))
        assert size == pytest.approx(A4, abs=0.01)
    assert pages(written[name].read_bytes()) == len(document.pages) == 1 + (name == "fiche")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_letters_are_of_nine_points_or_more_and_dark(written: dict[str, Path], name: str) -> None:
    shown = words(written[name])
    assert len(shown) > 30
    assert min(one.points for one in shown) >= (11 if name == "fiche" else 9) - 0.01
    on_paper = [one for one in shown if one.grey < 1.0]  # white is written on black discs only
    assert min(contrast(one.grey, 238 / 255) for one in on_paper) >= 7
    white = {one.text for one in shown if one.grey == 1.0}
    assert white <= {"1", "2", "P", "★"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_line_can_begin_with_a_mark(written: dict[str, Path], name: str) -> None:
    for page in pypdf.PdfReader(written[name]).pages:
        assert not re.findall(r"\S* [;?!%»:]", page.extract_text())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_same_content_same_bytes(written: dict[str, Path], name: str, tmp_path: Path) -> None:
    assert write(name, tmp_path).read_bytes() == written[name].read_bytes()


@pytest.mark.skipif(JARS not in os.environ, reason=f"{JARS} ne nomme pas veraPDF")
def test_verapdf_finds_nothing_against_pdf_ua(written: dict[str, Path]) -> None:
    found = checked(list(written.values()), os.environ[JARS])
    assert len(found) == len(DOCUMENTS)
    assert {told.split()[0] for told in found.values()} == {"PASS"}
