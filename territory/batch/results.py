"""What a territory adds to the dataset: rows taken from its products, nothing computed anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from territory import __version__
from territory.analysis.quarters import in_force
from territory.batch.kinds import Rows, kept
from territory.pipeline.activity_indicators import activity_counts, activity_indicators
from territory.pipeline.quarter_figures import quarter_figures

if TYPE_CHECKING:
    from territory.batch.listing import Listed
    from territory.pipeline.workspace import Built


def rows_of(built: Built, listed: Listed) -> Rows:
    """Return the rows of a territory by kind of the dataset, metric CRS; raises BrokenTable."""
    where = {
        "territoire": listed.name,
        "departement": listed.department,
        "reseau": listed.network or None,
        "digest": built.digest,
    }
    epsg = built.territory.settings.ground.epsg
    found = {
        "territoires": pd.DataFrame([_summary(built)]),
        "cells": _cells(built),
        "zones": _zones(built),
        "quarters": quarter_figures(built).reset_index(),
        "sites": _sites(built),
        "indicators": activity_indicators(built),
        "counts": activity_counts(built),
    }
    return {kind: kept(kind, rows, where, epsg=epsg) for kind, rows in found.items()}


def _summary(built: Built) -> dict[str, Any]:
    ground, need = built.territory.settings.ground, built.table("need")
    zones = in_force(built.table("zones"))
    return {
        "name": ground.name,
        "communes": "|".join(sorted(map(str, built.table("communes").index))),
        "reference_on": pd.Timestamp(built.territory.today),
        "version": __version__,
        "residents": _total(built.table("cells")["residents"]),
        "target": _total(need["target"]),
        "contacts": _total(built.table("effort")["contacts"]),
        "walk_limit_min": built.territory.settings.sites.limit_min,
        "searched_share": built.searched,
        "nodes": len(built.table("graph_nodes")),
        "edges": len(built.table("edges")),
        "cells": len(need),
        "zones": len(built.gaps),
        "quarters": len(zones),
        "sites": len(built.sites.sites),
        "sites_ending": built.sites.ending.value,
        "sectors_ending": built.sectors.ending.value if "70_sectors" in built.products else None,
    }


def _total(values: pd.Series) -> float | None:
    """Return the sum, None when nothing is known."""
    known = values.dropna()
    return float(known.sum()) if len(known) else None


def _cells(built: Built) -> gpd.GeoDataFrame:
    parts = [built.table(name) for name in _OF_CELL]
    cells = built.table("cells").sort_index()
    found = cells
    for part in parts:
        new = [name for name in part.columns if name not in found]
        found = found.join(part[new])
    return found.reset_index()


def _zones(built: Built) -> gpd.GeoDataFrame:
    squares = built.table("cells").geometry
    rows = [
        {
            **{name: getattr(gap, name) for name in _OF_GAP},
            **{name: getattr(gap.doubt, name, None) for name in _OF_DOUBT},
            **_public_of(built, list(gap.cells)),
            "verdict": str(gap.verdict.value),
            "reasons": "\n".join(reason.sentence for reason in gap.reasons),
            "streets": "|".join(gap.streets),
            "geometry": squares.reindex(list(gap.cells)).dropna().union_all(),
        }
        for gap in built.gaps
    ]
    return _framed(rows, squares.crs)


def _public_of(built: Built, cells: list[str]) -> dict[str, float]:
    """Return the limits of the public of cells, added up, and its people out of reach."""
    need = built.table("need").reindex(cells)
    minutes = built.table("access")["minutes_permanence"].reindex(cells)
    away = ~(minutes <= built.territory.settings.sites.limit_min).fillna(value=False)
    return {
        "target_low": float(need["target_low"].sum()),
        "target_high": float(need["target_high"].sum()),
        "unserved": float(need["target"][away].sum()),
    }


def _sites(built: Built) -> gpd.GeoDataFrame:
    places = built.table("places").geometry
    rows = [
        {**{name: getattr(site, name) for name in _OF_SITE}, "geometry": places.get(site.place_id)}
        for site in built.sites.sites
    ]
    return _framed(rows, places.crs)


def _framed(rows: list[dict[str, Any]], crs: object) -> gpd.GeoDataFrame:
    columns = None if rows else ["geometry"]
    return gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=crs)


_OF_CELL = ("need", "access", "supply", "effort", "gap_cells")
_OF_GAP = (
    "zone_id", "rank", "name", "commune_code", "residents", "target", "minutes", "contacts",
    "expected", "months_since", "score", "p_below_half",
)  # fmt: skip
_OF_DOUBT = ("p_value", "ratio", "ratio_low", "ratio_high", "stability", "change")
_OF_SITE = (
    "rank", "place_id", "name", "kind", "commune_code", "slot", "hours", "gained_target",
    "covered_before", "covered_after", "target_total", "people_week", "gained_week", "reason",
)  # fmt: skip
