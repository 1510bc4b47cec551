"""One A4 sheet per outing, both sides: hours, plans, stops, what to tell, the debrief, why."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, Unpack

from territory.errors import NoAnswer
from territory.io.atomic import write_bytes
from territory.outputs.file_names import file_name
from territory.outputs.french import long_date
from territory.outputs.paper import WORKING, laid, pictured, printed, running
from territory.outputs.sheet_map import sheet_maps
from territory.outputs.sheets_content import LEVELS, MORE, plan_heights, sheet_content

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from territory.model.week_results import Session
    from territory.outputs.sheet_map import Plan
    from territory.settings import Settings

_TEMPLATE = "sheet.typ"
_MOST_PAGES = 2  # one sheet of paper, both sides
_HIGHER = (1.0, 0.6, 0.3)  # shares of the height a plan may gain, the first that fits
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


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet as the template reads it; how many pages it takes, on which one the stops end."""

    content: dict[str, Any]
    drawings: dict[str, str]
    heights: tuple[int, int]  # least and most of the plans
    pages: int
    stops_end: int

    @property
    def holds(self) -> bool:
        return self.pages <= _MOST_PAGES


def write_sheet(session: Session, *, folder: Path, **ground: Unpack[SheetGround]) -> Path:
    """
    Write the PDF of one outing into `folder` and return its path.

    Two pages at most: `sheets_content` says what is left out first. PDF/UA-1 (ISO 14289-1), black
    and white, text of 11 points or more, 13 for what is read while walking; no author, no date of
    writing: same outing, same bytes. Raises NoAnswer (French) for an outing that cannot be held on
    two pages, ModuleNotFoundError when matplotlib, which carries the fonts, is not installed.
    """
    fitted = _fitted(session, ground)
    pdf = printed(_TEMPLATE, fitted.content, fitted.drawings)
    return write_bytes(folder / f"{file_name(session)}.pdf", pdf)


def sheet_pictures(session: Session, *, dpi: float, **ground: Unpack[SheetGround]) -> list[bytes]:
    """
    Return the sides of the sheet as PNG, `dpi` pixels an inch.

    Raises NoAnswer and ModuleNotFoundError as `write_sheet`.
    """
    fitted = _fitted(session, ground)
    return pictured(_TEMPLATE, fitted.content, fitted.drawings, dpi=dpi)


def _fitted(session: Session, ground: SheetGround) -> _Sheet:
    """
    Return the sheet that tells the most, then has the highest plan that puts off no stop.

    What a level cuts is given back as far as the page holds it, so that no line is left empty.
    Pages are laid out with bare plans, as large as those of the one kept, which alone are drawn.
    """
    settings, when = ground["settings"], long_date(session.on)
    digest, addresses = ground.get("digest", ""), ground.get("addresses", {})
    head = running(settings, what="Fiche de tournée", when=when, notice=_NOTICE, digest=digest)
    plans = cache(lambda heights: _plans(session, ground, heights, drawn=False))

    @cache
    def at(level: int, more: int = 0, higher: float = 0.0) -> _Sheet:
        least, most = plan_heights(level)
        heights = (least, round(least + higher * (most - least)))
        content = sheet_content(
            session, addresses, plans(heights), settings, level=level, more=more
        )
        return _laid({**content, "running": head}, plans(heights), heights)

    level = bisect_left(range(LEVELS), 1, key=lambda n: at(n).holds)
    if level == LEVELS:
        raise NoAnswer(f"« {session.title} » ne tient pas sur une feuille recto verso.")
    low = at(level)

    def as_good(one: _Sheet) -> bool:
        return one.holds and one.stops_end == low.stops_end

    fits = MORE if level else MORE[:1]
    more = fits[bisect_left(fits, 1, lo=1, key=lambda n: not as_good(at(level, n))) - 1]
    high = (at(level, more, share) for share in _HIGHER)
    kept = next(filter(as_good, high), at(level, more))
    return replace(kept, drawings=_drawings(_plans(session, ground, kept.heights, drawn=True)))


def _plans(
    session: Session, ground: SheetGround, heights: tuple[int, int], *, drawn: bool
) -> list[Plan]:
    return sheet_maps(
        session,
        ground["segments"],
        ground["zone_geometry"],
        permanences=ground.get("permanences"),
        heights=heights,
        drawn=drawn,
    )


def _drawings(plans: list[Plan]) -> dict[str, str]:
    return {f"plan{n}.svg": plan.svg for n, plan in enumerate(plans)}


def _laid(content: dict[str, Any], plans: list[Plan], heights: tuple[int, int]) -> _Sheet:
    drawings = _drawings(plans)
    told = laid(_TEMPLATE, content, drawings, "tenue")
    return _Sheet(content, drawings, heights, told["pages"], told["stops"])
