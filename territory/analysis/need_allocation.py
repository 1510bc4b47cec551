"""How the people of an IRIS are shared between its cells, and the parts every public rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from territory.analysis.need_draws import WITH_POVERTY, WITHOUT_POVERTY
from territory.analysis.shared_area import shared_area

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

ADULT_SHARE = 0.6  # of residents, when the vintage has no ages


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """
    Sorted cells and IRIS (one metric CRS), the IRIS of each cell (`where`, NA outside all).

    `adults` are people; `poverty` is the share of poor households (NA unknown); `pull` is 0.5 +
    poverty relative to the IRIS, 1.5 where it is not known.
    """

    cells: gpd.GeoDataFrame
    iris: gpd.GeoDataFrame
    where: pd.Series
    adults: pd.Series
    poverty: pd.Series
    pull: pd.Series

    def areas(self, shapes: pd.Series) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the position [n] of each cell's IRIS in `shapes` (-1 without), and the shapes."""
        codes = pd.Index(shapes.index).get_indexer(pd.Index(self.where.fillna("")))
        return codes.astype(np.int64), shapes.to_numpy(float)

    def log_sd(self, given: float | None) -> NDArray[np.float64]:
        """Return the error of the sharing by cell [n]: wider where poverty is not measured."""
        blind = self.poverty.isna() | self.cells["imputed"].fillna(value=False).astype(bool)
        measured = np.where(blind, WITHOUT_POVERTY, WITH_POVERTY)
        return measured if given is None else np.full(len(blind), given)


def lay_ground(cells: gpd.GeoDataFrame, iris: gpd.GeoDataFrame) -> Ground:
    """Return what the estimates rest on (tables.CELLS and IRIS, one metric CRS)."""
    ordered, areas = cells.sort_index(), iris.sort_index()
    households = ordered["households"].astype(float)
    poor = ordered["poor_households"].astype(float)
    poverty = poor / households.where(households > 0)
    known = ordered["residents_18_64"].astype(float)
    adults = known.fillna(ADULT_SHARE * ordered["residents"].astype(float))
    where = _iris_of(ordered, areas)
    level = where.map(poor.groupby(where).sum() / households.groupby(where).sum()).astype(float)
    relative = (poverty / level.where(level > 0)).fillna(1.0)
    return Ground(ordered, areas, where, adults, poverty, 0.5 + relative)


def share_inside(cells: gpd.GeoDataFrame, quarters: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Return the share [n] of each cell's area inside the union of `quarters`, 0-1 (one CRS)."""
    apart = shapely.get_parts(shapely.union_all(quarters.geometry.to_numpy()))
    shapes = cells.geometry.to_numpy()
    _, cell, area = shared_area(apart, shapes)
    inside = np.bincount(cell, area, len(shapes))
    share: NDArray[np.float64] = np.clip(inside / shapely.area(shapes), 0.0, 1.0)
    return share


def _iris_of(cells: gpd.GeoDataFrame, iris: gpd.GeoDataFrame) -> pd.Series:
    """Return the IRIS holding the middle of each cell; NA outside all."""
    points = cells.geometry.representative_point().to_numpy()
    cell, area = shapely.STRtree(iris.geometry.to_numpy()).query(points, predicate="intersects")
    found = pd.Series(area, index=cell).groupby(level=0).min()
    codes = pd.Series(pd.NA, index=cells.index, dtype="object")
    codes.iloc[found.index] = iris.index.to_numpy()[found.to_numpy()]
    return codes
