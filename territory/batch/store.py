"""Where a batch keeps what it makes: a folder, or an object store reached through fsspec."""

from __future__ import annotations

import os
import uuid
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from territory.errors import WrongUsage
from territory.io.atomic import own_folder
from territory.io.hashing import bytes_sha256
from territory.io.working_copy import shared

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

_HALF = ".partiel"


class Store:
    """
    Files by path inside one address; a file is there whole or not at all.

    In a folder, each is written beside under a name of its own, then renamed, so that two writers
    never mix; an object store does the same by itself. Methods raise OSError when the store cannot
    be reached, is full or protected.
    """

    def __init__(self, address: str) -> None:
        """Open `address`, a folder or an fsspec URL; raises WrongUsage when nothing reads it."""
        try:
            self._files, root = url_to_fs(address, use_listings_cache=False)
        except (ImportError, ValueError) as error:
            raise WrongUsage(
                f"Rien ici ne sait lire « {address} » : donnez un dossier, ou une adresse dont le "
                "paquet est installé (s3fs pour s3://)."
            ) from error
        self._root = str(root).rstrip("/")
        self.is_folder = isinstance(self._files, LocalFileSystem)
        self.address = self._root if self.is_folder else address

    def read(self, path: str) -> bytes | None:
        """Return the content of a file, None when there is none."""
        try:
            content = self._files.cat_file(self._full(path))
        except (FileNotFoundError, IsADirectoryError):
            return None
        return bytes(content)

    def read_all(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Return the contents of files by path, many at once where the store can; absent left."""
        wanted = {self._full(path): path for path in paths}
        if not wanted:
            return {}
        found = self._files.cat(list(wanted), on_error="omit")
        return {wanted[self._stripped(full)]: bytes(content) for full, content in found.items()}

    def sha256(self, path: str) -> str:
        """Return the SHA-256 of a file, empty when there is none."""
        content = self.read(path)
        return "" if content is None else bytes_sha256(content)

    def write(self, path: str, content: bytes) -> None:
        """Write a file whole, in place of a former one."""
        full = self._full(path)
        if not self.is_folder:
            self._files.pipe_file(full, content)
            return
        target = Path(full)
        own_folder(target.parent)
        beside = target.with_name(f".{target.name}.{uuid.uuid4().hex}{_HALF}")
        try:
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as f:
                f.write(content)
                f.flush()
                os.fsync(f.fileno())
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)

    def remove(self, path: str) -> None:
        """Take a file away; nothing happens when there is none."""
        with suppress(FileNotFoundError):
            self._files.rm_file(self._full(path))

    def names(self, folder: str = "", *, deep: bool = True) -> list[str]:
        """Return the path of every file under `folder`, sorted; with `deep` in its folders too."""
        top, depth = self._full(folder), None if deep else 1
        self._files.invalidate_cache()
        everything = self._files.find(top, maxdepth=depth)
        found = (self._stripped(full)[len(self._root) + 1 :] for full in everything)
        return sorted(name for name in found if not name.rsplit("/", 1)[-1].startswith("."))

    def copy_out(self, path: str, target: Path) -> None:
        """Bring a file to this machine; one of a folder is shared where the system allows."""
        target.parent.mkdir(parents=True, exist_ok=True)
        if self.is_folder:
            shared(self._full(path), str(target))
        else:
            self._files.get_file(self._full(path), str(target))

    def is_there(self) -> bool:
        """Return whether the address is a folder, or holds files where folders do not exist."""
        return bool(self._files.isdir(self._root)) or bool(self._files.find(self._root))

    def written_on(self, path: str) -> datetime:
        """Return when a file was written last."""
        when: datetime = self._files.modified(self._full(path))
        return when

    def abandoned(self) -> Mapping[str, datetime]:
        """Return the files that a dead process left half written, with when."""
        if not self.is_folder:
            return {}
        found = [full for full in self._files.find(self._root) if full.endswith(_HALF)]
        names = {self._stripped(full)[len(self._root) + 1 :] for full in found}
        return {name: self.written_on(name) for name in sorted(names)}

    def _full(self, path: str) -> str:
        return f"{self._root}/{path}" if path else self._root

    def _stripped(self, full: str) -> str:
        stripped: str = self._files._strip_protocol(full)  # noqa: SLF001 - what fsspec offers
        return stripped
