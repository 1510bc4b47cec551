"""Each quarter in force from the products: who lives there, how far a permanence, who was met."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from territory.analysis.quarters import in_force

if TYPE_CHECKING:
    from territory.pipeline.workspace import Built

_SPREAD = ("residents", "target", "contacts", "expected")  # of a cell, shared out by area


def quarter_figures(built: Built) -> gpd.GeoDataFrame:
    """
    Return on zone_code every quarter in force with what its cells say, shared out by area.

    Adds to ZONES residents, target, contacts and expected (people), minutes_permanence (median of
    the public, NA out of reach), served_share (0-1) and unserved (people of the public beyond
    `sites.limit_min`), in the metric CRS of the settings. All NA where no cell is.
    """
    quarters = in_force(built.table("zones")).sort_index()
    parts, limit = quarter_parts(built, quarters), built.territory.settings.sites.limit_min
    groups = parts.groupby("zone_code")
    found = groups[list(_SPREAD)].sum(min_count=1).reindex(quarters.index)
    near = parts["target"].where(parts["minutes"] <= limit, 0.0)
    served = near.groupby(parts["zone_code"]).sum().reindex(quarters.index)
    middles = pd.Series({code: _median(part) for code, part in groups}, dtype="float64")
    return quarters.join(found).assign(
        minutes_permanence=middles.reindex(quarters.index),
        served_share=(served / found["target"].where(found["target"] > 0)).clip(0.0, 1.0),
        unserved=(found["target"] - served).clip(lower=0.0),
    )


def quarter_parts(built: Built, quarters: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Return each meeting of a cell and a quarter: cell_id, zone_code, minutes, people by area.

    `minutes` is the walk of the cell to a permanence, infinite out of reach; people are residents,
    target, contacts and expected of the cell, in proportion of its area that lies inside.
    `quarters` is in the metric CRS of the cells.
    """
    cells = built.table("cells").sort_index()
    need, effort = built.table("need"), built.table("effort")
    values = {
        "residents": cells["residents"],
        "target": need["target"],
        "contacts": effort["contacts"],
        "expected": effort["expected"],
        "minutes": built.table("access")["minutes_permanence"],
    }
    known = {n: v.reindex(cells.index).astype("float64").to_numpy() for n, v in values.items()}
    whole = cells[["geometry"]].assign(cell_m2=cells.geometry.area, **known)
    parts = gpd.overlay(
        whole.reset_index(),
        quarters.reset_index()[["zone_code", "geometry"]],
        how="intersection",
        keep_geom_type=True,
    )
    share = parts.geometry.area / parts["cell_m2"]
    people = {name: parts[name] * share for name in _SPREAD}
    kept = pd.DataFrame(parts[["cell_id", "zone_code"]])
    return kept.assign(minutes=parts["minutes"].fillna(np.inf), **people)


def _median(part: pd.DataFrame) -> float:
    """Return the walk of half of the public; NA when it is out of reach, or nobody is known."""
    ordered = part[part["target"] > 0].sort_values("minutes")
    if not len(ordered):
        return np.nan
    people = ordered["target"].cumsum().to_numpy()
    middle = float(ordered["minutes"].iloc[int(np.searchsorted(people, people[-1] / 2))])
    return middle if np.isfinite(middle) else np.nan
