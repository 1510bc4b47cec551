"""The data protection pages say what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from territory.analysis.disclosure import K_LEAST, K_PUBLIC
from territory.io.retention import KEPT_YEARS

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("registre.md", "aipd.md")


@pytest.mark.parametrize("name", PAGES)
def test_the_figures_are_those_of_the_code(name: str) -> None:
    text = (ROOT / "territory" / "web" / "documents" / name).read_text(encoding="utf-8")
    assert f"{12 * KEPT_YEARS} mois après la fin de l’année civile" in text
    assert f"k = {K_PUBLIC}" in text
    assert "territory purge" in text


def test_the_first_risk_is_the_settlements() -> None:
    text = (ROOT / "territory" / "web" / "documents" / "aipd.md").read_text(encoding="utf-8")
    risks = [line for line in text.splitlines() if line.startswith("|")][2:]
    assert "bidonvilles" in risks[0]
    assert f"jamais moins de {K_LEAST}" in text


@pytest.mark.parametrize("name", PAGES)
def test_the_site_shows_the_very_texts_that_the_pages_give(name: str) -> None:
    page = (ROOT / "docs" / "confidentialite" / name).read_text(encoding="utf-8")
    assert page == f"```{{include}} ../../territory/web/documents/{name}\n```\n"


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_are_found_from_the_guide(name: str) -> None:
    assert f"territory/web/documents/{name}" in (ROOT / "LISEZMOI.md").read_text(encoding="utf-8")


def test_the_texts_go_with_the_wheel() -> None:
    included = WheelBuilder(str(ROOT)).recurse_included_files()
    there = {Path(one.path).as_posix().removeprefix(f"{ROOT.as_posix()}/") for one in included}
    assert {f"territory/web/documents/{name}" for name in PAGES} <= there
