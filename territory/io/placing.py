"""Places without coordinates put on the map from their address, when an address file was given."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from territory.geocoding.index import AddressIndex, build_index
from territory.geocoding.match import ACCEPTED, Candidate, Query, locate
from territory.model.issues import Issue
from territory.model.tables import PLACEMENTS, check_table, conform, empty_table

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

_FILE = "lieux"
_BORDER_M = 50.0  # a door drawn just across the limit still belongs to its commune


def address_index(
    tables: Sequence[gpd.GeoDataFrame], communes: gpd.GeoDataFrame | None = None
) -> AddressIndex:
    """
    Return the index of tables of `read_addresses`, all in one metric CRS.

    With `communes` (tables.COMMUNES, same CRS), an address written without a commune belongs to the
    one it lies in, or within 50 m of; farther away it is left out. Otherwise the street of a town
    would answer for its namesake next door.
    """
    known = tables if communes is None else [_in_communes(table, communes) for table in tables]
    rows = [
        (number, street, None if pd.isna(code) else str(code), point.x, point.y)
        for table in known
        for number, street, code, point in zip(
            table["number"].astype(object).where(table["number"].notna(), None),
            table["street"].astype(object).where(table["street"].notna(), None),
            table["commune_code"],
            table.geometry,
            strict=True,
        )
    ]
    return build_index(rows)


def _in_communes(table: gpd.GeoDataFrame, communes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    unsaid = table["commune_code"].isna()
    areas = gpd.GeoDataFrame({"found": list(communes.index)}, geometry=communes.geometry.to_numpy(),
                             crs=communes.crs)  # fmt: skip
    near = table.loc[unsaid, ["geometry"]].sjoin_nearest(areas, max_distance=_BORDER_M)
    first = near.sort_values("found").groupby(level=0)["found"].first()
    codes = table["commune_code"].fillna(first.reindex(table.index).astype("string"))
    return table.assign(commune_code=codes)[codes.notna()]


def placed(
    places: gpd.GeoDataFrame, index: AddressIndex, cities: Mapping[str, str]
) -> tuple[gpd.GeoDataFrame, pd.DataFrame, list[Issue]]:
    """
    Return PLACES with points found from addresses, the table PLACEMENTS, and what is doubtful.

    `places` and the index share one metric CRS; `cities` gives the name of each commune code. Only
    places with an address, a commune and no point are looked up; points from 0.5 are kept, those
    below 0.75 are listed (W-GEO), the others stay without a point.
    """
    waiting = places[
        places.geometry.isna() & places["address"].notna() & places["commune_code"].notna()
    ]
    queries = [
        Query(str(address), str(code), cities.get(str(code), ""))
        for address, code in zip(waiting["address"], waiting["commune_code"], strict=True)
    ]
    found = dict(zip(map(str, waiting.index), locate(index, queries), strict=True))
    best = {key: options[0] for key, options in found.items() if options}
    points = gpd.GeoSeries.from_xy(
        [c.x for c in best.values()], [c.y for c in best.values()], index=list(best)
    )
    geometry = places.geometry.copy()
    geometry.loc[list(best)] = points.set_crs(places.crs).to_numpy()
    secret = set(map(str, places.index[places["sensitive"].fillna(value=False).astype(bool)]))
    issues = [_told(key, options, secret) for key, options in sorted(found.items())]
    return places.set_geometry(geometry), _placements(found), [i for i in issues if i is not None]


def _told(key: str, options: tuple[Candidate, ...], secret: Collection[str]) -> Issue | None:
    remedy = "Corrigez l'adresse ou écrivez la latitude et la longitude."
    if not options:
        return Issue("W-GEO", _FILE, f"lieu {key} : adresse non trouvée, pas de point.", remedy)
    best = options[0]
    if best.score >= ACCEPTED:
        return None
    score = f"{best.score:.2f}".replace(".", ",")
    label = "lieu sensible, adresse non affichée" if key in secret else best.label
    problem = f"adresse placée avec un score de {score} (à vérifier) : {label}."
    return Issue("W-GEO", _FILE, f"lieu {key} : {problem}", remedy)


def _placements(found: Mapping[str, tuple[Candidate, ...]]) -> pd.DataFrame:
    if not found:
        return empty_table(PLACEMENTS)
    rows = [
        {
            "score": options[0].score if options else None,
            "precision": options[0].precision if options else None,
            "label": options[0].label if options else None,
            "candidates": json.dumps(
                [[c.label, c.score, c.precision] for c in options], ensure_ascii=False
            ),
        }
        for options in found.values()
    ]
    frame = pd.DataFrame(rows, index=pd.Index(list(found), dtype="object"))
    table = conform(frame, PLACEMENTS)
    check_table(table, PLACEMENTS)
    return table
