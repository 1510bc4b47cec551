"""A town for the map: twenty squares, a street grid, two zones, an outing with two stops."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from shapely.geometry import LineString, Point, Polygon, box

from territory.model.results import Ending, Gap, Reason, Site, SitePlan, Verdict
from territory.model.tables import CELLS, COMMUNES, PLACES, SEGMENTS, ZONES, conform
from territory.model.week_results import LeftOut, Session, Stop, WeekPlan
from territory.settings import Ground, Settings

if TYPE_CHECKING:
    import geopandas as gpd

X0, Y0 = 660_000.0, 6_868_000.0  # Bondy, near enough: a plausible corner of EPSG:2154
SIDE = 200.0


def cells(columns: int = 5, rows: int = 4) -> gpd.GeoDataFrame:
    """Squares of 200 m; the first has 8 households, the second is imputed."""
    at = [(c, r) for c in range(columns) for r in range(rows)]
    n = len(at)
    households = np.full(n, 40.0)
    households[0] = 8.0
    data = {
        "residents": 100.0, "residents_18_64": 60.0, "households": households,
        "poor_households": 5.0, "imputed": np.arange(n) == 1, "inside_share": 1.0,
        "commune_code": "99001",
        "geometry": [_square(c, r) for c, r in at],
    }  # fmt: skip
    return conform(pd.DataFrame(data, index=[f"c{c:03d}{r:03d}" for c, r in at]), CELLS)


def _square(column: int, row: int) -> Polygon:
    x, y = X0 + SIDE * column, Y0 + SIDE * row
    return box(x, y, x + SIDE, y + SIDE)


def analyses(index: pd.Index) -> dict[str, pd.DataFrame]:
    n = len(index)
    rank = np.arange(n)
    minutes = np.linspace(2, 24, n)
    minutes[-1] = np.inf
    need = pd.DataFrame(
        {"residents": 100.0, "target": 6.0 + rank, "percentile": 100 * rank / n, "in_qpv": 0.0},
        index=index,
    )
    access = pd.DataFrame({"minutes_permanence": minutes, "structures_near": 2}, index=index)
    effort = pd.DataFrame(
        {
            "contacts": np.where(rank % 3, 3.4, 12.0),
            "expected": 7.0,
            "months_since": np.where(rank < n - 2, 2.0, np.nan),
        },
        index=index,
    )
    return {"need": need, "access": access, "effort": effort}


def streets(blocks: int = 5, name: str = "rue Droite") -> gpd.GeoDataFrame:
    """A grid of streets every 100 m."""
    lines = [
        LineString([(X0 + 100 * i, Y0 + 100 * j), (X0 + 100 * i + dx, Y0 + 100 * j + dy)])
        for i in range(2 * blocks)
        for j in range(2 * blocks)
        for dx, dy in ((100, 0), (0, 100))
    ]
    n = len(lines)
    kinds = np.array(["residential", "footway", "tertiary", "primary"])[np.arange(n) // 7 % 4]
    data = {
        "way_id": np.arange(n), "tail": 0, "head": 1, "length_m": 100.0, "highway": kinds,
        "name": name, "steps": False, "geometry": lines,
    }  # fmt: skip
    return conform(pd.DataFrame(data, index=np.arange(n)), SEGMENTS)


def places() -> gpd.GeoDataFrame:
    data = {
        "name": ["Centre social Les Lilas", "<script>alert(1)</script>", "{{ 7 * 7 }} </script>",
                 "Foyer protégé"],
        "kind": ["centre_social", "association", "mediatheque", "autre"],
        "address": ["1 rue Droite", pd.NA, pd.NA, "9 rue Cachée"],
        "sensitive": [False, False, pd.NA, True],
        "fixed_point": True,
        "geometry": [Point(X0 + x, Y0 + y) for x, y in ((150, 150), (350, 450), (700, 200),
                                                        (900, 700))],
    }  # fmt: skip
    return conform(pd.DataFrame(data, index=["p1", "p2", "p3", "p4"]), PLACES)


def permanences() -> pd.DataFrame:
    data = {"place_id": ["p1", "p4"], "weekday": [3, 1], "start_min": 840, "end_min": 1020,
            "weeks": "toutes", "agents": "M1|M2"}  # fmt: skip
    return pd.DataFrame(data, index=pd.Index(["q1", "q2"], name="permanence_id"))


def gap(rank: int, members: tuple[str, ...]) -> Gap:
    reasons = tuple(Reason(k, f"Raison {k} n° {rank}.", 1.0) for k in ("besoin", "acces", "effort"))
    return Gap(
        rank, f"Z{rank}", f"Secteur {rank} <b>", "99001", members, 200.0, 30.0, 21.0, 3.0, 14.0,
        None, 0.9, 5.0, Verdict.PROBABLE, reasons,
    )  # fmt: skip


def stop(order: int, name: str, dx: float, dy: float, place_id: str | None = None) -> Stop:
    at = 560 + 40 * order
    return Stop(
        order, place_id, name, "centre_social", at, at + 20, 300, 240, X0 + dx, Y0 + dy, 1020,
        f"Parce que {name}.",
    )  # fmt: skip


def outing(on: date = date(2026, 11, 24), **changes: object) -> Session:
    path = tuple((X0 + x, Y0 + y) for x, y in ((100, 100), (700, 100), (700, 600), (300, 600)))
    session = Session(
        "S1", on, "matin", "maraude", ("M1", "M2"), 570, 690, "Maraude Secteur 1", None, "Z1",
        (stop(1, "Centre social Les Lilas", 150, 150, "p1"), stop(2, "rue Droite", 700, 400)),
        path, ("rue Droite",), 1500, "La zone la moins couverte.", fixed=False,
    )  # fmt: skip
    return replace(session, **changes)


def plan() -> WeekPlan:
    left = (LeftOut("Secteur 2", "aucun binôme libre le matin"),)
    other = outing(date(2026, 11, 26), session_id="S2", title="Maraude Secteur 2")
    return WeekPlan(
        "2026-W48", (outing(), other), left, ("Attention à la pluie.",), Ending.OPTIMAL, 0
    )


def site_plan() -> SitePlan:
    reason = "142 personnes de plus à quinze minutes."
    site = Site(1, "p3", "Médiathèque", "mediatheque", "99001", 142, 100, 242, 500, reason)
    return SitePlan((site,), 15.0, Ending.OPTIMAL, 242)


def town(*, fictional: bool = True, **changes: object) -> dict[str, Any]:
    """Return the arguments of write_map, with `changes` taken over."""
    squares = cells()
    ground = box(X0, Y0, X0 + 1000, Y0 + 800)
    quarter = {
        "name": ["Les Tilleuls"],
        "kind": "qpv",
        "geometry": [box(X0 + 500, Y0, X0 + 900, Y0 + 500)],
    }
    ids = list(squares.index)
    base: dict[str, Any] = {
        "title": "Villefictive – semaine 48",
        "communes": conform(
            pd.DataFrame({"name": ["Ville"], "geometry": [ground]}, index=["99001"]), COMMUNES
        ),
        "zones": conform(pd.DataFrame(quarter, index=["QN99001M"]), ZONES),
        "cells": squares,
        **analyses(squares.index),
        "gaps": (gap(1, (ids[12], ids[13])), gap(2, (ids[18],))),
        "places": places(),
        "permanences": permanences(),
        "plan": plan(),
        "sites": site_plan(),
        "segments": streets(),
        "settings": Settings(ground=Ground(fictional=fictional, simulated_logs=fictional)),
    }
    return base | changes
