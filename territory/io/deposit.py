"""
Files sent to the pages, kept apart until somebody says to keep them: owner-only, for a day at most.

What a browser calls a file never becomes a path: it is made into a plain name first.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import unicodedata
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, BinaryIO

from territory.errors import WrongUsage
from territory.io.atomic import own_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

FOLDER = Path(".territory") / "depot"
PREVIEW = ".apercu.json"
KEPT_S = 24 * 3600
ACCEPTED = (
    ".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".geojson", ".json", ".gpkg", ".zip", ".parquet",
    ".ics", ".pbf", ".osm", ".graphml", ".tif", ".tiff", ".asc", ".shp", ".shx", ".dbf", ".prj",
    ".cpg",
)  # fmt: skip
COMPANIONS = (".shx", ".dbf", ".prj", ".cpg")
_KEY = re.compile(r"[\w-]{16}")
_OTHER = re.compile(r"[^\w .()+-]+")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|manifeste)(\.|$)", re.IGNORECASE)
_LONGEST = 80


def plain_name(sent: str) -> str:
    """
    Return what a browser called a file as a name that no system takes for anything else.

    Raises WrongUsage (French) for a kind of file that nothing here reads.
    """
    last = unicodedata.normalize("NFC", sent).replace("\\", "/").rpartition("/")[2]
    name = _OTHER.sub("_", last).strip(" .")
    stem, suffix = PurePath(name).stem[:_LONGEST].strip(" ."), PurePath(name).suffix.lower()
    if suffix not in ACCEPTED:
        raise WrongUsage(
            f"Ce type de fichier n’est pas lu ici : « {suffix or name[:20] or 'sans nom'} ». "
            "Types lus : CSV, classeur XLSX, GeoJSON, GeoPackage, archive ZIP, ICS, OSM."
        )
    stem = f"fichier_{stem}" if _RESERVED.match(stem) or not stem.strip("_") else stem
    return stem + suffix


def put(territory: Path, sent: Iterable[tuple[str, BinaryIO]]) -> str:
    """
    Keep files (name as sent, content) apart in a new folder of `territory`; return its key.

    Raises WrongUsage as `plain_name` and for no file at all (nothing is then kept), OSError.
    """
    named: dict[str, BinaryIO] = {}
    for name, content in sent:
        named[_free(plain_name(name), named)] = content
    if not named:
        raise WrongUsage("Choisissez au moins un fichier.")
    key = secrets.token_urlsafe(12)
    folder = own_folder(territory / FOLDER / key)
    for name, content in named.items():
        handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            shutil.copyfileobj(content, file)
    return key


def place_of(territory: Path, key: str) -> Path:
    """Return the folder of a deposit; raises WrongUsage (French) when there is none of this key."""
    folder = territory / FOLDER / key
    if not _KEY.fullmatch(key) or not folder.is_dir():
        raise WrongUsage("Ce dépôt n’existe plus : envoyez le fichier de nouveau.")
    return folder


def deposited(territory: Path, key: str) -> tuple[Path, ...]:
    """Return the files of a deposit by name, those beside a shapefile left out; raises as above."""
    found = [p for p in sorted(place_of(territory, key).iterdir()) if p.name[0] != "."]
    shapes = {p.stem for p in found if p.suffix == ".shp"}
    return tuple(p for p in found if not (p.suffix in COMPANIONS and p.stem in shapes))


def forget(territory: Path, key: str, name: str | None = None) -> None:
    """Delete one file of a deposit by its plain name, or the whole; nothing there is no error."""
    folder = territory / FOLDER / key
    if not _KEY.fullmatch(key):
        return
    for path in deposited(territory, key) if name and folder.is_dir() else ():
        if path.name == name:
            for one in (path, *map(path.with_suffix, COMPANIONS * (path.suffix == ".shp"))):
                one.unlink(missing_ok=True)
    if name is None or (folder.is_dir() and not deposited(territory, key)):
        shutil.rmtree(folder, ignore_errors=True)


def sweep(territory: Path, now_s: float) -> int:
    """Delete the deposits older than a day at `now_s` (seconds since 1970); return how many."""
    folder = territory / FOLDER
    old = [p for p in folder.glob("*") if now_s - p.stat().st_mtime > KEPT_S]
    for one in old:
        shutil.rmtree(one, ignore_errors=True)
    return len(old)


def size_of(territory: Path, key: str) -> int:
    """Return the bytes of a deposit; raises as `place_of`."""
    return sum(path.stat().st_size for path in place_of(territory, key).iterdir())


def _free(name: str, taken: Iterable[str]) -> str:
    """Return `name`, or the same with a number when it is taken (in any case of letters)."""
    lower, path, n = {t.lower() for t in taken}, PurePath(name), 2
    while name.lower() in lower:
        name, n = f"{path.stem}_{n}{path.suffix}", n + 1
    return name
