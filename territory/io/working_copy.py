"""A copy of a territory folder for a moment, so that a supposition changes nothing that is kept."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from territory.io.atomic import own_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX, _DAY_S = ".essai-", 86_400
_READ = ("*.toml", "*.csv", "*.jsonl")  # settings, decisions, merges, debriefs: small files


@contextmanager
def working_copy(folder: Path) -> Iterator[Path]:
    """
    Yield a folder that holds the small files and the data of `folder`, then drop it.

    Files of data/ are shared by hard links where the system allows: products are replaced whole,
    never changed in place. Copies left for a day by a crash are swept first. Raises OSError when
    the disk refuses.
    """
    data = own_folder(folder / "data")
    _sweep(data)
    copy = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=data))
    try:
        for file in (file for pattern in _READ for file in folder.glob(pattern)):
            shutil.copy2(file, copy / file.name)
        for part in ("raw", "processed"):
            if (data / part).is_dir():
                shutil.copytree(data / part, copy / "data" / part, copy_function=shared)
        yield copy
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def shared(source: str, target: str) -> str:
    """Make `target` the same file as `source`, else a copy of it; return it. Raises OSError."""
    try:
        os.link(source, target)
    except OSError:  # another disk, or a system without links
        shutil.copy2(source, target)
    return target


def _sweep(data: Path) -> None:
    for left in data.glob(f"{_PREFIX}*"):
        if time.time() - left.stat().st_mtime > _DAY_S:
            shutil.rmtree(left, ignore_errors=True)
