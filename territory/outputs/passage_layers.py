"""Where people walk, as the map and the GIS file show it: busy streets, in French."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np

from territory.model.walking import INDEX, RANK, WEEKLY, slots
from territory.outputs.french import number, percent

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from territory.model.results import Calibration

NAME = "Passage à pied"
TITLE = "Passage à pied : rues les plus passantes"
_BOUNDS = (50.0, 75.0, 90.0, 97.0)  # of the index: share of the street length less walked
# ColorBrewer RdPu (Harrower and Brewer 2003), apart from the colours of squares, streets and days
COLORS = ("#fcc5c0", "#fa9fb5", "#f768a1", "#c51b8a", "#7a0177")
_SHOWN = 20


def passage_classes(passage: pd.DataFrame, index: pd.Index) -> NDArray[np.uint8]:
    """Return 0 (not known) or 1 to 5 (busiest) for each segment of `index`, uint8 [segments]."""
    values = passage[INDEX].reindex(index).to_numpy(float)
    classes = 1 + np.searchsorted(_BOUNDS, values, side="right")
    return np.where(np.isnan(values), 0, classes).astype(np.uint8)


def passage_styles() -> list[dict[str, Any]]:
    """Return how each class is painted: colour, widths in pixels at zooms 11 to 17."""
    quiet = {"color": COLORS[0], "casing": "", "widths": [0] * 7}
    scale = [np.array([0.3, 0.4, 0.6, 1.0, 1.4, 2.0, 2.6]) * k for k in (0.8, 1.3, 2.0, 2.8, 3.6)]
    painted = [
        {"color": c, "casing": "", "widths": [round(float(w), 1) for w in widths]}
        for c, widths in zip(COLORS, scale, strict=True)
    ]
    return [quiet, *painted]


def calibrated(found: Calibration) -> str:
    """Return on how many counts the passage is calibrated and its error, "" when relative."""
    if found.error is None:
        return ""
    return f"calé sur {number(found.used)} comptages, à {percent(found.error)} près en moyenne"


def passage_block(
    passage: pd.DataFrame, segments: gpd.GeoDataFrame, calibration: Calibration
) -> dict[str, Any]:
    """
    Return the named streets of `segments` with the busiest segments, and when they are.

    `segments` keeps SEGMENTS (CRS not used); the title says what `calibration` found. A street
    counts by its busiest segment.
    """
    codes = [code for code, _, _ in slots()]
    named = passage.join(segments["name"]).dropna(subset=["name", INDEX])
    best = named.sort_values([WEEKLY, "name"], ascending=[False, True], kind="stable")
    best = best.drop_duplicates("name").head(_SHOWN)
    labels = {code: f"{day.label}, {period.label}" for code, day, period in slots()}
    rows = [
        (str(row["name"]), number(row[INDEX]), labels[str(row[codes].astype(float).idxmax())])
        for _, row in best.iterrows()
    ]
    title = f"{TITLE} (modèle {calibrated(calibration) or 'relatif, sans comptages'})"
    return {"name": title, "head": ("Rue", "Indice (0 à 100)", "Quand surtout"), "rows": rows}


def passage_frame(passage: pd.DataFrame, segments: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Return the known segments with French columns, in the CRS of `segments` (SEGMENTS, metres).

    Columns: nom, rang, indice (0-100), par_semaine (walkers a week), then walkers per hour in each
    slot, as « semaine_07h00 ».
    """
    known = passage.dropna(subset=[INDEX]).sort_index()
    codes = [code for code, _, _ in slots()]
    table = known[[RANK, INDEX, WEEKLY, *codes]].round(1)
    table = table.rename(columns={RANK: "rang", INDEX: "indice", WEEKLY: "par_semaine"})
    table.insert(0, "nom", segments["name"].reindex(known.index))
    shapes = segments.geometry.reindex(known.index)
    return gpd.GeoDataFrame(table, geometry=shapes, crs=segments.crs)
