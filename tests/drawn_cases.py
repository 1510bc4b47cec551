"""The same check on many drawn cases: some at every run of the gate, the others in CI alone."""

from __future__ import annotations

import pytest


def seeds(quick: int, every: range) -> list[object]:
    """Return the seeds of `every`, all but the `quick` first marked slow: they repeat these."""
    slow = [pytest.param(seed, marks=pytest.mark.slow) for seed in every[quick:]]
    return [*every[:quick], *slow]
