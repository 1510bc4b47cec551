"""The notebooks run from a fresh copy of the fictional town, without any output stored."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.notebook_run import NOTEBOOKS, REPORT, executed, report_executed

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def town(demo_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the built fictional town in which notebooks may write."""
    folder = tmp_path_factory.mktemp("carnets") / "ville"
    shutil.copytree(demo_town, folder)
    (folder / "notebooks").mkdir()
    return folder


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
@pytest.mark.filterwarnings("default")  # Jupyter's own machinery warns on some Pythons
def test_notebook_runs(
    path: Path, town: Path, untouched_demo: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if path == REPORT:
        notebook = report_executed(untouched_demo, tmp_path_factory)
    else:
        notebook = executed(path, town / "notebooks")
    outputs = [o for c in notebook.cells if c.cell_type == "code" for o in c.outputs]
    assert outputs
    assert not [o for o in outputs if o.output_type == "error"]
