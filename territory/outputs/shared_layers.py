"""
The layers that a team shares in a base for QGIS: nothing that an export for outside would hide.

Whoever reaches the base reads them: people met are those of the public export only, small counts
hidden; the figures of a square of fewer than 11 households, and sensitive places, are left out; no
score and no sentence from which a count could be worked out again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from pandas.api import types

from territory.analysis.disclosure import TOTAL
from territory.analysis.publication import told
from territory.analysis.zone_shapes import zone_shapes
from territory.outputs.french import clock, spoken_slot
from territory.outputs.map_cells import too_few
from territory.outputs.public import HIDDEN, squares
from territory.outputs.zone_cards import MEANINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from territory.model.published import Published
    from territory.model.results import Gap, SitePlan


@dataclass(frozen=True, slots=True)
class Shared:
    """What a layer holds: the columns that name a row, the kind of its shapes, what it is."""

    key: tuple[str, ...]
    kind: str
    meant: str


_SURFACE, _POINT, _LINE = "MultiPolygon", "Point", "MultiLineString"
SHARED = {
    "zones": Shared(
        ("zone",), _SURFACE,
        "Zones peu couvertes, dans l’ordre ; minutes à pied, mois sans passage.",
    ),
    "carreaux": Shared(
        ("carreau",), _SURFACE, "Carreaux de 200 m : besoin, accès à pied, priorité (0 à 100)."
    ),
    "personnes_informees": Shared(
        ("carreau", "annee"), _SURFACE,
        "Personnes informées au lieu de la rencontre, par carreau et par an.",
    ),
    "permanences": Shared(("permanence",), _POINT, "Permanences tenues."),
    "permanences_proposees": Shared(
        ("rang",), _POINT, "Permanences proposées, avec leur demi-journée."
    ),
    "quartiers": Shared(("code",), _SURFACE, "Quartiers prioritaires et autres périmètres."),
    "communes": Shared(("code",), _SURFACE, "Communes du territoire."),
    "rues": Shared(("segment",), _LINE, "Rues, et fréquentation à pied estimée (0 à 100)."),
}  # fmt: skip
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def shared_layers(
    table: Callable[[str], pd.DataFrame],
    gaps: Sequence[Gap],
    sites: SitePlan,
    people: Published | None,
    *,
    streets: bool,
) -> dict[str, gpd.GeoDataFrame]:
    """
    Return the layers of SHARED by name, in the metric CRS of the tables, rows in the order of keys.

    `table` gives the tables of a build by name; `people` is what may be given outside of the people
    informed by square and year, None for none. Streets are there when asked.
    """
    cells, places = table("cells"), table("places")
    ordinary = places[
        places.geometry.notna() & ~places["sensitive"].fillna(value=True).astype(bool)
    ]
    layers = {
        "zones": _zones(gaps, cells),
        "carreaux": _cells(table),
        "personnes_informees": _people(people).to_crs(cells.crs),
        "permanences": _held(table("permanences"), ordinary),
        "permanences_proposees": _proposed(sites, ordinary),
        "quartiers": _renamed(table("zones"), {
            "zone_code": "code", "name": "nom", "kind": "nature", "generation": "annee",
        }),
        "communes": _renamed(table("communes"), {"commune_code": "code", "name": "nom"}),
    }  # fmt: skip
    if streets:
        layers["rues"] = _streets(table("segments"), table("passage"))
    ordered = {
        n: one.sort_values(list(SHARED[n].key), ignore_index=True) for n, one in layers.items()
    }
    return {name: _typed(layer) for name, layer in ordered.items()}


def _typed(layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return whole numbers and texts, so that an empty layer has the columns of a full one."""
    plain = layer.columns.drop("geometry")
    whole = [name for name in plain if types.is_integer_dtype(layer[name])]
    return layer.astype(dict.fromkeys(plain, "string") | dict.fromkeys(whole, "Int64"))


def _zones(gaps: Sequence[Gap], cells: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    rows = {
        "zone": [g.zone_id for g in gaps],
        "rang": np.array([g.rank for g in gaps], dtype="int64"),
        "nom": [g.name for g in gaps],
        "commune": [g.commune_code for g in gaps],
        "verdict": [str(g.verdict) for g in gaps],
        "sens_du_verdict": [MEANINGS[g.verdict] for g in gaps],
        "habitants": _whole([g.residents for g in gaps]),
        "public": _whole([g.target for g in gaps]),
        "minutes": _whole([g.minutes for g in gaps]),
        "mois": _whole([g.months_since for g in gaps]),
        "rues": [", ".join(g.streets) for g in gaps],
    }
    shapes = zone_shapes({g.zone_id: g.cells for g in gaps}, cells, None)
    return gpd.GeoDataFrame(rows, geometry=shapes.to_numpy(), crs=cells.crs)


def _cells(table: Callable[[str], pd.DataFrame]) -> gpd.GeoDataFrame:
    cells = table("cells").sort_index()
    need, access, found = (
        table(name).reindex(cells.index) for name in ("need", "access", "gap_cells")
    )
    few = too_few(cells).to_numpy()

    def shown(values: pd.Series) -> pd.array:
        return _whole(np.where(few, np.nan, values.astype("Float64").astype(float)))

    rows = {
        "carreau": cells.index.astype(str),
        "commune": cells["commune_code"].to_numpy(),
        "habitants": shown(cells["residents"]),
        "public": shown(need["target"]),
        "besoin_sur_100": shown(need["percentile"]),
        "minutes": _whole(access["minutes_permanence"]),
        "structures_proches": _whole(access["structures_near"]),
        "priorite_sur_100": shown(found["priority"]),
        "mention": np.where(few, str(HIDDEN), ""),
    }
    return gpd.GeoDataFrame(rows, geometry=cells.geometry.to_numpy(), crs=cells.crs)


def _people(people: Published | None) -> gpd.GeoDataFrame:
    if people is None:
        empty = {"carreau": [], "annee": [], "personnes": _whole([]), "mention": []}
        return gpd.GeoDataFrame(empty, geometry=squares([]))
    counts, hidden = told(people)
    codes = [zone for zone in counts.index if zone != TOTAL]
    known = counts.loc[codes].to_numpy(float).ravel()
    mask = hidden.loc[codes].to_numpy(dtype=bool).ravel()
    rows = {
        "carreau": np.repeat(codes, counts.shape[1]),
        "annee": [str(year).lower() for _ in codes for year in counts.columns],
        "personnes": _whole(np.where(mask, np.nan, known)),
        "mention": np.where(mask, str(HIDDEN), ""),
    }
    shapes = squares(codes)
    many = np.repeat(shapes.to_numpy(), counts.shape[1])
    return gpd.GeoDataFrame(rows, geometry=many, crs=shapes.crs)


def _held(permanences: pd.DataFrame, places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    kept = permanences[permanences["place_id"].isin(places.index)]
    where = places.loc[kept["place_id"]]
    rows = {
        "permanence": kept.index.astype(str),
        "nom": where["name"].to_numpy(),
        "commune": where["commune_code"].to_numpy(),
        "jour": [_DAYS[int(day)] for day in kept["weekday"]],
        "de": [clock(int(at)) for at in kept["start_min"]],
        "a": [clock(int(at)) for at in kept["end_min"]],
        "semaines": kept["weeks"].to_numpy(),
    }
    return gpd.GeoDataFrame(rows, geometry=where.geometry.to_numpy(), crs=places.crs)


def _proposed(plan: SitePlan, places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    kept = [site for site in plan.sites if site.place_id in places.index]
    rows = {
        "rang": np.array([s.rank for s in kept], dtype="int64"),
        "nom": [s.name for s in kept],
        "commune": [s.commune_code for s in kept],
        "demi_journee": [spoken_slot(s.slot) for s in kept],
        "accueil": [s.host for s in kept],
        "horaires": [s.opening for s in kept],
        "public_en_plus": _whole([s.gained_target for s in kept]),
    }
    shapes = places.geometry.loc[[s.place_id for s in kept]].to_numpy()
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=places.crs)


def _streets(segments: gpd.GeoDataFrame, passage: pd.DataFrame) -> gpd.GeoDataFrame:
    rows = {
        "segment": segments.index.to_numpy("int64"),
        "nom": segments["name"].to_numpy(),
        "nature": segments["highway"].to_numpy(),
        "passage_sur_100": _whole(passage["index_100"].reindex(segments.index)),
    }
    return gpd.GeoDataFrame(rows, geometry=segments.geometry.to_numpy(), crs=segments.crs)


def _renamed(frame: pd.DataFrame, columns: dict[str, str]) -> gpd.GeoDataFrame:
    kept = frame.reset_index()[[*columns, "geometry"]].rename(columns=columns)
    return gpd.GeoDataFrame(kept, geometry="geometry", crs=frame.crs)


def _whole(values: object) -> pd.array:
    """Return whole numbers; unknown, infinite or out of reach is NA."""
    found = pd.array(values, dtype="Float64").to_numpy(float, na_value=np.nan)
    known = np.isfinite(found)
    rounded = pd.array(np.where(known, np.round(np.where(known, found, 0.0)), 0), dtype="Int64")
    rounded[~known] = pd.NA
    return rounded
