"""Records of open data (JSON list, GeoJSON, Parquet) turned into the table a spreadsheet gives."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from territory.errors import UnreadableFile
from territory.io.privacy import check_headers
from territory.io.text_tables import RawTable, read_table, table_kind
from territory.io.values import clean, is_empty
from territory.model.issues import Issue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

RECORD_KINDS = frozenset({"inclusion_structures", "inclusion_services", "mednum"})
_PARQUET = b"PAR1"
_JSON_STARTS = (b"[", b"{")
_BOM = b"\xef\xbb\xbf"
_MOST_ROWS, _MOST_BYTES = 3_000_000, 4_000_000_000  # the national files hold a tenth of it
_BATCH = 20_000
_SAMPLE = 60
_POINT_HEADERS = ("longitude", "latitude")
_PARQUET_FAULTS = (pa.ArrowException, OSError, ValueError, NotImplementedError)


def recognise_records(path: Path) -> list[tuple[str, None]]:
    """
    Return the kind of a file of records when it is one of RECORD_KINDS, [] for anything else.

    Raises RefusedFile when its columns are about people, UnreadableFile for a damaged Parquet.
    """
    table = _parquet(path, rows=_SAMPLE) if _is_parquet(path) else _json(path)
    kind = table_kind(table) if table is not None else None
    if table is None or kind not in RECORD_KINDS:
        return []
    check_headers(path.name, table.headers, kind)
    return [(kind, None)]


def received_table(path: Path) -> RawTable:
    """
    Return the table of a published list: CSV, XLSX, JSON list of objects, GeoJSON or Parquet.

    The line of a record is its rank, 1 the first. Lists in a cell are JSON text; the point of a
    GeoJSON feature (WGS84) fills longitude and latitude where they are not said. Raises
    UnreadableFile (E-FICHIER), RefusedFile and UnknownKind as `read_table`.
    """
    if _is_parquet(path):
        return _parquet(path)
    if not _may_be_json(path):
        return read_table(path)
    table = _json(path)
    if table is None:
        raise _unreadable(path)
    return table


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(64)
    except OSError as error:
        raise _unreadable(path) from error


def _is_parquet(path: Path) -> bool:
    return _start(path).startswith(_PARQUET)


def _may_be_json(path: Path) -> bool:
    return _start(path).removeprefix(_BOM).lstrip().startswith(_JSON_STARTS)


def _json(path: Path) -> RawTable | None:
    """Return the records of a JSON file, None when it holds none."""
    if not _may_be_json(path):
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, ValueError, RecursionError):
        return None
    records = _records(content)
    return None if records is None else _table(path.name, records)


def _records(content: Any) -> list[Mapping[str, Any]] | None:  # noqa: ANN401 - any JSON value
    """Return the objects of a list, or those of a GeoJSON with their points; None otherwise."""
    if isinstance(content, list):
        return content if all(isinstance(one, dict) for one in content) else None
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        return None
    return [_feature(one) for one in features if isinstance(one, dict)]


def _feature(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    facts, shape = feature.get("properties"), feature.get("geometry")
    own = facts if isinstance(facts, dict) else {}
    if not isinstance(shape, dict) or shape.get("type") != "Point":
        return own
    at = shape.get("coordinates")
    if not isinstance(at, list):
        return own
    point = dict(zip(_POINT_HEADERS, at, strict=False))
    return {**own, **{k: v for k, v in point.items() if own.get(k) is None}}


def _table(file: str, records: Sequence[Mapping[str, Any]]) -> RawTable:
    headers = tuple(dict.fromkeys(key for record in records for key in record))
    cells = [tuple(_cell(record.get(h)) for h in headers) for record in records]
    return _filled(file, headers, cells)


def _filled(file: str, headers: tuple[str, ...], cells: Sequence[tuple[str, ...]]) -> RawTable:
    """Return the rows that hold something, numbered by their rank."""
    kept = [(rank, row) for rank, row in enumerate(cells, 1) if any(row)]
    issues = () if kept else (Issue("I-VIDE", file, "aucun enregistrement : rien à lire."),)
    lines, rows = tuple(rank for rank, _ in kept), tuple(row for _, row in kept)
    return RawTable(file, None, headers, lines, rows, issues=issues)


def _cell(value: object) -> str:
    if value is None or isinstance(value, bytes):
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str) if value else ""
    text = clean(str(value))
    return "" if is_empty(text) else text


def _parquet(path: Path, *, rows: int | None = None) -> RawTable:
    """Return the first `rows` records of a Parquet file, all by default, read by batches."""
    try:
        with pq.ParquetFile(path) as file:
            _check_size(path, file.metadata)
            names = tuple(file.schema_arrow.names)
            cells = _batches(file.iter_batches(batch_size=rows or _BATCH), rows)
    except _PARQUET_FAULTS as error:
        raise _unreadable(path) from error
    return _filled(path.name, names, cells)


def _batches(batches: Iterable[pa.RecordBatch], rows: int | None) -> list[tuple[str, ...]]:
    cells: list[tuple[str, ...]] = []
    for batch in batches:
        columns = [[_cell(value) for value in column.to_pylist()] for column in batch.columns]
        cells += zip(*columns, strict=True)
        if rows is not None and len(cells) >= rows:
            break
    return cells


def _check_size(path: Path, metadata: pq.FileMetaData) -> None:
    """Refuse what says it would fill the memory, before anything is unpacked."""
    groups = (metadata.row_group(k) for k in range(metadata.num_row_groups))
    if metadata.num_rows > _MOST_ROWS or sum(g.total_byte_size for g in groups) > _MOST_BYTES:
        raise UnreadableFile(
            f"« {path.name} » annonce {metadata.num_rows} lignes : bien plus qu'une liste "
            "nationale. Vérifiez qu'il s'agit du bon fichier."
        )


def _unreadable(path: Path) -> UnreadableFile:
    problem = f"« {path.name} » ne peut pas être lu : ni tableau, ni JSON, ni Parquet lisible."
    return UnreadableFile(
        str(
            Issue(
                "E-FICHIER", path.name, problem, "Téléchargez-le de nouveau, en CSV de préférence."
            )
        )
    )
