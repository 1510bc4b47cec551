"""Tables as read, given to duckdb: geometry told beforehand, by surfaces and points alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
import pandas as pd
import pyarrow as pa

from territory.analysis.quarters import in_force

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from territory.model.report import Span


@dataclass(frozen=True, eq=False)
class Log:
    """What a report is made from: tables of the model, zone and quarter of each activity."""

    activities: pd.DataFrame
    contacts: pd.DataFrame
    places: pd.DataFrame
    communes: Mapping[str, str]
    zones: gpd.GeoDataFrame
    cells: gpd.GeoDataFrame
    iris: pd.DataFrame
    where: pd.DataFrame  # residence and quarter, on activity_id
    entered: Mapping[str, float]


def connected(log: Log, span: Span) -> duckdb.DuckDBPyConnection:
    """Return a database in memory that holds the tables of `log` and the days of `span`."""
    base = duckdb.connect(config={"threads": 1})
    base.execute("PRAGMA disable_optimizer")  # hundreds of queries on few lines
    where = log.where.rename(columns={"residence": "zone"})
    quarters = in_force(log.zones)
    tables = {
        "activities": log.activities.join(where).assign(
            zone=lambda table: table["zone"].fillna("inconnue"),
            sensitive=lambda table: table["sensitive"].fillna(value=True),
        ),
        "contacts": log.contacts,
        "places": log.places,
        "cells": log.cells,
        "iris": log.iris,
        "communes": pd.Series(dict(log.communes), name="name", dtype="string").rename_axis("code")
        .to_frame(),
        "quarters": quarters[["kind"]].rename_axis("code"),
        "quarter_cells": _quarter_cells(quarters, log.cells),
        "entered": pd.Series(dict(log.entered), name="value", dtype="float64").rename_axis("code")
        .astype("float64").to_frame(),
        "period": pd.DataFrame(
            {"first": [pd.Timestamp(span.first)], "last": [pd.Timestamp(span.last)]}
        ),
    }  # fmt: skip
    for name, table in tables.items():
        plain = pd.DataFrame(table.drop(columns="geometry", errors="ignore")).reset_index()
        base.register(name, pa.Table.from_pandas(plain, preserve_index=False))
    return base


def _quarter_cells(quarters: gpd.GeoDataFrame, cells: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the share of the area of each cell that lies in each quarter, and in any (« * »)."""
    shapes = {**quarters.geometry.to_dict(), "*": quarters.geometry.union_all()}
    rows = [
        (code, cell, both / whole)
        for code, shape in shapes.items()
        for cell, both, whole in zip(
            cells.index, cells.geometry.intersection(shape).area, cells.geometry.area, strict=True
        )
        if both > 0
    ]
    columns = {"code": "string", "cell_id": str(cells.index.dtype), "share": "float64"}
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)
