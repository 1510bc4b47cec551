"""The forms in which OpenStreetMap ways arrive, told by content and never by the file's name."""

from __future__ import annotations

import bz2
import gzip
import json
import zlib
from functools import partial
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

import osmium

from territory.errors import UnreadableFile
from territory.io.street_graphml import graphml_ways
from territory.io.street_json import drawn_ways, is_highway_line, overpass_ways
from territory.io.street_osmium import osmium_ways

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from territory.io.street_ways import Found

_HEAD = 65_536
_BLOCK = 1_000_000  # bz2 gives nothing before the end of its first block
_DAMAGE = (
    osmium.InvalidLocationError, RuntimeError, ValueError, LookupError, TypeError, AttributeError,
    OSError, EOFError, ParseError, OverflowError,
)  # fmt: skip


def is_street_file(path: Path) -> bool:
    """
    Tell from the content whether `path` is one of the forms read here.

    Raises OSError when it cannot be opened.
    """
    return _reader(path) is not None


def read_ways(path: Path) -> Found:
    """
    Read every `highway` way of `path` and what stops walkers, in degrees (WGS84) as written.

    Raises UnreadableFile (French) when the file is damaged, cut short by the server, or holds none
    of the known forms; OSError when it cannot be opened.
    """
    from networkx import NetworkXException  # noqa: PLC0415 - slow to load, asked for by few steps

    reader = _reader(path)
    if reader is None:
        raise UnreadableFile(f"« {path.name} » ne contient pas de rues OpenStreetMap.")
    try:
        return reader()
    except (*_DAMAGE, NetworkXException) as error:
        raise UnreadableFile(
            f"« {path.name} » est abîmé : les rues ne peuvent pas être lues. Téléchargez-le de "
            "nouveau."
        ) from error


def _reader(path: Path) -> Callable[[], Found] | None:
    """Return what reads this content, None when it is not streets."""
    form, head = _opened(path)
    if form == "pbf" or b"<osm" in head[:1024]:
        return partial(osmium_ways, path, form)
    if b"<graphml" in head[:1024] and b'"highway"' in head:
        return partial(graphml_ways, path)
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return _json_reader(path, form)
    return None


def _opened(path: Path) -> tuple[str, bytes]:
    """Return how libosmium names the packing of the file, and its first bytes unpacked."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if b"OSMHeader" in head[:64]:
        return "pbf", head
    if head.startswith(b"\x1f\x8b"):
        return "osm.gz", _unpacked(path, zlib.decompressobj(wbits=31))
    if head.startswith(b"BZh"):
        return "osm.bz2", _unpacked(path, bz2.BZ2Decompressor())
    return "osm", head


def _unpacked(path: Path, packing: Any) -> bytes:  # noqa: ANN401 - zlib names no such type
    """Return the first bytes, also of a file cut short; nothing when the packing is damaged."""
    with path.open("rb") as stream:
        packed = stream.read(_BLOCK)
    try:
        return bytes(packing.decompress(packed, _HEAD))
    except (OSError, zlib.error):
        return b""


def _json_reader(path: Path, form: str) -> Callable[[], Found] | None:
    openers: dict[str, Callable[..., Any]] = {"osm.gz": gzip.open, "osm.bz2": bz2.open}
    try:
        with openers.get(form, open)(path, "rb") as stream:
            content = json.load(stream)
    except (ValueError, OSError, EOFError):
        return None
    elements, features = content.get("elements"), content.get("features")
    if isinstance(elements, list):
        return partial(_overpass, path.name, elements, str(content.get("remark", "")))
    if isinstance(features, list) and any(map(is_highway_line, features)):
        return partial(drawn_ways, features)
    return None


def _overpass(name: str, elements: list[dict[str, Any]], remark: str) -> Found:
    if "error" in remark:
        raise UnreadableFile(
            f"« {name} » est incomplet : le serveur Overpass s'est arrêté avant la fin. Demandez "
            "une zone plus petite."
        )
    return overpass_ways(elements)
