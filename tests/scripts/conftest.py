"""The nine towns of Est Ensemble, read once for all tests of the scripts."""

from __future__ import annotations

import pytest

from scripts import est_ensemble
from tests.real_data import FOLDER, real_file


@pytest.fixture(scope="session")
def towns() -> est_ensemble.Towns:
    for name in est_ensemble.FILES:
        real_file(name)
    return est_ensemble.read_towns(FOLDER)
