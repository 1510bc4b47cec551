"""One A4 sheet per outing, both sides: hours, plans, stops, what to tell, the debrief, why."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, Unpack

from territory.errors import NoAnswer
from territory.io.atomic import write_bytes
from territory.outputs.file_names import file_name
from territory.outputs.french import long_date
from territory.outputs.paper import WORKING, pages, pictured, printed, running
from territory.outputs.sheet_map import sheet_maps
from territory.outputs.sheets_content import LEVELS, plan_heights, sheet_content

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from territory.model.week_results import Session
    from territory.settings import Settings

_TEMPLATE = "sheet.typ"
_MOST_PAGES = 2  # one sheet of paper, both sides
_HIGHER = (1.0, 0.5, 0.0)  # shares of the height a plan may gain, the first that fits
_NOTICE = f"{WORKING} À détruire après la tournée."


class SheetGround(TypedDict):
    """
    What a sheet is made from, beside its outing.

    `segments` (SEGMENTS), `zone_geometry` and `permanences` (by place_id, metres) share the metric
    CRS of the session; `addresses` by place_id; `digest`: hash of what the plan rests on.
    """

    segments: gpd.GeoDataFrame
    zone_geometry: BaseGeometry | None
    settings: Settings
    addresses: NotRequired[Mapping[str, str]]
    permanences: NotRequired[Mapping[str, tuple[float, float]]]
    digest: NotRequired[str]


def write_sheet(session: Session, *, folder: Path, **ground: Unpack[SheetGround]) -> Path:
    """
    Write the PDF of one outing into `folder` and return its path.

    Two pages at most: `sheets_content` says what is left out first. PDF/UA-1 (ISO 14289-1), black
    and white, text of 11 points or more, 13 for what is read while walking; no author, no date of
    writing: same outing, same bytes. Raises NoAnswer (French) for an outing that cannot be held on
    two pages, ModuleNotFoundError when matplotlib, which carries the fonts, is not installed.
    """
    content, drawings = _fitted(session, ground)
    return write_bytes(folder / f"{file_name(session)}.pdf", printed(_TEMPLATE, content, drawings))


def sheet_pictures(session: Session, *, dpi: float, **ground: Unpack[SheetGround]) -> list[bytes]:
    """Return the sides of the sheet as PNG, `dpi` pixels an inch; raises as `write_sheet`."""
    content, drawings = _fitted(session, ground)
    return pictured(_TEMPLATE, content, drawings, dpi=dpi)


def _fitted(session: Session, ground: SheetGround) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what the template reads: as much as two pages hold, then as high a plan."""

    @cache
    def at(level: int, higher: float = 0.0) -> tuple[dict[str, Any], dict[str, str]]:
        least, most = plan_heights(level)
        return _filled(session, ground, level, (least, round(least + higher * (most - least))))

    @cache
    def holds(level: int, higher: float = 0.0) -> bool:
        return pages(printed(_TEMPLATE, *at(level, higher))) <= _MOST_PAGES

    level = bisect_left(range(LEVELS), 1, key=holds)
    if level == LEVELS:
        raise NoAnswer(f"« {session.title} » ne tient pas sur une feuille recto verso.")
    return at(level, next(share for share in _HIGHER if holds(level, share)))


def _filled(
    session: Session, ground: SheetGround, level: int, heights: tuple[int, int]
) -> tuple[dict[str, Any], dict[str, str]]:
    settings, when = ground["settings"], long_date(session.on)
    plans = sheet_maps(
        session,
        ground["segments"],
        ground["zone_geometry"],
        permanences=ground.get("permanences"),
        heights=heights,
    )
    content = sheet_content(session, ground.get("addresses", {}), plans, settings, level=level)
    digest = ground.get("digest", "")
    head = running(settings, what="Fiche de tournée", when=when, notice=_NOTICE, digest=digest)
    drawings = {f"plan{n}.svg": plan.svg for n, plan in enumerate(plans)}
    return {**content, "running": head}, drawings
