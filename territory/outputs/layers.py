"""One GeoPackage for QGIS: cells, zones, outings, stops, partners, sites, busy streets..."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pyogrio
from shapely.geometry import LineString, Point

from territory.analysis.zone_shapes import zone_shapes
from territory.io.atomic import own_folder
from territory.model.facts import FACTS
from territory.outputs.french import small_count, spoken_slot
from territory.outputs.sector_shapes import sector_frame
from territory.outputs.who import who_goes
from territory.outputs.zone_fields import ZONE_FIELDS, zone_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from territory.model.results import Gap, SectorPlan, SitePlan
    from territory.model.week_results import WeekPlan

_STILL = "2000-01-01T00:00:00.000Z"


def write_layers(  # noqa: PLR0913 - one layer per argument
    path: Path,
    *,
    cells: gpd.GeoDataFrame,
    gaps: Sequence[Gap],
    plan: WeekPlan,
    places: gpd.GeoDataFrame,
    communes: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame,
    sites: SitePlan,
    passage: gpd.GeoDataFrame | None = None,
    facts: pd.DataFrame | None = None,
    segments: gpd.GeoDataFrame | None = None,
    cell_rows: pd.DataFrame | None = None,
    sectors: SectorPlan | None = None,
) -> Path:
    """
    Write every layer in the CRS of the tables (one metric CRS), atomically; return `path`.

    `cells`, `places`, `communes` and `zones` keep their contracts, `passage` is that of
    `passage_frame`, `facts` keep facts.FACT_TABLE; zones are drawn along `segments` (SEGMENTS) and
    whole, and their cells told one by one with `cell_rows`, those of `zone_cells`. Sensitive places
    are left out, with the stops made there and the walks that lead to them. A layer without any row
    is not written. Same tables, same content.
    """
    shown = places[places.geometry.notna() & ~places["sensitive"].fillna(value=False).astype(bool)]
    plan = _without(plan, frozenset(places.index.difference(shown.index)))
    layers = {
        "carreaux": _cells(cells),
        "zones_peu_couvertes": _zones(gaps, cells, None),
        "zones_le_long_des_rues": _zones([] if segments is None else gaps, cells, segments),
        "carreaux_des_zones": _zone_cells(cell_rows, cells),
        "tournees": _rounds(plan, cells.crs),
        "arrets": _stops(plan, cells.crs),
        "partenaires": _places(shown, facts),
        "communes": communes.reset_index().rename(columns={"commune_code": "code", "name": "nom"}),
        "quartiers": _quarters(zones),
        "permanences_proposees": _sites(sites, shown),
        "secteurs": _frame([], cells.crs) if sectors is None else sector_frame(sectors, cells),
        "passage_a_pied": _frame([], cells.crs) if passage is None else passage,
    }
    return write_geopackage(path, layers)


def write_geopackage(path: Path, layers: Mapping[str, gpd.GeoDataFrame]) -> Path:
    """
    Write every layer that has rows to `path`, each in its own CRS, atomically; return `path`.

    Same tables, same content: no clock goes into the file.
    """
    own_folder(path.parent)
    beside = path.with_name(f".{path.stem}.partiel.gpkg")
    beside.unlink(missing_ok=True)
    try:
        with no_clock():
            for name, layer in layers.items():
                if len(layer):
                    pyogrio.write_dataframe(layer, beside, layer=name, driver="GPKG")
        beside.chmod(0o600)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path


def _without(plan: WeekPlan, hidden: frozenset[str]) -> WeekPlan:
    """Return the plan without the stops at hidden places, nor the walks that would show them."""
    sessions = []
    for session in plan.sessions:
        kept = tuple(s for s in session.stops if s.place_id not in hidden)
        whole = len(kept) == len(session.stops) and session.place_id not in hidden
        path = session.path if whole else ()
        sessions.append(replace(session, stops=kept, path=path))
    return replace(plan, sessions=tuple(sessions))


@contextmanager
def no_clock() -> Iterator[None]:
    """GeoPackage files carry the moment they were written; give them always the same."""
    former = os.environ.get("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _STILL})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": former})


def _cells(cells: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    columns = {"residents": "habitants", "imputed": "impute", "inside_share": "part_dedans"}
    kept = cells.reset_index()[["cell_id", *columns, "geometry"]]
    return kept.rename(columns={"cell_id": "carreau", **columns})


def _zones(
    gaps: Sequence[Gap], cells: gpd.GeoDataFrame, streets: gpd.GeoDataFrame | None
) -> gpd.GeoDataFrame:
    """Return the zones along `streets`, or whole without any."""
    shapes = zone_shapes({g.zone_id: g.cells for g in gaps}, cells, streets)
    rows = [
        {
            "rang": g.rank,
            "zone": g.zone_id,
            "nom": g.name,
            "commune": g.commune_code,
            "verdict": str(g.verdict),
            "habitants": round(g.residents),
            "public": round(g.target),
            "minutes": None if g.minutes is None else round(g.minutes),
            "contacts": small_count(g.contacts),
            "attendus": round(g.expected, 1),
            "mois": None if g.months_since is None else round(g.months_since, 1),
            **{r.kind: r.sentence for r in g.reasons},
            **dict(zip((name for name, _ in ZONE_FIELDS), zone_values(g), strict=True)),
            "geometry": shapes[g.zone_id],
        }
        for g in gaps
    ]
    return _frame(rows, cells.crs)


def _zone_cells(rows: pd.DataFrame | None, cells: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    if rows is None:
        return _frame([], cells.crs)
    shapes = cells.geometry.reindex(rows["carreau"]).to_numpy()
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=cells.crs)


def _rounds(plan: WeekPlan, crs: object) -> gpd.GeoDataFrame:
    rows = [
        {
            "date": s.on.isoformat(),
            "qui": who_goes(s),
            "quoi": s.title,
            "metres": s.walk_m,
            "geometry": LineString(s.path),
        }
        for s in plan.sessions
        if len(s.path) > 1
    ]
    return _frame(rows, crs)


def _stops(plan: WeekPlan, crs: object) -> gpd.GeoDataFrame:
    rows = [
        {
            "sortie": s.session_id,
            "numero": stop.order,
            "lieu": stop.name,
            "pourquoi": stop.reason,
            "geometry": Point(stop.x, stop.y),
        }
        for s in plan.sessions
        for stop in s.stops
    ]
    return _frame(rows, crs)


def _places(places: gpd.GeoDataFrame, facts: pd.DataFrame | None) -> gpd.GeoDataFrame:
    columns = {
        "name": "nom",
        "kind": "nature",
        "address": "adresse",
        "status": "statut",
        "opening_hours": "horaires",
    }
    return places[[*columns, "geometry"]].rename(columns=columns).assign(**_days(places, facts))


def _days(places: gpd.GeoDataFrame, facts: pd.DataFrame | None) -> dict[str, pd.Series]:
    """Return the ISO day each fact was verified, one column a fact, NA where nothing tells."""
    if facts is None:
        return {}
    days = facts.set_index("place_id")["verified_on"].dt.strftime("%Y-%m-%d").astype("string")
    kinds = facts["fact"].to_numpy()
    return {
        f"{code}_verifie_le": days[kinds == code].reindex(places.index)
        for code in FACTS
        if code in kinds
    }


def _quarters(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    columns = {"name": "nom", "kind": "type", "generation": "annee"}
    kept = zones.reset_index()[["zone_code", *columns, "geometry"]]
    return kept.rename(columns={"zone_code": "code", **columns})


def _sites(plan: SitePlan, places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    rows = [
        {
            "rang": s.rank,
            "nom": s.name,
            "demi_journee": spoken_slot(s.slot),
            "personnes_semaine": s.people_week,
            "accueil": s.host,
            "horaires": s.opening,
            "pourquoi": s.reason,
            "geometry": places.geometry.loc[s.place_id],
        }
        for s in plan.sites
        if s.place_id in places.index
    ]
    return _frame(rows, places.crs)


def _frame(rows: list[dict[str, object]], crs: object) -> gpd.GeoDataFrame:
    if not rows:
        return gpd.GeoDataFrame({"geometry": []}, geometry="geometry", crs=crs)
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry="geometry", crs=crs)
