"""The methods measured by benchmarks/underserved.py: add one here, a function of a territory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.simulate.baselines import BASELINES

if TYPE_CHECKING:
    from territory.simulate.answer import Method

METHODS: dict[str, Method] = {**BASELINES}
