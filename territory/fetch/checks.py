"""Is a received file what its source promises? First bytes, columns, number of rows."""

from __future__ import annotations

import csv
import re
import warnings
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio

from territory.errors import UnreadableFile
from territory.io.streets import is_streets
from territory.io.transit import stop_columns

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from territory.fetch.sources import Source

_HEAD = 4096
_FORMS = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"7z\xbc\xaf'\x1c", "7z"),
    (b"\x1f\x8b", "gz"),
    (b"PAR1", "parquet"),
    (b"SQLite format 3", "gpkg"),
    (b"\x00\x00\x27\x0a", "shp"),
)
_PAGE = re.compile(rb"<(!doctype\s+html|html|head|body|ows:exceptionreport|[\w:]*serviceexception)",
                   re.IGNORECASE)  # fmt: skip
_RETURNED = re.compile(rb'"numberReturned"\s*:\s*(\d+)')
_MATCHED = re.compile(rb'"(?:numberMatched|totalFeatures)"\s*:\s*(\d+)')
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Seen:
    """What a table or layer shows before it is read: columns in lower case, number of rows."""

    columns: tuple[str, ...]
    rows: int


def form_of(path: Path) -> str:
    """
    Return the form told by the first bytes.

    One of zip, 7z, gz, parquet, gpkg, shp, pbf, page (HTML, or an error in XML), xml, json, binary,
    text, empty.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        return "empty"
    for start, form in _FORMS:
        if head.startswith(start):
            return form
    if b"OSMHeader" in head[:64]:
        return "pbf"
    text = head.lstrip(b"\xef\xbb\xbf \r\n\t")
    if text.startswith(b"<"):
        return "page" if _PAGE.search(text[:1024]) else "xml"
    if text.startswith((b"{", b"[")):
        return "json"
    return "binary" if b"\x00" in head else "text"


def separator_of(path: Path) -> str:
    """Return the separator of a text table, told from its first line."""
    head = _first_line(path)
    return max(";,\t|", key=head.count)


def check(path: Path, source: Source, minimum_rows: int, *, columns: bool = True) -> Seen:
    """
    Return what a plain file (see `unpacked`) shows, once it is sure to be what `source` promises.

    Without `columns`, their names are free: a reader has recognised them. Raises UnreadableFile
    (French): a web page instead of the file, another form, columns missing, fewer rows than
    `minimum_rows`.
    """
    form = form_of(path)
    if form == "page":
        raise UnreadableFile(
            f"{source.label} : le serveur a envoyé une page web au lieu du fichier."
        )
    _check_whole(path, source)
    seen = _seen(path, source, form)
    missing = missing_columns(seen.columns, source)
    if missing and columns:
        raise UnreadableFile(
            f"{source.label} : colonnes changées, il manque {', '.join(missing)} "
            f"(trouvées : {', '.join(seen.columns[:_SHOWN]) or 'aucune'})."
        )
    if seen.rows < minimum_rows:
        raise UnreadableFile(
            f"{source.label} : {seen.rows} lignes reçues, au moins {minimum_rows} attendues. "
            "Le fichier est incomplet ou ne concerne pas ces communes."
        )
    return seen


def _check_whole(path: Path, source: Source) -> None:
    """Raise when a service says that it stopped before the end (Overpass, WFS)."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
        stream.seek(max(path.stat().st_size - _HEAD, 0))
        ends = head + stream.read()
    stopped = b"<remark>" in ends and b"error" in ends
    given, matched = _RETURNED.search(ends), _MATCHED.search(ends)
    if stopped or (given and matched and int(given[1]) < int(matched[1])):
        raise UnreadableFile(f"{source.label} : le serveur n'a envoyé qu'une partie du résultat.")


def missing_columns(columns: Sequence[str], source: Source) -> list[str]:
    """Return the columns of `source` that are not among `columns` (any case, ? is any letter)."""
    here = [c.lower() for c in columns]
    return [w for w in source.columns if not any(fnmatchcase(c, w) for c in here)]


def _seen(path: Path, source: Source, form: str) -> Seen:
    wrong = UnreadableFile(
        f"{source.label} : le fichier reçu n'a pas la forme attendue ({_named(form)})."
    )
    try:
        if source.content == "transit" and form == "zip":
            return Seen(*stop_columns(path))
        if source.content == "streets" and is_streets(path):
            return Seen((), 1)
        if source.content == "table" and form == "parquet":
            return _parquet(path)
        if source.content == "table" and form == "text":
            return _text(path)
        if source.content in {"layer", "table"} and form in {"json", "gpkg", "shp"}:
            return _layer(path)
    except (pyogrio.errors.DataSourceError, pa.ArrowException, csv.Error, ValueError, OSError):
        raise wrong from None
    raise wrong


def _named(form: str) -> str:
    return {"empty": "vide", "text": "texte", "binary": "données inconnues"}.get(form, form)


def _layer(path: Path) -> Seen:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # unclosed rings, said when read
        info = pyogrio.read_info(path, layer=0, force_feature_count=True)
    return Seen(tuple(str(f).lower() for f in info["fields"]), int(info["features"]))


def _parquet(path: Path) -> Seen:
    facts = pq.read_schema(path), pq.read_metadata(path)
    return Seen(tuple(name.lower() for name in facts[0].names), int(facts[1].num_rows))


def _text(path: Path) -> Seen:
    with path.open("rb") as stream:
        lines = sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b""))
        stream.seek(-1, 2)
        lines += stream.read(1) != b"\n"
    return Seen(text_columns(path), max(lines - 1, 0))


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        return stream.readline(1 << 20).rstrip("\r\n")


def text_columns(path: Path) -> tuple[str, ...]:
    """Return the columns of a text table in lower case, told from its first line."""
    try:
        header = next(csv.reader([_first_line(path)], delimiter=separator_of(path)), [])
    except csv.Error:
        return ()
    return tuple(name.strip().lower() for name in header)
