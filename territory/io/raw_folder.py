"""The files as received (data/raw): never edited, listed with hash and recognised kinds."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from territory.errors import UnreadableFile, WrongUsage
from territory.io.atomic import own_folder, write_bytes, write_json
from territory.io.hashing import file_sha256

if TYPE_CHECKING:
    from pathlib import Path

    from territory.io.recognise import Source

MANIFEST = "manifeste.json"
_COMPANIONS = (".shx", ".dbf", ".prj", ".cpg")


@dataclass(frozen=True, slots=True)
class Fetched:
    """Where a file of an official source comes from: civil day, vintage, hash before the cut."""

    on: str
    vintage: str
    original_sha256: str


@dataclass(frozen=True, slots=True, order=True)
class RawFile:
    """
    One received file: its name in data/raw, its SHA-256, and what was recognised in it.

    The last three fields are those of `Fetched`, empty for a file added by hand.
    """

    name: str
    sha256: str
    sources: tuple[tuple[str, str | None], ...]  # (kind, layer or sheet)
    origin: str = ""
    licence: str = ""
    fetched_on: str = ""
    vintage: str = ""
    original_sha256: str = ""


def raw_folder(territory: Path) -> Path:
    """Return the folder of the received files of a territory."""
    return territory / "data" / "raw"


def read_raw(territory: Path) -> tuple[RawFile, ...]:
    """
    Return the received files, sorted by name, with their hash as it is now on disk.

    Raises UnreadableFile when the manifest was damaged or a file it lists is gone.
    """
    return tuple(sorted(_checked(territory, file) for file in _listed(territory)))


def add_raw(
    territory: Path,
    path: Path,
    sources: tuple[Source, ...],
    *,
    origin: str = "",
    licence: str = "",
    fetched: Fetched | None = None,
) -> RawFile:
    """
    Copy `path` (and a shapefile's companions) into data/raw and list it; same name replaces.

    Of a calendar, only what is read is kept: titles, guests and places may name people. Raises
    UnreadableFile (French) when it is not readable, or when the list of files is damaged (nothing
    is copied then), OSError when the file cannot be copied.
    """
    folder, listed = raw_folder(territory), _listed(territory)
    own_folder(folder)
    if any(source.kind == "agenda" for source in sources):
        from territory.io.agenda_file import bare_agenda  # noqa: PLC0415 - slow to load, rarely met

        write_bytes(folder / path.name, bare_agenda(path))
    else:
        for one in _with_companions(path):
            _copy(one, folder / one.name)
    kinds = tuple(sorted(((s.kind, s.layer) for s in sources), key=str))
    file = RawFile(path.name, _content_sha256(folder / path.name), kinds, origin, licence)
    if fetched is not None:
        day, vintage, original = fetched.on, fetched.vintage, fetched.original_sha256
        file = replace(file, fetched_on=day, vintage=vintage, original_sha256=original)
    others = [f for f in listed if f.name != file.name]
    rows = [asdict(f) for f in sorted([*others, file])]
    write_json(folder / MANIFEST, {"files": rows})
    return file


def remove_raw(territory: Path, name: str) -> None:
    """
    Take a received file (and a shapefile's companions) out of data/raw and of its list.

    Raises WrongUsage (French) when none has this name, UnreadableFile for a damaged list.
    """
    listed, path = _listed(territory), raw_folder(territory) / name
    if name not in {file.name for file in listed}:
        raise WrongUsage("Ce fichier n’est plus là.")
    rows = [asdict(file) for file in listed if file.name != name]
    write_json(raw_folder(territory) / MANIFEST, {"files": rows})
    for one in _with_companions(path):
        one.unlink(missing_ok=True)


def _listed(territory: Path) -> tuple[RawFile, ...]:
    path = raw_folder(territory) / MANIFEST
    if not path.exists():
        return ()
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["files"]
        return tuple(_from_row(row) for row in rows)
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableFile(
            f"La liste des fichiers reçus « {MANIFEST} » est abîmée. Supprimez-la puis rajoutez "
            "les fichiers avec « territory add »."
        ) from error


def _from_row(row: dict[str, Any]) -> RawFile:
    pairs = tuple((str(k), None if la is None else str(la)) for k, la in row["sources"])
    texts = ("name", "sha256", "origin", "licence")
    name, digest, origin, licence = (str(row[key]) for key in texts)
    later = ("fetched_on", "vintage", "original_sha256")  # absent from the lists of older versions
    return RawFile(name, digest, pairs, origin, licence, *(str(row.get(key, "")) for key in later))


def _checked(territory: Path, file: RawFile) -> RawFile:
    path = raw_folder(territory) / file.name
    if not path.exists():
        raise UnreadableFile(
            f"Le fichier reçu « {file.name} » a disparu de data/raw. Remettez-le avec "
            "« territory add »."
        )
    return replace(file, sha256=_content_sha256(path))


def _with_companions(path: Path) -> list[Path]:
    if path.suffix.lower() != ".shp":
        return [path]
    beside = [path.with_suffix(s) for s in _COMPANIONS]
    return [path, *(p for p in beside if p.exists())]


def _content_sha256(path: Path) -> str:
    """Hash a file, or a shapefile with its companions: a changed .dbf is a changed file."""
    parts = _with_companions(path)
    return file_sha256(path) if len(parts) == 1 else "+".join(file_sha256(p)[:32] for p in parts)


def _copy(source: Path, target: Path) -> None:
    if target.exists() and source.samefile(target):
        target.chmod(0o600)
        return
    beside = target.with_name(f".{target.name}.partiel")
    try:
        shutil.copyfile(source, beside)
        beside.chmod(0o600)  # what a team received is for its owner alone
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
