"""Product 50: estimated target residents of each cell, and who lives outside tax households."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.analysis.need import cell_need
from territory.analysis.outside import outside_places, outside_totals
from territory.analysis.quarters import in_force
from territory.io.products import Computed, Product, step
from territory.model.jsonable import to_json

if TYPE_CHECKING:
    from territory.pipeline.workspace import Territory


def need_step(territory: Territory, ground: Product, places: Product) -> Product:
    """
    50: estimated target residents (people) per cell, from the quarters in force.

    Tables need (`cell_need`) and outside (`outside_places`: sensitive places are in it, so no
    output reads it); fact outside: `OutsideTotals`.
    """
    wished, seed = territory.settings.need, territory.settings.ground.seed

    def compute() -> Computed:
        tables = ground.tables
        outside = outside_places(
            places.tables["places"], tables["cells"], max_m=wished.outside_max_m
        )
        zones = in_force(tables["zones"])
        need = cell_need(
            tables["cells"], tables["iris"], zones, outside=outside, settings=wished, seed=seed
        )
        totals = outside_totals(outside, wished.outside_share)
        return {"need": need, "outside": outside}, {"outside": to_json(totals)}

    settings = {"need": to_json(wished), "seed": seed}
    inputs = {p.name: p.digest for p in (ground, places)}
    return step(territory.processed, "50_need", compute, settings=settings, inputs=inputs)
