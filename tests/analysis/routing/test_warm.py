"""The set-up runs every loop of the weeks and of the tours of streets, so that all are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from territory.analysis.routing import (
    street_kernel,
    street_warm,
    warm,
    week_arrays,
    week_bound_kernel,
)

if TYPE_CHECKING:
    from types import ModuleType


@pytest.mark.parametrize(
    ("room", "kernels", "loop"),
    [
        (warm, week_arrays, "improve"),
        (warm, week_bound_kernel, "best_walks"),
        (street_warm, street_kernel, "improve"),
        (street_warm, street_kernel, "exact"),
    ],
)
def test_the_set_up_runs_each_loop(
    room: ModuleType, kernels: ModuleType, loop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, ran = getattr(kernels, loop), []

    def watched(*given: object) -> None:
        ran.append(loop)
        run(*given)

    monkeypatch.setattr(kernels, loop, watched)
    room.warm()
    assert ran
