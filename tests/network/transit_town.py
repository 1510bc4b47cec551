"""A street of eight stops 1,000 m apart, and the lines of a small feed along it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.network.graph import WalkGraph
from territory.network.transit_graph import TransitGraph, transit_graph
from territory.network.transit_services import usual_services
from tests.io.feeds import LETTERS, Run, read_feed, write_feed

if TYPE_CHECKING:
    from pathlib import Path

    from territory.model.timetable import Timetable

WALK_S = 800.0  # 1,000 m at 4.5 km/h, from a stop to the next
MORNING = {"matin": (8 * 60, 12 * 60)}


def street(links: str = LETTERS) -> WalkGraph:
    """Nodes A..H in a row; only those of `links` are joined to the next of `links`."""
    known = [LETTERS.index(c) for c in links]
    apart = WALK_S * np.diff(known)
    return WalkGraph.from_edges(
        known[:-1], known[1:], apart, 1000.0 * np.arange(len(LETTERS)), np.zeros(len(LETTERS))
    )


def stops(untied: str = "") -> pd.DataFrame:
    """The stops of the feed, each at the node of its letter; -1 for those of `untied`."""
    nodes = [-1 if c in untied else k for k, c in enumerate(LETTERS)]
    names = [f"Arrêt {c}" for c in LETTERS]
    return pd.DataFrame({"name": names, "node": nodes}, index=pd.Index(list(LETTERS)))


def town(folder: Path, runs: list[Run], walk: WalkGraph, **options: str) -> TransitGraph:
    """Return the graph of a morning with `runs`."""
    services, _ = services_of(folder, runs)
    return transit_graph(walk, services, stops(**options), "matin")


def services_of(folder: Path, runs: list[Run]) -> tuple[pd.DataFrame, Timetable]:
    timetable, _, _ = read_feed(write_feed(folder / "f.zip", runs))
    return usual_services(timetable, lambda _: False, periods=MORNING), timetable
