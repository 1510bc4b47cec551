"""A town of 16 x 16 squares with one permanence in a corner, and one quarter that nobody visits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import LineString, box

from territory.model.tables import CELLS, COMMUNES, IRIS, ZONES, conform

SIDE, SQUARE_M = 16, 200.0


@dataclass(frozen=True)
class GapTown:
    """The tables that `underserved` takes; `missed` are the cells of the quarter."""

    need: pd.DataFrame
    access: pd.DataFrame
    effort: pd.DataFrame
    minutes: pd.DataFrame
    cells: gpd.GeoDataFrame
    zones: gpd.GeoDataFrame
    communes: gpd.GeoDataFrame
    iris: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    missed: list[str]

    def tables(self) -> tuple[object, ...]:
        """Return the arguments of `underserved`, in its order."""
        known = self.need, self.access, self.effort, self.minutes
        return *known, self.cells, self.zones, self.communes


def ids() -> list[str]:
    """Return the names of the squares, column by column."""
    return [f"c{x:02d}{y:02d}" for x in range(SIDE) for y in range(SIDE)]


@cache
def gap_town(contacts: int = 3000) -> GapTown:
    """Return the town; people of squares 9-11 x 9-11 are met ten times less than the others."""
    random = np.random.default_rng(5)
    x, y = (a.ravel() for a in np.meshgrid(np.arange(SIDE), np.arange(SIDE), indexing="ij"))
    squares = [box(SQUARE_M * i, SQUARE_M * j, SQUARE_M * (i + 1), SQUARE_M * (j + 1))
               for i, j in zip(x, y, strict=True)]  # fmt: skip
    index = pd.Index(ids(), name="cell_id")
    target = pd.Series(random.gamma(6.0, 3.0, len(index)), index)
    far = pd.DataFrame(
        np.hypot(x[:, None] - x, y[:, None] - y) * SQUARE_M * 1.2 / 75, index, index.to_list()
    )
    missed = (x >= 9) & (x <= 11) & (y >= 9) & (y <= 11)
    fitted = target.to_numpy() * np.where(missed, 0.1, 1.0)
    met = random.poisson(contacts * fitted / fitted.sum()).astype(float)
    expected = met.sum() * target / target.sum()
    need = pd.DataFrame({"residents": 180.0, "target": target})
    need["percentile"] = 100 * target.rank(pct=True)
    need["percentile_low"], need["percentile_high"] = need["percentile"] - 5, need["percentile"] + 5
    effort = pd.DataFrame(
        {
            "contacts": met,
            "expected": expected,
            "months_since": 2.0,
            "p_below_half": np.where(missed, 0.9, 0.05),
            "theta": (met + 2) / (expected + 2),
        },
        index=index,
    )
    frame = pd.DataFrame({"geometry": squares, "commune_code": "93001", "residents": 180.0,
                          "households": 80.0, "poor_households": 20.0}, index=index)  # fmt: skip
    return GapTown(
        need,
        pd.DataFrame({"minutes_permanence": far.iloc[0].to_numpy()}, index=index),
        effort,
        far,
        conform(frame, CELLS),
        _layer({"name": ["Les Tilleuls"], "kind": "qpv"}, ["QN1"],
               [box(1800, 1800, 2400, 2400)], ZONES),
        _layer({"name": ["Ville"]}, ["93001"], [box(0, 0, 3200, 3200)], COMMUNES),
        _layer({"name": [f"I{k}" for k in range(16)], "commune_code": "93001"},
               [f"I{k:02d}" for k in range(16)],
               [box(800 * (k % 4), 800 * (k // 4), 800 * (k % 4 + 1), 800 * (k // 4 + 1))
                for k in range(16)], IRIS),
        _streets(),
        [c for c, m in zip(index, missed, strict=True) if m],
    )  # fmt: skip


def _layer(
    data: dict[str, object], index: list[str], shapes: list[object], contract: object
) -> gpd.GeoDataFrame:
    return conform(pd.DataFrame({**data, "geometry": shapes}, index=index), contract)


def _streets() -> gpd.GeoDataFrame:
    lines = [LineString([(0, 100 + 200 * k), (3200, 100 + 200 * k)]) for k in range(SIDE)]
    names = [f"Rue n° {k}" for k in range(SIDE)]
    names[3] = None
    return gpd.GeoDataFrame({"name": names}, geometry=lines, crs=2154)
