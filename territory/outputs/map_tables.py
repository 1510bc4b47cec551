"""The tables beside the map: every fact that is drawn, in words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.outputs import map_content as content
from territory.outputs.french import clock, distance, long_date, number
from territory.outputs.who import who_goes

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from territory.model.results import SitePlan
    from territory.model.week_results import Session, WeekPlan
    from territory.outputs.map_cells import Theme
    from territory.outputs.zone_cards import ZoneCard
    from territory.settings import Settings

FICTIONAL = "Ville fictive : ces rues, ces lieux et ces habitants n’existent pas."
SIMULATED = (
    "Activités simulées : les passages et les contacts ont été tirés au hasard pour l’essai."
)


def page_context(  # noqa: PLR0913 - every table the page says in words, by name
    *,
    title: str,
    themes: Sequence[Theme],
    cards: Sequence[ZoneCard],
    plan: WeekPlan,
    sites: SitePlan,
    permanences: pd.DataFrame,
    places: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame,
    hidden: frozenset[str],
    settings: Settings,
) -> dict[str, Any]:
    """
    Return what map_page.html needs; plain text, escaped by the template.

    `places` and `zones` keep their contracts, CRS unused; `hidden` are ids of sensitive places.
    """
    return {
        "title": title,
        "banners": banners(settings),
        "attribution": f"Sources : {sources(settings)}.",
        "themes": themes,
        "cards": cards,
        "communes": sorted({(c.commune, c.commune_code) for c in cards if c.commune}),
        "week": week_name(plan.week),
        "days": _day_rows(content.listed_sessions(plan, hidden), content.days_of(plan, hidden)),
        "warnings": plan.warnings,
        "left_out": plan.left_out,
        "sites": [_site_row(m) for m in content.site_marks(sites, places)],
        "blocks": [
            _permanence_block(permanences, places),
            _place_block(places),
            _zone_block(zones),
            *(_theme_block(t) for t in themes),
        ],
    }


def banners(settings: Settings) -> list[str]:
    """Return the warnings a reader must not miss: fictional town, simulated activities."""
    said = ((settings.ground.fictional, FICTIONAL), (settings.ground.simulated_logs, SIMULATED))
    return [text for true, text in said if true]


def sources(settings: Settings) -> str:
    """Return who must be thanked for the data drawn."""
    if settings.ground.fictional:
        return "Ville fictive, données inventées"
    return "© les contributeurs d’OpenStreetMap, Insee, ANCT"


def short_week(week: str) -> str:
    """Write an ISO week, « 2026-W48 », as « semaine 48 de 2026 »."""
    return f"semaine {int(week[-2:])} de {week[:4]}"


def week_name(week: str) -> str:
    """
    Write an ISO week, « 2026-W48 », as « Semaine 48, du lundi 23 au dimanche 29 ... ».

    Raises ValueError when it is no ISO week.
    """
    monday, sunday = (date.fromisoformat(f"{week}-{day}") for day in (1, 7))
    return f"Semaine {int(week[-2:])}, du {long_date(monday)} au {long_date(sunday)}"


def _day_rows(
    sessions: Sequence[Session], drawn: Sequence[content.DayRoutes]
) -> list[dict[str, Any]]:
    on_map = {s.session_id for day in drawn for s in day.sessions if len(s.path) > 1}
    return [
        {
            "name": long_date(on).capitalize(),
            "color": content.DAY_COLORS[on.weekday()],
            "sessions": [_session_row(s, on_map) for s in sessions if s.on == on],
        }
        for on in sorted({s.on for s in sessions})
    ]


def _session_row(session: Session, on_map: set[str]) -> dict[str, Any]:
    return {
        "key": content.session_key(session) if session.session_id in on_map else "",
        "when": f"{clock(session.start_min)} – {clock(session.end_min)}",
        "title": session.title,
        "walk": distance(session.walk_m) if session.walk_m else "",
        "reason": session.reason,
        "agents": who_goes(session),
        "stops": [
            {"when": clock(s.arrive_min), "name": s.name, "reason": s.reason} for s in session.stops
        ],
    }


def _site_row(mark: content.Mark) -> dict[str, str]:
    when = mark.note.lines[0].removeprefix("Permanence proposée").removeprefix(" : ")
    return {
        "key": mark.key,
        "name": f"{mark.note.title}, {when}" if when else mark.note.title,
        "text": " ".join(mark.note.lines[1:]),
    }


def _permanence_block(permanences: pd.DataFrame, places: gpd.GeoDataFrame) -> dict[str, Any]:
    marks = content.permanence_marks(permanences, places)
    rows = [(m.note.title, " ; ".join(m.note.lines[1:])) for m in marks]
    return {"name": "Permanences", "head": ("Lieu", "Jours et heures"), "rows": rows}


def _place_block(places: gpd.GeoDataFrame) -> dict[str, Any]:
    rows = sorted(_place_row(m) for m in content.place_marks(places))
    return {"name": "Partenaires", "head": ("Nom", "Nature et adresse"), "rows": rows}


def _place_row(mark: content.Mark) -> tuple[str, str]:
    return (mark.note.title, ", ".join(mark.note.lines))


def _zone_block(zones: gpd.GeoDataFrame) -> dict[str, Any]:
    rows = [
        ("" if pd.isna(name) else name, str(kind).upper(), code)
        for code, name, kind in zip(zones.index, zones["name"], zones["kind"], strict=True)
    ]
    head = ("Nom", "Nature", "Code")
    return {"name": "Quartiers prioritaires et de veille", "head": head, "rows": sorted(rows)}


def _theme_block(theme: Theme) -> dict[str, Any]:
    rows = [(c.label, number(c.squares), number(c.residents)) for c in theme.legend if c.squares]
    return {"name": theme.title, "head": ("Classe", "Carreaux", "Habitants"), "rows": rows}
