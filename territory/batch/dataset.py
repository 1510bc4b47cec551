"""The dataset of a batch: GeoParquet files named by their content, swept once nobody names them."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from territory.batch.catalogue import Piece, parts_of, read_catalogue
from territory.batch.kinds import KINDS
from territory.errors import UnreadableFile
from territory.io.hashing import bytes_sha256

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from territory.batch.listing import Listed
    from territory.batch.store import Store

RESULTS = "resultats"
DEGREES = 4326
KEPT_FOR = timedelta(days=1)  # whoever reads an older catalogue, or writes an entry, has that long


def write_parts(store: Store, rows: Mapping[str, pd.DataFrame], listed: Listed) -> dict[str, Piece]:
    """
    Write the rows of a territory, one file a kind, and return where; nothing names them yet.

    Same rows, same bytes, same path: writing twice changes nothing. Raises OSError.
    """
    found = {}
    for kind, table in rows.items():
        content = part_bytes(table)
        digest = bytes_sha256(content)
        where = f"departement={listed.department}/territoire={listed.name}"
        path = f"{RESULTS}/{kind}/{where}/part-{digest[:16]}.parquet"
        if store.sha256(path) != digest:
            store.write(path, content)
        found[kind] = Piece(path, digest, len(table))
    return found


def part_bytes(table: pd.DataFrame) -> bytes:
    """Return a table as Parquet; with geometry as GeoParquet 1.1, WKB in degrees (EPSG:4326)."""
    buffer = io.BytesIO()
    if isinstance(table, gpd.GeoDataFrame):
        table.to_crs(DEGREES).to_parquet(
            buffer,
            index=False,
            compression="zstd",
            schema_version="1.1.0",
            write_covering_bbox=True,
        )
    else:
        table.to_parquet(buffer, index=False, compression="zstd")
    return buffer.getvalue()


def read_kind(store: Store, kind: str) -> pd.DataFrame:
    """
    Return all the rows of one kind that the catalogue counts; columns of the contract if none.

    Raises UnreadableFile when a file is not the one that the catalogue names.
    """
    tables = [_read(store, piece) for piece in parts_of(read_catalogue(store), kind)]
    if not tables:
        return pd.DataFrame(columns=KINDS[kind].names())
    return pd.concat(tables, ignore_index=True)


def sound(store: Store, pieces: Iterable[Piece]) -> bool:
    """Return whether every piece is in the store with the content that its hash says."""
    return all(store.sha256(piece.path) == piece.sha256 for piece in pieces)


def sweep(store: Store, used: Iterable[str], now: datetime) -> int:
    """
    Take away files that no entry names and what was left half written, older than KEPT_FOR.

    Return how many. Raises OSError.
    """
    kept = frozenset(used)
    loose = {path: store.written_on(path) for path in store.names(RESULTS) if path not in kept}
    old = [path for path, on in {**loose, **store.abandoned()}.items() if now - _utc(on) > KEPT_FOR]
    for path in old:
        store.remove(path)
    return len(old)


def _utc(when: datetime) -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _read(store: Store, piece: Piece) -> pd.DataFrame:
    content = store.read(piece.path)
    if content is None or bytes_sha256(content) != piece.sha256:
        raise UnreadableFile(
            f"« {piece.path} » est abîmé ou a disparu : « territory batch » le refera."
        )
    source = io.BytesIO(content)
    table: pd.DataFrame
    if KINDS[piece.path.split("/")[1]].geometry:
        table = gpd.read_parquet(source)
    else:
        table = pd.read_parquet(source)
    return table
