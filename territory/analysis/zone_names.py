"""What a zone is called: its quarter, its commune, its streets."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

NEAR_M = 800.0  # a quarter farther away says nothing of where a zone is
_STREETS = 4


def zone_name(
    shapes: NDArray[np.object_],
    target: NDArray[np.float64],
    commune_code: str | None,
    zones: gpd.GeoDataFrame,
    communes: gpd.GeoDataFrame,
    streets: Sequence[str] = (),
) -> str:
    """
    Return a French name for the zone made of the cells `shapes` [k] with `target` [k] people.

    The quarter (kind qpv of `zones`) that holds half of the target; else two of its `streets`, with
    the quarter near by when there is one within 800 m, else its commune. The commune comes first
    when the territory has several. One metric CRS.
    """
    town = str(communes.loc[commune_code, "name"]) if commune_code in communes.index else ""
    name = _within(shapes, target, zones) or _beside(shapes, zones, town, streets)
    if len(communes) > 1 and town and town not in name:
        return f"{town} – {name}"
    return name or "Secteur sans nom"


def _within(
    shapes: NDArray[np.object_], target: NDArray[np.float64], zones: gpd.GeoDataFrame
) -> str:
    """Return the quarter that holds half of the target; empty when none does."""
    for label, quarter in _quarters(zones):
        inside = shapely.area(shapely.intersection(shapes, quarter)) / shapely.area(shapes)
        if float((inside * target).sum()) >= target.sum() / 2:
            return label
    return ""


def _beside(
    shapes: NDArray[np.object_], zones: gpd.GeoDataFrame, town: str, streets: Sequence[str]
) -> str:
    """Return the streets, the quarter near by, or the commune; empty without any."""
    whole = shapely.union_all(shapes)
    near = [(float(shapely.distance(whole, shape)), label) for label, shape in _quarters(zones)]
    distance, label = min(near, default=(np.inf, ""))
    around = f"près de « {label} »" if label and distance <= NEAR_M else town
    if streets:
        return f"{', '.join(streets[:2])}{f' ({around})' if around else ''}"
    return around[:1].upper() + around[1:]


def _quarters(zones: gpd.GeoDataFrame) -> list[tuple[str, BaseGeometry]]:
    found = zones[zones["kind"] == "qpv"].sort_index()
    labels = [str(c) if pd.isna(n) else str(n) for c, n in found["name"].items()]
    return list(zip(labels, found.geometry, strict=True))


def main_streets(shapes: NDArray[np.object_], streets: gpd.GeoDataFrame | None) -> tuple[str, ...]:
    """
    Return the names of the streets with most metres inside the cells `shapes` [k], longest first.

    `streets`: rows with name and geometry, in the CRS of the cells; None gives no name.
    """
    if streets is None or not len(streets):
        return ()
    named = streets[streets["name"].notna()]
    whole = shapely.union_all(shapes)
    lines = named.geometry.to_numpy()
    hit = shapely.STRtree(lines).query(whole, predicate="intersects")
    metres = pd.Series(shapely.length(shapely.intersection(lines[hit], whole)))
    sums = metres.groupby(named["name"].astype(str).to_numpy()[hit]).sum()
    ordered = sums.sort_index().sort_values(ascending=False, kind="stable")
    return tuple(map(str, ordered.index[:_STREETS]))


def numbered(names: Sequence[str]) -> list[str]:
    """Return `names`, those met twice followed by a number in parentheses."""
    totals, seen, out = Counter(names), Counter[str](), []
    for name in names:
        seen[name] += 1
        out.append(f"{name} ({seen[name]})" if totals[name] > 1 else name)
    return out
