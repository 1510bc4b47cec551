"""The set-up compiles the loops of covering: nothing is left to compile for a command."""

from __future__ import annotations

import numpy as np

from territory.analysis.siting import max_cover, p_center
from territory.analysis.siting.cover_kernel import dominated, load, walk
from territory.analysis.siting.cover_warm import warm

LOOPS = (dominated, load, walk)


def forms() -> dict[str, int]:
    """Return in how many forms each loop was compiled in this process."""
    return {k.__name__: len(k.signatures) for k in LOOPS}


def test_nothing_is_compiled_after_the_set_up() -> None:
    warm()
    ready = forms()
    assert ready == {"dominated": 1, "load": 1, "walk": 1}
    rng = np.random.default_rng(0)
    covers = rng.random((40, 20)) < 0.15
    max_cover(rng.random(40), covers, None, costs=rng.random(20), budget=1)
    p_center(rng.random((30, 20)), 3)
    assert forms() == ready
