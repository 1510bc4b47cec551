"""Text files to rows of cells: encoding, line ends, separator, and the rows a spreadsheet shows."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from territory.errors import UnreadableFile
from territory.io.headers import is_known
from territory.model.issues import Issue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

HEADER_ROWS = 10
HEAD_BYTES = 262_144
# Refused while it is read, before it fills the memory: no table people fill in is near it.
MOST_BYTES, LONGEST_LINE_BYTES, _CHUNK_BYTES = 400_000_000, 8_000_000, 1_000_000
_BROKEN_ACCENTS = ("Ã©", "Ã¨", "â€™", "Ã ")
_SEPARATORS = (";", "\t", ",")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def unreadable(file: str) -> UnreadableFile:
    """Return the error of a file that cannot be read, in the words of the log format."""
    text = f"« {file} » ne peut pas être lu."
    remedy = (
        "Vérifiez que le fichier n'est pas ouvert dans Excel et qu'il est au format CSV ou XLSX."
    )
    return UnreadableFile(str(Issue("E-FICHIER", file, text, remedy)))


def is_workbook(path: Path) -> bool:
    """
    Whether the first bytes are those of an XLSX.

    Raises UnreadableFile for an old XLS, or when the file cannot be opened.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(4)
    except OSError as error:
        raise unreadable(path.name) from error
    if start == _OLD_EXCEL:
        raise unreadable(path.name)
    return start == b"PK\x03\x04"


def text_rows(path: Path, *, head: bool = False) -> list[list[str]]:
    """
    Return the rows of a text table, as a spreadsheet numbers them (a `sep=` line is not one).

    UTF-8, UTF-16 or Windows-1252; `;`, tab or comma. With `head`, only the first quarter of a
    megabyte. Raises UnreadableFile (E-FICHIER, E-ENC), for more than 400 MB or a line of 8 MB too.
    """
    text = _text(path, head=head)
    separator = None
    if text[:4].lower() == "sep=":
        first, _, text = text.partition("\n")
        separator = first[4:5] or None
    if separator is None:
        separator = _best_separator(text)
    try:
        return list(_rows(text, separator))
    except csv.Error as error:
        raise unreadable(path.name) from error


def _text(path: Path, *, head: bool) -> str:
    try:
        with path.open("rb") as stream:
            raw = stream.read(HEAD_BYTES) if head else _whole(stream)
    except OSError as error:
        raise unreadable(path.name) from error
    if raw is None:
        raise unreadable(path.name)
    if head and len(raw) == HEAD_BYTES:
        raw = raw[: max(raw.rfind(b"\n"), raw.rfind(b"\r")) + 1] or raw
    text = _decoded(raw, path.name).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise unreadable(path.name)
    if any(broken in text for broken in _BROKEN_ACCENTS):
        problem = f"les accents de « {path.name} » sont abîmés (« Ã© »)."
        remedy = "Réenregistrez le fichier en « CSV UTF-8 »."
        raise UnreadableFile(str(Issue("E-ENC", path.name, problem, remedy)))
    return text


def _whole(stream: BinaryIO) -> bytes | None:
    """Return all bytes of a file, None when it is too large or has a line without end."""
    chunks: list[bytes] = []
    size = unbroken = 0
    while chunk := stream.read(_CHUNK_BYTES):
        chunks.append(chunk)
        size += len(chunk)
        unbroken = 0 if b"\n" in chunk or b"\r" in chunk else unbroken + len(chunk)
        if size > MOST_BYTES or unbroken > LONGEST_LINE_BYTES:
            return None
    return b"".join(chunks)


def _decoded(raw: bytes, file: str) -> str:
    encodings = ("utf-16",) if raw.startswith(_UTF16) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise unreadable(file)


def _best_separator(text: str) -> str:
    """Return the separator that gives the most known headers, `;` when none gives any."""
    start = "\n".join(text.split("\n", HEADER_ROWS)[:HEADER_ROWS])

    def known(separator: str) -> int:
        try:
            rows = list(_rows(start, separator))
        except csv.Error:
            return 0
        return max((sum(map(is_known, row)) for row in rows if len(row) > 1), default=0)

    return max(_SEPARATORS, key=known)


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    return iter(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
