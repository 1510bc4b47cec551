"""
The methods measured by benchmarks/underserved.py: add one here, a function of a territory.

It returns scores of cells and zones, from what an analyst sees (`territory.simulate.product`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.simulate.baselines import BASELINES
from territory.simulate.product import product

if TYPE_CHECKING:
    from territory.simulate.answer import Method

METHODS: dict[str, Method] = {**BASELINES, "product": product}
