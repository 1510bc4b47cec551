"""How places of decisions are told: by name, and never the name of a sensitive one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.site_words import UNNAMED, spoken
from territory.outputs.map_content import hidden_places

if TYPE_CHECKING:
    from territory.model.requests import Decision
    from territory.pipeline.workspace import Built


def decision_name(built: Built, decision: Decision) -> str:
    """Return « Médiathèque, mercredi matin » in quotes, or the quarter that a decision names."""
    when = f", {spoken(decision.slot)}" if decision.slot else ""
    return f"« {place_name(built, decision.place_id)}{when} »"


def place_name(built: Built, place_id: str) -> str:
    """Return what a place or a priority quarter is called, its code when it is not known."""
    places, zones = built.table("places"), built.table("zones")
    if place_id in places.index:
        name = places.loc[place_id, "name"]
        return UNNAMED if place_id in hidden_places(places) or pd.isna(name) else str(name)
    if place_id in zones.index:
        name = zones["name"].loc[[place_id]].iloc[0]
        return place_id if pd.isna(name) else str(name)
    return place_id
