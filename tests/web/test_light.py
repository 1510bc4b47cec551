"""The server only reads: what computes is loaded by the process of the jobs, never by the pages."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

READ = """
import json, sys
from pathlib import Path
from starlette.testclient import TestClient
from territory.web.app import make_app
from territory.web.config import WebConfig
pages, heavy = json.loads(sys.argv[2]), json.loads(sys.argv[3])
client = TestClient(make_app(WebConfig(Path(sys.argv[1]))), base_url="http://127.0.0.1")
answers = [client.get(page).status_code for page in pages]
print(json.dumps([answers, [name for name in heavy if name in sys.modules]]))
"""
PAGES = (
    "/", "/zones", "/semaine/2026-W45", "/permanences", "/secteurs", "/bilan", "/saisie",
    "/fichiers-recus", "/travaux", "/reglages", "/journal", "/accessibilite",
    "/donnees-personnelles",
)  # fmt: skip
HEAVY = (
    "numba", "llvmlite", "sklearn", "networkx", "osmnx", "scipy.sparse", "scipy.special",
    "scipy.stats", "scipy.optimize", "matplotlib", "folium", "fiona", "rasterio", "openpyxl",
    "typst", "requests", "py7zr", "docx", "lxml",
)  # fmt: skip


def test_reading_every_page_loads_nothing_that_computes(demo_folder: Path) -> None:
    arguments = [str(demo_folder), json.dumps(PAGES), json.dumps(HEAVY)]
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", READ, *arguments],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    answers, loaded = json.loads(said.stdout)
    assert answers == [200] * len(PAGES)
    assert loaded == []
