"""Which perimeters of quarters miss, that would tell where a fact lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from territory.analysis.residence import (
    QPV,
    QVA,
    UNKNOWN,
    ResidenceRules,
    generation_of,
    generations_of,
)

if TYPE_CHECKING:
    from datetime import date

    import geopandas as gpd

UNDATED = "sans_annee"  # quarters were given, and nobody says of which year


def lacking(
    facts: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, rules: ResidenceRules, residence: pd.Series
) -> pd.Series:
    """
    Return what was not given, for each fact that has a day and a point and no class; NA for others.

    `facts`, `zones` (one metric CRS) and `rules` as `residence_classes`, whose column is
    `residence`. Codes joined by |: « qpv_2015 » or « qpv_2024 » (in force that day), « sans_annee »
    when there are QPV without a year instead, « qva ».
    """
    points = facts.geometry.to_numpy()
    placed = ~(shapely.is_missing(points) | shapely.is_empty(points))
    unknown = (residence == UNKNOWN).fillna(value=True).to_numpy(bool)
    years = generations_of(facts["on"], rules)
    found = pd.Series(pd.NA, index=facts.index, dtype="string")
    for year in sorted({year for year in years if year is not None}):
        rows = np.flatnonzero((years == year) & placed & unknown)
        found.iloc[rows] = "|".join(_missing(zones, int(year), rules)) or pd.NA
    return found


def instead_of_current(zones: gpd.GeoDataFrame, day: date, rules: ResidenceRules) -> str:
    """
    Return the French words for the QPV of `zones` used in place of those in force on a day, or "".

    `zones` keeps tables.ZONES (metric CRS).
    """
    year = generation_of(day, rules)
    missing = [] if year is None else _missing(zones, year, rules)
    if f"{QPV}_{year}" not in missing:
        return ""
    used = "de 2015" if (zones["generation"] == 2015).fillna(value=False).any() else ""  # noqa: PLR2004 - a year
    undated = "sans année" if UNDATED in missing else ""
    return f"quartiers {' et '.join(filter(None, [used, undated]))}, faute de ceux de {year}"


def _missing(zones: gpd.GeoDataFrame, year: int, rules: ResidenceRules) -> list[str]:
    """Return the codes of what was not given for the facts of that generation."""
    years = zones.loc[zones["kind"] == QPV, "generation"]
    missing = []
    if not (years == year).fillna(value=False).any():
        missing.append(f"{QPV}_{year}")
        missing += [UNDATED] if years.isna().any() else []
    if not rules.no_qva and not (zones["kind"] == QVA).any():
        missing.append(QVA)
    return missing
