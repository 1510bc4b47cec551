"""People whom tax statistics do not see: those of hostels and informal settlements, as told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from territory.model.results import OutsideTotals

if TYPE_CHECKING:
    import geopandas as gpd

OUTSIDE_KINDS = ("bidonville", "foyer")  # hostels and residences sociales are read as « foyer »
ALWAYS_HIDDEN = ("bidonville",)  # whatever the file says of them
UNTOLD = "source inconnue"


def outside_places(
    places: gpd.GeoDataFrame, cells: gpd.GeoDataFrame, *, max_m: float
) -> pd.DataFrame:
    """
    Return who lives outside tax households in each place told, and the cell that holds it.

    `places` keeps PLACES, `cells` CELLS, in one metric CRS. Index place_id; columns kind, people
    (the estimate of the team; NA when none), source, sensitive, cell_id: the cell holding the
    place, else the nearest within `max_m` metres (the first code when two are), else NA. This table
    points at sensitive places: it never leaves the product.
    """
    told = places[places["kind"].isin(OUTSIDE_KINDS)].sort_index()
    sensitive = told["sensitive"].fillna(value=False).astype(bool)
    ended = told["status"].eq("inactive").fillna(value=False).astype(bool)
    table = pd.DataFrame(
        {
            "kind": told["kind"],
            "people": told["crowd"].astype("Float64").astype(float),
            "source": told["crowd_source"].fillna(UNTOLD),
            "sensitive": sensitive | told["kind"].isin(ALWAYS_HIDDEN),
            "cell_id": _cell_of(told.geometry, cells.sort_index(), max_m),
        },
        index=told.index,
    )
    return table[~ended]


def outside_by_cell(outside: pd.DataFrame) -> pd.DataFrame:
    """
    Return people and sources by cell_id of the places that may be shown; NA is in no row.

    Sensitive places are left out: whoever knows the public figures of a cell would find them by
    subtraction, in `target` and in all that follows from it.
    """
    shown = outside[~outside["sensitive"]].dropna(subset=["people", "cell_id"])
    groups = shown.groupby("cell_id")
    sources = groups["source"].agg(lambda s: " ; ".join(sorted(set(s))))
    return pd.DataFrame({"outside_households": groups["people"].sum(), "outside_source": sources})


def outside_totals(outside: pd.DataFrame, share: float) -> OutsideTotals:
    """Return the totals of `outside_places`; `share` (0-1) of the shown people is in the target."""
    known = outside.dropna(subset=["people"])
    placed = known.dropna(subset=["cell_id"])
    shown = float(placed.loc[~placed["sensitive"], "people"].sum())
    return OutsideTotals(
        people_shown=shown,
        people_in_target=share * shown,
        people_kept_out=float(placed.loc[placed["sensitive"], "people"].sum()),
        people_unplaced=float(known["people"].sum() - placed["people"].sum()),
        places_told=len(outside),
        places_without_estimate=int(outside["people"].isna().sum()),
    )


def _cell_of(points: gpd.GeoSeries, cells: gpd.GeoDataFrame, max_m: float) -> pd.Series:
    found = pd.Series(pd.NA, index=points.index, dtype="string")
    located = (points.notna() & ~points.is_empty).to_numpy(bool)
    if not located.any() or not len(cells):
        return found
    tree = shapely.STRtree(cells.geometry.to_numpy())
    point, cell = tree.query_nearest(
        points.to_numpy()[located], max_distance=max(max_m, 1e-6), all_matches=True
    )
    first = pd.Series(cell, index=np.flatnonzero(located)[point]).groupby(level=0).min()
    found.iloc[first.index] = cells.index.to_numpy()[first.to_numpy()]
    return found
