"""Answers across territories as files: CSV for spreadsheets, JSON, Parquet or GeoParquet."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from territory.batch.dataset import DEGREES, part_bytes, read_kind
from territory.errors import RefusedExport, WrongUsage
from territory.io.hashing import bytes_sha256
from territory.io.table_writer import csv_bytes
from territory.model.jsonable import to_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from territory.batch.store import Store

PUBLISHED = "publications"
SUFFIXES = (".csv", ".json", ".parquet")
_PLACES = {"quarters": "zone_code", "zones": "zone_id"}


def file_content(
    target: Path, table: pd.DataFrame, rows: Sequence[Sequence[str]], store: Store
) -> bytes:
    """
    Return an answer as the file `target` holds it: its French `rows` as CSV, else `table`.

    Parquet holds the shape of places, in degrees. Raises WrongUsage for another kind of file.
    """
    suffix = target.suffix.casefold()
    if suffix == ".csv":
        return csv_bytes(rows)
    if suffix == ".json":
        text = json.dumps(to_json(table.to_dict("records")), ensure_ascii=False, indent=1)
        return f"{text}\n".encode()
    if suffix == ".parquet":
        return part_bytes(_with_shapes(table, store))
    raise WrongUsage(f"« {target.name} » : choisissez un nom en {', '.join(SUFFIXES)}.")


def record(store: Store, name: str, content: bytes, asked: Mapping[str, object]) -> str:
    """
    Keep in the store what was written for outside: its name, hash and question, never a value.

    Return where. The same file is one record. Raises RefusedExport when it cannot be kept.
    """
    digest = bytes_sha256(content)
    path = f"{PUBLISHED}/{digest[:16]}.json"
    text = json.dumps({"fichier": name, "sha256": digest, "question": to_json(asked)},
                      ensure_ascii=False, indent=1, sort_keys=True)  # fmt: skip
    try:
        store.write(path, f"{text}\n".encode())
    except OSError as error:
        raise RefusedExport(
            "Le magasin ne peut pas garder la trace de ce qui sort (plein ou protégé ?). Rien n'a "
            "été écrit."
        ) from error
    return path


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
