"""
Find underserved quarters, plan the week of maraudes and choose permanence sites.

The public names below are loaded on first use: importing the package does nothing else.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "Built": "territory.pipeline.workspace",
    "Territory": "territory.pipeline.workspace",
    "TerritoryError": "territory.errors",
    "WalkGraph": "territory.network.graph",
    "account": "territory.pipeline.deliver",
    "balanced_sectors": "territory.analysis.sectors",
    "build": "territory.pipeline.steps",
    "deliver": "territory.pipeline.deliver",
    "max_cover": "territory.analysis.siting",
    "nearest_times": "territory.network.times",
    "open_territory": "territory.pipeline.workspace",
    "p_center": "territory.analysis.siting",
    "p_median": "territory.analysis.siting",
    "reach": "territory.network.reach",
    "shortest_path": "territory.network.times",
    "team_orienteering": "territory.analysis.routing",
    "walk_times": "territory.network.times",
    "week_step": "territory.pipeline.week",
}
__all__ = sorted(_HOMES)  # noqa: PLE0605 - a sorted list of names


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a function or a class
    """Load a public name from the module it lives in."""
    if name not in _HOMES:
        raise AttributeError(f"module 'territory' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
