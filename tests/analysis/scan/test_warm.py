"""The set-up compiles the loops of the scan: nothing is left to compile for a command."""

from __future__ import annotations

import numpy as np

from territory.analysis.scan.kernel import highest_scores, window_scores
from territory.analysis.scan.poisson import poisson_scan
from territory.analysis.scan.warm import warm
from tests.analysis.scan.towns import counts, town


def forms() -> dict[str, int]:
    """Return in how many forms each loop was compiled in this process."""
    return {k.__name__: len(k.signatures) for k in (window_scores, highest_scores)}


def test_nothing_is_compiled_after_the_set_up() -> None:
    warm()
    ready = forms()
    assert ready == {"window_scores": 1, "highest_scores": 1}
    place = town(6)
    met = counts(place, np.ones(36), total=200, of_cell=0.0, seed=1)
    poisson_scan(met, place.need, place.minutes, simulations=3)
    assert forms() == ready
