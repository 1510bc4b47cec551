"""One A4 sheet per outing, both sides: why, the plan, the stops, what to tell, the debrief."""

from __future__ import annotations

import json
import re
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

from territory.errors import NoAnswer
from territory.io.atomic import write_bytes
from territory.outputs.file_names import file_name
from territory.outputs.fonts import font_folder
from territory.outputs.sheet_map import sheet_map
from territory.outputs.sheets_content import LEVELS, sheet_content

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from territory.model.week_results import Session
    from territory.settings import Settings

_MOST_PAGES = 2  # one sheet of paper, both sides
_OSM = "© les contributeurs d'OpenStreetMap (ODbL)"


def write_sheet(
    session: Session,
    *,
    segments: gpd.GeoDataFrame,
    zone_geometry: BaseGeometry | None,
    folder: Path,
    settings: Settings,
    addresses: dict[str, str] | None = None,
) -> Path:
    """
    Write the PDF of one outing into `folder` and return its path.

    `segments` and `zone_geometry` share the metric CRS of the session; `addresses` by place_id.
    Two pages at most: `sheets_content` says what is left out first. PDF/UA-1 (ISO 14289-1), text of
    11 points or more, no author, no date of writing: same outing, same bytes. Raises NoAnswer
    (French) for an outing that cannot be held on two pages, ModuleNotFoundError when matplotlib,
    which carries the fonts, is not installed.
    """
    attribution = "Ville fictive" if settings.ground.fictional else _OSM
    drawing = sheet_map(session, segments, zone_geometry, attribution=attribution)
    with tempfile.TemporaryDirectory() as workshop:
        room = Path(workshop)
        (room / "carte.svg").write_text(drawing, encoding="utf-8")
        levels = (_compiled(session, addresses or {}, room, level) for level in range(LEVELS))
        pdf = next((pdf for pdf in levels if pages(pdf) <= _MOST_PAGES), b"")
    if not pdf:
        raise NoAnswer(f"« {session.title} » ne tient pas sur une feuille recto verso.")
    return write_bytes(folder / f"{file_name(session)}.pdf", pdf)


def _compiled(session: Session, addresses: dict[str, str], room: Path, level: int) -> bytes:
    """Return the PDF of an outing, of which `level` says how much is left out."""
    content = sheet_content(session, addresses, level=level)
    return compiled_with(room, "sheet.typ", "fiche.json", content)


def compiled_with(room: Path, template: str, data: str, content: Mapping[str, Any]) -> bytes:
    """Return the PDF of a `template` of this package, its `content` written in `room` as `data`."""
    (room / data).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    source = files("territory.outputs") / "templates" / template
    (room / template).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    return compiled(room / template)


def pages(pdf: bytes) -> int:
    """Return the number of pages of a PDF of typst, in which each is named in clear."""
    return len(re.findall(rb"/Type\s*/Page(?!s)", pdf))


def compiled(source: Path) -> bytes:
    """
    Return the PDF/UA-1 of a typst file, which reads only what lies beside it.

    Raises ModuleNotFoundError when matplotlib, which carries the fonts, is not installed.
    """
    pdf: bytes = typst.compile(
        str(source),
        root=str(source.parent),
        font_paths=[str(font_folder())],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    return pdf
