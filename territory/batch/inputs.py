"""The files of a territory brought to the machine that works on it, and what decides its result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory import __version__
from territory.batch.catalogue import FORMAT
from territory.batch.failures import NoFolder
from territory.batch.store import Store
from territory.io.audit_log import FILE_NAME as JOURNAL
from territory.io.hashing import file_sha256, value_sha256
from territory.io.raw_folder import MANIFEST
from territory.settings import FILE_NAME as SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from territory.batch.listing import Listed
    from territory.pipeline.workspace import Territory

RAW, PROCESSED = "data/raw", "data/processed"
_SMALL = (".toml", ".csv", ".jsonl")  # settings, decisions, merges, debriefs
_NOT_READ = frozenset({JOURNAL})


def bring(listed: Listed, folder: Path) -> Store:
    """
    Bring settings, small files and received files of a territory to `folder`; return their store.

    Raises NoFolder when it has no settings, OSError.
    """
    source = Store(listed.address)
    small = [name for name in source.names(deep=False) if name.endswith(_SMALL)]
    if SETTINGS not in small:
        raise NoFolder(
            f"Pas de territoire dans « {listed.address} » : corrigez la liste, ou créez-le avec "
            "« territory init »."
        )
    for name in (*(n for n in small if n not in _NOT_READ), *source.names(RAW)):
        source.copy_out(name, folder / name)
    return source


def bring_products(source: Store, folder: Path) -> None:
    """Bring the products that the folder of the territory already holds, where they lack."""
    for path in source.names(PROCESSED):
        if path.count("/") > PROCESSED.count("/") + 1 and not (folder / path).parent.exists():
            _bring_folder(source, path.rpartition("/")[0], folder)


def has_raw(folder: Path) -> bool:
    """Return whether files were received."""
    return (folder / RAW / MANIFEST).is_file()


def received_bytes(listed: Listed) -> int:
    """Return the bytes received in a folder; 0 elsewhere, where asking may take as long as work."""
    source = Store(listed.address) if "://" not in listed.address else None
    return source.bytes_of(RAW) if source is not None else 0


def give_back(source: Store, folder: Path) -> None:
    """Put received files where the territory is, their list last. Raises OSError."""
    files = [file for file in sorted((folder / RAW).rglob("*")) if file.is_file()]
    for file in sorted(files, key=lambda file: file.name == MANIFEST):
        source.write(file.relative_to(folder).as_posix(), file.read_bytes())


def rests_on(territory: Territory, listed: Listed, *, whole: bool) -> str:
    """Return the hash of all that decides the result of a territory: files, settings, version."""
    return value_sha256(
        {
            "format": FORMAT,
            "version": __version__,
            "today": territory.today.isoformat(),
            "whole": whole,
            "seed": territory.settings.ground.seed,
            "where": [listed.name, listed.department, listed.network],
            "small": dict(_small(territory.folder)),
            "files": [[file.name, file.sha256, file.sources] for file in territory.raw.files],
        }
    )


def _small(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.iterdir()):
        if file.suffix in _SMALL:
            yield file.name, file_sha256(file)


def _bring_folder(source: Store, path: str, folder: Path) -> None:
    for name in source.names(path):
        source.copy_out(name, folder / name)
