"""
Column contracts of the tables that travel between the parts.

Every table has a unique, sorted, named index; metric CRS (EPSG:2154 in metropolitan France); units
in column names; unknown is NA and never 0. `check_table` is called where a table enters a product.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from territory.errors import BrokenTable
from territory.model.census import CENSUS_MEANINGS, GRID_AGES
from territory.model.contracts import COUNT, DAY, REAL, TEXT, YES_NO, Column, TableContract
from territory.model.team_tables import AVAILABILITY, CONSTRAINTS, SECTORS, TEAM

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["AVAILABILITY", "CONSTRAINTS", "COUNT", "DAY", "REAL", "SECTORS", "TEAM", "TEXT"]
__all__ += ["YES_NO", "Column", "TableContract"]

AREA = ("Polygon", "MultiPolygon")
POINT = ("Point",)

COMMUNES = TableContract(
    "communes",
    "commune_code",
    (Column("name", TEXT, "name of the commune"),),
    AREA,
)
ZONES = TableContract(
    "zones",
    "zone_code",
    (
        Column("name", TEXT, "name of the quarter; NA when the source has none"),
        Column("kind", TEXT, "qpv or qva"),
        Column("generation", COUNT, "2015 or 2024; NA when unknown"),
        Column(
            "commune_codes", TEXT, "communes it overlaps by more than 1 % of its area, joined by |"
        ),
    ),
    AREA,
)
IRIS = TableContract(
    "iris",
    "iris_code",
    (
        Column("name", TEXT, "name"),
        Column("commune_code", TEXT, "commune"),
        *(Column(name, REAL, meaning) for name, meaning in CENSUS_MEANINGS.items()),
    ),
    AREA,
)
CELLS = TableContract(
    "cells",
    "cell_id",
    (
        Column("residents", REAL, "people of fiscal households living in the part kept"),
        Column("residents_18_64", REAL, "of which aged 18-64; NA when the vintage has no ages"),
        Column("households", REAL, "households in the part kept"),
        Column("poor_households", REAL, "poor households in the part kept"),
        Column("single_parents", REAL, "single-parent households in the part kept; NA unknown"),
        Column("living_sum", REAL, "sum of living standards of the residents kept, euros a year"),
        *(Column(name, REAL, "residents of that age; NA without") for name in GRID_AGES.values()),
        Column("imputed", YES_NO, "values imputed by Insee from a larger square"),
        Column("inside_share", REAL, "share of the 200 m square inside the territory, 0-1"),
        Column(
            "commune_code", TEXT, "commune holding most of the part kept; NA outside all communes"
        ),
    ),
    AREA,
)
PLACES = TableContract(
    "places",
    "place_id",
    (
        Column("name", TEXT, "name of the structure or recurring place"),
        Column("kind", TEXT, "code of words.PLACE_KINDS"),
        Column("commune_code", TEXT, "commune; NA when unknown"),
        Column("address", TEXT, "postal address of the structure"),
        Column("postcode", TEXT, "postcode as written, five characters"),
        Column("status", TEXT, "recensee, contactee, rencontree, active, inactive, refus"),
        Column("hosts_permanence", YES_NO, "willing to host a permanence; NA unknown"),
        Column("opening_hours", TEXT, "OSM opening_hours text; NA = unknown, never closed"),
        Column("sensitive", YES_NO, "never drawn precisely nor exported"),
        Column("fixed_point", YES_NO, "False for buses and itinerant services"),
        Column("source", TEXT, "file it comes from"),
        Column("first_contact_on", DAY, "day of the first contact"),
        Column("last_met_on", DAY, "day of the last meeting"),
        Column("updated_on", DAY, "day the facts of the line were last verified"),
        Column("siret", TEXT, "valid SIRET, 14 digits; never a key: one may hold several places"),
        Column("audiences", TEXT, "people received, as written"),
        Column("sector", TEXT, "sector of activity of an employer, as written"),
        Column("season", TEXT, "season when an employer recruits, as written"),
        Column("prospecting_stage", TEXT, "stage of prospecting of an employer, as written"),
        Column("closures", TEXT, "temporary closures, first/last ISO days included, joined by |"),
        Column("hours_text", TEXT, "hours as written when they could not be read"),
        Column("crowd", COUNT, "people usually there at the same time, an estimate"),
        Column("crowd_source", TEXT, "who made the estimate, or from what"),
        Column("verified", TEXT, "days of single facts, as `facts.days_text` writes"),
    ),
    POINT,
    geometry_optional=True,
)
PLACEMENTS = TableContract(
    "placements",
    "place_id",
    (
        Column("score", REAL, "0-1; NA when the address was not found"),
        Column("precision", TEXT, "numéro, interpolé, rue; NA when not found"),
        Column("label", TEXT, "address found"),
        Column("candidates", TEXT, "JSON list of [label, score, precision], best first"),
    ),
)
ACTIVITIES = TableContract(
    "activities",
    "activity_id",
    (
        Column("on", DAY, "civil date"),
        Column("kind", TEXT, "code of words.ACTIVITY_KINDS"),
        Column("state", TEXT, "prevu, realise, annule, reporte"),
        Column("start_min", COUNT, "start, minutes after midnight"),
        Column("end_min", COUNT, "end, minutes after midnight"),
        Column("hours", REAL, "duration in hours"),
        Column("place_name", TEXT, "name of the place as written (a place, never a person)"),
        Column("place_id", TEXT, "place of the table places, when linked"),
        Column("commune_code", TEXT, "commune"),
        Column("agents", TEXT, "codes of the team joined by |"),
        Column("n_informed", COUNT, "people informed; NA = not counted"),
        Column("n_engaged", COUNT, "people engaged (accrochées)"),
        Column("n_assessed", COUNT, "diagnostics"),
        Column("n_referred", COUNT, "orientations"),
        Column("n_women", COUNT, "women"),
        Column("n_men", COUNT, "men"),
        Column("n_gender_unknown", COUNT, "people whose gender was not noted"),
        Column("n_under_26", COUNT, "people aged 16-25"),
        Column("n_26_59", COUNT, "people aged 26-59"),
        Column("n_60_plus", COUNT, "people aged 60 or more"),
        Column("n_age_unknown", COUNT, "people whose age was not noted"),
        Column("n_partners_met", COUNT, "structures met"),
        Column("flyers", COUNT, "leaflets left"),
        Column("weather", TEXT, "beau, pluie, froid, chaud, vent"),
        Column("cancel_reason", TEXT, "code of words.CANCEL_REASONS"),
        Column("place_precision", TEXT, "adresse, troncon, quartier, commune; NA when not told"),
        Column("qpv_code", TEXT, "quarter as written; the point, when known, wins"),
        Column("sensitive", YES_NO, "sensitive place"),
    ),
    POINT,
    geometry_optional=True,
)
CONTACTS = TableContract(
    "contacts",
    "contact_id",
    (
        Column("activity_id", TEXT, "activity it belongs to; NA when it stands alone"),
        Column("on", DAY, "civil date"),
        Column("place_name", TEXT, "place, else commune or quarter, as written"),
        Column("count", COUNT, "people with these common traits"),
        Column("stage", TEXT, "informe, accroche, diagnostic, oriente, entree, sortie_positive"),
        Column("channel", TEXT, "how they heard of the service"),
        Column("home_zone", TEXT, "qpv, qva, proximite, autre, inconnue"),
        Column("gender", TEXT, "femme, homme, autre_ou_inconnu"),
        Column("age_band", TEXT, "moins_26, 26_59, 60_plus, inconnu"),
        Column("home_city_code", TEXT, "commune of residence, never an address"),
        Column("barriers", TEXT, "codes of words.BARRIERS joined by |"),
        Column("referred_to", TEXT, "kind of structure, code of words.PLACE_KINDS"),
        Column("outcome", TEXT, "code of words.OUTCOMES"),
        Column("registered", TEXT, "with the public employment service: oui, non, inconnu"),
        Column("supported", TEXT, "followed by it: oui, non, inconnu"),
        Column("cohort", TEXT, "code of a cohort of the settings"),
    ),
)
WALKER_COUNTS = TableContract(
    "walker_counts",
    "count_id",
    (
        Column("on", DAY, "civil date"),
        Column("period", TEXT, "code of walking.PERIODS: where three quarters or more of it lie"),
        Column("hours", REAL, "how long was counted, hours"),
        Column("walkers", COUNT, "people who walked by, both directions together"),
    ),
    POINT,
)
SEGMENTS = TableContract(
    "segments",
    "segment_id",
    (
        Column("way_id", "int64", "OSM way, minus an OSM relation, or a number given at reading"),
        Column("tail", "int32", "node where the segment starts"),
        Column("head", "int32", "node where it ends"),
        Column("length_m", REAL, "length on the ground, metres"),
        Column("highway", TEXT, "OSM highway value"),
        Column("name", TEXT, "street name; NA when unnamed"),
        Column("steps", "bool", "stairs"),
        Column("one_way", "int8", "on foot: 1 tail to head only, -1 head to tail only, 0 both", 0),
        Column("lit", YES_NO, "lit at night, at least at some hours; NA unknown"),
    ),
    ("LineString",),
)
NODES = TableContract(
    "nodes",
    "node",
    (
        Column("osm_id", "int64", "OSM node, -1 when the source has none or at a closed gate"),
        Column("x", REAL, "metres, metric CRS"),
        Column("y", REAL, "metres, metric CRS"),
    ),
)
BARRIERS = TableContract(
    "barriers",
    "barrier_id",
    (
        Column("kind", TEXT, "rail, water or motorway: what people on foot cannot cross anywhere"),
        Column("name", TEXT, "name of the line, river or road; NA when it has none"),
    ),
    ("LineString",),
)

ALL = (
    COMMUNES, ZONES, IRIS, CELLS, PLACES, ACTIVITIES, CONTACTS, TEAM, AVAILABILITY, CONSTRAINTS,
    SECTORS, SEGMENTS, NODES, BARRIERS, WALKER_COUNTS,
)  # fmt: skip


def empty_table(contract: TableContract, *, epsg: int = 2154) -> pd.DataFrame:
    """Return a table without rows that keeps `contract`, in EPSG:`epsg` when it has a geometry."""
    return conform(
        pd.DataFrame(columns=contract.names(), index=pd.Index([], dtype="object")),
        contract,
        epsg=epsg,
    )


def conform(table: pd.DataFrame, contract: TableContract, *, epsg: int = 2154) -> pd.DataFrame:
    """
    Return `table` with the columns, order, dtypes, index name and sorting of `contract`.

    Missing columns are added, NA but for those that say what they then hold; others are dropped.
    Geometry is taken as already in `epsg`; a contract with geometry needs the column (KeyError).
    Raises BrokenTable when a value cannot take its dtype.
    """
    data: dict[str, object] = {c.name: _as_dtype(table, c, contract) for c in contract.columns}
    index = pd.Index(table.index, name=contract.index)
    index = index.astype("str") if index.inferred_type == "string" else index
    frame = pd.DataFrame(data, index=index)
    if contract.geometry:
        frame = gpd.GeoDataFrame(
            frame, geometry=gpd.GeoSeries(list(table["geometry"]), index=index), crs=epsg
        )
    return frame.sort_index()


def _as_dtype(table: pd.DataFrame, column: Column, contract: TableContract) -> pd.Series:
    values = (
        table[column.name]
        if column.name in table
        else pd.Series(column.absent, index=table.index, dtype="object")
    )
    try:
        if column.dtype == REAL:
            return pd.to_numeric(values).astype("Float64").astype(REAL)
        if column.dtype == DAY:
            return pd.to_datetime(values).astype(DAY)
        return values.astype(column.dtype)
    except (TypeError, ValueError) as error:
        raise BrokenTable(
            f"Table « {contract.name} » : colonne « {column.name} » illisible comme {column.dtype}."
        ) from error


def check_table(table: pd.DataFrame, contract: TableContract, *, epsg: int = 2154) -> None:
    """Raise BrokenTable, naming every fault in French, unless `table` keeps `contract`."""
    faults = [
        *_column_faults(table, contract),
        *_index_faults(table, contract),
        *_geometry_faults(table, contract, epsg),
    ]
    if faults:
        raise BrokenTable(f"Table « {contract.name} » : " + " ; ".join(faults) + ".")


def _column_faults(table: pd.DataFrame, contract: TableContract) -> Iterable[str]:
    for column in contract.columns:
        if column.name not in table:
            yield f"la colonne « {column.name} » manque"
            continue
        found = str(table[column.name].dtype)
        if found not in _same_dtypes(column.dtype):
            yield f"la colonne « {column.name} » est de type {found}, attendu {column.dtype}"


def _same_dtypes(dtype: str) -> set[str]:
    return {"str", "string"} if dtype == TEXT else {dtype}


def _index_faults(table: pd.DataFrame, contract: TableContract) -> Iterable[str]:
    if table.index.name != contract.index:
        yield f"l'index s'appelle « {table.index.name} », attendu « {contract.index} »"
    if not table.index.is_unique:
        yield "l'index contient des doublons"


def _geometry_faults(table: pd.DataFrame, contract: TableContract, epsg: int) -> Iterable[str]:
    if not contract.geometry:
        return
    if not isinstance(table, gpd.GeoDataFrame) or table.crs is None:
        yield "la table n'a pas de système de coordonnées"
        return
    if table.crs.to_epsg() != epsg:
        yield f"coordonnées en {table.crs.to_epsg()}, attendu EPSG:{epsg} (utilisez to_crs)"
    if not contract.geometry_optional and bool(table.geometry.isna().any()):
        yield "des géométries manquent"
    kinds = set(table.geometry.dropna().geom_type) - set(contract.geometry)
    if kinds:
        yield f"géométries inattendues : {', '.join(sorted(kinds))}"
