"""The decision note on sectors: one A4 page, the plan, who covers what, what changes hands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from territory.io.atomic import write_bytes
from territory.model.sector_tables import HOUR_PARTS
from territory.outputs.french import number, percent
from territory.outputs.map_tables import banners, sources
from territory.outputs.paper import pages, printed, running
from territory.outputs.sector_account import (
    ASSUMED,
    basis_lines,
    figure_text,
    kept_line,
    relations_text,
    takeover_text,
    where,
)
from territory.outputs.sector_plan_map import sector_drawing
from territory.outputs.sector_shapes import sector_frame

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from territory.model.results import Sector, SectorPlan
    from territory.model.sector_changes import SectorChange
    from territory.settings import Settings

_TAKEOVERS, _FEWER, _NAMES = 5, 2, 5  # what a page holds, alone and with organisations
_HEIGHTS_MM = (115, 100, 84)  # of the plan: its letters are of 9 points or more
_COLUMNS = ("presence_h", "without", "travel_h", "contacts_ratio", "absent_worst", "load_deviation")
_TITLES = ("Présence (h)", "Sans personne", "Trajets (h)", "Contacts (rapport)",
           "Pire absence", "Écart de charge")  # fmt: skip


def write_sector_note(  # noqa: PLR0913 - what the page shows
    path: Path,
    *,
    plan: SectorPlan,
    change: SectorChange | None,
    organisations: pd.DataFrame | None,
    facts: Mapping[str, Any],
    cells: gpd.GeoDataFrame,
    communes: gpd.GeoDataFrame,
    segments: gpd.GeoDataFrame,
    settings: Settings,
    when: str = "",
    digest: str = "",
) -> Path:
    """
    Write the note as PDF, atomically; return `path`.

    `facts` are those of product 70, `organisations` keep ORGANISATIONS; `cells`, `communes` and
    `segments` keep their contracts in one metric CRS; `when` and `digest` say of which day and of
    which data. PDF/UA-1, no author, no moment of writing: same sectors, same bytes. Raises
    ModuleNotFoundError when matplotlib, which carries the fonts, is not installed.
    """
    drawing = sector_drawing(sector_frame(plan, cells), communes, segments)
    content = {
        "title": f"Qui couvre quoi – {settings.ground.name}",
        "running": running(settings, what="Qui couvre quoi", when=when, digest=digest),
        "banners": banners(settings),
        "sources": sources(settings),
        **_content(plan, change, organisations),
        "basis": basis_lines(facts, plan),
    }
    tries = (
        printed("sectors.typ", {**content, "height_mm": height}, {"secteurs.svg": drawing})
        for height in _HEIGHTS_MM
    )
    pdf = b""
    for pdf in tries:
        if pages(pdf) == 1:
            break
    return write_bytes(path, pdf)


def _content(
    plan: SectorPlan, change: SectorChange | None, organisations: pd.DataFrame | None
) -> dict[str, Any]:
    return {
        "lead": lead_sentence(plan, change),
        "alt": f"Plan des {len(plan.sectors)} secteurs, chacun avec son nom et qui le couvre",
        "sectors": [_row(s) for s in plan.sectors],
        "parts": ["", *HOUR_PARTS.values()],
        "hours": [_hours(s) for s in plan.sectors],
        "change": [] if change is None else _change(change, _most(organisations)),
        "kept": kept_line(plan),
        "note": plan.note,
        "organisations": [] if organisations is None else _organisations(organisations),
        "columns": ["Organisation", *_TITLES],
        "assumed": [] if organisations is None else list(ASSUMED),
    }


def lead_sentence(plan: SectorPlan, change: SectorChange | None) -> str:
    """Return the decision in one sentence."""
    count, away = len(plan.sectors), percent(plan.load_deviation)
    said = f"{count} secteurs dont les charges s'écartent de {away} au plus d'une part égale"
    walk = "" if plan.compact_min is None else (
        f", et dont le public est en moyenne à {number(plan.compact_min)} minutes à pied du centre"
    )  # fmt: skip
    if change is None:
        return f"{said}{walk}."
    moved = f"{percent(change.people_moved)} du public change de visage"
    return f"{change.question} : {said}{walk}. {moved[:1].upper()}{moved[1:]}."


def _row(sector: Sector) -> list[str]:
    sign = "+" if sector.deviation > 0 else ""
    return [
        f"{sector.sector_id} · {' + '.join(sector.agents)}",
        where(sector),
        f"{number(sector.load, 1)} h",
        f"{sign}{percent(sector.deviation)}",
        "inconnu" if sector.people is None else number(sector.people),
        "–" if sector.compact_min is None else f"{number(sector.compact_min)} min",
        ", ".join(sector.permanences) or "–",
    ]


def _hours(sector: Sector) -> list[str]:
    hours = (sector.hours.get(part) for part in HOUR_PARTS)
    return [sector.sector_id, *("inconnu" if h is None else number(h, 1) for h in hours)]


def _most(organisations: pd.DataFrame | None) -> int:
    return _TAKEOVERS if organisations is None else _FEWER


def _change(change: SectorChange, most: int) -> list[str]:
    shown = change.takeovers[:most]
    told = [" ".join([f"{takeover_text(one)}.", *relations_text(one, _NAMES)]) for one in shown]
    more = len(change.takeovers) - most
    told += [f"Autres reprises : {more}, dites par « territory sectors »."] if more > 0 else []
    start = f"En partant de : {change.start}."
    return [start, *(told or ["Rien n'est repris par quelqu'un qui n'y allait pas déjà."])]


def _organisations(table: pd.DataFrame) -> list[list[str]]:
    """Return the organisations of today's number of posts, and of the largest compared."""
    kept = table[table["posts"].isin([table["posts"].iloc[0], table["posts"].max()])]
    rows = [(str(name), row) for name, row in kept.iterrows()]
    return [[name, *(figure_text(row, c) for c in _COLUMNS)] for name, row in rows]
