"""Underserved zones as GeoJSON, for whoever draws their own map."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import shapely

from territory.outputs.map_content import WGS84, gap_shapes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from territory.model.results import Gap

_PLACES = 6  # decimals of a degree: some ten centimetres


def zones_geojson(
    gaps: Sequence[Gap], cells: gpd.GeoDataFrame, texts: Mapping[str, Mapping[str, str]]
) -> str:
    """
    Return the area of each zone as GeoJSON text (WGS84), in the order of `gaps`.

    `cells` keeps the contract of CELLS (metric CRS): an area is the union of its squares, null when
    none is known. `texts` are the properties by zone_id, as they are shown: small counts hidden.
    """
    shapes = gpd.GeoSeries(gap_shapes(gaps, cells), crs=cells.crs).to_crs(WGS84)
    features = [
        {
            "type": "Feature",
            "id": gap.zone_id,
            "properties": dict(texts[gap.zone_id]),
            "geometry": None if shape.is_empty else _geometry(shape),
        }
        for gap, shape in zip(gaps, shapes, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def _geometry(shape: shapely.Geometry) -> object:
    return json.loads(shapely.to_geojson(shapely.transform(shape, lambda xy: xy.round(_PLACES))))
