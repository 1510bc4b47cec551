"""Who may need the service, and where they live: estimated target residents per cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from territory.analysis.shrinkage import shrunken_rates

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

CENSUS, POVERTY = "recensement par IRIS", "pauvreté Filosofi"
ADULT_SHARE = 0.6  # of residents, when the vintage has no ages


def cell_need(
    cells: gpd.GeoDataFrame, iris: gpd.GeoDataFrame, zones: gpd.GeoDataFrame
) -> pd.DataFrame:
    """
    Estimate the unemployed adults living in each cell (tables.CELLS, IRIS, ZONES; one metric CRS).

    IRIS census rates (unemployed / residents 15-64, Insee) are drawn to the territory (Marshall
    1991), applied to the adults of the IRIS' cells and shared between them by adults x (0.5 +
    poverty relative to the IRIS): the sum over an IRIS is kept. Without census: share of poor
    households x adults. Columns on cell_id: residents, adults, adults_estimated, target (people),
    target_rate (of adults), poverty_share, in_qpv (share of area), percentile (0-100, target
    density), basis. What is not known is NA.
    """
    ordered = cells.sort_index()
    need = _people(ordered)
    where = _iris_of(ordered, iris)
    by_census = _census_target(need, where, iris)
    by_poverty = (need["poverty_share"] * need["adults"]).mask(need["adults"] == 0, 0.0)
    need["target"] = by_census.fillna(by_poverty)
    need["target_rate"] = need["target"] / need["adults"].where(need["adults"] > 0)
    need["in_qpv"] = _share_inside(ordered, zones[zones["kind"] == "qpv"])
    density = need["target"] / ordered.geometry.area
    need["percentile"] = 100 * density.rank(pct=True)
    need["basis"] = _basis(by_census, by_poverty)
    return need.drop(columns=["households", "poor_households"])


def _people(cells: gpd.GeoDataFrame) -> pd.DataFrame:
    table = pd.DataFrame(cells[["residents", "households", "poor_households"]]).astype(float)
    known = cells["residents_18_64"].astype(float)
    table["adults"] = known.fillna(ADULT_SHARE * table["residents"])
    table["adults_estimated"] = known.isna() & table["residents"].notna()
    table["poverty_share"] = table["poor_households"] / table["households"].where(
        table["households"] > 0
    )
    return table


def _iris_of(cells: gpd.GeoDataFrame, iris: gpd.GeoDataFrame) -> pd.Series:
    """Return the IRIS holding the middle of each cell; NA outside all."""
    ordered = iris.sort_index()
    points = cells.geometry.representative_point().to_numpy()
    cell, area = shapely.STRtree(ordered.geometry.to_numpy()).query(points, predicate="intersects")
    found = pd.Series(area, index=cell).groupby(level=0).min()
    codes = pd.Series(pd.NA, index=cells.index, dtype="object")
    codes.iloc[found.index] = ordered.index.to_numpy()[found.to_numpy()]
    return codes


def _census_target(need: pd.DataFrame, where: pd.Series, iris: gpd.GeoDataFrame) -> pd.Series:
    rates = _rates(iris)
    rate = where.map(rates).astype(float)
    adults = need["adults"]
    sums = need.groupby(where)[["poor_households", "households"]].sum()
    level = where.map(sums["poor_households"] / sums["households"]).astype(float)
    relative = (need["poverty_share"] / level.where(level > 0)).fillna(1.0)
    weight = adults * (0.5 + relative)
    total = where.map(adults.groupby(where).sum()).astype(float)
    shares = weight / where.map(weight.groupby(where).sum()).astype(float)
    return (rate * total * shares).mask((adults == 0) & rate.notna(), 0.0)


def _rates(iris: gpd.GeoDataFrame) -> pd.Series:
    known = iris.dropna(subset=["unemployed", "residents_15_64"]).sort_index()
    known = known[known["residents_15_64"] > 0]
    values = shrunken_rates(known["unemployed"], known["residents_15_64"])
    return pd.Series(values, index=known.index, dtype=float)


def _share_inside(cells: gpd.GeoDataFrame, quarters: gpd.GeoDataFrame) -> NDArray[np.float64]:
    union = shapely.union_all(quarters.geometry.to_numpy())
    shapes = cells.geometry.to_numpy()
    inside = shapely.area(shapely.intersection(shapes, union))
    share: NDArray[np.float64] = np.clip(inside / shapely.area(shapes), 0.0, 1.0)
    return share


def _basis(by_census: pd.Series, by_poverty: pd.Series) -> pd.Series:
    words = np.where(by_census.notna(), CENSUS, POVERTY)
    basis = pd.Series(words, index=by_census.index, dtype="string")
    return basis.mask(by_census.isna() & by_poverty.isna())
