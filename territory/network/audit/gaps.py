"""Small gaps between pieces: those joined on request, and those that would be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from territory.network.audit.people import by_people, middles, nearest_street, summed
from territory.network.audit.words import street_near
from territory.network.joins import join_gaps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.network.audit.ground import Ground
    from territory.network.walk import WalkNetwork

ASKED_M = (5.0, 10.0, 20.0)


def small_gaps(
    network: WalkNetwork, ground: Ground, cells: gpd.GeoDataFrame | None
) -> gpd.GeoDataFrame:
    """
    Return the gaps joined on request and those that would be at 5, 10 and 20 m: nothing is joined.

    Columns: joined, asked_m (smallest of 5, 10, 20 that joins it, NA when joined), gap_m, near
    (nearest named street), length_km of the piece it brings, residents of the cells whose nearest
    street is in that piece (NA without cells), geometry (the missing link, metric CRS).
    """
    n = len(network.component)
    xy = np.column_stack([ground.metres.x[:n], ground.metres.y[:n]])
    would = _would_join(ground.piece[:n], xy)
    done = network.joins.assign(asked_m=np.nan)
    brought = [
        _brought(ground, labels, links, cells)
        for labels, links in ((ground.bare, done), (ground.piece, would))
    ]
    links = pd.concat([t for t in brought if len(t)] or brought[:1], ignore_index=True)
    shapes = shapely.linestrings(
        links[["x", "y", "to_x", "to_y"]].to_numpy(float).reshape(-1, 2, 2)
    )
    table = gpd.GeoDataFrame(
        {
            "joined": links["asked_m"].isna(),
            "asked_m": links["asked_m"].astype("Float64"),
            "gap_m": links["gap_m"],
            "near": street_near(ground.streets, shapes),
            "length_km": links["length_km"],
            "residents": links["residents"],
        },
        geometry=shapes,
        crs=ground.streets.crs,
    )
    return by_people(table, "length_km")


def _would_join(piece: NDArray[np.int32], xy: NDArray[np.float64]) -> pd.DataFrame:
    """Ask the very joins of the network for each width; each link once, at its smallest width."""
    first = np.unique(piece, return_index=True)[1]
    star = pd.DataFrame({"tail": first[piece], "head": np.arange(len(piece))})
    found = [join_gaps(star, xy, asked)[0].assign(asked_m=asked) for asked in ASKED_M]
    return pd.concat(found, ignore_index=True).drop_duplicates(["tail", "head"])


def _brought(
    ground: Ground,
    labels: NDArray[np.int32],
    links: pd.DataFrame,
    cells: gpd.GeoDataFrame | None,
) -> pd.DataFrame:
    """Add the kilometres and the residents of the piece that each link brings."""
    of_street = ground.piece_of_streets(labels)
    count = int(labels.max(initial=-1)) + 1
    km = np.bincount(of_street, ground.streets["length_m"] / 1000, minlength=count)
    people = np.full(count, np.nan)
    if cells is not None and len(of_street):
        there = cells["residents"].to_numpy(float, na_value=np.nan)
        people = summed(there, of_street[nearest_street(ground.lines, middles(cells))], count)
    piece = labels[links["tail"].to_numpy(np.int64)]
    return links.assign(length_km=km[piece], residents=people[piece])
