"""Counts written for outside: an allow-list of columns, small counts said to be too small."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

import geopandas as gpd
from shapely import box

from territory.analysis.counted_groups import SIDE_M, rate
from territory.analysis.disclosure import TOTAL
from territory.errors import RefusedExport
from territory.model.marked import marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

HIDDEN = marked("effectif trop faible")
NO_RATE = "non publié"
EXTRA = ("habitants", "taux")
# People are counted where they were met, and a quarter may go on beyond the territory.
_HEADERS = {
    "habitants": "habitants (dans le territoire)",
    "taux": "personnes informées pour 100 habitants",
}
_SQUARE = re.compile(r"CRS(\d+)RES\d+mN(\d+)E(\d+)")
_DEGREES = 6
_LAEA = 3035


def allowed(extra: Iterable[str]) -> tuple[str, ...]:
    """Return the columns asked for beside the counts; RefusedExport names one never published."""
    wanted = tuple(name for name in extra if name)
    for name in wanted:
        if name not in EXTRA:
            raise RefusedExport(
                f"La colonne « {name} » n’est jamais publiée. Colonnes possibles en plus des "
                f"effectifs : {', '.join(EXTRA)}. Rien n’a été écrit."
            )
    return tuple(name for name in EXTRA if name in wanted)


def printed(
    counts: pd.DataFrame,
    mask: pd.DataFrame,
    *,
    zoning: str = "commune",
    names: Mapping[str, str] | None = None,
    residents: pd.DataFrame | None = None,
    extra: Sequence[str] = (),
) -> list[list[str]]:
    """
    Return the rows of a table with totals as text, hidden counts said to be too small.

    `names` give zones their name; `residents` (residents, imputed) those of the `extra` columns.
    Raises RefusedExport as `allowed`.
    """
    columns = allowed(extra)
    rows = [
        [
            f"{zoning} (lieu de la rencontre)",
            *map(str, counts.columns),
            *(_HEADERS[name] for name in columns),
        ]
    ]
    for zone in counts.index:
        cells = [
            HIDDEN if hid else str(int(n))
            for n, hid in zip(counts.loc[zone], mask.loc[zone], strict=True)
        ]
        facts = _facts(
            None if mask.loc[zone, TOTAL] else counts.loc[zone, TOTAL], _of(zone, residents)
        )
        rows.append([str((names or {}).get(zone, zone)), *cells, *(facts[n] for n in columns)])
    return rows


def _of(zone: str, residents: pd.DataFrame | None) -> tuple[float, float]:
    """Return (residents, imputed share) of a zone, NaN when not known, as for the total."""
    if residents is None or zone not in residents.index:
        return float("nan"), float("nan")
    return float(residents.loc[zone, "residents"]), float(residents.loc[zone, "imputed"])


def _facts(people: int | None, living: tuple[float, float]) -> dict[str, str]:
    """Return the residents of a zone and its rate, as text; `people` is None when hidden."""
    residents, imputed = living
    if math.isnan(residents):
        return {"habitants": "", "taux": NO_RATE}
    found = None if people is None else rate(people, residents, imputed)
    told = NO_RATE if found is None else f"{found:.1f}".replace(".", ",")
    return {"habitants": str(round(residents)), "taux": told}


def squares_geojson(counts: pd.DataFrame, mask: pd.DataFrame) -> str:
    """
    Return the 200 m squares with their people over the whole time as GeoJSON text (WGS84).

    A hidden count is null and said to be too small; the square is whole, never a point.
    """
    codes = [zone for zone in counts.index if zone != TOTAL]
    shapes = _squares(codes)
    features = [
        {
            "type": "Feature",
            "properties": _properties(
                code, None if mask.loc[code, TOTAL] else int(counts.loc[code, TOTAL])
            ),
            "geometry": shape,
        }
        for code, shape in zip(codes, shapes, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def _properties(code: str, people: int | None) -> dict[str, Any]:
    mention = HIDDEN if people is None else ""
    return {"carreau": code, "personnes_informees": people, "mention": mention}


def squares(codes: Sequence[str]) -> gpd.GeoSeries:
    """Return the square of each Insee code, in the CRS that the code names (EPSG:3035 for none)."""
    parts = [tuple(map(int, found.groups())) for c in codes if (found := _SQUARE.match(c))]
    boxes = [box(e, n, e + SIDE_M, n + SIDE_M) for _, n, e in parts]
    return gpd.GeoSeries(boxes, crs=parts[0][0] if parts else _LAEA)


def _squares(codes: Sequence[str]) -> list[dict[str, Any]]:
    """Return each square of its Insee code as a GeoJSON polygon in degrees."""
    degrees = squares(codes).to_crs(4326)
    rings = [[[round(x, _DEGREES), round(y, _DEGREES)] for x, y in p.exterior.coords]
             for p in degrees]  # fmt: skip
    return [{"type": "Polygon", "coordinates": [ring]} for ring in rings]
