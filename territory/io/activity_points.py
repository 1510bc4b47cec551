"""Outings written with an address only, put on the map when an address file is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import shapely

from territory.geocoding.match import ACCEPTED, Query, locate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from territory.geocoding.index import AddressIndex
    from territory.io.rows import Row

# The door that was knocked at is somebody's home: such an outing keeps its commune only.
_HOMES = frozenset({"porte_a_porte"})


def located_by_address(
    table: gpd.GeoDataFrame, rows: Sequence[Row], addresses: Callable[[], AddressIndex]
) -> gpd.GeoDataFrame:
    """
    Return ACTIVITIES with points found from « adresse »; `rows` are their lines, in order.

    `addresses` makes the index, in the metric CRS of the table, and is called only when some line
    needs it. Points from 0.5 are kept, those below 0.75 are told (W-GEO), without the address; a
    line that names a partner is placed there instead, unless its address is sure. The address
    itself is not kept.
    """
    waiting = [
        (number, row)
        for number, (row, known) in enumerate(zip(rows, table["commune_code"].notna(), strict=True))
        if known and row.text("address") and _to_place(table, number)
    ]
    if not waiting:
        return table
    codes = table["commune_code"]
    queries = [
        Query(str(row.text("address")), str(codes.iloc[n]), row.text("city") or "")
        for n, row in waiting
    ]
    points = table.geometry.to_numpy().copy()
    found = locate(addresses(), queries)
    for (number, row), options in zip(waiting, found, strict=True):
        best = options[0] if options else None
        if row.text("partner_id") and (best is None or best.score < ACCEPTED):
            continue
        _tell(row, best.score if best else None)
        if best is not None:
            points[number] = shapely.Point(best.x, best.y)
    return table.set_geometry(gpd.GeoSeries(points, index=table.index, crs=table.crs))


def _to_place(table: gpd.GeoDataFrame, number: int) -> bool:
    precise = table["place_precision"].iloc[number] != "commune"
    known = table.geometry.iloc[number] is not None
    return precise and not known and table["kind"].iloc[number] not in _HOMES


def _tell(row: Row, score: float | None) -> None:
    remedy = "Corrigez l'adresse ou écrivez la latitude et la longitude."
    if score is None:
        row.note("W-GEO", "address", "adresse non trouvée, pas de point.", remedy)
    elif score < ACCEPTED:
        told = f"{score:.2f}".replace(".", ",")
        problem = f"adresse placée avec un score de {told} (à vérifier)."
        row.note("W-GEO", "address", problem, remedy)
