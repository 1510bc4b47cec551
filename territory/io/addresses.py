"""Postal addresses of the Base Adresse Nationale, as points with street and number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from territory.errors import UnknownKind
from territory.io.crs import DEGREES, LAMBERT_93, repair_geometry, to_metric
from territory.io.layers import choose_layer, clean_codes, column_of, padded, read_text_table
from territory.model.issues import Issue, ReadReport

if TYPE_CHECKING:
    from pathlib import Path


def read_addresses(path: Path, *, epsg: int = LAMBERT_93) -> tuple[gpd.GeoDataFrame, ReadReport]:
    """
    Return the addresses of a BAN file (GeoJSON, GeoPackage or CSV), EPSG:`epsg`, and the report.

    Index address_id (« number street code », with « (2) » on a repeat), columns number, street,
    commune_code (NA when the file has none), geometry (points). Rows without a point are refused;
    repeated addresses are kept and counted. Raises UnreadableFile, UnknownKind or DataProblem
    (French).
    """
    raw = _opened(path)
    shapes, issues = repair_geometry(raw, file=path.name, areas=False)
    metric, found = to_metric(shapes, file=path.name, epsg=epsg)
    number, street = clean_codes(metric["numero"]), clean_codes(metric["nom_voie"])
    if "rep" in metric:
        number = number + clean_codes(metric["rep"]).fillna("")
    code = column_of(metric, ("code_insee", "citycode", "insee"))
    table = gpd.GeoDataFrame(
        {
            "number": number,
            "street": street,
            "commune_code": padded(clean_codes(metric[code]), 5) if code else pd.NA,
        },
        geometry=metric.geometry,
    ).astype({"commune_code": "string"})
    table, repeats = _with_ids(table)
    issues += found
    if repeats:
        note = f"{repeats} adresses répètent un numéro et une rue déjà rencontrés ; gardées."
        issues.append(Issue("W-DOUBLON", path.name, note))
    return table, ReadReport(path.name, "addresses", len(raw), len(table), tuple(issues))


def _opened(path: Path) -> gpd.GeoDataFrame:
    raw = (
        _from_csv(path)
        if path.suffix.lower() == ".csv"
        else choose_layer(path, None, {"addresses"})
    )
    missing = [c for c in ("numero", "nom_voie") if c not in raw]
    if missing:
        raise UnknownKind(
            f"« {path.name} » n'est pas un fichier d'adresses BAN : il manque {', '.join(missing)}."
        )
    return raw


def _from_csv(path: Path) -> gpd.GeoDataFrame:
    table = read_text_table(path)
    missing = [c for c in ("lon", "lat") if c not in table]
    if missing:
        raise UnknownKind(
            f"« {path.name} » n'est pas un fichier d'adresses BAN : il manque {', '.join(missing)}."
        )
    lon, lat = (pd.to_numeric(table[c], errors="coerce").astype("Float64") for c in ("lon", "lat"))
    placed = (lon.notna() & lat.notna()).astype(bool)
    points = gpd.GeoSeries.from_xy(lon[placed], lat[placed], crs=DEGREES)
    return gpd.GeoDataFrame(table, geometry=points.reindex(table.index))


def _with_ids(table: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, int]:
    """Index by « number street », repeats numbered from west to east then south to north."""
    label = (table["number"].fillna("") + " " + table["street"].fillna("")).str.strip()
    town = table["commune_code"].fillna("")
    keys = (label + " " + town).str.strip()
    order = (
        pd.DataFrame({"key": keys, "x": table.geometry.x, "y": table.geometry.y})
        .sort_values(["key", "x", "y"])
        .index
    )
    rank = keys.loc[order].groupby(keys.loc[order]).cumcount()
    suffix = (" (" + (rank + 1).astype("string") + ")").where(rank > 0, "")
    ids = pd.Index(keys.loc[order] + suffix, name="address_id")
    return table.loc[order].set_axis(ids).sort_index(), int((rank > 0).sum())
