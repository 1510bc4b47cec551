"""What the received files hold just outside the territory: squares of residents, and places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from territory.io.inclusion import read_inclusion_structures, read_mednum
from territory.io.official_places import (
    read_digital_advisers,
    read_france_services,
    read_libraries,
    read_pmi,
)
from territory.io.population import read_cells
from territory.model.tables import CELLS, COMMUNES, PLACES, conform, empty_table

if TYPE_CHECKING:
    from territory.io.intake import Raw

AROUND_KINDS = (
    "cells", "france_services", "inclusion_structures", "mednum", "libraries", "pmi",
    "digital_advisers",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """
    Cells and published places of the neighbours, in the metric CRS of the territory.

    They weigh on the answers for the territory and are never answers themselves: `cells` keeps
    tables.CELLS, commune_code NA, only the part outside; `places` keeps tables.PLACES, all located.
    """

    cells: gpd.GeoDataFrame
    places: gpd.GeoDataFrame


def read_around(
    raw: Raw, communes: gpd.GeoDataFrame, *, epsg: int, margin_m: float = 2000.0
) -> Around:
    """
    Read what lies outside `communes` (tables.COMMUNES, EPSG:`epsg`) but within `margin_m` metres.

    Squares across the border are shared by area with those the territory keeps. What the team wrote
    itself (partners, recurring places) is kept wherever it lies, and is not read again. Raises
    UnreadableFile, UnknownKind, DataProblem or RefusedFile as the readers.
    """
    inside = communes.geometry.union_all()
    wide = inside.buffer(margin_m)
    ring = wide.difference(inside)
    if margin_m <= 0 or ring.is_empty:
        return Around(empty_table(CELLS, epsg=epsg), empty_table(PLACES, epsg=epsg))
    return Around(_cells(raw, ring, epsg), _places(raw, wide, inside, epsg))


def _cells(raw: Raw, ring: Any, epsg: int) -> gpd.GeoDataFrame:  # noqa: ANN401 - any shapely area
    beyond = pd.DataFrame({"name": ["dehors"], "geometry": [ring]}, index=["dehors"])
    land = conform(beyond, COMMUNES, epsg=epsg)
    found = [
        read_cells(path, layer=layer, communes=land, epsg=epsg)[0]
        for path, layer in raw.of("cells")
    ]
    if not found:
        return empty_table(CELLS, epsg=epsg)
    return conform(max(found, key=len).assign(commune_code=pd.NA), CELLS, epsg=epsg)


def _places(raw: Raw, wide: Any, inside: Any, epsg: int) -> gpd.GeoDataFrame:  # noqa: ANN401
    readers: dict[str, Any] = {
        "france_services": read_france_services,
        "inclusion_structures": read_inclusion_structures,
        "mednum": read_mednum,
        "libraries": read_libraries,
        "pmi": read_pmi,
        "digital_advisers": read_digital_advisers,
    }
    tables = [
        read(path, epsg=epsg, communes=frozenset(), inside=wide)[0]
        for kind, read in readers.items()
        for path, _ in raw.of(kind)
    ]
    tables = [t for t in tables if len(t)]
    if not tables:
        return empty_table(PLACES, epsg=epsg)
    listed = gpd.GeoDataFrame(pd.concat(tables), crs=epsg)
    listed = listed[listed.geometry.notna() & ~listed.index.isin(list(raw.merges))]
    listed = listed[~listed.geometry.within(inside) & ~listed.index.duplicated()]
    return conform(listed, PLACES, epsg=epsg)
