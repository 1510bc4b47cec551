"""From results to files in outputs/: map, sheets, calendar, tracks, workbook, GIS layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shapely import union_all

from territory.analysis.quarters import in_force
from territory.io.atomic import write_bytes, write_json, write_text
from territory.model.jsonable import to_json
from territory.outputs.account import (
    passage_account,
    population_account,
    searched_account,
    sites_account,
    zones_account,
)
from territory.outputs.calendar_file import agents_of, week_calendar
from territory.outputs.effort_account import effort_account, homes_account
from territory.outputs.file_names import file_name, file_part
from territory.outputs.layers import write_layers
from territory.outputs.map_content import hidden_places
from territory.outputs.map_tables import short_week
from territory.outputs.maps import write_map
from territory.outputs.passage_layers import passage_frame
from territory.outputs.sector_account import plan_account
from territory.outputs.sheets import write_sheet
from territory.outputs.tracks import session_track
from territory.outputs.week_account import week_account
from territory.outputs.week_csv import write_week_csv
from territory.outputs.week_page import write_week_page
from territory.outputs.workbook import write_workbook
from territory.outputs.zone_fields import zone_cells
from territory.outputs.zone_sheets import write_zone_sheets
from territory.pipeline.site_note import site_roles
from territory.pipeline.week_codes import PLAN, printed_plan

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from territory.model.week_results import Session, WeekPlan
    from territory.outputs.sheets import SheetGround
    from territory.pipeline.workspace import Built


def deliver(built: Built, plan: WeekPlan) -> list[Path]:
    """
    Write everything a team holds for the week of `plan`; return the paths, main ones first.

    All go to outputs/ and the name of the week, each atomically, without the sensitive places;
    sheets, traces and diaries of a former plan of the week are taken away. The codes printed are
    kept in the folder. Raises MissingSource or ModuleNotFoundError when Leaflet or the fonts are
    not installed, NoAnswer as `printed_plan`, OSError when a file cannot be written.
    """
    folder, settings = built.territory.folder, built.territory.settings
    hidden = hidden_places(built.table("places"))
    plan = printed_plan(folder, plan, hidden, epsg=settings.ground.epsg)
    whole = [write_week_map(built, plan), *_write_whole(built, plan), _write_zones(built, plan)]
    parts = _write_parts(built, plan)
    _take_away_others(parts)
    return [*whole, *parts]


def _write_whole(built: Built, plan: WeekPlan) -> list[Path]:
    """Write what holds the whole week: page, workbook, CSV, JSON, diary, layers."""
    folder = built.territory.folder / "outputs" / plan.week
    settings = built.territory.settings
    return [
        write_week_page(folder / "semaine.pdf", plan, settings, digest=built.digest),
        write_workbook(
            folder / "semaine.xlsx",
            plan=plan,
            gaps=built.gaps,
            sites=built.sites,
            sectors=built.sectors,
            cell_rows=_zone_cells(built),
        ),
        write_week_csv(folder / "semaine.csv", plan),
        write_json(folder / PLAN, to_json(plan)),
        write_bytes(folder / "semaine.ics", week_calendar(plan, settings)),
        _write_layers(built, plan),
    ]


def _write_zones(built: Built, plan: WeekPlan) -> Path:
    return write_zone_sheets(
        built.territory.folder / "outputs" / plan.week / "zones.pdf",
        gaps=built.gaps,
        variants=built.variants,
        communes=built.table("communes"),
        cells=built.table("cells"),
        segments=built.table("segments"),
        settings=built.territory.settings,
        when=short_week(plan.week),
        digest=built.digest,
    )


def _write_parts(built: Built, plan: WeekPlan) -> list[Path]:
    """Write what one outing or one mediator holds: sheets, traces, diaries."""
    outings = [s for s in plan.sessions if s.stops]
    diaries = built.territory.folder / "outputs" / plan.week / "agendas"
    settings = built.territory.settings
    return [
        *(_write_sheet(built, plan, outing) for outing in outings),
        *(_write_track(built, plan, outing) for outing in outings),
        *(
            write_bytes(
                diaries / f"{file_part(agent)}.ics", week_calendar(plan, settings, agent=agent)
            )
            for agent in agents_of(plan)
        ),
    ]


def _take_away_others(written: list[Path]) -> None:
    """Delete what a former plan left beside the files `written`: nobody must print it."""
    for folder in sorted({path.parent for path in written}):
        for path in sorted(folder.iterdir()):
            if path not in written and path.suffix in {".pdf", ".gpx", ".ics"}:
                path.unlink()


def write_week_map(built: Built, plan: WeekPlan) -> Path:
    """
    Write the offline map of the zones and of the week; return its path.

    Raises MissingSource (French) when Leaflet is not installed.
    """
    settings = built.territory.settings
    return write_map(
        built.territory.folder / "outputs" / plan.week / "carte.html",
        title=f"{settings.ground.name} – zones peu couvertes et semaine {plan.week}",
        communes=built.table("communes"),
        zones=in_force(built.table("zones")),
        cells=built.table("cells"),
        need=built.table("need"),
        access=built.table("access"),
        effort=built.table("effort"),
        gaps=built.gaps,
        places=built.table("places"),
        permanences=built.table("permanences"),
        plan=plan,
        sites=built.sites,
        segments=built.table("segments"),
        settings=settings,
        passage=built.table("passage"),
        calibration=built.calibration,
        facts=built.table("facts"),
        priority=built.table("gap_cells")["priority"],
        variants=built.variants,
        sectors=built.sectors,
        roles=site_roles(built),
    )


def account(built: Built, plan: WeekPlan) -> list[str]:
    """Return the French account of a whole run, line by line."""
    settings = built.territory.settings
    return [
        settings.ground.name,
        *population_account(built.table("need"), built.table("access"), settings.access.far_min),
        *built.products["40_walk"].facts["audit"],
        *passage_account(built.products["45_passage"].facts["purposes"], built.calibration),
        "",
        *zones_account(built.gaps),
        *searched_account(built.searched, built.territory.settings.gaps),
        *effort_account(
            built.products["57_effort"].facts["totals"], built.table("unvisited"), settings.effort
        ),
        *homes_account(built.table("homes_met"), built.products["57_effort"].facts["homes"]),
        "",
        *week_account(plan),
        "",
        *sites_account(built.sites),
        *plan_account(built.sectors),
    ]


def _write_layers(built: Built, plan: WeekPlan) -> Path:
    return write_layers(
        built.territory.folder / "outputs" / plan.week / "territoire.gpkg",
        cells=built.table("cells"),
        gaps=built.gaps,
        plan=plan,
        places=built.table("places"),
        communes=built.table("communes"),
        zones=in_force(built.table("zones")),
        sites=built.sites,
        passage=passage_frame(built.table("passage"), built.table("segments")),
        facts=built.table("facts"),
        segments=built.table("segments"),
        cell_rows=_zone_cells(built),
        sectors=built.sectors,
    )


def _zone_cells(built: Built) -> pd.DataFrame:
    """Return the cells of the zones with the figures that the zones add up."""
    table = built.table("need")[["residents", "target"]]
    for name, columns in (
        ("access", ["minutes_permanence"]),
        ("effort", ["contacts", "expected", "months_since"]),
        ("gap_cells", ["priority"]),
        ("cells", ["households"]),
    ):
        table = table.join(built.table(name)[columns])
    return zone_cells(built.gaps, table)


def sheet_ground(built: Built, outing: Session) -> SheetGround:
    """Return what the sheet of an outing is made from, in the metric CRS of the territory."""
    return {
        "segments": built.table("segments"),
        "zone_geometry": _zone_geometry(built, outing),
        "settings": built.territory.settings,
        "addresses": _addresses(built),
        "permanences": _desks(built),
        "digest": built.digest,
    }


def _write_sheet(built: Built, plan: WeekPlan, outing: Session) -> Path:
    folder = built.territory.folder / "outputs" / plan.week / "fiches"
    return write_sheet(outing, folder=folder, **sheet_ground(built, outing))


def _write_track(built: Built, plan: WeekPlan, outing: Session) -> Path:
    path = built.territory.folder / "outputs" / plan.week / "traces" / f"{file_name(outing)}.gpx"
    return write_text(path, session_track(outing, built.territory.settings.ground.epsg))


def _addresses(built: Built) -> dict[str, str]:
    return {str(k): str(v) for k, v in _shown_places(built)["address"].dropna().items()}


def _desks(built: Built) -> dict[str, tuple[float, float]]:
    """Return where permanences are held, by place_id, metres; sensitive places left out."""
    held = set(built.table("permanences")["place_id"])
    spots = _shown_places(built).geometry
    spots = spots[spots.index.isin(held) & ~spots.isna() & ~spots.is_empty]
    return {str(k): (p.x, p.y) for k, p in spots.items()}


def _shown_places(built: Built) -> gpd.GeoDataFrame:
    places = built.table("places")
    return places[~places["sensitive"].fillna(value=False).astype(bool)]


def _zone_geometry(built: Built, outing: Session) -> BaseGeometry | None:
    members = {g.zone_id: list(g.cells) for g in built.gaps}
    cells = members.get(outing.zone_id or "", [])
    return union_all(built.table("cells").geometry.loc[cells].to_numpy()) if cells else None
