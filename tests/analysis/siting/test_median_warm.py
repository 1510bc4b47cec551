"""The set-up compiles the loops of the p-median: nothing is left to compile for a command."""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from territory.analysis.siting import p_median
from territory.analysis.siting.capacity_kernel import (
    fill,
    knapsack_served,
    knapsack_worth,
    rearrange,
)
from territory.analysis.siting.median_kernel import attach, descend, site_worth
from territory.analysis.siting.median_warm import warm

LOOPS = (attach, descend, site_worth, fill, rearrange, knapsack_worth, knapsack_served)


def forms() -> set[int]:
    """Return in how many forms loops were compiled in this process."""
    return {len(loop.signatures) for loop in LOOPS}


def test_nothing_is_compiled_after_the_set_up() -> None:
    warm()
    assert forms() == {1}
    cost = np.random.default_rng(1).integers(1, 60, (40, 20))
    p_median(np.arange(40), cost, 4, fixed=[2], forbidden=[3])
    p_median(np.arange(40), cost, 4, capacity=[300] * 20)
    assert forms() == {1}


def test_the_package_is_imported_without_the_compiler() -> None:
    code = "import sys, territory.analysis.siting; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
