"""What the rules of the team are read against in one week, out of the products built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.analysis.quarters import in_force, quarters_of
from territory.planning.calendar import week_days
from territory.planning.rule_effects import Scene

if TYPE_CHECKING:
    from territory.pipeline.workspace import Built


def rules_scene(built: Built, week: str) -> Scene:
    """Return the scene of an ISO week, in the CRS of the settings; raises as `week_days`."""
    zones = in_force(built.table("zones"))
    return Scene(
        week_days(week),
        tuple(sorted(built.table("team").index)),
        built.table("places"),
        built.table("activities"),
        zones,
        quarters_of(built.gaps, built.table("cells"), zones),
    )
