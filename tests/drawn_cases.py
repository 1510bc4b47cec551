"""The same check on many drawn cases: some at every run of the gate, the others in CI alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence


def seeds(quick: int, every: Sequence[int]) -> list[object]:
    """Return the seeds of `every`, all but the `quick` first marked slow: they repeat these."""
    slow = [pytest.param(seed, marks=pytest.mark.slow) for seed in every[quick:]]
    return [*every[:quick], *slow]
