"""
Who covers which of the nine towns of Est Ensemble: the real 2/4/3, and what else could be.

Units are the towns or the 161 IRIS, loads are hours a week: the outings and contacts of the report
shared by the public of each unit, and its permanences where they are held. The report names posts;
no person is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from scripts.est_ensemble import SAMPLED, walks
from scripts.est_ensemble_sites import REPORTED
from territory.analysis.quarters import in_force
from territory.analysis.sectors.balanced import balanced_sectors
from territory.analysis.sectors.communes import commune_neighbours
from territory.analysis.sectors.indices import sector_indices
from territory.analysis.sectors.organisation_figures import Assumptions, compared, scene
from territory.analysis.sectors.organisations import (
    Organisation,
    by_communes,
    by_quarters,
    by_sectors,
)
from territory.analysis.sectors.resplit import resplit_sectors
from territory.analysis.sectors.sector_load import TeamWork, unit_load
from territory.analysis.shrinkage import gamma_shapes

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from scripts.est_ensemble_sites import Ground
    from territory.model.sector_results import ResplitOutcome, SectorOutcome

# The posts of the report, by commune: two, four and three towns.
POSTS = {
    "A": ("93006", "93048"),
    "B": ("93055", "93045", "93061", "93008"),
    "C": ("93010", "93063", "93053"),
}
WEEKS = 46.0
OUTINGS, MET = 96, 1000  # a year: outings and events, people told of the offer
OUTING_H, CONTACT_H, SESSION_H = 3.0, 0.5, 4.0
INSIDE_MIN = 60.0  # walked in an outing; nobody measured it here
RIDE_MIN = 40.0  # beyond, somebody rides
FIELD_H = 15.0  # outside, a week, of one post
SHARES = (0.0, 0.5, 1.0)  # how strongly the limits of towns hold
MORE = (4, 5, 6, 7, 8)
IN_QUARTER = 0.3  # share of an IRIS inside a quarter from which it belongs to it


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """Towns or IRIS sorted by code; arrays [units], `minutes` [units, units], `links` pairs."""

    names: tuple[str, ...]
    commune: tuple[str, ...]
    people: NDArray[np.float64]
    load_h: NDArray[np.float64]
    held_h: NDArray[np.float64]
    xy: NDArray[np.float64]
    minutes: NDArray[np.float64]
    links: NDArray[np.int64]

    @property
    def post(self) -> list[str]:
        """Return the post of the report that has each unit."""
        own = {c: p for p, codes in POSTS.items() for c in codes}
        return [own[c] for c in self.commune]

    @property
    def sector(self) -> NDArray[np.int64]:
        """Return the number of that post."""
        return np.array([list(POSTS).index(p) for p in self.post], np.int64)


def iris_units(ground: Ground) -> Units:
    """Return the IRIS of the nine towns as units."""
    iris = ground.towns.iris.sort_index()
    people = ground.need["target"].reindex(iris.index)
    minutes = walks(iris.centroid, iris.centroid)
    held = held_hours(ground, iris)
    centres = ground.minutes[list(REPORTED)].min(axis="columns").reindex(iris.index)
    work = TeamWork(OUTINGS / WEEKS, OUTING_H, MET / WEEKS, CONTACT_H)
    load = unit_load(
        people.rename_axis("unit_id"), centres.clip(upper=RIDE_MIN),
        pd.Series(INSIDE_MIN, iris.index), held, work,
    )  # fmt: skip
    return Units(
        tuple(iris["name"].astype(str)), tuple(iris["commune_code"].astype(str)),
        people.to_numpy(float), load["load_h"].to_numpy(float),
        held.reindex(iris.index, fill_value=0.0).to_numpy(float), middles(iris), minutes,
        links_of(iris),
    )  # fmt: skip


def town_units(ground: Ground, iris: Units) -> Units:
    """Return the towns as units: what their IRIS add up to, between middles of their public."""
    towns = ground.towns.communes.sort_index()
    codes = [str(c) for c in towns.index]
    mine = np.array([[c == code for c in iris.commune] for code in codes], float)
    xy = (mine * iris.people) @ iris.xy / (mine @ iris.people)[:, None]
    near = np.array([np.abs(iris.xy - p).sum(axis=1).argmin() for p in xy])
    return Units(
        tuple(towns["name"].astype(str)), tuple(codes), mine @ iris.people, mine @ iris.load_h,
        mine @ iris.held_h, xy, iris.minutes[np.ix_(near, near)], links_of(towns),
    )  # fmt: skip


def held_hours(ground: Ground, iris: gpd.GeoDataFrame) -> pd.Series:
    """Return the hours a week of the permanences of the report, by IRIS that holds them."""
    hosts = ground.hosts.loc[list(REPORTED), ["geometry"]]
    inside = hosts.sjoin(iris[["geometry"]], predicate="within")
    column = str(iris.index.name) if iris.index.name else "index_right"
    return inside.groupby(column).size().astype(float) * SESSION_H


def middles(areas: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Return the middles [areas, 2] in metres."""
    points = areas.centroid
    return np.column_stack([points.x, points.y])


def links_of(areas: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Return the pairs of positions of areas (sorted by code) that share a border."""
    place = {str(c): i for i, c in enumerate(areas.index)}
    pairs = [(place[a], place[b]) for a, b in commune_neighbours(areas)]
    return np.array(pairs, np.int64).reshape(-1, 2)


def cut(units: Units, posts: int, *, strength: float | None = None) -> SectorOutcome:
    """Return balanced sectors; `strength` 0-1 is how the limits of towns hold, None: no limits."""
    return balanced_sectors(
        units.load_h, *units.xy.T, units.links, posts, minutes=units.minutes,
        bounds=None if strength is None else units.commune, bound_strength=strength or 0.0,
    )  # fmt: skip


def changed(units: Units, posts: tuple[str, ...]) -> ResplitOutcome:
    """Return new sectors for `posts` from those of the report, with least handed over (public)."""
    return resplit_sectors(
        units.load_h, *units.xy.T, units.links, units.post, posts, handover=units.people,
        tolerance=0.10, minutes=units.minutes,
    )  # fmt: skip


def sector_figures(ground: Ground) -> dict[str, Any]:
    """Return all figures of the chapter on sectors, ready for JSON."""
    iris = iris_units(ground)
    towns = town_units(ground, iris)
    return {
        "hours": float(towns.load_h.sum()),
        "towns": {
            n: [float(p), float(h)]
            for n, p, h in zip(towns.names, towns.people, towns.load_h, strict=True)
        },
        "cuts": cuts(iris, towns),
        "changes": {
            f"{kind}_{name}": change(units, posts)
            for kind, units in {"towns": towns, "iris": iris}.items()
            for name, posts in {"absent": ("A", "C"), "fourth": ("A", "B", "C", "D")}.items()
        },
        "organisations": organisations(ground, iris, towns),
    }


def cuts(iris: Units, towns: Units) -> list[dict[str, Any]]:
    """Return the real sectors beside those that balance hours, by towns and by IRIS."""
    rows = [described("report", towns, towns.sector, "")]
    for name, load in {"towns": towns.load_h, "towns_people": towns.people}.items():
        by_town = cut(replace(towns, load_h=load), len(POSTS))
        rows.append(described(name, towns, by_town.sector, str(by_town.ending)))
    rows.append(described("report_iris", iris, iris.sector, ""))
    for strength in SHARES:
        found = cut(iris, len(POSTS), strength=strength)
        rows.append(described(f"iris_{strength:g}", iris, found.sector, str(found.ending)))
    return rows


def described(name: str, units: Units, sector: NDArray[np.int64], ending: str) -> dict[str, Any]:
    """Return the indices of sectors, and the towns of each."""
    found = sector_indices(
        units.load_h, *units.xy.T, units.links, sector, minutes=units.minutes, bounds=units.commune
    )
    count = int(sector.max()) + 1
    return {
        "name": name, "ending": ending, "loads": [float(v) for v in found.loads],
        "people": [float(units.people[sector == s].sum()) for s in range(count)],
        "deviation": found.load_deviation, "people_deviation": apart(units, sector),
        "mean_min": found.mean_to_centre,
        "pieces": int(found.pieces.sum()) - count, "splits": found.splits,
        "towns": [sorted({units.commune[u] for u in np.flatnonzero(sector == s)})
                  for s in range(count)],
        "sector": [int(s) for s in sector],
    }  # fmt: skip


def apart(units: Units, sector: NDArray[np.int64]) -> float:
    """Return the largest gap of the public of a sector to an equal share."""
    people = np.bincount(sector, units.people)
    return float(np.abs(people / people.mean() - 1.0).max())


def change(units: Units, posts: tuple[str, ...]) -> dict[str, Any]:
    """Return what passes from whom to whom when posts change."""
    found = changed(units, posts)
    loads = [float(units.load_h[found.sector == s].sum()) for s in range(len(posts))]
    moved: dict[tuple[str, str, str], float] = {}
    for move in found.moves:
        key = str(move.from_post), str(move.to_post), units.commune[move.unit]
        moved[key] = moved.get(key, 0.0) + move.handover
    return {
        "ending": str(found.ending), "deviation": found.load_deviation, "loads": loads,
        "people": found.handover, "share": found.handover_share, "least": found.unavoidable,
        "units": len(found.moves), "pieces": found.pieces,
        "moves": [[*k, v] for k, v in sorted(moved.items())],
    }  # fmt: skip


def organisations(ground: Ground, iris: Units, towns: Units) -> list[dict[str, Any]]:
    """Compare the report's organisation with others on the same data."""
    table = compared(
        candidates(ground, iris, towns),
        scene(iris.people, doubt(ground), iris.load_h, iris.held_h, iris.minutes),
        Assumptions(FIELD_H, OUTING_H, MET / WEEKS, float(MET)),
    )
    kept = ["posts", "covered", "presence_h", "without", "travel_h", "contacts_year",
            "contacts_ratio", "absent_worst", "load_deviation", "compact_min"]  # fmt: skip
    ends = [f"{c}_{end}" for c in ("contacts_year", "contacts_ratio") for end in ("low", "high")]
    rows = table[[*kept, *ends]].astype(float)
    return [{"name": str(n), **r} for n, r in rows.to_dict(orient="index").items()]


def candidates(ground: Ground, iris: Units, towns: Units) -> list[Organisation]:
    """Return the organisations to compare, the report's first."""
    quarter = quarter_of(ground)
    found = [
        by_communes("Bilan : communes 2/4/3 (3 postes)", iris.commune, POSTS),
        by_sectors("Communes entières équilibrées (3 postes)", spread(iris, towns, 3), 3),
        by_sectors("Secteurs d’IRIS équilibrés (3 postes)", cut(iris, 3).sector, 3),
        by_quarters("Un groupe de quartiers par poste (3 postes)", quarter, iris.people,
                    iris.minutes, 3),
    ]  # fmt: skip
    for posts in MORE:
        name = f"Secteurs d’IRIS équilibrés ({posts} postes)"
        found.append(by_sectors(name, cut(iris, posts).sector, posts))
    many = f"Un groupe de quartiers par poste ({MORE[-1]} postes)"
    return [*found, by_quarters(many, quarter, iris.people, iris.minutes, MORE[-1])]


def spread(iris: Units, towns: Units, posts: int) -> NDArray[np.int64]:
    """Return the sector of each IRIS when whole towns are shared."""
    own = dict(zip(towns.commune, cut(towns, posts).sector, strict=True))
    return np.array([own[c] for c in iris.commune], np.int64)


def quarter_of(ground: Ground) -> list[str | None]:
    """Return the priority quarter that holds most of each IRIS, None below IN_QUARTER."""
    iris = ground.towns.iris.sort_index()
    quarters = in_force(ground.towns.quarters)
    share = pd.DataFrame({
        str(code): iris.intersection(shape).area / iris.area
        for code, shape in quarters.geometry.items()
    })  # fmt: skip
    best = share.idxmax(axis="columns")
    return [
        b if top >= IN_QUARTER else None for b, top in zip(best, share.max(axis=1), strict=True)
    ]


def doubt(ground: Ground) -> NDArray[np.float64]:
    """Return the relative standard deviation of the public of each IRIS (gamma posterior)."""
    iris = ground.towns.iris.sort_index()
    out, people = (iris[c].astype(float) for c in ("unemployed", "residents_15_64"))
    return np.asarray(1.0 / np.sqrt(gamma_shapes(out, people, sampled=SAMPLED)))
