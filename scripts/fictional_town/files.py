"""The ground, people and places of the fictional town, in the formats of official files."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import shapely
from osmium.osm.mutable import Node, Way
from pyproj import Transformer
from shapely.geometry import mapping

from scripts.fictional_town.people import ages_and_sexes, bands

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from scripts.fictional_town.ground import Ground
    from scripts.fictional_town.people import People
    from scripts.fictional_town.places import Places
    from scripts.fictional_town.streets import Streets

TO_WGS84 = Transformer.from_crs(2154, 4326, always_xy=True)


def write_ground(ground: Ground, streets: Streets, folder: Path) -> None:
    """Write communes.geojson and rues_valfictif.osm.pbf."""
    features = [
        _feature(area, {"code": code, "nom": name})
        for code, (name, area) in ground.communes.items()
    ]
    _geojson(folder / "communes.geojson", features)
    _streets(ground, streets, folder / "rues_valfictif.osm.pbf")


def write_people(ground: Ground, people: People, folder: Path) -> None:
    """Write quarters, cells, IRIS and the census table."""
    _quarters(ground, people, folder / "qpv_2024_valfictif.geojson")
    qva = {"code_qva": ["QVA001"], "nom_qva": ["Quartier du Verger"]}
    _gpkg(gpd.GeoDataFrame(qva, geometry=[people.qva], crs=2154), folder / "qva.gpkg")
    iris = people.iris
    columns = {
        "CODE_IRIS": iris["iris"], "NOM_IRIS": iris["name"], "CODE_COM": iris["code"],
        "NOM_COM": iris["commune"],
    }  # fmt: skip
    layer = gpd.GeoDataFrame(columns, geometry=list(iris["geometry"]), crs=2154)
    _gpkg(layer, folder / "iris.gpkg")
    _census(iris, folder / "base-ic-activite-residents-2021.csv")
    _cells(people.cells, folder / "filosofi2021_carreaux_200m.csv")


def write_places(places: Places, folder: Path) -> None:
    """Write the coordinator's table of partners and the official list of France services."""
    partners = located(places.partners, comma=True)
    text = partners.to_csv(sep=";", index=False, lineterminator="\r\n")
    (folder / "partenaires.csv").write_bytes(b"\xef\xbb\xbf" + text.encode("utf-8"))
    services = located(places.france_services)
    order = [c for c in services.columns if c not in {"latitude", "longitude"}]
    at = order.index("mail")
    services = services[[*order[:at], "latitude", "longitude", *order[at:]]]
    content = services.to_csv(index=False, lineterminator="\n", quoting=1)
    (folder / "france_services.csv").write_bytes(content.encode("utf-8"))


def located(table: pd.DataFrame, *, comma: bool = False, decimals: int = 6) -> pd.DataFrame:
    """Return `table` with latitude and longitude in place of x and y, as people write them."""
    lon, lat = TO_WGS84.transform(table["x"].astype(float), table["y"].astype(float))
    return table.drop(columns=["x", "y"]).assign(
        latitude=[_degrees(v, decimals, comma=comma) for v in lat],
        longitude=[_degrees(v, decimals, comma=comma) for v in lon],
    )


def _degrees(value: float, decimals: int, *, comma: bool) -> object:
    if not np.isfinite(value):
        return ""
    rounded = round(float(value), decimals)
    return f"{rounded:.{decimals}f}".replace(".", ",") if comma else rounded


def _feature(shape: BaseGeometry, properties: dict[str, Any]) -> dict[str, Any]:
    degrees = shapely.transform(shape, _to_degrees)
    return {"type": "Feature", "properties": properties, "geometry": mapping(degrees)}


def _to_degrees(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.round(np.column_stack(TO_WGS84.transform(xy[:, 0], xy[:, 1])), 7)


def _geojson(path: Path, features: list[dict[str, Any]]) -> None:
    content = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")


def _gpkg(layer: gpd.GeoDataFrame, path: Path) -> None:
    """Write a GeoPackage with a fixed date: GDAL would otherwise write the moment."""
    path.unlink(missing_ok=True)
    before = os.environ.get("OGR_CURRENT_DATE")
    os.environ["OGR_CURRENT_DATE"] = "2026-10-31T00:00:00.000Z"
    try:
        layer.to_file(path, driver="GPKG", layer=path.stem, engine="pyogrio")
    finally:
        del os.environ["OGR_CURRENT_DATE"]
        if before is not None:
            os.environ["OGR_CURRENT_DATE"] = before


def _quarters(ground: Ground, people: People, path: Path) -> None:
    features = []
    for k, (code, (name, area, communes)) in enumerate(people.qpv.items()):
        official = {
            "fid": float(k + 1), "code_qp": code, "lib_qp": name, "insee_reg": "00",
            "lib_reg": "Région imaginaire", "insee_dep": "00", "lib_dep": "Département imaginaire",
            "insee_com": ", ".join(communes),
            "lib_com": ", ".join(ground.communes[c][0] for c in communes), "siren_epci": "000000000",
        }  # fmt: skip
        features.append(_feature(area, official))
    _geojson(path, features)


def _streets(ground: Ground, streets: Streets, path: Path) -> None:
    path.unlink(missing_ok=True)
    header = osmium.io.Header()
    header.set("generator", "fictional town")
    barriers = [(ground.canal, {"waterway": "canal"}), (ground.railway, {"railway": "rail"})]
    xy = np.vstack([streets.nodes, *(np.array(line.coords) for line, _ in barriers)])
    ways = [([n + 1 for n in way.nodes], way.tags) for way in streets.ways]
    first = len(streets.nodes) + 1
    for line, tags in barriers:
        count = len(line.coords)
        ways.append((list(range(first, first + count)), tags))
        first += count
    writer = osmium.SimpleWriter(str(path), header=header)
    for k, where in enumerate(_to_degrees(xy).tolist()):
        writer.add_node(Node(id=k + 1, location=tuple(where), tags=streets.node_tags.get(k, {})))
    for k, (nodes, tags) in enumerate(ways):
        writer.add_way(Way(id=k + 1, nodes=nodes, tags=tags))
    writer.close()


def _census(iris: pd.DataFrame, path: Path) -> None:
    table = pd.DataFrame(
        {
            "IRIS": iris["iris"], "COM": iris["code"], "TYP_IRIS": "H", "LAB_IRIS": "1",
            "P21_POP1564": iris["pop"], "P21_ACT1564": iris["active"],
            "P21_ACTOCC1564": iris["active"] - iris["unemployed"],
            "P21_CHOM1564": iris["unemployed"], "P21_INACT1564": iris["pop"] - iris["active"],
            "P21_ETUD1564": iris["pop"] * 0.11, **ages_and_sexes(iris),
        }
    )  # fmt: skip
    text = table.to_csv(sep=";", index=False, decimal=",", float_format="%.4f", lineterminator="\n")
    path.write_bytes(text.encode("ascii"))


def _cells(cells: pd.DataFrame, path: Path) -> None:
    """Write the 2021 header of Insee, in its order; an imputed square says which larger one gave it."""
    men = (cells["ind"] / 2.4).round(1)
    large = [
        f"CRS3035RES1000mN{n // 1000 * 1000}E{e // 1000 * 1000}"
        for n, e in zip(cells["n"], cells["e"], strict=True)
    ]
    old = pd.DataFrame(
        {"log_av45": men * 0.2, "log_45_70": men * 0.35, "log_70_90": men * 0.25, "log_ap90": men * 0.15}
    ).round(1)  # fmt: skip
    rows = {
        "idcar_200m": cells["cell_id"], "idcar_1km": large,
        "idcar_nat": cells["cell_id"].where(cells["imputed"] == 0, large),
        "i_est_200": cells["imputed"], "i_est_1km": 0, "lcog_geo": cells["lcog_geo"],
        "ind": cells["ind"], "men": men, "men_pauv": men * cells["poor"], "men_1ind": men * 0.36,
        "men_5ind": men * 0.08, "men_prop": men * (0.55 - cells["poor"] * 0.6),
        "men_fmp": men * (0.08 + cells["poor"] * 0.2),
        "ind_snv": cells["ind"] * (26000 - 22000 * cells["poor"]), "men_surf": men * 66,
        "men_coll": men * 0.7, "men_mais": men - men * 0.7, **old,
        "log_inc": men - old.sum(axis=1), "log_soc": men * (0.1 + cells["poor"]), **bands(cells),
    }  # fmt: skip
    text = pd.DataFrame(rows).round(2).to_csv(index=False, lineterminator="\n")
    path.write_bytes(text.encode("ascii"))
