"""A town one can hold in one's head: points on a plane, walked in right angles at 75 m a minute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from shapely.geometry import Point

from territory.model.results import Gap, Reason, Verdict
from territory.model.tables import ACTIVITIES, AVAILABILITY, PLACES, TEAM, conform, empty_table
from territory.settings import Settings, Week

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

METRES_A_MINUTE = 75.0  # 4.5 km/h


@dataclass(frozen=True)
class GridWay:
    coords: NDArray[np.float64]
    streets: tuple[str, ...]
    length_m: float
    seconds: float


@dataclass(frozen=True)
class GridWalks:
    """Walks in right angles between known points; the others are out of reach."""

    points: dict[str, tuple[float, float]]

    def minutes(self, a_ids: Sequence[str], b_ids: Sequence[str]) -> pd.DataFrame:
        table = [[self._metres(a, b) / METRES_A_MINUTE for b in b_ids] for a in a_ids]
        return pd.DataFrame(table, index=list(a_ids), columns=list(b_ids), dtype="float32")

    def path(self, a: str, b: str) -> GridWay:
        (ax, ay), (bx, by) = self.points[a], self.points[b]
        metres = self._metres(a, b)
        coords = np.array([(ax, ay), (bx, ay), (bx, by)], dtype=float)
        return GridWay(coords, ("rue Droite", "rue Haute"), metres, metres * 60 / METRES_A_MINUTE)

    def _metres(self, a: str, b: str) -> float:
        if a not in self.points or b not in self.points:
            return float("inf")
        (ax, ay), (bx, by) = self.points[a], self.points[b]
        return abs(ax - bx) + abs(ay - by)


PLACE_ROWS = {
    "B": {"name": "Base", "kind": "maison_emploi", "at": (0, 0),
          "opening_hours": "Mo-Fr 09:00-17:00"},
    "M": {"name": "Marché", "kind": "marche", "at": (300, 150), "opening_hours": "We 08:00-13:00"},
    "C": {"name": "Centre", "kind": "centre_social", "at": (450, 0),
          "opening_hours": "Mo-Fr 14:00-16:00"},
    "K": {"name": "Boutique", "kind": "commerce", "at": (300, 300)},
    "S": {"name": "Secret", "kind": "autre", "at": (300, 0), "sensitive": True},
    "R": {"name": "Refus", "kind": "association", "at": (300, 0), "status": "refus"},
}  # fmt: skip
CELL_POINTS = {"z1a": (300, 0), "z1b": (300, 75), "z2a": (-600, 0), "z3a": (6000, 0)}


def places_table(rows: dict[str, dict[str, Any]] = PLACE_ROWS) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(
        {
            k: {"status": "active", "sensitive": False, "fixed_point": True, **v}
            for k, v in rows.items()
        }
    ).T
    frame["geometry"] = [Point(*row["at"]) for row in rows.values()]
    return conform(frame, PLACES)


def town_walks(rows: dict[str, dict[str, Any]] = PLACE_ROWS) -> GridWalks:
    return GridWalks(
        {f"p:{k}": v["at"] for k, v in rows.items()}
        | {f"c:{k}": at for k, at in CELL_POINTS.items()}
    )


def gap(
    rank: int, cells: tuple[str, ...], *, commune: str = "93001", score: float | None = None
) -> Gap:
    reasons = tuple(Reason(k, f"Raison {k}.", 1.0) for k in ("besoin", "acces", "effort"))
    return Gap(
        rank, f"Z{rank}", f"Zone {rank}", commune, cells, 1000.0, 50.0, 20.0, 2.0, 10.0, None,
        0.9, (10.0 - rank) if score is None else score, Verdict.PROBABLE, reasons,
    )  # fmt: skip


GAPS = (gap(1, ("z1a", "z1b")), gap(2, ("z2a",)))
NEED = pd.DataFrame(
    {"target": [30.0, 20.0, 50.0, 50.0]}, index=pd.Index(list(CELL_POINTS), name="cell_id")
)


def team_table(*codes: str, **columns: object) -> pd.DataFrame:
    row = {"role": "mediateur", "start_place_id": "B", **columns}
    if not codes:
        return empty_table(TEAM)
    return conform(pd.DataFrame([row] * len(codes), index=list(codes)), TEAM)


def slots_table(*rows: dict[str, Any]) -> pd.DataFrame:
    if not rows:
        return empty_table(AVAILABILITY)
    names = [f"S{n}" for n in range(len(rows))]
    return conform(
        pd.DataFrame([{"weeks": "toutes", **r} for r in rows], index=names), AVAILABILITY
    )


def planned_table(*rows: dict[str, Any]) -> gpd.GeoDataFrame:
    if not rows:
        return empty_table(ACTIVITIES)
    names = [f"A{n}" for n in range(len(rows))]
    frame = pd.DataFrame([{"state": "prevu", "geometry": None, **r} for r in rows], index=names)
    return conform(frame, ACTIVITIES)


def week_of(**changes: object) -> dict[str, Any]:
    """Return the arguments of plan_week for the town, with `changes` taken over."""
    base: dict[str, Any] = {
        "gaps": GAPS,
        "places": places_table(),
        "team": team_table("A1", "A2"),
        "availability": slots_table(),
        "activities": planned_table(),
        "need": NEED,
        "walks": town_walks(),
        "settings": rules(),
    }
    return base | changes


def rules(**values: object) -> Settings:
    return Settings(
        week=Week.model_validate({"iterations": 150, "bound_turns": 4, "explained": 4, **values})
    )


def judged(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of check_plan out of those of plan_week."""
    return {k: v for k, v in arguments.items() if k not in {"gaps", "need"}}
