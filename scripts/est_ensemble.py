"""
The nine towns of Est Ensemble by IRIS: real need, real places, contacts simulated and marked so.

No street network and no 200 m grid are given for them: units are the 161 IRIS, walks are straight
lines between middles x a detour. Three neighbouring IRIS are planted as a blind spot, by lot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.stats import gamma

from territory.analysis.gamma_poisson import fit_gamma_poisson
from territory.analysis.gaps import described, gap_scan, gap_table
from territory.analysis.gates import eligible
from territory.analysis.quarters import in_force
from territory.analysis.sensitivity import variants, with_stability
from territory.analysis.shrinkage import LEAST_VARIANCE, gamma_shapes, shrunken_rates
from territory.io.admin import join_census, read_census, read_communes, read_iris
from territory.io.official_places import (
    read_digital_advisers,
    read_france_services,
    read_libraries,
    read_pmi,
)
from territory.io.zones import read_zones
from territory.settings import Gaps

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from territory.analysis.scan.missed import MissedScan
    from territory.model.results import Gap, Variant

TOWNS = ("93006", "93008", "93010", "93045", "93048", "93053", "93055", "93061", "93063")
FILES = (
    "admin/mgp_com.shp",
    "iris/mgp_iris.shp",
    "iris/base-ic-activite-residents-2016-idf.csv",
    "qpv/qpv_2015_ile_de_france.geojson",
    "partners/france_services_2024-08-01.csv",
    "partners/bibliotheques_ile_de_france.geojson",
    "partners/pmi_ile_de_france_2025-07.csv",
    "partners/conseillers_numeriques_2021.json",
)
READERS = (read_france_services, read_libraries, read_pmi, read_digital_advisers)
HOSTS = ("france_services", "mediatheque", "pmi_sante", "espace_numerique")  # could hold one
SEED = 93
DETOUR, METRES_A_MINUTE = 1.3, 75.0  # streets beside a straight line; 4.5 km/h
CONTACTS = 1500  # simulated, a year, by IRIS of residence
LEFT = 0.2  # of the contacts, in the planted IRIS
DECAY_MIN, FRAILTY = 40.0, 0.25  # exp(-(t / 40)^2); variance between IRIS beyond chance
SAMPLED = 0.4  # of the dwellings, in five years of census
# An IRIS is ten times a cell of 200 m: 12 minutes would often hold one or two only.
SETTINGS = Gaps(window_min=20.0, max_share=0.05)


@dataclass(frozen=True, slots=True, eq=False)
class Towns:
    """
    Communes, IRIS with census, quarters, permanences assumed, other places; EPSG:2154.

    `places` are all the rows of the four lists (tables.PLACES), whatever they can hold.
    """

    communes: gpd.GeoDataFrame
    iris: gpd.GeoDataFrame
    quarters: gpd.GeoDataFrame
    permanences: gpd.GeoDataFrame
    others: gpd.GeoDataFrame
    places: gpd.GeoDataFrame


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """IRIS as cells, their table (`gap_table`), minutes between them, and what was planted."""

    units: gpd.GeoDataFrame
    table: pd.DataFrame
    minutes: pd.DataFrame
    planted: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A drawn year, and what the search says of it."""

    drawn: World
    scan: MissedScan
    gaps: tuple[Gap, ...]
    variants: tuple[Variant, ...]


def read_towns(real_data: Path) -> Towns:
    """Read the real files of the nine towns; raises what the readers raise."""
    codes = frozenset(TOWNS)
    communes, _ = read_communes(real_data / FILES[0], codes=codes)
    outlines, _ = read_iris(real_data / FILES[1], codes=codes)
    census, _ = read_census(real_data / FILES[2])
    iris, _ = join_census(outlines, census)
    ground = communes.union_all()
    quarters, _ = read_zones(real_data / FILES[3], communes=communes, inside=ground)
    lists = [
        reader(real_data / name, inside=ground, communes=codes)[0]
        for reader, name in zip(READERS, FILES[4:], strict=True)
    ]
    places = gpd.GeoDataFrame(pd.concat(lists), crs=communes.crs)
    held = permanences(places, communes)
    others = places[places["kind"].isin(HOSTS) & ~places.index.isin(held.index)].sort_index()
    return Towns(communes, iris, in_force(quarters), held, others, places.sort_index())


def permanences(places: gpd.GeoDataFrame, communes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Return the places assumed to hold a permanence: name, kind, commune_code, point.

    Every France services with an address; in the communes without any, the public library.
    """
    fixed = places[places["fixed_point"].fillna(value=False) & places.geometry.notna()]
    inside = gpd.sjoin(
        fixed[["name", "kind", "geometry"]], communes[["geometry"]], predicate="within"
    )
    inside = inside.sort_index()  # the join carries commune_code, the name of their index
    served = inside[inside["kind"] == "france_services"]
    others = inside[inside["kind"] == "mediatheque"]
    others = others[~others["commune_code"].isin(served["commune_code"])]
    kept = pd.concat([served, others.drop_duplicates("commune_code")])
    return kept[["name", "kind", "commune_code", "geometry"]]


def walks(
    froms: gpd.GeoSeries, tos: gpd.GeoSeries, *, detour: float = DETOUR
) -> NDArray[np.float64]:
    """Return minutes on foot [from, to] between points, in a straight line x `detour`."""
    starts, ends = (shapely.get_coordinates(p.to_numpy()) for p in (froms, tos))
    metres = np.hypot(*(starts[:, None, :] - ends[None, :, :]).transpose(2, 0, 1))
    minutes: NDArray[np.float64] = metres * detour / METRES_A_MINUTE
    return minutes


def need_of(iris: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Return the need of each IRIS: residents (15-64), target (unemployed), target_low, target_high.

    The rate of unemployed is drawn to that of the whole (empirical Bayes, Marshall 1991); the 90 %
    interval is that of its gamma posterior, the census having met SAMPLED of the dwellings.
    """
    people, out = (iris[c].astype(float) for c in ("residents_15_64", "unemployed"))
    target = pd.Series(shrunken_rates(out, people), iris.index) * people
    shape = gamma_shapes(out, people, sampled=SAMPLED)
    low, high = (target * gamma.ppf(q, shape) / shape for q in (0.05, 0.95))
    data = {"residents": people, "target": target, "target_low": low, "target_high": high}
    return pd.DataFrame(data)


def blind_spot(table: pd.DataFrame, minutes: pd.DataFrame, draw: np.random.Generator) -> list[str]:
    """
    Return three neighbouring IRIS drawn by lot, of one commune, that may be found at all.

    `table` has commune_code and what `eligible` asks for. The first is any IRIS that passes the
    gates with its two nearest, these being of its commune and passing too.
    """
    may = eligible(table, access_min=SETTINGS.access_min, level=SETTINGS.need_level)
    town, held = table["commune_code"].to_numpy(), []
    for row in np.flatnonzero(may):
        trio = np.argsort(minutes.to_numpy()[row], kind="stable")[:3]
        if may[trio].all() and (town[trio] == town[row]).all():
            held.append(sorted(table.index[trio]))
    return list(held[draw.integers(len(held))])


def contacts_of(
    need: pd.DataFrame, walk: pd.Series, planted: Sequence[str], draw: np.random.Generator
) -> pd.Series:
    """
    Draw CONTACTS people by IRIS of residence: need x decay with the walk x chance, LEFT in planted.

    `walk` are minutes to the nearest permanence; chance between IRIS is a gamma of variance
    FRAILTY.
    """
    rate = need["target"] * np.exp(-((walk / DECAY_MIN) ** 2))
    rate = rate * draw.gamma(1 / FRAILTY, FRAILTY, len(rate))
    rate = rate.where(~rate.index.isin(planted), rate * LEFT)
    return pd.Series(draw.multinomial(CONTACTS, rate / rate.sum()), need.index, dtype=float)


def effort_of(contacts: pd.Series, need: pd.DataFrame) -> pd.DataFrame:
    """Return contacts beside expected (by need only), and P(less than half of it)."""
    expected = contacts.sum() * need["target"] / need["target"].sum()
    law = fit_gamma_poisson(contacts, expected).at_least_dispersed(LEAST_VARIANCE)
    below = law.below(contacts, expected)
    data = {"contacts": contacts, "expected": expected, "p_below_half": below}
    return pd.DataFrame(data).assign(months_since=np.nan)


def world(towns: Towns, seed: int) -> World:
    """Draw the contacts of one year; return what the search is given, and what was planted."""
    units = towns.iris.sort_index()
    units = units.set_axis(units.index.rename("cell_id"))
    middles = units.geometry.centroid
    minutes = pd.DataFrame(walks(middles, middles), units.index, units.index)
    walk = pd.Series(walks(middles, towns.permanences.geometry).min(axis=1), units.index)
    draw = np.random.default_rng(seed)
    need, access = need_of(units), walk.to_frame("minutes_permanence")
    known = need.join(access).assign(commune_code=units["commune_code"])
    planted = blind_spot(known, minutes, draw)
    effort = effort_of(contacts_of(need, walk, planted, draw), need)
    return World(units, gap_table(need, access, effort, units), minutes, tuple(planted))


def search(towns: Towns, *, seed: int = SEED) -> Found:
    """Look for the zones of a drawn year, as the product does with its cells."""
    drawn = world(towns, seed)
    units, table, minutes = drawn.units, drawn.table, drawn.minutes
    scan = gap_scan(table, minutes, settings=SETTINGS, seed=seed)
    layers = units, towns.quarters, towns.communes
    gaps = described(scan, table, layers, settings=SETTINGS)
    found = other_choices(gaps, drawn, seed)
    return Found(drawn, scan, with_stability(gaps, found), found)


def other_choices(gaps: Sequence[Gap], drawn: World, seed: int) -> tuple[Variant, ...]:
    """Return the variants that mean something for IRIS: no grid of squares to move."""
    units = drawn.units
    found = variants(
        gaps, drawn.table, drawn.minutes, units, units.iloc[:0], settings=SETTINGS, seed=seed
    )
    return tuple(v for v in found if not v.name.startswith("grille"))


def rank_of_planted(towns: Towns, seed: int) -> int | None:
    """Return the rank of the first zone that holds half of the planted public; None when none."""
    drawn = world(towns, seed)
    quick = SETTINGS.model_copy(update={"simulations": 0})
    zones = gap_scan(drawn.table, drawn.minutes, settings=quick, seed=seed).zones
    target = drawn.table["target"]
    whole = float(target[list(drawn.planted)].sum())
    for rank, zone in enumerate(zones, start=1):
        held = drawn.table.index[list(zone.members)].intersection(list(drawn.planted))
        if float(target[held].sum()) >= whole / 2:
            return rank
    return None
