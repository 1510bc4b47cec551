"""The set-up compiles the loops of team orienteering: nothing is left to compile for a command."""

from __future__ import annotations

import numpy as np

from territory.analysis.routing import team_orienteering
from territory.analysis.routing.orienteering_kernel import anneal
from territory.analysis.routing.orienteering_label_kernel import spread
from territory.analysis.routing.orienteering_sweep_kernel import sweep
from territory.analysis.routing.orienteering_warm import warm


def test_nothing_is_compiled_after_the_set_up() -> None:
    warm()
    forms = [len(loop.signatures) for loop in (anneal, spread, sweep)]
    assert forms == [1, 1, 1]
    apart = np.random.default_rng(1).integers(1, 60, (70, 70))
    for routes in (1, 2):
        team_orienteering(
            apart, np.arange(70), [1] * 70, [0] * 70, [90] * 70, routes, iterations=20, end=3
        )
    assert [len(loop.signatures) for loop in (anneal, spread, sweep)] == forms
