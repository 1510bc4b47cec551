"""Real open data kept outside the project: used when present, and their absence is said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(os.environ.get("TERRITORY_REAL_DATA", ROOT.parent / "shared" / "data"))
REFERENCES = FOLDER.parent / "references"


def real_file(name: str) -> Path:
    """Return the path of a real data file, or skip the test with a sentence."""
    return _present(FOLDER / name)


def reference_file(name: str) -> Path:
    """Return the path of a published reference case, or skip the test with a sentence."""
    return _present(REFERENCES / name)


def domain_file(name: str) -> Path:
    """Return the path of a page on formats and rules, or skip the test with a sentence."""
    return _present(FOLDER.parent / "domain" / name)


def _present(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"real data not here: {path.parent.name}/{path.name} (set TERRITORY_REAL_DATA)")
    return path
