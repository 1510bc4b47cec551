"""Product 57: what was done, by meeting place, by residence, and where nobody came for long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from territory.analysis.effort import cell_effort, outings_in
from territory.analysis.effort_areas import blocks_of, cell_shares, named_areas
from territory.analysis.effort_homes import homes_met, unknown_homes
from territory.analysis.effort_people import people_met, strata_need, told_stage
from territory.analysis.effort_unvisited import Waiting, cells_waiting, unvisited
from territory.analysis.residence import ResidenceRules, are_overseas
from territory.io.products import Computed, Product, step
from territory.model.jsonable import to_json
from territory.pipeline.near import NAME as NEAR
from territory.pipeline.near import walks_from_cells

if TYPE_CHECKING:
    from datetime import date

    from territory.analysis.effort import EffortTotals
    from territory.model.walks import Walks
    from territory.pipeline.workspace import Built, Territory
    from territory.settings import Effort


def effort_step(
    territory: Territory, ground: Product, activity: Product, near: Product, need: Product
) -> Product:
    """
    57: what was done; tables effort, homes_met, homes_unknown, unvisited, unvisited_apart.

    Each is that of `cell_effort`, `homes_met`, `unknown_homes` and `unvisited`. Facts totals
    (`EffortTotals`) and homes: stage counted by residence, people met, those whose class is told.
    """

    def compute() -> Computed:
        limits = territory.settings.effort
        cells, activities = ground.tables["cells"], activity.tables["activities"]
        minutes = walks_from_cells(near, need.tables["need"].index, "a", activities.index)
        between = walks_from_cells(near, cells.index, "c", cells.index)
        known = Known(cells, activities, need.tables["need"], minutes, between)
        effort, totals = effort_under(limits, known, territory.today)
        weeks = limits.unvisited_weeks
        waiting, apart = _unvisited(territory, ground, activities, minutes, weeks=weeks)
        homes, told = _homes(territory, ground, activity, need)
        tables = {"effort": effort, **homes, "unvisited": waiting, "unvisited_apart": apart}
        return tables, {"totals": to_json(totals), "homes": told}

    settings = {
        "effort": to_json(territory.settings.effort),
        "near": to_json(territory.settings.near),
        "today": territory.today.isoformat(),
    }
    hashes = {p.name: p.digest for p in (ground, activity, near, need)}
    return step(territory.processed, "57_effort", compute, settings=settings, inputs=hashes)


@dataclass(frozen=True, slots=True)
class Known:
    """What an effort rests on: cells and activities (one metric CRS), need, walks in minutes."""

    cells: gpd.GeoDataFrame
    activities: gpd.GeoDataFrame
    need: pd.DataFrame
    minutes: Walks  # [cell_id x activity_id]
    between: Walks  # [cell_id x cell_id]


def effort_under(choice: Effort, known: Known, today: date) -> tuple[pd.DataFrame, EffortTotals]:
    """Return `cell_effort` of what is known, under the settings of `choice`."""
    return cell_effort(
        known.activities,
        known.minutes,
        known.need,
        reference=today,
        months=choice.months,
        half_life_months=choice.half_life_months,
        kernel_min=choice.kernel_min,
        reach_min=choice.reach_min,
        between=known.between,
        cells=known.cells,
    )


def _homes(
    territory: Territory, ground: Product, activity: Product, need: Product
) -> tuple[dict[str, pd.DataFrame], dict[str, object]]:
    """Return homes_met and homes_unknown, and what they count."""
    activities, contacts = (activity.tables[name] for name in ("activities", "contacts"))
    today, months = territory.today, territory.settings.effort.months
    near, communes = territory.settings.near, [str(c) for c in ground.tables["communes"].index]
    rules = ResidenceRules(near.near_m, 0.0, near.no_qva, are_overseas(communes))
    stage = told_stage(contacts)
    people = people_met(
        contacts,
        outings_in(activities, today, months),
        activities,
        stage=stage,
        reference=today,
        months=months,
    )
    tables = ground.tables
    strata = strata_need(
        tables["cells"], need.tables["need"], tables["zones"], rules, on=territory.today
    )
    met, unknown = homes_met(people, strata, communes), unknown_homes(people, communes)
    everyone = int(unknown["met"].sum())
    silent = int(unknown["class_unknown"].sum() + unknown["outside"].sum())
    told = {"stage": stage, "met": everyone, "told": everyone - silent}
    return {"homes_met": met, "homes_unknown": unknown}, told


def unvisited_for(built: Built, weeks: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the two tables of `unvisited` for that many weeks; product 57 when it has them."""
    territory, products = built.territory, built.products
    if weeks == territory.settings.effort.unvisited_weeks:
        return built.table("unvisited"), built.table("unvisited_apart")
    activities, cells = built.table("activities"), built.table("need").index
    minutes = walks_from_cells(products[NEAR], cells, "a", activities.index)
    return _unvisited(territory, products["10_zones"], activities, minutes, weeks=weeks)


def _unvisited(
    territory: Territory,
    ground: Product,
    activities: gpd.GeoDataFrame,
    minutes: Walks,
    *,
    weeks: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    cells, limits = ground.tables["cells"], territory.settings.effort
    layers = (ground.tables[name] for name in ("zones", "communes", "iris"))
    outings = outings_in(activities, territory.today, limits.months)
    rule = Waiting(territory.today, limits.reach_min, weeks)
    named = named_areas(*layers)
    blocks = blocks_of(cells_waiting(cells, outings, minutes, rule), cells, named)
    areas = gpd.GeoDataFrame(pd.concat([named, blocks]), crs=cells.crs)
    return unvisited(areas, cell_shares(areas, cells), outings, minutes, cells, rule)
