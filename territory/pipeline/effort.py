"""Product 57: what was done, by meeting place, by residence, and where nobody came for long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.analysis.effort import cell_effort
from territory.io.products import Computed, Product, step
from territory.model.jsonable import to_json
from territory.network.walk import minutes_between
from territory.pipeline.walking import network_of

if TYPE_CHECKING:
    import pandas as pd

    from territory.network.walk import WalkNetwork
    from territory.pipeline.workspace import Territory

LIMIT_MIN = 25.0  # beyond this walk an outing weighs on no cell


def effort_step(
    territory: Territory, ground: Product, activity: Product, walk: Product, need: Product
) -> Product:
    """
    57: table effort (`cell_effort`) on cell_id; facts totals (`EffortTotals`).

    Raises WrongUsage when product 40 does not hold together.
    """

    def compute() -> Computed:
        network, limits = network_of(walk), territory.settings.effort
        cells, activities = ground.tables["cells"], activity.tables["activities"]
        minutes = walked(network, "c", need.tables["need"], "a", activities)
        effort, totals = cell_effort(
            activities,
            minutes,
            need.tables["need"],
            reference=territory.today,
            months=limits.months,
            half_life_months=limits.half_life_months,
            kernel_min=limits.kernel_min,
            reach_min=limits.reach_min,
            between=walked(network, "c", cells, "c", cells),
            cells=cells,
        )
        return {"effort": effort}, {"totals": to_json(totals)}

    settings = {
        "effort": to_json(territory.settings.effort),
        "near": to_json(territory.settings.near),
        "today": territory.today.isoformat(),
    }
    hashes = {p.name: p.digest for p in (ground, activity, walk, need)}
    return step(territory.processed, "57_effort", compute, settings=settings, inputs=hashes)


def walked(
    network: WalkNetwork, start: str, rows: pd.DataFrame, end: str, columns: pd.DataFrame
) -> pd.DataFrame:
    """
    Return walking minutes [row x column], inf beyond LIMIT_MIN or out of reach.

    `start` and `end` are the letters that tell cells, places and activities apart in the network.
    """
    froms, tos = ([f"{k}:{i}" for i in t.index] for k, t in ((start, rows), (end, columns)))
    minutes = minutes_between(network, froms, tos, limit_min=LIMIT_MIN)
    return minutes.set_axis(rows.index).set_axis(columns.index, axis="columns")
