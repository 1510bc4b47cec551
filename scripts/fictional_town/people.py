"""The people of the fictional town: quarters, 200 m cells, IRIS and their census."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pyproj import Transformer
from shapely.geometry import Point, Polygon, box

from scripts.fictional_town.ground import ORIGIN, Ground

if TYPE_CHECKING:
    from numpy.random import Generator

LAEA = 3035
CELL_M = 200
BANDS = {
    "ind_0_3": 0.055, "ind_4_5": 0.028, "ind_6_10": 0.068, "ind_11_17": 0.092, "ind_18_24": 0.09,
    "ind_25_39": 0.215, "ind_40_54": 0.195, "ind_55_64": 0.11, "ind_65_79": 0.105, "ind_80p": 0.032,
    "ind_inc": 0.01,
}  # fmt: skip
QPV_SPOTS = ((0.14, 0.20), (0.40, 0.12), (0.61, 0.52), (0.84, 0.26), (0.62, 0.86))
QPV_NAMES = ("Les Lampions", "Cité des Marelles", "Le Pont-Rêvé", "Bas-Canal", "Les Hauts-Vents")
QVA_SPOT = (0.30, 0.55)
ADULT_SHARE = sum(BANDS[b] for b in ("ind_18_24", "ind_25_39", "ind_40_54", "ind_55_64"))


@dataclass(frozen=True)
class People:
    """Quarters, cells (one row each, with centre in EPSG:2154), IRIS boxes with their census."""

    qpv: dict[str, tuple[str, Polygon, list[str]]]
    qva: Polygon
    cells: pd.DataFrame
    iris: pd.DataFrame


def make_people(ground: Ground, residents: int, draw: Generator) -> People:
    """Settle `residents` people in cells; more poverty and unemployment in the quarters."""
    qpv = _quarters(ground)
    qva = _blob(ground, QVA_SPOT, 0.07)
    cells = _cells(ground, residents, [*(area for _, area, _ in qpv.values()), qva], draw)
    return People(qpv, qva, cells, _iris(ground, cells))


def spot(ground: Ground, share: tuple[float, float]) -> Point:
    """Return the point at these shares of width and height."""
    return Point(ORIGIN[0] + share[0] * ground.width_m, ORIGIN[1] + share[1] * ground.height_m)


def _blob(ground: Ground, share: tuple[float, float], radius: float) -> Polygon:
    centre = spot(ground, share)
    angles = np.linspace(0, 2 * np.pi, 11)[:-1]
    reach = radius * ground.width_m * (1 + 0.22 * np.sin(3 * angles + 9 * share[0]))
    return Polygon(
        np.column_stack(
            [centre.x + reach * np.cos(angles), centre.y + 0.85 * reach * np.sin(angles)]
        )
    )


def _quarters(ground: Ground) -> dict[str, tuple[str, Polygon, list[str]]]:
    found = {}
    for k, (share, name) in enumerate(zip(QPV_SPOTS, QPV_NAMES, strict=True)):
        area = _blob(ground, share, 0.075)
        communes = [
            c for c, (_, limits) in ground.communes.items() if limits.intersection(area).area > 5000
        ]
        found[f"QN0010{k + 1}N"] = (name, area, communes)
    return found


def _cells(
    ground: Ground, residents: int, quarters: list[Polygon], draw: Generator
) -> pd.DataFrame:
    to_laea = Transformer.from_crs(2154, LAEA, always_xy=True)
    back = Transformer.from_crs(LAEA, 2154, always_xy=True)
    x0, y0 = ORIGIN
    extent = box(x0, y0, x0 + ground.width_m, y0 + ground.height_m)
    corners = [to_laea.transform(x, y) for x, y in extent.exterior.coords]
    east = np.arange(
        min(c[0] for c in corners) // CELL_M * CELL_M, max(c[0] for c in corners), CELL_M
    )
    north = np.arange(
        min(c[1] for c in corners) // CELL_M * CELL_M, max(c[1] for c in corners), CELL_M
    )
    e, n = (a.ravel() for a in np.meshgrid(east, north))
    x, y = back.transform(e + CELL_M / 2, n + CELL_M / 2)
    frame = pd.DataFrame({"e": e.astype(int), "n": n.astype(int), "x": x, "y": y})
    frame = frame[[extent.contains(Point(p)) for p in zip(x, y, strict=True)]].reset_index(
        drop=True
    )
    frame["deprived"] = [
        _deprivation(Point(p), quarters) for p in zip(frame["x"], frame["y"], strict=True)
    ]
    return _settled(frame, ground, residents, draw)


def _deprivation(point: Point, quarters: list[Polygon]) -> float:
    """Return 1 inside a quarter, falling to 0 at 400 m from it."""
    return max(0.0, 1 - min(q.distance(point) for q in quarters) / 400)


def _settled(frame: pd.DataFrame, ground: Ground, residents: int, draw: Generator) -> pd.DataFrame:
    u = (frame["x"] - ORIGIN[0]) / ground.width_m
    v = (frame["y"] - ORIGIN[1]) / ground.height_m
    centre = np.exp(-((u - 0.42) ** 2 + (v - 0.45) ** 2) / 0.12)
    weight = (0.35 + centre + 0.9 * frame["deprived"]) * draw.lognormal(0, 0.28, len(frame))
    in_park = np.array(
        [ground.park.contains(Point(p)) for p in zip(frame["x"], frame["y"], strict=True)]
    )
    weight = np.where(in_park, 0.0, weight)
    frame = frame.assign(
        ind=np.round(residents * weight / weight.sum() * 2) / 2,
        code=[_commune(ground, Point(p)) for p in zip(frame["x"], frame["y"], strict=True)],
        imputed=(draw.random(len(frame)) < 0.1).astype(int),
        rate=0.055 + 0.13 * frame["deprived"] * draw.uniform(0.8, 1.2, len(frame)),
        poor=0.10 + 0.32 * frame["deprived"] * draw.uniform(0.8, 1.2, len(frame)),
    )
    kept = frame[frame["ind"] >= 3].reset_index(drop=True)
    kept["cell_id"] = [f"CRS3035RES200mN{n}E{e}" for n, e in zip(kept["n"], kept["e"], strict=True)]
    return kept.assign(target=kept["ind"] * ADULT_SHARE * kept["rate"])


def _commune(ground: Ground, point: Point) -> str:
    return next((c for c, (_, area) in ground.communes.items() if area.covers(point)), "")


def _iris(ground: Ground, cells: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for code, (name, area) in ground.communes.items():
        inside = cells[cells["code"] == code]
        for k, (bounds, members) in enumerate(_split(area.bounds, inside)):
            adults = members["ind"] * ADULT_SHARE
            rows.append(
                {
                    "iris": f"{code}{101 + k:04d}",
                    "name": f"{name} {k + 1}",
                    "code": code,
                    "commune": name,
                    "geometry": box(*bounds),
                    "pop": float(adults.sum() * 1.05),
                    "unemployed": float((adults * members["rate"]).sum()),
                }
            )
    return pd.DataFrame(rows)


def _split(
    bounds: tuple[float, float, float, float], cells: pd.DataFrame
) -> list[tuple[tuple[float, float, float, float], pd.DataFrame]]:
    """Cut a box in two halves of equal population until each holds at most 3,400 people."""
    if cells["ind"].sum() <= 3400 or len(cells) < 4:
        return [(bounds, cells)]
    x0, y0, x1, y1 = bounds
    axis = "x" if x1 - x0 > y1 - y0 else "y"
    ordered = cells.sort_values([axis, "cell_id"])
    half = int(np.searchsorted(ordered["ind"].cumsum(), ordered["ind"].sum() / 2))
    cut = float(ordered[axis].iloc[half] + CELL_M / 2)
    low, high = cells[cells[axis] < cut], cells[cells[axis] >= cut]
    if not len(low) or not len(high):
        return [(bounds, cells)]
    if axis == "x":
        return _split((x0, y0, cut, y1), low) + _split((cut, y0, x1, y1), high)
    return _split((x0, y0, x1, cut), low) + _split((x0, cut, x1, y1), high)
