"""The people of the fictional town: quarters, 200 m cells, IRIS and their census."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer
from shapely import Point, Polygon, box

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from scripts.fictional_town.ground import Ground

LAEA, CELL_M = 3035, 200
ACTIVE_SHARE = 0.72  # of residents aged 15-64
BANDS = {
    "ind_0_3": 0.055, "ind_4_5": 0.028, "ind_6_10": 0.068, "ind_11_17": 0.092, "ind_18_24": 0.09,
    "ind_25_39": 0.215, "ind_40_54": 0.195, "ind_55_64": 0.11, "ind_65_79": 0.105, "ind_80p": 0.032,
    "ind_inc": 0.01,
}  # fmt: skip
ADULT_SHARE = sum(BANDS[b] for b in ("ind_18_24", "ind_25_39", "ind_40_54", "ind_55_64"))
QPV = (
    ("Les Lampions", 0.14, 0.27), ("Cité des Marelles", 0.44, 0.13), ("Le Pont-Rêvé", 0.647, 0.52),
    ("Bas-Canal", 0.87, 0.40), ("Les Hauts-Vents", 0.30, 0.88),
)  # fmt: skip
QVA = (0.40, 0.56)
POCKET = (0.51, 0.89)  # a poor corner that no official perimeter shows
QUARTER_M, PEOPLE_PER_QPV = 285.0, 22_500


@dataclass(frozen=True)
class People:
    """Quarters by code (name, area, communes), cells (centre x, y in EPSG:2154), IRIS."""

    qpv: dict[str, tuple[str, BaseGeometry, tuple[str, ...]]]
    qva: BaseGeometry
    cells: pd.DataFrame
    iris: pd.DataFrame


def make_people(ground: Ground, residents: int, draw: Generator) -> People:
    """Settle `residents` people in cells; more poverty and unemployment in the quarters."""
    qpv = _quarters(ground, residents, draw)
    qva = _blob(ground.at(*QVA), 0.8)
    poor = [*(area for _, area, _ in qpv.values()), qva, ground.at(*POCKET).buffer(230)]
    cells = _settled(_squares(ground), ground, poor, residents, draw)
    return People(qpv, qva, cells, _iris(ground, cells))


def _blob(centre: Point, size: float) -> Polygon:
    angles = np.linspace(0, 2 * np.pi, 17)[:-1]
    reach = size * QUARTER_M * (1 + 0.18 * np.sin(3 * angles + centre.x / 700))
    xy = np.column_stack(
        [centre.x + reach * np.cos(angles), centre.y + 0.85 * reach * np.sin(angles)]
    )
    return Polygon(np.round(xy, 2))


def _quarters(
    ground: Ground, residents: int, draw: Generator
) -> dict[str, tuple[str, BaseGeometry, tuple[str, ...]]]:
    spots = [(name, ground.at(u, v)) for name, u, v in QPV]
    inner = ground.outline.buffer(-450)
    wanted = max(len(QPV), residents // PEOPLE_PER_QPV)
    while len(spots) < wanted:
        point = ground.at(*draw.random(2))
        if inner.contains(point) and all(point.distance(p) > 1000 for _, p in spots):
            spots.append((f"Cité imaginée {len(spots) + 1}", point))
    found = {}
    for k, (name, point) in enumerate(spots):
        area = shapely.intersection(_blob(point, 1.0), ground.outline)
        over = {c: limits.intersection(area).area for c, (_, limits) in ground.communes.items()}
        communes = tuple(c for c, shared in over.items() if shared > 0.05 * area.area)
        found[f"QN001{k + 1:02d}N"] = (name, area, communes)
    return found


def _squares(ground: Ground) -> pd.DataFrame:
    """Return the squares of the European grid over the town, with centre and share inside it."""
    there = Transformer.from_crs(2154, LAEA, always_xy=True)
    back = Transformer.from_crs(LAEA, 2154, always_xy=True)
    east, north = there.transform(*np.array(ground.outline.exterior.coords).T)
    e, n = (
        values.ravel()
        for values in np.meshgrid(*(
            np.arange(v.min() // CELL_M * CELL_M, v.max(), CELL_M) for v in (east, north)
        ))
    )  # fmt: skip
    corners = [
        back.transform(e + dx, n + dy) for dx, dy in ((0, 0), (200, 0), (200, 200), (0, 200))
    ]
    squares = shapely.polygons(np.stack([np.column_stack(c) for c in corners], axis=1))
    share = shapely.area(shapely.intersection(squares, ground.outline)) / shapely.area(squares)
    x, y = back.transform(e + CELL_M / 2, n + CELL_M / 2)
    frame = pd.DataFrame(
        {"e": e.astype(int), "n": n.astype(int), "x": x, "y": y, "share": share, "square": squares}
    )
    kept = frame[frame["share"] > 0.3].reset_index(drop=True)
    kept["cell_id"] = [f"CRS3035RES200mN{n}E{e}" for n, e in zip(kept["n"], kept["e"], strict=True)]
    return kept.sort_values("cell_id", ignore_index=True)


def _settled(
    frame: pd.DataFrame, ground: Ground, poor: list[BaseGeometry], residents: int, draw: Generator
) -> pd.DataFrame:
    points = shapely.points(frame["x"], frame["y"])
    away = np.min([shapely.distance(points, area) for area in poor], axis=0)
    deprived = np.clip(1 - away / 230, 0, 1)  # 1 inside a quarter, 0 from 230 m on
    middle = ground.at(0.45, 0.48)
    centre = np.exp(-((shapely.distance(points, middle) / (0.45 * ground.width_m)) ** 2))
    weight = frame["share"] * (0.7 + 0.7 * centre + 0.15 * deprived)
    weight = weight * draw.lognormal(0, 0.2, len(frame)) * ~shapely.contains(ground.park, points)
    people = np.round(2 * residents * weight / weight.sum()) / 2
    frame = frame.assign(
        ind=people,
        rate=0.08 + 0.125 * deprived * draw.uniform(0.9, 1.1, len(frame)),
        poor=0.10 + 0.30 * deprived * draw.uniform(0.85, 1.15, len(frame)),
        chance=draw.random(len(frame)),
        code=[ground.commune_at(p) for p in points],
        lcog_geo=[_communes_of(ground, square) for square in frame["square"]],
    )
    kept = frame[frame["ind"] >= 3].drop(columns="square").reset_index(drop=True)
    imputed = (kept["chance"] < 0.085) | (kept["ind"] < 25)
    return kept.assign(
        imputed=imputed.astype(int), target=kept["ind"] * ADULT_SHARE * ACTIVE_SHARE * kept["rate"]
    )


def _communes_of(ground: Ground, square: Polygon) -> str:
    """Return the codes of the communes of a square, end to end as Insee writes them."""
    over = {c: limits.intersection(square).area for c, (_, limits) in ground.communes.items()}
    return "".join(c for c, shared in sorted(over.items()) if shared > 0.02 * square.area)


def bands(cells: pd.DataFrame) -> pd.DataFrame:
    """Return people by age band, to one decimal, each row summing to `ind` exactly."""
    table = pd.DataFrame({b: (cells["ind"] * s).round(1) for b, s in BANDS.items()})
    rest = cells["ind"] - table.drop(columns="ind_25_39").sum(axis=1)
    return table.assign(ind_25_39=rest.round(1))


def ages_and_sexes(iris: pd.DataFrame) -> dict[str, pd.Series]:
    """
    Return census columns by age and by sex, each group adding up to all residents or unemployed.

    Where more are out of work, the young are more among them and women a little more.
    """
    pop, unemployed = iris["pop"], iris["unemployed"]
    excess = unemployed / iris["active"] - 0.08
    young, senior, women = 0.17 + 0.6 * excess, 0.20 - 0.4 * excess, 0.47 + 0.5 * excess
    return {
        "P21_POP1524": 0.19 * pop, "P21_POP2554": 0.64 * pop, "P21_POP5564": 0.17 * pop,
        "P21_H1564": 0.49 * pop, "P21_F1564": 0.51 * pop,
        "P21_CHOM1524": young * unemployed, "P21_CHOM2554": (1 - young - senior) * unemployed,
        "P21_CHOM5564": senior * unemployed,
        "P21_HCHOM1564": (1 - women) * unemployed, "P21_FCHOM1564": women * unemployed,
    }  # fmt: skip


def _iris(ground: Ground, cells: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for code, (name, limits) in ground.communes.items():
        inside = cells[cells["code"] == code]
        count = max(1, round(float(inside["ind"].sum()) / 3000))
        for k, (area, members) in enumerate(_split(limits.bounds, inside, count)):
            adults = members["ind"] * ADULT_SHARE
            rows.append(
                {
                    "iris": f"{code}{101 + k:04d}", "name": f"{name} {k + 1}", "code": code,
                    "commune": name, "geometry": limits.intersection(box(*area)),
                    "pop": float(adults.sum() * 1.05),
                    "active": float(adults.sum() * 1.05 * ACTIVE_SHARE),
                    "unemployed": float((adults * 1.05 * ACTIVE_SHARE * members["rate"]).sum()),
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


Bounds = tuple[float, float, float, float]


def _split(bounds: Bounds, cells: pd.DataFrame, count: int) -> list[tuple[Bounds, pd.DataFrame]]:
    """Cut a box in `count` boxes of about the same population, across its longer side."""
    if count == 1:
        return [(bounds, cells)]
    x0, y0, x1, y1 = bounds
    axis = "x" if x1 - x0 > y1 - y0 else "y"
    ordered = cells.sort_values([axis, "cell_id"])
    at = _cut(ordered["ind"].to_numpy(), (count // 2) / count)
    cut = float(ordered[axis].iloc[at - 1 : at + 1].mean())
    low, high = (x0, y0, cut, y1), (cut, y0, x1, y1)
    if axis == "y":
        low, high = (x0, y0, x1, cut), (x0, cut, x1, y1)
    parts = _split(low, ordered.iloc[:at], count // 2)
    return parts + _split(high, ordered.iloc[at:], count - count // 2)


def _cut(people: NDArray[np.float64], share: float) -> int:
    filled = np.cumsum(people) / people.sum()
    return int(np.clip(np.argmin(np.abs(filled - share)) + 1, 1, len(people) - 1))
