"""The fictional town as the files a user would have: French CSV, XLSX, GeoJSON, GeoPackage, pbf."""

from __future__ import annotations

import io
import json
import os
import zipfile
from datetime import date, datetime
from typing import TYPE_CHECKING

import geopandas as gpd
import osmium
import pandas as pd
import shapely
from openpyxl import Workbook
from osmium.osm.mutable import Node, Way
from pyproj import Transformer
from shapely.geometry import mapping

from scripts.fictional_town.people import ADULT_SHARE, BANDS, People

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.fictional_town.ground import Ground
    from scripts.fictional_town.logs import Logs
    from scripts.fictional_town.places import Places

TO_WGS84 = Transformer.from_crs(2154, 4326, always_xy=True)
STAMP = (2026, 10, 31, 0, 0, 0)


def write_ground(ground: Ground, folder: Path) -> None:
    """Write communes.geojson and the streets."""
    features = [
        _feature(area, {"code": code, "nom": name})
        for code, (name, area) in ground.communes.items()
    ]
    _geojson(folder / "communes.geojson", features)
    _streets(ground, folder / "rues_valfictif.osm.pbf")


def write_people(ground: Ground, people: People, folder: Path) -> None:
    """Write quarters, cells, IRIS and the census table."""
    features = []
    for k, (code, (name, area, communes)) in enumerate(people.qpv.items()):
        names = ", ".join(ground.communes[c][0] for c in communes)
        features.append(
            _feature(
                area,
                {
                    "fid": float(k + 1), "code_qp": code, "lib_qp": name, "insee_reg": "00",
                    "lib_reg": "Région imaginaire", "insee_dep": "00", "lib_dep": "Département imaginaire",
                    "insee_com": ", ".join(communes), "lib_com": names, "siren_epci": "000000000",
                },
            )
        )  # fmt: skip
    _geojson(folder / "qpv_2024_valfictif.geojson", features)
    _gpkg(
        gpd.GeoDataFrame(
            {"code_qva": ["QVA001"], "nom_qva": ["Quartier du Verger"]},
            geometry=[people.qva],
            crs=2154,
        ),
        folder / "qva.gpkg",
    )
    iris = people.iris
    columns = {
        "CODE_IRIS": iris["iris"],
        "NOM_IRIS": iris["name"],
        "CODE_COM": iris["code"],
        "NOM_COM": iris["commune"],
    }
    _gpkg(
        gpd.GeoDataFrame(columns, geometry=list(iris["geometry"]), crs=2154), folder / "iris.gpkg"
    )
    _census(iris, folder / "base-ic-activite-residents-2021.csv")
    _cells(people.cells, folder / "filosofi2021_carreaux_200m.csv")


def write_places(places: Places, folder: Path) -> None:
    """Write the coordinator's table of partners and the official list of France services."""
    partners = _located(places.partners.drop(columns=["source"], errors="ignore"), comma=True)
    text = partners.to_csv(sep=";", index=False, lineterminator="\r\n")
    (folder / "partenaires.csv").write_bytes(b"\xef\xbb\xbf" + text.encode("utf-8"))
    services = _located(places.france_services, comma=False)
    order = [c for c in services.columns if c not in {"latitude", "longitude"}]
    at = order.index("mail")
    services = services[[*order[:at], "latitude", "longitude", *order[at:]]]
    (folder / "france_services.csv").write_bytes(
        services.to_csv(index=False, lineterminator="\n", quoting=1).encode("utf-8")
    )


def write_logs(logs: Logs, places: Places, folder: Path) -> None:
    """Write the coordinator's workbook and what was planted in it."""
    book = Workbook()
    book.properties.created = book.properties.modified = datetime(*STAMP)
    readme = book.active
    readme.title = "LISEZ-MOI"
    readme.append(["Suivi fictif de l'équipe aller-vers de Valfictif (ville imaginaire)."])
    activities = _located(logs.activities, comma=False, decimals=3)
    _sheet(book, "activites", activities, title="Suivi des activités 2025-2026")
    _sheet(book, "contacts", logs.contacts)
    _sheet(book, "lieux", _located(places.lively, comma=False))
    _sheet(book, "equipe", logs.team)
    _sheet(book, "disponibilites", logs.availability)
    (folder / "suivi_aller_vers.xlsx").write_bytes(_still(book))
    truth = {"note": "what was planted; not read by the tool", "zones": list(logs.planted)}
    (folder / "verite_plantee.json").write_text(
        json.dumps(truth, indent=1) + "\n", encoding="utf-8"
    )


def _feature(shape: object, properties: dict[str, object]) -> dict[str, object]:
    degrees = shapely.transform(shape, TO_WGS84.transform, interleaved=False)
    return {"type": "Feature", "properties": properties, "geometry": mapping(degrees)}


def _geojson(path: Path, features: list[dict[str, object]]) -> None:
    content = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")


def _gpkg(layer: gpd.GeoDataFrame, path: Path) -> None:
    path.unlink(missing_ok=True)
    os.environ["OGR_CURRENT_DATE"] = "2026-10-31T00:00:00.000Z"
    try:
        layer.to_file(path, driver="GPKG", layer=path.stem, engine="pyogrio")
    finally:
        del os.environ["OGR_CURRENT_DATE"]


def _streets(ground: Ground, path: Path) -> None:
    path.unlink(missing_ok=True)
    lon, lat = TO_WGS84.transform(ground.nodes[:, 0], ground.nodes[:, 1])
    header = osmium.io.Header()
    header.set("generator", "fictional town")
    writer = osmium.SimpleWriter(str(path), header=header)
    for k, where in enumerate(zip(lon, lat, strict=True)):
        writer.add_node(Node(id=k + 1, location=where, tags=_node_tags(k)))
    barriers = [(ground.canal, {"waterway": "canal"}), (ground.railway, {"railway": "rail"})]
    extra = len(ground.nodes) + 1
    lines = []
    for line, tags in barriers:
        points = [TO_WGS84.transform(*p) for p in line.coords]
        for k, where in enumerate(points):
            writer.add_node(Node(id=extra + k, location=where, tags={}))
        lines.append((list(range(extra, extra + len(points))), tags))
        extra += len(points)
    streets = [([n + 1 for n in s.nodes], s.tags) for s in ground.streets]
    for k, (nodes, tags) in enumerate([*streets, *lines]):
        writer.add_way(Way(id=k + 1, nodes=nodes, tags=tags))
    writer.close()


def _node_tags(k: int) -> dict[str, str]:
    return (
        {"highway": "crossing"} if k % 37 == 0 else ({"highway": "bus_stop"} if k % 53 == 0 else {})
    )


def _census(iris: pd.DataFrame, path: Path) -> None:
    active = iris["pop"] * 0.72
    table = pd.DataFrame(
        {
            "IRIS": iris["iris"], "COM": iris["code"], "TYP_IRIS": "H", "LAB_IRIS": "1",
            "P21_POP1564": iris["pop"], "P21_ACT1564": active, "P21_ACTOCC1564": active - iris["unemployed"],
            "P21_CHOM1564": iris["unemployed"], "P21_INACT1564": iris["pop"] * 0.28,
            "P21_ETUD1564": iris["pop"] * 0.11,
        }
    )  # fmt: skip
    text = table.to_csv(sep=";", index=False, decimal=",", float_format="%.4f", lineterminator="\n")
    path.write_bytes(text.encode("ascii"))


def _cells(cells: pd.DataFrame, path: Path) -> None:
    """Write the 2021 header of Insee, in its order."""
    men = cells["ind"] / 2.4
    rows = {
        "idcar_200m": cells["cell_id"],
        "idcar_1km": [f"CRS3035RES1000mN{n // 1000 * 1000}E{e // 1000 * 1000}" for n, e in zip(cells["n"], cells["e"], strict=True)],
        "idcar_nat": cells["cell_id"], "i_est_200": cells["imputed"], "i_est_1km": 0,
        "lcog_geo": cells["code"], "ind": cells["ind"], "men": men, "men_pauv": men * cells["poor"],
        "men_1ind": men * 0.36, "men_5ind": men * 0.08, "men_prop": men * (0.55 - cells["poor"] * 0.6),
        "men_fmp": men * (0.08 + cells["poor"] * 0.2), "ind_snv": cells["ind"] * (26000 - 22000 * cells["poor"]),
        "men_surf": men * 66, "men_coll": men * 0.7, "men_mais": men * 0.3, "log_av45": men * 0.2,
        "log_45_70": men * 0.35, "log_70_90": men * 0.25, "log_ap90": men * 0.15, "log_inc": men * 0.05,
        "log_soc": men * (0.1 + cells["poor"]), **{b: cells["ind"] * s for b, s in BANDS.items()},
    }  # fmt: skip
    table = pd.DataFrame(rows)
    path.write_bytes(
        table.to_csv(index=False, float_format="%.3f", lineterminator="\n").encode("ascii")
    )


def _located(table: pd.DataFrame, *, comma: bool, decimals: int = 6) -> pd.DataFrame:
    """Replace x, y by latitude and longitude as people write them."""
    lon, lat = TO_WGS84.transform(table["x"].astype(float), table["y"].astype(float))
    out = table.drop(columns=["x", "y"])
    for name, values in (("latitude", lat), ("longitude", lon)):
        out[name] = [_degrees(v, decimals, comma=comma) for v in values]
    return out


def _degrees(value: float, decimals: int, *, comma: bool) -> object:
    if not abs(value) < 1000:
        return ""
    rounded = round(float(value), decimals)
    return f"{rounded:.{decimals}f}".replace(".", ",") if comma else rounded


def _sheet(book: Workbook, name: str, table: pd.DataFrame, *, title: str = "") -> None:
    sheet = book.create_sheet(name)
    if title:
        sheet.append([title])
        sheet.append([])
    sheet.append(list(table.columns))
    for row in table.itertuples(index=False):
        sheet.append([_cell(value) for value in row])
        first = sheet.cell(sheet.max_row, 1)
        if isinstance(first.value, date):
            first.number_format = "dd/mm/yyyy"


def _cell(value: object) -> object:
    if value is None or value == "" or value != value:  # noqa: PLR0124 - NaN
        return None
    return value.item() if hasattr(value, "item") else value


def _still(book: Workbook) -> bytes:
    """Return the workbook's bytes without any moment of writing in them."""
    raw, out = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for item in sorted(source.namelist()):
            content = source.read(item)
            if item == "docProps/core.xml":
                content = _dated(content)
            target.writestr(zipfile.ZipInfo(item, STAMP), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _dated(core: bytes) -> bytes:
    import re

    return re.sub(rb"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", b"2026-10-31T00:00:00Z", core)


__all__ = ["ADULT_SHARE", "write_ground", "write_logs", "write_people", "write_places"]
