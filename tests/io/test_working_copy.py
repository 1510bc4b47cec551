"""A working copy holds what a build reads, and nothing done in it reaches the folder."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from territory.io.atomic import write_text
from territory.io.working_copy import working_copy

if TYPE_CHECKING:
    from pathlib import Path


def _folder(root: Path) -> Path:
    for name in ("territory.toml", "fusions.csv", "decisions.jsonl", "data/raw/a.csv"):
        write_text(root / name, name)
    write_text(root / "data/processed/75_sites/faits.json", "{}")
    write_text(root / "outputs/permanences.pdf", "note")
    return root


def test_a_copy_holds_what_a_build_reads_and_no_output(tmp_path: Path) -> None:
    """Settings, decisions, received files and products are there; outputs are not."""
    with working_copy(_folder(tmp_path)) as copy:
        found = {str(p.relative_to(copy)) for p in copy.rglob("*") if p.is_file()}
    assert found == {
        "territory.toml", "fusions.csv", "decisions.jsonl", "data/raw/a.csv",
        "data/processed/75_sites/faits.json",
    }  # fmt: skip


def test_what_is_written_in_a_copy_stays_there(tmp_path: Path) -> None:
    """A product replaced, and a small file changed in place, leave the folder as it was."""
    _folder(tmp_path)
    with working_copy(tmp_path) as copy:
        write_text(copy / "data/processed/75_sites/faits.json", "changed")
        with (copy / "decisions.jsonl").open("a", encoding="utf-8") as file:
            file.write("changed")
    assert (tmp_path / "data/processed/75_sites/faits.json").read_text() == "{}"
    assert (tmp_path / "decisions.jsonl").read_text() == "decisions.jsonl"
    assert sorted(p.name for p in (tmp_path / "data").iterdir()) == ["processed", "raw"]


def test_a_copy_is_dropped_when_what_used_it_fails(tmp_path: Path) -> None:
    """An error leaves nothing behind."""

    def fails() -> None:
        with working_copy(_folder(tmp_path)):
            raise ValueError("refusé")

    with pytest.raises(ValueError, match="refusé"):
        fails()
    assert not list((tmp_path / "data").glob(".essai-*"))


def test_copies_left_for_a_day_are_swept(tmp_path: Path) -> None:
    """What a crash left goes at the next copy; one of this minute, in use, stays."""
    _folder(tmp_path)
    old, new = tmp_path / "data/.essai-old", tmp_path / "data/.essai-new"
    old.mkdir()
    new.mkdir()
    os.utime(old, (time.time() - 90_000,) * 2)
    with working_copy(tmp_path):
        assert not old.exists()
        assert new.exists()
