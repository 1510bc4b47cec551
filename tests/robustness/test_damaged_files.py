"""Whatever a file became, its reader reads it or says a French sentence; nothing else."""

from __future__ import annotations

import random
import tracemalloc
import zipfile
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path  # noqa: TC003 - a fixture type
from typing import TYPE_CHECKING

import pytest

from territory.errors import TerritoryError, UnreadableFile
from territory.io.recognise import recognise
from territory.io.streets import read_streets
from territory.io.workbooks import sheet_names
from tests.robustness.mutations import damaged, seeds

if TYPE_CHECKING:
    from collections.abc import Callable

SEEDS = seeds()


@pytest.mark.parametrize("name", SEEDS)
def test_the_undamaged_file_is_read(tmp_path: Path, name: str) -> None:
    file, content, read = SEEDS[name]
    path = tmp_path / file
    path.write_bytes(content)
    _, report = read(path)
    assert report.kept >= 1 or report.kind == "streets"


def ending(step: Callable[[Path], object], path: Path) -> str | None:
    """Return the sentence that refuses `path`, None when it is read."""
    try:
        step(path)
    except TerritoryError as error:
        return str(error)
    return None


@pytest.mark.parametrize("name", SEEDS)
def test_damaged_files_are_read_or_refused_in_french(tmp_path: Path, name: str) -> None:
    file, content, read = SEEDS[name]
    path, draw = tmp_path / file, random.Random(zlib.crc32(name.encode()))  # noqa: S311
    for _ in range(30):  # 10,000: benchmarks/fuzz_readers.py
        path.write_bytes(damaged(content, draw))
        for step in (recognise, read):
            said = ending(step, path)
            assert said is None or (said.strip() and "Traceback" not in said)


def unfolding(size: int) -> bytes:
    """Return a workbook whose only sheet unfolds to `size` blanks."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("xl/worksheets/sheet1.xml", b" " * size)
    return content.getvalue()


def test_a_workbook_that_unfolds_without_end_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "bombe.xlsx"
    path.write_bytes(unfolding(60_000_000))
    with pytest.raises(UnreadableFile, match="ne peut pas être lu"):
        sheet_names(path)


LOL = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{LOL}]>'


@pytest.mark.parametrize(
    ("file", "body"),
    [("a.osm", '<osm version="0.6"><node id="1" lat="&l9;" lon="2"/></osm>'),
     ("a.graphml", "<graphml>&l9;</graphml>")],
)  # fmt: skip
def test_entities_that_multiply_are_refused(tmp_path: Path, file: str, body: str) -> None:
    path = tmp_path / file
    path.write_text(BOMB + body, encoding="utf-8")
    with pytest.raises(TerritoryError):
        read_streets(path)


def test_a_cell_of_a_gigabyte_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    """The file is sparse: only its length is that of a gigabyte."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"date;type_activite;commune;lieu\n05/03/2024;maraude;Bondy;")
    with path.open("r+b") as stream:
        stream.truncate(1_000_000_000)
    _, _, read = SEEDS["activités (CSV)"]
    tracemalloc.start()
    try:
        for step in (recognise, read):
            said = ending(step, path)
            assert said is None or "ne peut pas être lu" in said
        assert ending(read, path)
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()


def test_a_file_beyond_every_table_is_refused(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("territory.io.decoding.MOST_BYTES", 200_000)
    _, content, read = SEEDS["activités (CSV)"]
    path = tmp_path / "a.csv"
    path.write_bytes(content + b"\n" * 200_000)
    assert "ne peut pas être lu" in str(ending(read, path))
    path.write_bytes(content + b"\n" * 100_000)
    assert ending(read, path) is None


def test_a_path_out_of_a_zip_writes_nothing_outside(tmp_path: Path) -> None:
    path = tmp_path / "dedans" / "a.zip"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as folder:
        folder.writestr("../dehors.geojson", SEEDS["QPV (GeoJSON)"][1])
    with suppress(TerritoryError):
        recognise(path)
    assert not (tmp_path / "dehors.geojson").exists()


@pytest.mark.parametrize("name", ["lignes.zip", "classeur.xlsx"])
def test_a_zip_for_a_version_to_come_is_refused_in_french(tmp_path: Path, name: str) -> None:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as folder:
        folder.writestr("a.csv", "nom_structure;commune\n")
    raw = bytearray(content.getvalue())
    raw[raw.index(b"PK\x01\x02") + 6] = 206  # « version needed to extract » 20.6
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(UnreadableFile, match=r"lisible|ne peut pas être lu"):
        recognise(path)


@pytest.mark.parametrize(
    ("name", "seed"),
    [("QPV (shapefile zippé)", 664), ("QPV (shapefile zippé)", 1628),
     ("QPV (shapefile zippé)", 2352), ("communes (GeoJSON)", 2097), ("rues (Overpass)", 2966),
     ("carreaux (CSV)", 7771)],
)  # fmt: skip
def test_inputs_that_once_ended_in_an_error(tmp_path: Path, name: str, seed: int) -> None:
    file, content, read = SEEDS[name]
    path = tmp_path / file
    path.write_bytes(damaged(content, random.Random(f"{name}{seed}")))  # noqa: S311
    for step in (recognise, read):
        said = ending(step, path)
        assert said is None or said.strip()
