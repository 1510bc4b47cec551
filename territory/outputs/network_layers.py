"""The audit of the walking network as one GeoPackage for QGIS: a layer a kind of fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from territory.outputs.layers import write_geopackage
from territory.outputs.network_faults import KINDS, network_faults

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from territory.network.audit import NetworkAudit
    from territory.outputs.network_faults import Fault

_LAYERS = dict(
    zip(
        KINDS,
        (
            "carreaux_hors_atteinte", "morceaux_separes", "traversees_manquantes",
            "impasses_coupees", "cotes_isoles", "points_loin", "trous",
        ),
        strict=True,
    )
)  # fmt: skip


def write_network_layers(
    path: Path,
    *,
    found: NetworkAudit,
    segments: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame | None,
) -> Path:
    """
    Write every fault, with its figures and what to do, the streets and the barriers to `path`.

    All are in the metric CRS of the audit; a layer without rows is not written. Same tables, same
    bytes. Written beside, then renamed.
    """
    faults, crs = network_faults(found), found.pieces.crs
    layers = {_LAYERS[kind]: _layer([f for f in faults if f.kind == kind], crs) for kind in KINDS}
    streets = segments.sort_index()[["name", "highway", "length_m", "geometry"]]
    columns = {"name": "nom", "highway": "voie", "length_m": "metres"}
    layers["rues"] = streets.rename(columns=columns)
    if barriers is not None:
        layers["barrieres"] = barriers.sort_index()[["kind", "name", "geometry"]].rename(
            columns={"kind": "nature", "name": "nom"}
        )
    return write_geopackage(path, layers)


def _layer(faults: Sequence[Fault], crs: object) -> gpd.GeoDataFrame:
    rows = [
        {
            "repere": f.key,
            "titre": f.title,
            "constat": f.fact,
            "que_faire": f.todo,
            "habitants": f.residents,
            **f.figures,
            "geometry": f.geometry,
        }
        for f in sorted(faults, key=lambda f: f.rank)
    ]
    frame = pd.DataFrame(rows, columns=None if rows else ["geometry"])
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=crs)
