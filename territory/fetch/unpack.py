"""Archives opened with care: zip, 7z inside zip, gz; no path out, no bomb, one content taken."""

from __future__ import annotations

import gzip
import lzma
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import py7zr

from territory.errors import UnreadableFile
from territory.fetch.checks import form_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import IO

_BLOCK = 1 << 20
_DEEPEST = 3
_COMPANIONS = (".shx", ".dbf", ".prj", ".cpg")
_NESTED = (".7z", ".zip", ".gz")
_DAMAGE = (
    zipfile.BadZipFile, gzip.BadGzipFile, py7zr.exceptions.ArchiveError, lzma.LZMAError, zlib.error,
    EOFError, RuntimeError, NotImplementedError, OSError, ValueError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an archive may unfold: bytes in all, members, and times its own size."""

    total_bytes: int = 4_000_000_000
    members: int = 20_000
    times: int = 300
    free_bytes: int = 100_000_000  # below, the ratio does not matter: small texts shrink a lot


def unpacked(path: Path, members: Sequence[str], folder: Path, limits: Limits) -> Path:
    """
    Return the plain file that `path` holds, taken out into `folder`; `path` itself when it is one.

    In an archive the first ending of `members` that something has wins, the largest file if
    several, « meta » files never; else an archive inside is opened in turn. A zip that holds
    `stops.txt` is a GTFS feed and stays whole. Raises UnreadableFile (French) for a damaged,
    protected or dangerous archive, or one without the expected content.
    """
    for depth in range(_DEEPEST + 1):
        opener = _opener(path)
        if opener is None:
            return path
        if depth == _DEEPEST:
            break
        inside = folder / str(depth)
        inside.mkdir()
        try:
            path = opener(path, members, inside, limits)
        except _DAMAGE:
            raise UnreadableFile(
                f"L'archive « {path.name} » est abîmée ou protégée. Téléchargez-la de nouveau."
            ) from None
    raise UnreadableFile(f"L'archive « {path.name} » en contient d'autres sans fin.")


def _opener(path: Path) -> Callable[[Path, Sequence[str], Path, Limits], Path] | None:
    """Return what opens this file, None for a plain one."""
    form = form_of(path)
    if form == "zip":
        return None if _is_feed(path) else _from_zip
    return {"gz": _from_gz, "7z": _from_7z}.get(form)


def _is_feed(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "stops.txt" in archive.namelist()
    except _DAMAGE:
        return False


def _from_gz(path: Path, members: Sequence[str], folder: Path, limits: Limits) -> Path:
    target = folder / (path.name.removesuffix(".gz") or "contenu")
    if target.suffix == "":
        target = target.with_suffix(PurePosixPath(members[0]).suffix or members[0])
    with gzip.open(path, "rb") as source:
        _copy(source, target, _allowed(path, limits), path)
    return target


def _from_zip(path: Path, members: Sequence[str], folder: Path, limits: Limits) -> Path:
    with zipfile.ZipFile(path) as archive:
        sizes = {i.filename: i.file_size for i in archive.infolist() if not i.is_dir()}
        chosen = _chosen(path, sizes, members, limits)
        left = _allowed(path, limits)
        for name in _with_companions(chosen, sizes):
            with archive.open(name) as source:
                left -= _copy(source, folder / PurePosixPath(name).name, left, path)
    return folder / PurePosixPath(chosen).name


def _from_7z(path: Path, members: Sequence[str], folder: Path, limits: Limits) -> Path:
    allowed = _allowed(path, limits)
    with py7zr.SevenZipFile(path, max_extract_size=allowed) as archive:
        files = [i for i in archive.list() if not i.is_directory and not i.is_symlink]
        sizes = {i.filename: i.uncompressed for i in files}
        chosen = _chosen(path, sizes, members, limits)
        try:
            archive.extract(folder, targets=_with_companions(chosen, sizes))
        except py7zr.exceptions.DecompressionBombError:
            raise _bomb(path) from None
    return folder / chosen


def _chosen(path: Path, sizes: dict[str, int], members: Sequence[str], limits: Limits) -> str:
    """Return the member to take; raise for an archive that is dangerous or holds none."""
    if len(sizes) > limits.members:
        raise _bomb(path)
    if any(_leads_out(name) for name in sizes):
        raise UnreadableFile(
            f"L'archive « {path.name} » contient un chemin qui sort de son dossier : refusée."
        )
    usable = [n for n in sorted(sizes) if not _is_beside(n)]
    for ending in (*members, *_NESTED):
        found = [n for n in usable if n.casefold().endswith(ending.casefold())]
        if found:
            return max(found, key=lambda n: sizes[n])
    raise UnreadableFile(
        f"L'archive « {path.name} » ne contient pas le fichier attendu "
        f"({', '.join(sorted({PurePosixPath(m).suffix or m for m in members}))})."
    )


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or bool(re.match("[A-Za-z]:", name))


def _is_beside(name: str) -> bool:
    """Whether a member is not data: notes of a Mac, hidden files, descriptions of columns."""
    path = PurePosixPath(name)
    return "__MACOSX" in path.parts or path.name.startswith((".", "meta", "~"))


def _with_companions(name: str, sizes: dict[str, int]) -> list[str]:
    path = PurePosixPath(name)
    if path.suffix.lower() != ".shp":
        return [name]
    wanted = {str(path.with_suffix(s)).casefold() for s in _COMPANIONS}
    return [name, *(n for n in sorted(sizes) if n.casefold() in wanted)]


def _allowed(path: Path, limits: Limits) -> int:
    """Return how many bytes an archive of this size may unfold to."""
    fair = max(path.stat().st_size * limits.times, limits.free_bytes)
    return min(fair, limits.total_bytes)


def _copy(source: IO[bytes] | gzip.GzipFile, target: Path, allowed: int, archive: Path) -> int:
    """Copy at most `allowed` bytes, whatever the archive said of its size; return how many."""
    done = 0
    with target.open("wb") as file:
        while block := source.read(_BLOCK):
            done += len(block)
            if done > allowed:
                raise _bomb(archive)
            file.write(block)
    return done


def _bomb(path: Path) -> UnreadableFile:
    return UnreadableFile(f"L'archive « {path.name} » se déplie sans mesure : refusée.")
