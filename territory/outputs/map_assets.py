"""Leaflet and our own page pieces, read from installed packages and inlined, never fetched."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path

from territory.errors import MissingSource

_DISTRIBUTION = "django-js-lib-leaflet"
_PACKAGE = "js_lib_leaflet"
_LICENCE = "BSD-2-Clause"
_TEMPLATES = Path(__file__).parent / "templates"
_USED = ("leaflet.js", "leaflet.css", "images/layers.png", "images/layers-2x.png")


@dataclass(frozen=True, slots=True)
class Asset:
    """One third-party file found in every map: what it is, which licence, and its fingerprint."""

    name: str
    version: str
    licence: str
    sha256: str


def asset_manifest() -> list[Asset]:
    """
    List the third-party files inlined in a map, in a fixed order.

    Raises MissingSource (French) when Leaflet's files are not found, PackageNotFoundError when the
    package that carries them is not installed.
    """
    version = ".".join(metadata.version(_DISTRIBUTION).split(".")[:3])
    return [
        Asset(name, version, _LICENCE, hashlib.sha256(_leaflet(name)).hexdigest()) for name in _USED
    ]


def leaflet_script() -> str:
    """Return Leaflet's script without its link to a source map; raises MissingSource (French)."""
    text = _leaflet("leaflet.js").decode("utf-8")
    return re.sub(r"//# sourceMappingURL=\S*", "", text).replace("</script", "<\\/script")


def leaflet_style() -> str:
    """
    Return Leaflet's style sheet with its images as data and the unused marker icon dropped.

    Raises MissingSource (French).
    """

    def inlined(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in _USED:
            return "none"
        return f"url(data:image/png;base64,{base64.b64encode(_leaflet(name)).decode()})"

    return re.sub(r"url\((images/[^)]+)\)", inlined, _leaflet("leaflet.css").decode("utf-8"))


def template(name: str) -> str:
    """Return one of the project's own page pieces of outputs/templates."""
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _leaflet(name: str) -> bytes:
    return (_leaflet_folder() / name).read_bytes()


def _leaflet_folder() -> Path:
    """Find the files without importing the package, whose code expects a web framework."""
    spec = util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise MissingSource(
            f"Le paquet « {_DISTRIBUTION} », qui porte Leaflet, n'est pas installé : "
            "la carte ne peut pas être écrite. Relancez l'installation."
        )
    return Path(spec.origin).parent / "static" / _PACKAGE
