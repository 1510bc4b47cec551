"""A street of eight stops A to H, 1,000 m apart, walked at 75 m a minute, and its timetable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.model.timetable import WORKDAY
from territory.network.transit_days import usual_days
from territory.network.transit_rides import Rides, links_of
from territory.network.transit_store import run_tables, week_hops
from tests.io.feeds import LETTERS, Run, read_feed, write_feed
from tests.network.transit_town import stops, street
from tests.planning.town import GridWalks

if TYPE_CHECKING:
    from pathlib import Path

MONDAY = date(2026, 6, 8)  # a day of the feed
WORKED = tuple(date(2026, 6, 8 + k) for k in range(5))
NAMES = {letter: f"p:{letter}" for letter in LETTERS}


@dataclass(frozen=True)
class BusWalks(GridWalks):
    """The walks of the street, and the timetable beside them."""

    rides: Rides | None = None


def bus_walks(
    folder: Path,
    runs: list[Run],
    days: tuple[date, ...] = WORKED,
    at: dict[str, int] | None = None,
) -> BusWalks:
    """Return the street with the vehicles of `runs` on `days`; `at` points by kilometre."""
    known = {name: k for k, name in enumerate(NAMES.values())} | (at or {})
    timetable, _, _ = read_feed(write_feed(folder / "f.zip", runs))
    named = stops()
    tables = run_tables([(timetable, usual_days(timetable, lambda _: False))], named.index)
    hops, stand_in = week_hops(tables, days, dict.fromkeys(days, WORKDAY))
    nothing = np.empty(0, np.int64)
    rides = Rides(
        hops, stand_in, named, street(), pd.Series(known), 0,
        links_of(nothing, nothing, nothing.astype(float), len(named)),
    )  # fmt: skip
    return BusWalks({name: (1000 * k, 0) for name, k in known.items()}, rides)
