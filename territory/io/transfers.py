"""Changes on foot that streets do not show: inside a station, or told by transfers.txt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.io.transit import feed_members, feed_table
from territory.model.issues import Issue
from territory.model.tables import conform
from territory.model.timetable import TRANSFERS

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

SPEED_M_S = 4.5 / 3.6
DETOUR = 1.3  # corridors and stairs beside the straight line
AT_LEAST_S = 60.0
_TIMED, _FORBIDDEN = "2", "3"


def read_transfers(path: Path, stops: gpd.GeoDataFrame, issues: list[Issue]) -> pd.DataFrame:
    """
    Return the changes of a feed between `stops` (transit.STOPS, metric CRS), as TRANSFERS.

    Between stops of one station: the straight line walked at 4.5 km/h with a detour of 30 %, one
    minute at least; transfers.txt, where it gives a time, is believed instead. A change it forbids
    is left to the streets. Raises UnreadableFile (French).
    """
    inside = _inside_stations(stops)
    told = _told(path, stops, issues)
    pairs = pd.concat([told, inside])  # what is told comes first and wins
    pairs = pairs[~pairs.index.duplicated() & pairs["walk_s"].notna()].sort_index()
    pairs = pairs.reset_index()
    pairs.index = pd.Index([f"{k:06d}" for k in range(len(pairs))], dtype="object")
    return conform(pairs, TRANSFERS)


def _inside_stations(stops: gpd.GeoDataFrame) -> pd.DataFrame:
    at = stops[stops["kind"].eq("arret") & stops["station_id"].notna()]
    where = pd.DataFrame(
        {
            "stop": at.index,
            "station": at["station_id"].array,
            "x": at.geometry.x,
            "y": at.geometry.y,
        }
    )
    pairs = where.merge(where, on="station", suffixes=("", "_to"))
    pairs = pairs[pairs["stop"] != pairs["stop_to"]]
    metres = np.hypot(pairs["x"] - pairs["x_to"], pairs["y"] - pairs["y_to"])
    walk = np.maximum(metres * DETOUR / SPEED_M_S, AT_LEAST_S)
    keys = pd.MultiIndex.from_arrays([pairs["stop"], pairs["stop_to"]])
    return pd.DataFrame({"walk_s": walk.to_numpy(float)}, index=keys.set_names(_KEYS))


_KEYS = ["from_stop", "to_stop"]


def _told(path: Path, stops: gpd.GeoDataFrame, issues: list[Issue]) -> pd.DataFrame:
    """Return the timed changes of transfers.txt, those of a station given to all its stops."""
    if "transfers.txt" not in feed_members(path):
        return pd.DataFrame({"walk_s": []}, index=pd.MultiIndex.from_arrays([[], []], names=_KEYS))
    raw = feed_table(path, "transfers.txt", ("from_stop_id", "to_stop_id"))
    kind = raw.get("transfer_type", pd.Series(pd.NA, index=raw.index, dtype="string"))
    seconds = pd.to_numeric(raw.get("min_transfer_time", kind), errors="coerce")
    forbidden = int(kind.eq(_FORBIDDEN).sum())
    if forbidden:
        note = f"changements interdits par transfers.txt, laissés à la marche : {forbidden}."
        issues.append(Issue("I-CHANGE", path.name, note))
    timed = raw.assign(walk_s=seconds)[kind.eq(_TIMED).fillna(value=False) & seconds.ge(0)]
    members = _members(stops)
    rows = timed.merge(members.add_prefix("from_"), left_on="from_stop_id", right_on="from_named")
    rows = rows.merge(members.add_prefix("to_"), left_on="to_stop_id", right_on="to_named")
    rows = rows[rows["from_stop"] != rows["to_stop"]]
    longest = rows.groupby(_KEYS)["walk_s"].max()
    return longest.astype("float64").to_frame()


def _members(stops: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the stops that an identifier of transfers.txt means: itself, or those of a station."""
    at = stops[stops["kind"].eq("arret")]
    grouped = at[at["station_id"].notna()]
    named = [*at.index, *grouped["station_id"]]
    return pd.DataFrame({"named": named, "stop": [*at.index, *grouped.index]}).astype("string")
