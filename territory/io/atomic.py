"""Writing that is all or nothing: beside first, then renamed; a crash leaves the old file."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def write_bytes(path: Path, content: bytes) -> Path:
    """
    Write `content` to `path` atomically, owner-only where the system allows; return `path`.

    Missing folders are made. Raises OSError (disk full, protected): a former file is then
    untouched.
    """
    own_folder(path.parent)
    beside = path.with_name(f".{path.name}.partiel")
    try:
        # Owner-only from the first byte: never readable by others, even for a moment.
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path


def own_folder(folder: Path) -> Path:
    """
    Make `folder` and those missing above it, owner-only where the system allows; return it.

    A folder already there keeps its rights: it may be one that a team shares on purpose.
    """
    missing = [p for p in (folder, *folder.parents) if not p.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for made in missing:
        made.chmod(0o700)
    return folder


def write_text(path: Path, content: str) -> Path:
    """Write `content` as UTF-8 with Unix line ends, atomically; return `path`."""
    return write_bytes(path, content.encode("utf-8"))


def write_json(path: Path, value: object, *, indent: int | None = 1) -> Path:
    """
    Write `value` as JSON with sorted keys, atomically; return `path`.

    `indent` None puts it on one line: thousands of issues are written five times as fast.
    """
    text = json.dumps(value, indent=indent, sort_keys=True, ensure_ascii=False, default=str)
    return write_text(path, text + "\n")


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """
    Yield an empty folder to fill; on success it takes the place of `target`, on error it vanishes.

    Between the two renames only the former folder, kept beside, can remain: `recover` puts it back.
    """
    own_folder(target.parent)
    beside = target.with_name(f".{target.name}.partiel")
    former = target.with_name(f".{target.name}.ancien")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(mode=0o700)
    try:
        yield beside
        for file in beside.rglob("*"):  # whichever library wrote them
            file.chmod(0o700 if file.is_dir() else 0o600)
        shutil.rmtree(former, ignore_errors=True)
        if target.exists():
            target.rename(former)
        beside.rename(target)
        shutil.rmtree(former, ignore_errors=True)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def recover(target: Path) -> None:
    """Put the former folder back when a crash fell between the two renames of `new_folder`."""
    former = target.with_name(f".{target.name}.ancien")
    if former.exists() and not target.exists():
        former.rename(target)
