"""The year of the fictional town as its team keeps it and as it goes outside, reported once."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from territory.cli import run
from tests.shared_folder import built_once, copy_of

if TYPE_CHECKING:
    from pathlib import Path

OUTSIDE, TEAM = "dehors.json", "equipe.json"  # what the commands told, beside the documents


def told_by_report(town: Path, *more: str) -> dict[str, Any]:
    """Write a report of the year; return what the command tells."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert run(["report", str(town), "2026", "--json", *more]) == 0
    answer: dict[str, Any] = json.loads(said.getvalue())
    return answer


@pytest.fixture(scope="session")
def reported(untouched_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy, for each worker, of the town whose year was reported outside, then for its team."""

    def report(folder: Path) -> None:
        shutil.copytree(untouched_demo, folder)
        for name, more in ((OUTSIDE, ()), (TEAM, ("--equipe",))):
            answer = told_by_report(folder, *more)
            (folder / name).write_text(json.dumps(answer), encoding="utf-8")

    return copy_of(built_once(tmp_path_factory, "bilans", report), tmp_path_factory, "bilans")


def kept(town: Path, name: str) -> dict[str, Any]:
    """Return what a command told when the town was reported."""
    answer: dict[str, Any] = json.loads((town / name).read_text(encoding="utf-8"))
    return answer
