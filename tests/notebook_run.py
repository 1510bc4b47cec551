"""The notebooks, run; that of the report once for all workers: two tests look at it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import jupytext
import nbformat
from nbclient import NotebookClient

from tests.shared_folder import built_once

if TYPE_CHECKING:
    import pytest
    from nbformat import NotebookNode

NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.py"))
REPORT = next(path for path in NOTEBOOKS if path.stem == "07_bilan")
RUN = "execute.ipynb"


def executed(path: Path, folder: Path) -> NotebookNode:
    """Return the notebook of `path` with what its cells answer, run in `folder`."""
    notebook = jupytext.read(path)
    NotebookClient(notebook, timeout=240, resources={"metadata": {"path": folder}}).execute()
    return notebook


def report_executed(town: Path, factory: pytest.TempPathFactory) -> NotebookNode:
    """Return the notebook of the report, run in a copy of `town`."""

    def build(folder: Path) -> None:
        shutil.copytree(town, folder)
        (folder / "notebooks").mkdir(exist_ok=True)
        nbformat.write(executed(REPORT, folder / "notebooks"), folder / RUN)

    return nbformat.read(built_once(factory, "carnet", build) / RUN, as_version=4)
