"""The files that pages load (ours, htmx, Pico, a font), each under a name with its fingerprint."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata, util
from pathlib import Path

from territory.errors import MissingSource
from territory.outputs.map_assets import Asset

_STATIC = Path(__file__).parent / "static"
_HTMX = "django-js-lib-htmx"
_NPM = "territory_assets"  # what hatch_build.py puts beside the package
_FROM_NPM = {
    "pico.css": "pico/pico.fluid.classless.min.css",
    "atkinson.woff2": "atkinson/atkinson-hyperlegible-next-latin-wght-normal.woff2",
}
_TYPES = {
    ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2",
}  # fmt: skip
NAMES = ("pico.css", "atkinson.woff2", "app.css", "app.js", "week.js", "icon.svg", "htmx.js")


@dataclass(frozen=True, slots=True)
class Served:
    """One file as it is sent: its name with a fingerprint, its type, its bytes."""

    name: str
    media_type: str
    content: bytes


@lru_cache(maxsize=1)
def served() -> dict[str, Served]:
    """
    Return every file by its plain name; raises MissingSource (French) when one is not installed.

    Read once: what changes on disk is seen at the next start.
    """
    return {name: _served(name) for name in NAMES}


def web_manifest() -> list[Asset]:
    """
    List the third-party files of the pages, as they were published.

    Raises MissingSource (French) when one is not installed.
    """
    version = ".".join(metadata.version(_HTMX).split(".")[:3])
    htmx = Asset("htmx.min.js", version, "0BSD", _digest(_read("htmx.js")))
    return [htmx, *(_npm_asset(name, path) for name, path in _FROM_NPM.items())]


def _npm_asset(name: str, path: str) -> Asset:
    folder, file = path.split("/")
    said = json.loads(_npm(f"{folder}/package.json").read_text(encoding="utf-8"))
    return Asset(file, said["version"], said["license"], _digest(_read(name)))


def _served(name: str) -> Served:
    content = _MADE.get(name, _read)(name)
    stem, dot, end = name.rpartition(".")
    return Served(f"{stem}.{_digest(content)[:12]}{dot}{end}", _TYPES[dot + end], content)


def _layered(name: str) -> bytes:
    """Return Pico inside a cascade layer: any rule of ours wins, however short its selector."""
    return b"@layer pico {\n" + _read(name).removeprefix(b'@charset "UTF-8";') + b"\n}"


def _with_font(name: str) -> bytes:
    """Return our style sheet, which names the font by the name it is served under."""
    font = _served("atkinson.woff2").name.encode("ascii")
    return _read(name).replace(b'url("atkinson.woff2")', b'url("%s")' % font)


def _read(name: str) -> bytes:
    if name == "htmx.js":
        return _htmx().read_bytes()
    return (_npm(_FROM_NPM[name]) if name in _FROM_NPM else _STATIC / name).read_bytes()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _npm(path: str) -> Path:
    spec = util.find_spec(_NPM)
    places = (spec.submodule_search_locations if spec else None) or ()
    for place in places:
        if (found := Path(place) / path).exists():
            return found
    raise MissingSource(
        f"Le fichier « {path} », dont les pages ont besoin, n'est pas installé. "
        "Relancez l'installation."
    )


def _htmx() -> Path:
    spec = util.find_spec("js_lib_htmx")
    if spec is None or spec.origin is None:
        raise MissingSource(
            f"Le paquet « {_HTMX} », qui porte htmx, n'est pas installé. Relancez l'installation."
        )
    return Path(spec.origin).parent / "static" / "htmx" / "htmx.min.js"


_MADE = {"pico.css": _layered, "app.css": _with_font}
