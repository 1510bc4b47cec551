"""
One file that holds a whole base, of whichever kind: it is read back whole, or refused.

A line that names the format, the SHA-256 of all that follows it, then compressed lines of JSON: a
heading (format, version of the tables, moment, tables with their columns, rows and hash), and a row
a line.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from typing import TYPE_CHECKING, Any

from territory.errors import UnreadableFile
from territory.io.atomic import write_bytes
from territory.web.content import Content, Rows
from territory.web.schema import CONTENT, refused_version, version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

MAGIC = b"territory base 1\n"
_HASH_LETTERS = 64
_COLUMNS = {table.name: {column.name for column in table.columns} for table in CONTENT}


def write_saved(path: Path, content: Content, at: datetime) -> Path:
    """
    Write `content` atomically, readable by its owner alone: it holds the hashes of passwords.

    Raises OSError when the disk refuses: a former file is then untouched.
    """
    body = gzip.compress(b"".join(_lines(content, at)), mtime=0)
    return write_bytes(path, MAGIC + hashlib.sha256(body).hexdigest().encode() + b"\n" + body)


def read_saved(path: Path) -> tuple[Content, str]:
    """
    Return what a file holds, and the moment it was written (ISO, UTC).

    Raises UnreadableFile (French) when it is not such a file, or differs by a single byte from what
    was written; WrongUsage (French) when it was written by a newer version.
    """
    whole = path.read_bytes()
    start = len(MAGIC) + _HASH_LETTERS + 1
    hashed, body = whole[len(MAGIC) : start], whole[start:]
    if not whole.startswith(MAGIC[:-2]):
        raise UnreadableFile(f"« {path.name} » n'est pas une sauvegarde faite par territory.")
    if hashlib.sha256(body).hexdigest().encode() + b"\n" != hashed or whole[: len(MAGIC)] != MAGIC:
        raise _damaged(path)
    try:
        head, *rows = gzip.decompress(body).splitlines()
        heading = json.loads(head)
        if heading["schema"] > version():
            raise refused_version(int(heading["schema"]))
        return _content(heading, [json.loads(row) for row in rows]), str(heading["made"])
    except (ValueError, KeyError, TypeError, EOFError, OSError, zlib.error) as error:
        raise _damaged(path) from error


def _lines(content: Content, at: datetime) -> Iterator[bytes]:
    tables = [
        {"name": t.name, "columns": t.columns, "rows": len(t.rows), "sha256": t.sha256}
        for t in content.tables
    ]
    heading = {"schema": content.schema, "made": at.isoformat(), "tables": tables}
    yield _line(heading)
    for table in content.tables:
        yield from map(_line, table.rows)


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def _content(heading: dict[str, Any], rows: list[list[Any]]) -> Content:
    """Return the tables of a heading with their rows; raises ValueError when they do not agree."""
    tables, first = [], 0
    for told in heading["tables"]:
        last = first + told["rows"]
        columns = tuple(told["columns"])
        table = Rows(told["name"], columns, tuple(map(tuple, rows[first:last])))
        if not set(columns) <= _COLUMNS[table.name] or table.sha256 != told["sha256"]:
            raise ValueError(table.name)
        tables.append(table)
        first = last
    if first != len(rows):
        raise ValueError("rows")
    return Content(int(heading["schema"]), tuple(tables))


def _damaged(path: Path) -> UnreadableFile:
    return UnreadableFile(
        f"La sauvegarde « {path.name} » est abîmée : rien n'en est lu. Prenez-en une autre copie."
    )
