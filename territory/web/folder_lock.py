"""One server at a time runs the jobs of a folder, whichever other one shows its pages."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from territory.io.atomic import own_folder

if TYPE_CHECKING:
    from pathlib import Path


class FolderLock:
    """
    A lock on the jobs of a folder, that the system gives back when the process ends, however.

    Its file stays, empty. A folder that several machines share must have one server only.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    @property
    def held(self) -> bool:
        """Return whether this process holds it."""
        return self._file is not None

    def take(self) -> bool:
        """Return whether it is held from now on; False while another process does."""
        if self._file is None:
            own_folder(self._path.parent)
            file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                _lock(file)
            except OSError:
                os.close(file)
                return False
            self._file = file
        return True

    def give_back(self) -> None:
        """Let another server have it."""
        if self._file is not None:
            with suppress(OSError):
                os.close(self._file)
            self._file = None


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
