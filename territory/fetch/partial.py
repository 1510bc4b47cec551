"""What is already there of an interrupted file, and what the server called that version of it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from territory.io.atomic import write_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Partial:
    """The beginning of a file: `size` bytes (0: nothing usable) of the version `validator`."""

    path: Path
    size: int
    validator: str


def open_partial(target: Path, address: str) -> Partial:
    """
    Return what was received of `address` beside `target`; what cannot be resumed is thrown away.

    Only bytes whose server gave an ETag or a date can be resumed: without it, nothing says that
    the rest belongs to the same file.
    """
    path = target.with_name(f".{target.name}.partiel")
    note = _noted(path)
    known = note.get("address") == address and bool(note.get("validator"))
    if not known or not path.exists():
        forget_partial(path)
        return Partial(path, 0, "")
    return Partial(path, path.stat().st_size, str(note["validator"]))


def keep_validator(path: Path, address: str, validator: str) -> None:
    """Note which version of `address` the bytes of `path` belong to ("" when it was not said)."""
    write_json(_note(path), {"address": address, "validator": validator})


def append_to(path: Path, *, anew: bool) -> BinaryIO:
    """Open `path` to add bytes at its end (at its start with `anew`), for its owner alone."""
    mode = os.O_TRUNC if anew else os.O_APPEND
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | mode, 0o600), "wb")


def forget_partial(path: Path) -> None:
    """Remove a partial file and its note, when they are there."""
    path.unlink(missing_ok=True)
    _note(path).unlink(missing_ok=True)


def validator_of(headers: Mapping[str, str]) -> str:
    """Return the strong ETag of an answer, else its Last-Modified, else ""."""
    tag = headers.get("ETag", "")
    return tag if tag and not tag.startswith("W/") else headers.get("Last-Modified", "")


def _note(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def _noted(path: Path) -> dict[str, object]:
    try:
        content = json.loads(_note(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
