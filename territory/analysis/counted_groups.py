"""People informed, grouped by every zone and period a publication may use: never by hour or day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

ZONINGS = ("commune", "qpv", "carreau")
PERIODS = ("mois", "semaine", "annee")
OUTSIDE, NOWHERE = "hors QPV", ""
SIDE_M = 200
_LAEA, _FRANCE = 3035, 2154
RATE_RESIDENTS, RATE_IMPUTED = 200, 0.5


def counted_groups(
    activities: gpd.GeoDataFrame, communes: gpd.GeoDataFrame, zones: gpd.GeoDataFrame
) -> pd.DataFrame:
    """
    Return the groups of people [people, commune, qpv, carreau, annee, mois, semaine].

    Realised activities with a count, in a known commune; those of a sensitive place, or of a place
    not known to be ordinary, are left out. `zones` are those in force. Without a position the
    quarter and the square are empty. All tables in one metric CRS.
    """
    kept = activities[
        (activities["state"] == "realise")
        & (activities["n_informed"].fillna(0) > 0)
        & ~activities["sensitive"].fillna(value=True).astype(bool)
        & activities["commune_code"].isin(communes.index)
    ]
    days = kept["on"]
    groups = pd.DataFrame(
        {
            "people": kept["n_informed"].astype("int64"),
            "commune": kept["commune_code"].astype(str),
            "qpv": quarter_of(kept.geometry, zones[zones["kind"] == "qpv"]),
            "carreau": square_of(kept.geometry),
            "annee": days.dt.strftime("%Y"),
            "mois": days.dt.strftime("%Y-%m"),
            "semaine": days.dt.strftime("%G-W%V"),
        }
    )
    names = [name for name in groups if name != "people"]
    return groups.groupby(names, as_index=False)["people"].sum()


def quarter_of(points: gpd.GeoSeries, quarters: gpd.GeoDataFrame) -> pd.Series:
    """
    Return the code of the first quarter that holds each point, OUTSIDE, or NOWHERE without a point.

    Both in one metric CRS.
    """
    known = points[points.notna() & ~points.is_empty]
    found = gpd.sjoin(known.to_frame("geometry"), quarters[["geometry"]], predicate="intersects")
    first = found.groupby(level=0)[found.columns[-1]].min()
    inside = pd.Series(OUTSIDE, index=known.index).where(~known.index.isin(first.index), first)
    return inside.reindex(points.index, fill_value=NOWHERE).astype(str)


def square_of(points: gpd.GeoSeries) -> pd.Series:
    """
    Return the Insee code of the 200 m square of each point, as « CRS3035RES200mN2890000E3770000 ».

    The grid is the one of Insee: EPSG:3035 in metropolitan France, the metric CRS overseas.
    """
    epsg = grid_epsg(points)
    known = points[points.notna() & ~points.is_empty].to_crs(epsg)
    corners = zip(_floor(known.y), _floor(known.x), strict=True)
    codes = [f"CRS{epsg}RES{SIDE_M}mN{north}E{east}" for north, east in corners]
    return pd.Series(codes, index=known.index).reindex(points.index, fill_value=NOWHERE)


def grid_epsg(points: gpd.GeoSeries) -> int:
    """Return the EPSG code of the Insee grid that goes with a metric CRS."""
    epsg = points.crs.to_epsg()
    return _LAEA if epsg == _FRANCE else int(epsg)


def _floor(metres: pd.Series) -> NDArray[np.int64]:
    corners = np.floor(metres.to_numpy(float) / SIDE_M) * SIDE_M
    return np.asarray(corners, dtype=np.int64)


def residents_by_zone(
    zoning: str, cells: gpd.GeoDataFrame, quarters: gpd.GeoDataFrame
) -> pd.DataFrame:
    """
    Return residents (people) and imputed (share, 0-1) by zone code, for rates.

    A cell that a quarter cuts counts for its share of area; a square cut by the limit of the
    territory is left out, its count being of the whole square. Both in one metric CRS.
    """
    people = cells["residents"].astype(float)
    imputed = people.where(cells["imputed"].fillna(value=True).astype(bool), 0.0)
    if zoning == "qpv":
        keys, weights = _quarter_shares(cells, quarters)
    elif zoning == "commune":
        keys, weights = cells["commune_code"], pd.Series(1.0, index=cells.index)
    else:
        whole = cells["inside_share"] > 1 - 1e-6
        keys, weights = pd.Series(cells.index, index=cells.index)[whole], whole[whole].astype(float)
    table = pd.DataFrame({"zone": keys, "weight": weights})
    table = table.assign(residents=people.reindex(table.index) * table["weight"],
                         imputed=imputed.reindex(table.index) * table["weight"])  # fmt: skip
    found = table.groupby("zone")[["residents", "imputed"]].sum(min_count=1)
    return found.assign(imputed=found["imputed"] / found["residents"].where(found["residents"] > 0))


def _quarter_shares(
    cells: gpd.GeoDataFrame, quarters: gpd.GeoDataFrame
) -> tuple[pd.Series, pd.Series]:
    pairs = cells.sindex.query(quarters.geometry, predicate="intersects")
    at = cells.geometry.iloc[pairs[1]]
    inside = shapely.intersection(at.to_numpy(), quarters.geometry.iloc[pairs[0]].to_numpy())
    codes = pd.Series(quarters.index[pairs[0]].astype(str), index=at.index)
    return codes, pd.Series(shapely.area(inside), index=at.index) / at.area


def rate(people: int, residents: float, imputed: float) -> float | None:
    """
    Return people per 100 residents, None when it would mean nothing.

    None below 200 residents, when more than half are imputed, or when either is not known.
    """
    if not (residents >= RATE_RESIDENTS and imputed <= RATE_IMPUTED):
        return None
    return 100.0 * people / residents
