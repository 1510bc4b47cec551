"""
The audit log of a territory folder: one JSON line per command, kept on this machine, never a value.

Source: PRIVACY.md section 8. Names of files, hashes, counts of lines and codes of refusal only.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from territory.io.atomic import own_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE_NAME = "journal.jsonl"
Parameter = bool | int | float | str | list[str]


@dataclass(frozen=True, slots=True)
class LoggedFile:
    """One file of a command: its name in the folder, SHA-256, lines (None when not counted)."""

    name: str
    sha256: str
    lines: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One command: when (ISO), what, with which parameters, from and to which files, its ending."""

    at: str
    command: str
    code: int
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    inputs: tuple[LoggedFile, ...] = ()
    outputs: tuple[LoggedFile, ...] = ()
    refused: Mapping[str, int] = field(default_factory=dict)  # refused lines by code


def append_entry(folder: Path, entry: Entry) -> Path:
    """
    Add one line at the end of the log, owner-only, flushed to the disk; return its path.

    A last line torn by a crash is closed first, so that it spoils no other. Raises OSError when the
    disk refuses.
    """
    return append_json(folder / FILE_NAME, asdict(entry))


def append_json(path: Path, value: Mapping[str, Any]) -> Path:
    """Add `value` as one JSON line to `path`, owner-only; raises OSError as `append_entry`."""
    own_folder(path.parent)
    line = json.dumps(value, ensure_ascii=False, sort_keys=True).encode() + b"\n"
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        end = file.seek(0, os.SEEK_END)
        if end:
            file.seek(end - 1)
            line = line if file.read(1) == b"\n" else b"\n" + line
        file.seek(end)
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    return path


def read_entries(folder: Path) -> tuple[tuple[Entry, ...], int]:
    """Return the entries in order, and how many lines could not be read (torn or edited)."""
    rows, torn = read_json_lines(folder / FILE_NAME)
    entries = [_entry(row) for row in rows]
    readable = tuple(entry for entry in entries if entry is not None)
    return readable, torn + len(entries) - len(readable)


def read_json_lines(path: Path) -> tuple[list[dict[str, Any]], int]:
    """Return the objects of a file of JSON lines, none when absent, and the lines unreadable."""
    if not path.exists():
        return [], 0
    lines = [line for line in path.read_bytes().splitlines() if line.strip()]
    rows = [_row(line) for line in lines]
    kept = [row for row in rows if row is not None]
    return kept, len(rows) - len(kept)


def _row(line: bytes) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _entry(row: dict[str, Any]) -> Entry | None:
    if not (isinstance(row.get("at"), str) and isinstance(row.get("code"), int)):
        return None
    try:
        files = {n: tuple(LoggedFile(**file) for file in row[n]) for n in ("inputs", "outputs")}
        return Entry(**{**row, **files})
    except (TypeError, KeyError):
        return None
