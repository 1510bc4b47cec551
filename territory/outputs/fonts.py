"""The fonts of printed pages: DejaVu Sans as matplotlib carries it, on every machine the same."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import typst


def font_folder() -> Path:
    """
    Return the folder of the TrueType fonts (DejaVu) that matplotlib carries, without loading it.

    Raises ModuleNotFoundError when matplotlib is not installed.
    """
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("matplotlib")
    return Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"


@cache
def page_fonts() -> typst.Fonts:
    """Return the fonts of printed pages, looked up once; raises as `font_folder`."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(font_folder())])
