"""The notebooks run from a fresh copy of the fictional town, without any output stored."""

from __future__ import annotations

import shutil
from pathlib import Path

import jupytext
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))


@pytest.fixture(scope="module")
def town(demo_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the built fictional town in which notebooks may write."""
    folder = tmp_path_factory.mktemp("carnets") / "ville"
    shutil.copytree(demo_town, folder)
    (folder / "notebooks").mkdir()
    return folder


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
@pytest.mark.filterwarnings("default")  # Jupyter's own machinery warns on some Pythons
def test_notebook_runs(path: Path, town: Path) -> None:
    notebook = jupytext.read(path)
    client = NotebookClient(
        notebook, timeout=240, resources={"metadata": {"path": town / "notebooks"}}
    )
    client.execute()
    outputs = [o for c in notebook.cells if c.cell_type == "code" for o in c.outputs]
    assert outputs
    assert not [o for o in outputs if o.output_type == "error"]
