"""The documentation builds as a site, without a warning, and asks nothing of any other server."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import territory

ROOT = Path(__file__).resolve().parents[2]
LOADED = re.compile(r"<(?:script|img|iframe|link)[^>]*?(?:src|href)=\"(https?:[^\"]*)\"")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-q"]
    built = subprocess.run(
        [*command, "-d", str(folder / "lus"), str(ROOT / "docs"), str(folder / "pages")],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert (built.returncode, built.stderr) == (0, "")
    return folder / "pages"


def test_every_page_of_docs_is_in_the_site_and_in_its_menu(site: Path) -> None:
    written = {p.relative_to(ROOT / "docs").with_suffix(".html") for p in ROOT.glob("docs/**/*.md")}
    menu = (site / "index.html").read_text(encoding="utf-8")
    missing = [p for p in sorted(written) if not (site / p).exists() or p.as_posix() not in menu]
    assert [p.as_posix() for p in missing if p.name != "index.html"] == []


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    pages = {p.name: LOADED.findall(p.read_text(encoding="utf-8")) for p in site.rglob("*.html")}
    assert {name: found for name, found in pages.items() if found} == {}
    assert all('<html class="no-js" lang="fr"' in p.read_text("utf-8") for p in site.glob("*.html"))


def test_the_reference_tells_every_public_name(site: Path) -> None:
    page = (site / "reference.html").read_text(encoding="utf-8")
    assert [name for name in territory.__all__ if f".{name}" not in page] == []
