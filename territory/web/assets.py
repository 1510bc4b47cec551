"""The files that pages load: ours and htmx, each under a name that holds its fingerprint."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata, util
from pathlib import Path

from territory.errors import MissingSource
from territory.outputs.map_assets import Asset

_STATIC = Path(__file__).parent / "static"
_HTMX = "django-js-lib-htmx"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
NAMES = ("app.css", "app.js", "week.js", "icon.svg", "htmx.js")


@dataclass(frozen=True, slots=True)
class Served:
    """One file as it is sent: its name with a fingerprint, its type, its bytes."""

    name: str
    media_type: str
    content: bytes


@lru_cache(maxsize=1)
def served() -> dict[str, Served]:
    """
    Return every file by its plain name; raises MissingSource (French) when htmx is not installed.

    Read once: what changes on disk is seen at the next start.
    """
    return {name: _served(name) for name in NAMES}


def web_manifest() -> list[Asset]:
    """List the third-party files of the pages; raises as `served`."""
    version = ".".join(metadata.version(_HTMX).split(".")[:3])
    digest = hashlib.sha256(served()["htmx.js"].content).hexdigest()
    return [Asset("htmx.min.js", version, "0BSD", digest)]


def _served(name: str) -> Served:
    path = _htmx() if name == "htmx.js" else _STATIC / name
    content = path.read_bytes()
    mark = hashlib.sha256(content).hexdigest()[:12]
    stem, dot, end = name.rpartition(".")
    return Served(f"{stem}.{mark}{dot}{end}", _TYPES[path.suffix], content)


def _htmx() -> Path:
    spec = util.find_spec("js_lib_htmx")
    if spec is None or spec.origin is None:
        raise MissingSource(
            f"Le paquet « {_HTMX} », qui porte htmx, n'est pas installé. Relancez l'installation."
        )
    return Path(spec.origin).parent / "static" / "htmx" / "htmx.min.js"
