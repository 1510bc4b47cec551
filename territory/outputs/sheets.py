"""One A4 sheet per outing: who, when, why, the plan, the stops in order, boxes for the debrief."""

from __future__ import annotations

import json
import re
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

from territory.io.atomic import write_bytes
from territory.outputs.fonts import font_folder
from territory.outputs.french import clock, distance, long_date
from territory.outputs.sheet_map import sheet_map

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from territory.model.week_results import Session, Stop, WeekPlan
    from territory.settings import Settings

_BOXES = (
    "I – personnes informées", "A – personnes accrochées", "D – diagnostics", "O – orientations",
    "F – femmes", "H – hommes", "moins de 26 ans", "26 à 59 ans", "60 ans et plus",
    "Météo : beau, pluie, froid, chaud", "Devenue visite partenaire : oui / non",
    "Lieux vides ou fermés (n°)",
)  # fmt: skip
_OSM = "© les contributeurs d'OpenStreetMap (ODbL)"


def write_sheet(  # noqa: PLR0913 - what a sheet shows
    session: Session,
    plan: WeekPlan,
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
    PDF/UA-1 (ISO 14289-1), no author, no date of writing: same outing, same bytes. Raises
    ModuleNotFoundError when matplotlib, which carries the fonts, is not installed.
    """
    attribution = "Ville fictive" if settings.ground.fictional else _OSM
    drawing = sheet_map(session, segments, zone_geometry, attribution=attribution)
    content = _content(session, plan, addresses or {})
    with tempfile.TemporaryDirectory() as workshop:
        room = Path(workshop)
        (room / "carte.svg").write_text(drawing, encoding="utf-8")
        (room / "fiche.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        template = files("territory.outputs") / "templates" / "sheet.typ"
        (room / "fiche.typ").write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
        pdf = compiled(room / "fiche.typ")
    return write_bytes(folder / f"{_file_name(session)}.pdf", pdf)


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


def _content(session: Session, plan: WeekPlan, addresses: dict[str, str]) -> dict[str, Any]:
    day, hours = long_date(session.on), f"{clock(session.start_min)} – {clock(session.end_min)}"
    who = " + ".join(session.agents)
    return {
        "title": f"Fiche de tournée – {session.title} – {day}",
        "heading": session.title,
        "week": plan.week,
        "facts": [
            ["Qui", who],
            ["Date", day],
            ["Horaire", hours],
            ["À pied", distance(session.walk_m)],
        ],
        "reason": session.reason,
        "alt": f"Plan de la tournée : {len(session.stops)} arrêts dans l'ordre du tableau",
        "stops": [_stop(stop, addresses) for stop in session.stops],
        "streets": ", ".join(dict.fromkeys(session.streets)),
        "boxes": list(_BOXES),
    }


def _stop(stop: Stop, addresses: dict[str, str]) -> dict[str, str]:
    closes = clock(stop.closes_min) if stop.closes_min is not None else "à vérifier"
    return {
        "order": str(stop.order),
        "hours": f"{clock(stop.arrive_min)} – {clock(stop.leave_min)}",
        "name": stop.name,
        "address": addresses.get(stop.place_id or "", ""),
        "walk": distance(stop.walk_m),
        "closes": closes if stop.place_id else "–",
        "reason": stop.reason,
    }


def _file_name(session: Session) -> str:
    """Return a name no other outing of the week can have: nobody is in two places at once."""
    start = f"{session.start_min // 60:02d}h{session.start_min % 60:02d}"
    who = re.sub(r"[^\w-]", "_", "-".join(session.agents))
    return f"{session.on.isoformat()}_{session.half_day}_{start}_{who}"
