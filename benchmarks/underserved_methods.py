"""
The methods measured by benchmarks/underserved.py: add one here, a function of a territory.

    def product(truth: PlantedTruth) -> Answer:
        found = ...(truth.need, truth.contacts, truth.minutes, truth.minutes_permanence)
        zones = tuple(Claim(z.members, z.score, z.p_value, z.posterior) for z in found.zones)
        return Answer(found.cell_score, zones)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.simulate.baselines import BASELINES

if TYPE_CHECKING:
    from territory.simulate.answer import Method

METHODS: dict[str, Method] = {**BASELINES}
