"""What lies across the border: people who come from there, and cells that may be told wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    import geopandas as gpd

KNOWN_SHARE = 0.5  # of the coverage inside: less beyond the border, and nothing is known there
NO_OUTSIDE = 0.01  # of the disc around a cell: less outside, and the cell is not near the edge


def outside_demand(
    around: gpd.GeoDataFrame, cells: gpd.GeoDataFrame, need: pd.DataFrame
) -> pd.Series:
    """
    Estimate the target living in the cells around the territory: people [cell_id of `around`].

    `around` and `cells` keep tables.CELLS (one metric CRS), `need` has target on the cell_id of
    `cells`. Poor households there count for as many people of the target as here, taken together;
    where they are unknown, residents do. NA where neither is known. An estimate of who comes to
    the same permanences, never a finding on the neighbours.
    """
    ordered = around.sort_index()
    target = need["target"].reindex(cells.index)
    found = pd.Series(np.nan, index=ordered.index.rename("cell_id"), dtype=float)
    for column in ("poor_households", "residents"):
        here = cells[column].astype(float)
        both = target.notna() & here.notna()
        if here[both].sum() > 0:
            rate = target[both].sum() / here[both].sum()
            found = found.fillna(ordered[column].astype(float) * rate)
    return found.rename("target")


def at_edge(
    cells: gpd.GeoDataFrame,
    communes: gpd.GeoDataFrame,
    around: gpd.GeoDataFrame,
    *,
    within_m: float = 800.0,
) -> pd.Series:
    """
    Tell which cells lie near the edge of the territory with nothing known beyond it [cell_id].

    `cells` and `around` keep tables.CELLS, `communes` tables.COMMUNES, in one metric CRS. True when
    the ground outside within `within_m` metres (straight line) of the middle of the cell is covered
    by inhabited squares less than half as much as the territory is. Water or forest beyond the
    border reads as nothing known: the flag asks for care, it proves nothing.
    """
    ordered, land = cells.sort_index(), communes.geometry.union_all()
    shapely.prepare(land)
    discs = ordered.geometry.representative_point().buffer(within_m).to_numpy()
    outside = shapely.area(discs) - shapely.area(shapely.intersection(discs, land))
    known = _covered(discs, around)
    dense = float(ordered.area.sum()) / land.area if land.area > 0 else 0.0
    facing = outside > NO_OUTSIDE * shapely.area(discs)
    blind = facing & (known < KNOWN_SHARE * dense * outside)
    return pd.Series(blind, index=ordered.index.rename("cell_id"), name="edge", dtype=bool)


def near_edge(
    edge: pd.Series, target: pd.Series, *, within_m: float = 800.0, whole: str = "de la zone"
) -> str | None:
    """
    Return the French sentence a card owes when part of a zone lies at the edge, else None.

    `edge` and `target` [cell_id of the zone] are the flag of `at_edge` and people; without any
    people known, cells are counted instead. `whole` is what the share is of.
    """
    flags = edge.astype(bool)
    people = target.astype("Float64").reindex(flags.index).fillna(0.0).astype(float)
    weight = people if people.sum() > 0 else people * 0 + 1
    if not flags.any():
        return None
    share = f"{100 * weight[flags].sum() / weight.sum():.0f}\u202f%"
    return (
        f"{share} {whole} est à moins de {within_m:.0f}\u202fm de la limite du territoire, sans "
        "données de l'autre côté : l'accès peut y être meilleur (lieux voisins inconnus) ou moins "
        "bon (habitants voisins inconnus) que calculé."
    )


def _covered(discs: np.ndarray, around: gpd.GeoDataFrame) -> np.ndarray:
    """Return the square metres of each disc that cells around the territory cover."""
    shapes = around.geometry.to_numpy()
    covered = np.zeros(len(discs))
    if len(shapes):
        disc, shape = shapely.STRtree(shapes).query(discs, predicate="intersects")
        common = shapely.area(shapely.intersection(discs[disc], shapes[shape]))
        np.add.at(covered, disc, common)
    return covered
