"""Pieces of the network apart from the main one: what they hold, whom they cut off, how far."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from territory.network.audit.people import by_people, middles, nearest_street, summed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.network.audit.ground import Ground

_NAMES = 3  # streets named for one piece


def cut_off_pieces(
    ground: Ground, cells: gpd.GeoDataFrame | None, places: gpd.GeoDataFrame | None
) -> gpd.GeoDataFrame:
    """
    Return every piece but the main one, most residents first: nothing is left out.

    Columns: piece, length_km, off_m (metres to the main piece, straight), residents of the cells
    (NA without) and number of places (NA without) whose nearest street is in it, names of its
    streets (NA without), geometry (its streets, metric CRS of the network).
    """
    of_street = ground.piece_of_streets(ground.piece)
    apart = np.unique(of_street[of_street > 0])
    streets = ground.streets.assign(piece=of_street)
    grouped = streets[of_street > 0].groupby("piece")
    table = gpd.GeoDataFrame(
        {
            "piece": apart,
            "length_km": (grouped["length_m"].sum() / 1000).to_numpy(float),
            "off_m": _off_main(ground.lines, of_street, apart),
            "residents": _residents(ground, of_street, cells)[apart],
            "places": _places(ground, of_street, places)[apart],
            "names": pd.array([_names(g) for _, g in grouped["name"]], dtype="string"),
        },
        geometry=[shapely.multilinestrings(list(g)) for _, g in grouped["geometry"]],
        crs=ground.streets.crs,
    )
    return by_people(table, "length_km")


def _off_main(
    lines: NDArray[np.object_], of_street: NDArray[np.int32], apart: NDArray[np.int32]
) -> NDArray[np.float64]:
    others = np.flatnonzero(of_street > 0)
    if not len(others):
        return np.zeros(0)
    tree = shapely.STRtree(lines[of_street == 0])
    (row, _), off = tree.query_nearest(lines[others], return_distance=True, all_matches=False)
    nearest = pd.Series(off).groupby(of_street[others[row]]).min().reindex(apart)
    metres: NDArray[np.float64] = nearest.to_numpy(float)
    return metres


def _residents(
    ground: Ground, of_street: NDArray[np.int32], cells: gpd.GeoDataFrame | None
) -> NDArray[np.float64]:
    count = int(of_street.max(initial=-1)) + 1
    if cells is None or not len(cells) or not count:
        return np.full(count, np.nan)
    people = cells["residents"].to_numpy(float, na_value=np.nan)
    return summed(people, of_street[nearest_street(ground.lines, middles(cells))], count)


def _places(
    ground: Ground, of_street: NDArray[np.int32], places: gpd.GeoDataFrame | None
) -> pd.Series:
    count = int(of_street.max(initial=-1)) + 1
    if places is None or not count:
        return pd.array([pd.NA] * count, dtype="Int64")
    spots = places.geometry.dropna().to_numpy()
    found = of_street[nearest_street(ground.lines, spots)]
    return pd.array(np.bincount(found, minlength=count), dtype="Int64")


def _names(names: pd.Series) -> str | None:
    """Return the longest-lived names of a piece, most segments first."""
    counts = names.dropna().value_counts()
    ranked = sorted(counts.index, key=lambda name: (-counts[name], name))
    return ", ".join(ranked[:_NAMES]) or None
