"""Public transport beside the walking network: product 42, when a timetable was received."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from territory.io.hindrances import read_hindrances
from territory.io.products import Product, step
from territory.io.timetable import read_timetable
from territory.io.transit import read_stops
from territory.model.french_calendar import calendar_of
from territory.model.issues import Issue, ReadReport
from territory.model.jsonable import to_json
from territory.model.timetable import PERIODS
from territory.network.graph import WalkGraph
from territory.network.transit_days import usual_days
from territory.network.transit_graph import TransitGraph, transit_graph
from territory.network.transit_services import usual_services
from territory.network.transit_store import RUN_TABLES, run_tables
from territory.network.transit_ties import stop_changes, stop_nodes, with_stops
from territory.network.walk import network_from_tables
from territory.pipeline.walking import usual_pace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from territory.model.timetable import Timetable
    from territory.pipeline.workspace import Territory

    Tables = dict[str, pd.DataFrame]

NAME = "42_transit"
KIND = "transit"
AROUND_M = 2000.0  # as far as streets are kept
_STOP_COLUMNS = {
    "stops": (), "services": ("from_stop", "to_stop", "group_id"),
    "transfers": ("from_stop", "to_stop"),
}  # fmt: skip


def transit_step(territory: Territory, ground: Product, walk: Product) -> Product | None:
    """
    42: usual services, stops tied to the streets, changes; None when no timetable was received.

    Tables stops (name, node), services, transfers, and the streets with stops tied: transit_edges,
    transit_nodes (metres, metric CRS), transit_points; and every run as it is (`run_tables`). The
    facts tell the usual days. Raises UnreadableFile (French) for a damaged feed, and as
    `network_from_tables`.
    """
    feeds = [path for path, _ in territory.raw.of(KIND)]
    if not feeds:
        return None

    def compute() -> tuple[Tables, dict[str, Any]]:
        area = ground.tables["communes"].geometry.union_all().buffer(AROUND_M)
        read = [_read(path, territory, area) for path in feeds]
        reports = [to_json(report) for _, found in read for report in found]
        near = [feed for feed, _ in read if feed is not None]
        tables = _together([feed.tables for feed in near])
        days = {
            path.name: {} if feed is None else _days(feed.timetable, feed.usual)
            for path, (feed, _) in zip(feeds, read, strict=True)
        }
        tied = _tied(tables, walk, area, territory)
        runs = run_tables([(feed.timetable, feed.usual) for feed in near], tied["stops"].index)
        return {**tied, **runs}, {"reports": reports, "jours": days}

    settings = {
        "communes": sorted(territory.settings.ground.communes),
        "epsg": territory.settings.ground.epsg,
        "walk": to_json(territory.settings.walk),
        "periods": to_json(dict(PERIODS)),
        "runs": [*RUN_TABLES, "transit_changes"],
    }
    inputs = {p.name: p.digest for p in (ground, walk)} | territory.raw.hashes(
        (KIND, "heights", "avoid")
    )
    return step(territory.processed, NAME, compute, settings=settings, inputs=inputs)


def transit_of(product: Product, period: str, day_type: str) -> TransitGraph:
    """
    Return the graph of product 42 for one period and day (codes of SERVICES).

    Raises WrongUsage (French) for a period or a day that does not exist.
    """
    tables = product.tables
    edges, xy = tables["transit_edges"], tables["transit_nodes"]
    ends = edges["tail"], edges["head"]
    walk = WalkGraph.from_edges(*ends, edges["seconds"], xy["x"], xy["y"], directed=True)
    return transit_graph(
        walk,
        tables["services"],
        tables["stops"],
        period,
        day_type=day_type,
        transfers=tables["transfers"],
    )


def nodes_of(product: Product, point_ids: Sequence[str]) -> NDArray[np.int32]:
    """Return the nodes [points] of « c: », « p: » or « a: » + id in product 42, -1 when untied."""
    known = product.tables["transit_points"]["node"].reindex(list(point_ids))
    nodes: NDArray[np.int32] = known.fillna(-1).to_numpy(np.int32)
    return nodes


@dataclass(frozen=True, slots=True, eq=False)
class _Feed:
    tables: Tables
    timetable: Timetable
    usual: Mapping[str, tuple[date, ...]]


def _read(
    path: Path, territory: Territory, area: BaseGeometry
) -> tuple[_Feed | None, list[ReadReport]]:
    """Return what one feed holds and the reports; nothing when it is far."""
    ground = territory.settings.ground
    stops, seen = read_stops(path, epsg=ground.epsg, inside=area)
    if stops.empty:
        far = Issue("W-TRANSPORT", path.name, "aucun arrêt près du territoire.", "Fichier ignoré.")
        return None, [seen, ReadReport(path.name, "horaires", 0, 0, (far,))]
    timetable, report = read_timetable(path, stops)
    calendar = calendar_of(ground.communes)

    def holiday(on: date) -> bool:
        return calendar.holiday(on) is not None

    services = usual_services(timetable, holiday)
    tables = {"stops": stops, "services": services, "transfers": timetable.transfers}
    return _Feed(tables, timetable, usual_days(timetable, holiday)), [seen, report]


def _days(timetable: Timetable, usual: Mapping[str, tuple[date, ...]]) -> dict[str, Any]:
    """Return how many days of each kind are usual, the first and last of them, and of the feed."""
    every = sorted(d for days in usual.values() for d in days)
    on = timetable.days["on"]
    return {
        "nombre": {kind: len(days) for kind, days in usual.items()},
        "usuels": [every[0].isoformat(), every[-1].isoformat()],
        "fichier": [on.min().date().isoformat(), on.max().date().isoformat()],
    }


def _together(feeds: list[Tables]) -> Tables:
    """Stack the tables of several feeds; identifiers then begin with the number of the feed."""
    if len(feeds) == 1:
        return feeds[0]
    named = [_numbered(tables, f"{k}:") for k, tables in enumerate(feeds)]
    return {name: pd.concat([t[name] for t in named]) for name in _STOP_COLUMNS if named}


def _numbered(tables: Tables, prefix: str) -> Tables:
    named = {}
    for name, columns in _STOP_COLUMNS.items():
        table = tables[name]
        changed = table.assign(**{c: prefix + table[c] for c in columns})
        named[name] = changed.set_axis(prefix + table.index.astype("str")).rename_axis(
            table.index.name
        )
    return named


def _tied(tables: Tables, walk: Product, area: BaseGeometry, territory: Territory) -> Tables:
    """Return the tables to write: stops with their node, and the streets cut where they stand."""
    ways, segments = territory.settings.walk, walk.tables["segments"]
    slow, _ = read_hindrances(territory.raw, area, epsg=territory.settings.ground.epsg)
    stops = tables.get("stops", _no_stop(segments))
    network = with_stops(
        network_from_tables(dict(walk.tables)),
        segments,
        stops[stops["kind"].eq("arret")],
        pace=usual_pace(ways),
        heights=slow.heights,
        avoid=slow.avoid,
        snap_max_m=ways.snap_max_m,
        join_gaps_m=ways.join_gaps_m,
    )
    arcs = network.graph.matrix.tocoo()
    edges = pd.DataFrame({"tail": arcs.row, "head": arcs.col, "seconds": arcs.data})
    nodes = pd.DataFrame({"x": network.graph.x, "y": network.graph.y})
    streets = {"transit_edges": edges, "transit_nodes": nodes, "transit_points": network.points}
    named = stop_nodes(network, stops)
    changes = stop_changes(network.graph, named, tables.get("transfers"))
    return {**tables, "stops": named, **streets, "transit_changes": changes}


def _no_stop(segments: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    columns = {"name": pd.Series(dtype="string"), "kind": pd.Series(dtype="string")}
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([], crs=segments.crs))
