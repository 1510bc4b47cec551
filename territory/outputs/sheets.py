"""One A4 sheet per outing, both sides: hours, plans, stops, what to tell, the debrief, why."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache, partial
from typing import TYPE_CHECKING

from territory.errors import NoAnswer
from territory.io.atomic import write_bytes
from territory.outputs.french import long_date
from territory.outputs.paper import WORKING, pages, printed, running
from territory.outputs.sheet_map import sheet_maps
from territory.outputs.sheets_content import LEVELS, plan_heights, sheet_content

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from territory.model.week_results import Session
    from territory.settings import Settings

_MOST_PAGES = 2  # one sheet of paper, both sides
_NOTICE = f"{WORKING} À détruire après la tournée."


def write_sheet(  # noqa: PLR0913 - what the sheet shows
    session: Session,
    *,
    segments: gpd.GeoDataFrame,
    zone_geometry: BaseGeometry | None,
    folder: Path,
    settings: Settings,
    addresses: Mapping[str, str] | None = None,
    permanences: Mapping[str, tuple[float, float]] | None = None,
    digest: str = "",
) -> Path:
    """
    Write the PDF of one outing into `folder` and return its path.

    `segments`, `zone_geometry` and `permanences` (by place_id) share the metric CRS of the session;
    `addresses` by place_id; `digest`: hash of what the plan rests on. Two pages at most:
    `sheets_content` says what is left out first. PDF/UA-1 (ISO 14289-1), black and white, text of
    11 points or more, 13 for what is read while walking; no author, no date of writing: same
    outing, same bytes. Raises NoAnswer (French) for an outing that cannot be held on two pages,
    ModuleNotFoundError when matplotlib, which carries the fonts, is not installed.
    """
    when = long_date(session.on)
    head = running(settings, what="Fiche de tournée", when=when, notice=_NOTICE, digest=digest)
    ground = partial(sheet_maps, session, segments, zone_geometry, permanences=permanences)
    plans = cache(lambda heights: ground(heights=heights))

    @cache
    def at(level: int) -> bytes:
        maps = plans(plan_heights(level))
        content = sheet_content(session, addresses or {}, maps, settings, level=level)
        drawings = {f"plan{n}.svg": plan.svg for n, plan in enumerate(maps)}
        return printed("sheet.typ", {**content, "running": head}, drawings)

    level = bisect_left(range(LEVELS), 1, key=lambda n: pages(at(n)) <= _MOST_PAGES)
    if level == LEVELS:
        raise NoAnswer(f"« {session.title} » ne tient pas sur une feuille recto verso.")
    return write_bytes(folder / f"{file_name(session)}.pdf", at(level))


def file_name(session: Session) -> str:
    """Return a name no other outing of the week can have: nobody is in two places at once."""
    start = f"{session.start_min // 60:02d}h{session.start_min % 60:02d}"
    who = file_part("-".join(session.agents))
    return f"{session.on.isoformat()}_{session.half_day}_{start}_{who}"


def file_part(text: str) -> str:
    """Return a text as a part of a file name: letters, digits, « - » and « _ »."""
    return re.sub(r"[^\w-]", "_", text)
