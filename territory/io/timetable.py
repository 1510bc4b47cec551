"""The timetable of a GTFS feed: which vehicle stops where and when, on which days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.errors import UnreadableFile
from territory.io.passages import read_passages, sound_passages
from territory.io.repeated_trips import read_frequencies, repeated
from territory.io.service_days import read_service_days
from territory.io.transfers import read_transfers
from territory.io.transit import feed_members, feed_table
from territory.model.issues import Issue, ReadReport
from territory.model.timetable import TRANSPORT, Timetable

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

# Basic types of GTFS, then the hundreds of the extended ones (Google Transit, HVT).
_MODES = {
    "0": "tram", "1": "métro", "2": "train", "3": "bus", "4": "bateau", "5": "tram", "6": "câble",
    "7": "funiculaire", "11": "bus", "12": "monorail",
}  # fmt: skip
_HUNDREDS = {
    "1": "train", "2": "car", "3": "train", "4": "métro", "5": "métro", "6": "métro", "7": "bus",
    "8": "bus", "9": "tram", "10": "bateau", "12": "bateau", "13": "câble", "14": "funiculaire",
}  # fmt: skip
_EXTENDED = 100


def read_timetable(path: Path, stops: gpd.GeoDataFrame) -> tuple[Timetable, ReadReport]:
    """
    Read the runs of a GTFS feed at `stops` (transit.STOPS, any CRS), and say what was left out.

    Elsewhere vehicles pass without being seen: a run goes from one kept stop to the next. Times
    past 24:00:00 are kept so; stops without a time get one in proportion to their place between
    their neighbours; runs of frequencies.txt are written out. A run whose times go backwards, or
    whose service has no day, is left out and counted. Raises UnreadableFile (French).
    Format: GTFS reference.
    """
    days, issues = read_service_days(path)
    trips = _trips(path, issues)
    trips = _with_days(trips, days, path, issues)
    at = stops.index[stops["kind"].eq("arret")].sort_values()
    raw = read_passages(path, trips.index, at)
    passages = sound_passages(raw, path, issues)
    repeats = read_frequencies(path, trips.index, issues)
    trip_of, passages = repeated(passages, repeats)
    kept = trips.iloc[trip_of].assign(direction=lambda t: _directions(t, passages, stops, at))
    if "pathways.txt" in feed_members(path):
        note = "cheminements dans les stations (pathways.txt) non utilisés."
        issues.append(Issue("I-CHEMIN", path.name, note))
    table = Timetable(
        tuple(str(s) for s in at),
        kept.reset_index(drop=True),
        passages,
        days,
        read_transfers(path, stops, issues),
    )
    return table, ReadReport(
        path.name, "horaires", len(trips), int(raw["trip"].nunique()), tuple(issues)
    )


def _trips(path: Path, issues: list[Issue]) -> pd.DataFrame:
    """Return the trips by trip_id, sorted: line, mode, direction (may be NA), service_id."""
    routes = feed_table(path, "routes.txt", ("route_id",))
    routes = routes.drop_duplicates("route_id").set_index("route_id")
    trips = feed_table(path, "trips.txt", ("route_id", "trip_id", "service_id"))
    twice = trips["trip_id"].duplicated() | trips["trip_id"].isna()
    if twice.any():
        problem = f"trips.txt : {int(twice.sum())} courses sans identifiant ou déjà rencontrées."
        line = int(trips.index[twice][0]) + 2
        issues.append(Issue("E-DOUBLON", path.name, problem, "La première ligne est gardée.", line))
    trips = trips[~twice].set_index("trip_id").sort_index()
    of = routes.reindex(trips["route_id"])
    names = [_text(of, c) for c in ("route_short_name", "route_long_name")]
    line = names[0].fillna(names[1]).fillna(pd.Series(of.index, index=of.index, dtype="string"))
    data = {
        "line": line.to_numpy(),
        "mode": _text(of, "route_type").fillna("").map(_mode).to_numpy(),
        "direction": _text(trips, "trip_headsign").to_numpy(),
        "service_id": trips["service_id"].to_numpy(),
    }
    return pd.DataFrame(data, index=trips.index).astype("string")


def _text(table: pd.DataFrame, name: str) -> pd.Series:
    if name not in table:
        return pd.Series(pd.NA, index=table.index, dtype="string")
    stripped = table[name].str.strip()
    return stripped.mask(stripped.eq(""))


def _mode(code: str) -> str:
    if code.isdigit() and int(code) >= _EXTENDED:
        return _HUNDREDS.get(str(int(code) // 100), TRANSPORT)
    return _MODES.get(code, TRANSPORT)


def _with_days(
    trips: pd.DataFrame, days: pd.DataFrame, path: Path, issues: list[Issue]
) -> pd.DataFrame:
    runs = trips["service_id"].isin(set(days["service_id"]))
    if not runs.all():
        note = f"courses qui ne passent aucun jour, non gardées : {int((~runs).sum())}."
        issues.append(Issue("I-JAMAIS", path.name, note))
    if not runs.any():
        raise UnreadableFile(
            f"« {path.name} » : aucune course n'a de jour de service. Téléchargez-le de nouveau."
        )
    return trips[runs]


def _directions(
    trips: pd.DataFrame, passages: pd.DataFrame, stops: gpd.GeoDataFrame, at: pd.Index
) -> pd.Series:
    """Return where each run goes: its headsign, else the name of its last stop kept."""
    last = passages.groupby("trip")["stop"].last().reindex(np.arange(len(trips)))
    ids = pd.Series(at.to_numpy()[last.to_numpy(int)], index=trips.index, dtype="string")
    names = ids.map(stops["name"]).astype("string").fillna(ids)
    return trips["direction"].fillna(names)
