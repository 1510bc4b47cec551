"""Answers across territories as files: CSV for spreadsheets, JSON, Parquet or GeoParquet."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from territory.batch.dataset import DEGREES, part_bytes, read_kind
from territory.errors import WrongUsage
from territory.io.atomic import write_bytes
from territory.io.table_writer import csv_bytes
from territory.model.jsonable import to_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from territory.batch.store import Store

SUFFIXES = (".csv", ".json", ".parquet")
_PLACES = {"quarters": "zone_code", "zones": "zone_id"}


def write_answer(
    target: Path, table: pd.DataFrame, rows: Sequence[Sequence[str]], store: Store
) -> Path:
    """
    Write an answer whole at `target`: its French `rows` as CSV, else `table` with its names.

    Parquet holds the shape of places, in degrees. Raises WrongUsage for another kind of file.
    """
    suffix = target.suffix.casefold()
    if suffix == ".csv":
        return write_bytes(target, csv_bytes(rows))
    if suffix == ".json":
        text = json.dumps(to_json(table.to_dict("records")), ensure_ascii=False, indent=1)
        return write_bytes(target, f"{text}\n".encode())
    if suffix == ".parquet":
        return write_bytes(target, part_bytes(_with_shapes(table, store)))
    raise WrongUsage(f"« {target.name} » : choisissez un nom en {', '.join(SUFFIXES)}.")


def _with_shapes(table: pd.DataFrame, store: Store) -> pd.DataFrame:
    if "code" not in table:
        return table
    found = [
        read_kind(store, kind).rename(columns={code: "code"})[["territoire", "code", "geometry"]]
        for kind, code in _PLACES.items()
    ]
    shapes = pd.concat(found, ignore_index=True).drop_duplicates(["territoire", "code"])
    both = table.merge(shapes, on=["territoire", "code"], how="left")
    return gpd.GeoDataFrame(both, geometry="geometry", crs=DEGREES)
