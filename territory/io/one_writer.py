"""One writer at a time in a folder, whatever the process, so that what was read still holds."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE = ".verrou"
WAIT_S = 20.0


@contextmanager
def one_writer(folder: Path, *, wait_s: float = WAIT_S) -> Iterator[None]:
    """
    Hold the lock of `folder`, which is made when absent; wait for whoever holds it.

    A database being written is a lock that works on every system and falls with its process. Raises
    sqlite3.OperationalError when the lock is still held after `wait_s`.
    """
    folder.mkdir(exist_ok=True)
    with closing(sqlite3.connect(folder / FILE, timeout=wait_s)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield
