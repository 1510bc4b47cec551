"""The real timetable of a week out of product 42, for legs by public transport."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.model.french_calendar import calendar_of
from territory.network.graph import WalkGraph
from territory.network.transit_rides import Rides, links_of
from territory.network.transit_store import day_type, week_hops
from territory.pipeline.transit import NAME

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from territory.pipeline.workspace import Built


def rides_of(built: Built, days: Sequence[date]) -> Rides | None:
    """Return what runs on `days` around a built territory; None without a timetable."""
    product = built.products.get(NAME)
    if product is None or not len(product.tables.get("transit_runs", ())):
        return None
    tables, calendar = product.tables, calendar_of(built.territory.settings.ground.communes)
    kinds = {on: day_type(on, holiday=calendar.holiday(on) is not None) for on in days}
    hops, stand_in = week_hops(tables, days, kinds)
    edges, xy = tables["transit_edges"], tables["transit_nodes"]
    ends = edges["tail"], edges["head"]
    changes, stops = tables["transit_changes"], tables["stops"]
    return Rides(
        days=hops,
        stand_in=stand_in,
        stops=stops,
        streets=WalkGraph.from_edges(*ends, edges["seconds"], xy["x"], xy["y"], directed=True),
        points=tables["transit_points"]["node"],
        crossroads=len(built.products["40_walk"].tables["pieces"]),
        changes=links_of(
            changes["tail"].to_numpy(), changes["head"].to_numpy(),
            changes["walk_s"].to_numpy(np.float64), len(stops),
        ),
    )  # fmt: skip
