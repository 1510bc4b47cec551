"""Where a batch keeps what it makes: a folder, or an object store reached through fsspec."""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from territory.errors import WrongUsage
from territory.io.atomic import own_folder
from territory.io.working_copy import shared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
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
        """Return the SHA-256 of a file, read in blocks; empty when there is none."""
        try:
            with self._files.open(self._full(path), "rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except (FileNotFoundError, IsADirectoryError):
            return ""

    def write(self, path: str, content: bytes) -> None:
        """Write a file whole, in place of a former one."""
        full = self._full(path)
        if not self.is_folder:
            self._files.pipe_file(full, content)
            return
        with _beside(Path(full)) as half, half.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

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

    def put(self, path: str, source: Path) -> None:
        """
        Send a file of this machine whole, in blocks: what has a manifest, for it is not forced out.

        After a power cut it may be damaged, which its manifest tells.
        """
        full = self._full(path)
        if not self.is_folder:
            self._files.put_file(str(source), full)
            return
        with _beside(Path(full)) as half:
            shutil.copyfile(source, half)

    def bytes_of(self, folder: str) -> int:
        """Return the bytes of all files under `folder`, 0 when it is not there."""
        return int(self._files.du(self._full(folder)))

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


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Yield an empty file, its owner's alone, under a name of its own; then it is `target`."""
    own_folder(target.parent)
    half = target.with_name(f".{target.name}.{uuid.uuid4().hex}{_HALF}")
    try:
        os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield half
        half.replace(target)
    finally:
        half.unlink(missing_ok=True)
