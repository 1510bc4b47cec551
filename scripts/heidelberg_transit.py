"""Regenerate docs/transports.md and its picture: walking and public transport on Heidelberg."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import holidays
import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from PIL import Image
from scipy.sparse import csgraph

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.transit_page import Figures, page
from territory.io.streets import read_streets
from territory.io.timetable import read_timetable
from territory.io.transit import read_stops
from territory.model.timetable import PERIODS
from territory.network.graph import components
from territory.network.times import walk_times
from territory.network.transit_days import usual_days
from territory.network.transit_graph import TransitGraph, door_to_door_s, transit_graph
from territory.network.transit_path import transit_path
from territory.network.transit_services import usual_services
from territory.network.transit_ties import stop_nodes, with_stops
from territory.network.walk import WalkNetwork, build_walk
from tests.network.timetable_judge import day_of, mean_seconds
from tests.real_data import FOLDER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.model.timetable import Timetable

EPSG, SEED = 25832, 0
FEED, STREETS = "gtfs/heidelberg_vrn_gtfs_cut.zip", "osm/heidelberg.osm.pbf"
NEAR_M, PAIRS, MOMENTS, LIMIT_S = 500.0, 200, 24, 1800.0
DAYS = (date(2022, 7, 6), date(2022, 9, 15))  # a Wednesday and a Thursday, both usual
WALK = {"snap_max_m": 250.0, "join_gaps_m": 0.0}
MOVED, MOVED_S = 6, 900  # timetables where lines are moved, and by how much at most
CENTRE = "Bismarckplatz"


@dataclass(frozen=True, slots=True, eq=False)
class Town:
    """Heidelberg as read: its timetable, its services, its streets with stops tied."""

    timetable: Timetable
    services: pd.DataFrame
    stops: pd.DataFrame
    network: WalkNetwork

    def graph(self, period: str = "matin", day_type: str = "ouvre") -> TransitGraph:
        """Return its graph at one moment."""
        return transit_graph(
            self.network.graph,
            self.services,
            self.stops,
            period,
            day_type=day_type,
            transfers=self.timetable.transfers,
        )


def main() -> None:
    """Read, measure, draw and write the page; without the files, leave it as it is."""
    if not (FOLDER / FEED).exists() or not (FOLDER / STREETS).exists():
        print("Les fichiers de Heidelberg ne sont pas là : docs/transports.md reste tel quel.")
        return
    town, seconds = read_town()
    origins, ends = pairs(town)
    figures = Figures(
        seconds=seconds,
        trips=len(town.timetable.trips),
        passages=len(town.timetable.passages),
        services=len(town.services),
        stops=len(town.stops),
        tied=int((town.stops["node"] >= 0).sum()),
        streets=town.network.graph.n,
        aboard={p: town.graph(p).graph.n - town.network.graph.n for p in PERIODS},
        shares=shares(town, origins, ends),
        errors=errors(town, origins, ends),
        examples=examples(town, origins, ends),
        days=len(usual_days(town.timetable, holiday)["ouvre"]),
        picture=draw(town, ROOT / "docs" / "images" / "heidelberg_transports.png"),
    )
    (ROOT / "docs" / "transports.md").write_text(page(figures), encoding="utf-8")


def holiday(on: date) -> bool:
    """Tell the public holidays of Baden-Württemberg."""
    return on in holidays.country_holidays("DE", subdiv="BW", years=on.year)


def read_town() -> tuple[Town, dict[str, float]]:
    """Return the town, and the seconds each step took."""
    clock = [time.perf_counter()]
    found, _ = read_stops(FOLDER / FEED, epsg=EPSG)
    timetable, _ = read_timetable(FOLDER / FEED, found)
    clock.append(time.perf_counter())
    services = usual_services(timetable, holiday)
    clock.append(time.perf_counter())
    streets, _ = read_streets(FOLDER / STREETS, epsg=EPSG)
    clock.append(time.perf_counter())
    nowhere = gpd.GeoDataFrame(geometry=gpd.GeoSeries([], crs=EPSG).rename_axis("point_id"))
    bare = build_walk(streets.segments, streets.nodes, nowhere, **WALK)
    at = found[found["kind"] == "arret"]
    network = with_stops(bare, streets.segments, at, **WALK)
    clock.append(time.perf_counter())
    steps = ("horaires", "services", "rues", "raccords")
    town = Town(timetable, services, stop_nodes(network, at), network)
    return town, dict(zip(steps, np.diff(clock), strict=True))


def pairs(town: Town) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return PAIRS crossroads drawn within NEAR_M of a stop on foot, and as many ends."""
    graph = town.network.graph
    stops = np.unique(town.stops["node"][town.stops["node"] >= 0])
    main = np.flatnonzero(components(graph)[: len(town.network.component)] == 0)
    near = walk_times(graph, main, stops, limit_s=NEAR_M / 1.25)
    draw_ = np.random.default_rng(SEED)
    served = main[np.isfinite(near).any(axis=1)]
    return draw_.choice(served, PAIRS), draw_.choice(served, PAIRS)


def shares(
    town: Town, origins: NDArray[np.int64], ends: NDArray[np.int64]
) -> dict[tuple[str, str], tuple[float, float, float]]:
    """Return, by day and period: share of pairs quicker, median minutes on foot, and with it."""
    afoot = walk_times(town.network.graph, origins, ends) / 60
    found = {}
    for day in ("ouvre", "samedi", "dimanche"):
        for period in PERIODS:
            both = door_to_door_s(town.graph(period, day), origins, ends) / 60
            gain = float((both < afoot - 1).mean())
            found[day, period] = (gain, float(np.median(afoot)), float(np.median(both)))
    return found


def errors(town: Town, origins: NDArray[np.int64], ends: NDArray[np.int64]) -> pd.DataFrame:
    """
    Return, by pair: expected_s, simulated_s, shifted_s, rides, longest_wait_s.

    `simulated_s` is the mean of real departures, `shifted_s` that of timetables where each line was
    moved by a time of its own: what lines do for each other is lost there.
    """
    graph, (between, start, end) = town.graph(), _on_foot(town, origins, ends)
    real = [day_of(town.timetable, on, between) for on in DAYS]
    moved = [day_of(_moved(town.timetable, k), DAYS[0], between) for k in range(MOVED)]
    draw_, (first, last) = np.random.default_rng(SEED), PERIODS["matin"]
    rows = []
    for k, (a, b) in enumerate(zip(origins, ends, strict=True)):
        trip = transit_path(graph, int(a), int(b))
        means = [
            [
                mean_seconds(day, at, start[k], end[k], trip.on_foot_s)
                for day in days
                for at in [draw_.uniform(60 * first, 60 * last, MOMENTS // len(days))]
            ]
            for days in (real, moved)
        ]
        waits = [leg.wait_s for leg in trip.legs if leg.wait_s > 0]
        simulated, shifted = (float(np.mean(m)) for m in means)
        longest = max(waits, default=0.0)
        rows.append((trip.seconds, simulated, shifted, len(waits), longest))
    names = ["expected_s", "simulated_s", "shifted_s", "rides", "longest_wait_s"]
    return pd.DataFrame(rows, columns=names)


def _moved(timetable: Timetable, seed: int) -> Timetable:
    """Return the timetable with each line, each way, up to MOVED_S earlier or later."""
    way = timetable.trips["line"] + timetable.trips["direction"]
    codes, _ = pd.factorize(way, sort=True)
    by_line = np.random.default_rng(seed).integers(-MOVED_S, MOVED_S, codes.max() + 1)
    rows = timetable.passages
    shift = by_line[codes][rows["trip"]]
    times = {c: rows[c] + shift for c in ("arrive_s", "depart_s")}
    return replace(timetable, passages=rows.assign(**times))


def _on_foot(
    town: Town, origins: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return seconds on foot between stops, from origins to stops, from stops to ends."""
    walk, ids = town.network.graph, town.timetable.stop_ids
    nodes = town.stops["node"].reindex(list(ids)).to_numpy()
    tied = np.flatnonzero(nodes >= 0)
    between = np.full((len(nodes), len(nodes)), np.inf)
    between[np.ix_(tied, tied)] = walk_times(walk, nodes[tied], nodes[tied])
    for a, b, seconds in town.timetable.transfers.itertuples(index=False):
        i, j = ids.index(a), ids.index(b)
        between[i, j] = min(between[i, j], seconds)
    between = csgraph.floyd_warshall(between)
    start, end = (np.full((len(origins), len(nodes)), np.inf) for _ in range(2))
    start[:, tied] = walk_times(walk, origins, nodes[tied])
    end[:, tied] = walk_times(walk, nodes[tied], ends).T
    return between, _through(start, between), _through(end, between.T)


def _through(reach: NDArray[np.float64], between: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return seconds to each stop [pairs, stops], a change on foot at another stop allowed."""
    return np.stack([(row[:, None] + between).min(axis=0) for row in reach])


def examples(town: Town, origins: NDArray[np.int64], ends: NDArray[np.int64]) -> list[str]:
    """Return the first trips with one ride, and with two."""
    graph = town.graph()
    trips = [transit_path(graph, int(a), int(b)) for a, b in zip(origins, ends, strict=True)]
    told = {n: t for t in reversed(trips) if (n := sum(leg.wait_s > 0 for leg in t.legs)) in {1, 2}}
    return [str(told[n]) for n in sorted(told)]


def draw(town: Town, path: Path) -> tuple[float, float]:
    """Draw the streets within LIMIT_S of CENTRE; return their kilometres on foot, and with both."""
    graph, edges = town.graph(), town.network.edges
    centre = town.stops[town.stops["name"].str.contains(CENTRE) & (town.stops["node"] >= 0)]
    start = centre["node"].iloc[:1].to_numpy()
    everywhere = np.arange(graph.walk.n)
    times = [
        walk_times(g, start, everywhere, limit_s=LIMIT_S)[0] for g in (graph.walk, graph.graph)
    ]
    tail, head = edges["tail"].to_numpy(), edges["head"].to_numpy()
    foot, both = (np.isfinite(t[tail]) & np.isfinite(t[head]) for t in times)
    xy = np.column_stack([graph.walk.x, graph.walk.y])
    lines = np.stack([xy[tail], xy[head]], axis=1)
    _picture(path, lines, foot, both & ~foot, xy[start[0]])
    length = edges["length_m"].to_numpy() / 1000
    return float(length[foot].sum()), float(length[both].sum())


def _picture(
    path: Path,
    lines: NDArray[np.float64],
    foot: NDArray[np.bool_],
    more: NDArray[np.bool_],
    at: NDArray[np.float64],
) -> None:
    mpl.use("agg")
    figure = Figure(figsize=(9, 9), dpi=100)
    axes = figure.add_axes((0.01, 0.01, 0.98, 0.93))
    for kept, colour, width in (
        (~(foot | more), "#d9d4cb", 0.5), (more, "#c8500a", 0.9), (foot, "#1f4e79", 1.1),
    ):  # fmt: skip
        axes.add_collection(LineCollection(list(lines[kept]), colors=colour, linewidths=width))
    axes.plot(*at, marker="o", color="black", markersize=7)
    shown = lines[foot | more].reshape(-1, 2)
    low, high = shown.min(axis=0) - 300, shown.max(axis=0) + 300
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(low[1], high[1])
    axes.set_aspect("equal")
    axes.set_axis_off()
    figure.suptitle(
        f"À 30 min de {CENTRE} : à pied (bleu), avec les transports un matin ouvré (orange)",
        fontsize=11,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)
    with Image.open(path) as image:
        few = image.convert("RGB").quantize(32)
    few.save(path, optimize=True)


if __name__ == "__main__":
    main()
