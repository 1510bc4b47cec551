"""What is delivered tells nothing of the machine nor of the person who made it."""

from __future__ import annotations

import getpass
import io
import shutil
import socket
import sqlite3
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from PIL import Image

from territory.cli import run

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def delivered(demo_town: Path) -> list[Path]:
    files = [p for p in (demo_town / "outputs").rglob("*") if p.is_file()]
    assert {p.suffix for p in files} >= {".html", ".pdf", ".xlsx", ".ics", ".gpx", ".gpkg"}
    return files


def contents(path: Path) -> Iterator[bytes]:
    """Yield a file as it is, then what is packed in it (zip members, PDF streams)."""
    raw = path.read_bytes()
    yield raw
    if zipfile.is_zipfile(io.BytesIO(raw)):
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    for part in raw.split(b"stream\n")[1:] if raw.startswith(b"%PDF") else ():
        try:
            yield zlib.decompressobj().decompress(part)
        except zlib.error:
            continue


def test_no_file_names_the_machine_its_user_or_a_folder(delivered, demo_town: Path) -> None:
    folders = {str(demo_town), str(demo_town.parent), str(Path.home()) + "/", str(ROOT)}
    # A name of a few letters is in any compressed file: it says nothing there.
    words = {w.encode() for w in (*folders, socket.gethostname()) if len(w) >= 6}
    found = [
        (path.name, word)
        for path in delivered
        for content in contents(path)
        for word in words
        if word in content
    ]
    assert found == []


def test_workbooks_and_sheets_name_no_author(delivered: list[Path]) -> None:
    users = {getpass.getuser(), "openpyxl"}
    for path in (p for p in delivered if p.suffix == ".xlsx"):
        facts = load_workbook(path).properties
        assert not {facts.creator, facts.lastModifiedBy} & users, path.name
    for path in (p for p in delivered if p.suffix == ".pdf"):
        raw = path.read_bytes()
        assert b"/Author" not in raw
        assert b"dc:creator" not in raw


def test_layers_and_pictures_hold_no_note(delivered: list[Path]) -> None:
    for path in (p for p in delivered if p.suffix == ".gpkg"):
        with sqlite3.connect(path) as base:
            tables = {name for (name,) in base.execute("select name from sqlite_master")}
        assert not {"gpkg_metadata", "gpkg_metadata_reference"} & tables
    for path in (p for p in delivered if p.suffix == ".png"):
        assert not getattr(Image.open(path), "text", {})


def test_a_publication_holds_nothing_of_the_machine(demo_town: Path, tmp_path: Path) -> None:
    folder = tmp_path / "ville"
    shutil.copytree(demo_town, folder)
    assert run(["export", str(folder), "--zonage", "carreau"]) == 0
    for path in (folder / "outputs" / "public").iterdir():
        assert str(tmp_path).encode() not in path.read_bytes()
    for name in ("journal.jsonl", "publications.jsonl"):
        assert str(tmp_path).encode() not in (folder / name).read_bytes()
        assert (folder / name).stat().st_mode & 0o077 == 0
