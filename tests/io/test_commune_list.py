"""Communes found by name in the outlines that lie in a folder."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from territory.io.commune_list import communes_named, outline_files
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def test_names_are_found_whatever_their_accents(tmp_path: Path) -> None:
    raw = tmp_path / "data" / "raw"
    raw.mkdir(parents=True)
    assert outline_files(tmp_path) == []
    assert communes_named(tmp_path, "valfictif") == ()
    shutil.copy(ROOT / "data" / "raw" / "communes.geojson", raw)
    (raw / "abime.geojson").write_text("{", encoding="utf-8")  # passed over
    assert [path.name for path, _ in outline_files(tmp_path)] == ["communes.geojson"]
    assert communes_named(tmp_path, "VÂLFICTIF") == (("00101", "Valfictif"),)
    assert {code for code, _ in communes_named(tmp_path, "")} == {"00101", "00102", "00103"}
    assert communes_named(tmp_path, "Ailleurs") == ()
