"""What the walking network is worth: its pieces, what they cut off, and points left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.network.walk import CONNECTOR, JOIN

if TYPE_CHECKING:
    from territory.network.walk import WalkNetwork


@dataclass(frozen=True, slots=True, eq=False)
class Audit:
    """
    Figures of a network: `pieces` has nodes, length_km, share of length, x, y of the middle.

    `off_m` holds the 50 %, 90 % and 100 % quantiles of the distance from points to streets.
    """

    n_nodes: int
    n_edges: int
    length_km: float
    pieces: pd.DataFrame
    n_points: int
    points_unsnapped: int
    off_m: tuple[float, float, float]
    dead_ends: int
    joins: int


def audit(network: WalkNetwork) -> Audit:
    """Measure the streets of `network` (connectors to points and joins are not streets)."""
    streets = network.edges[~network.edges["kind"].isin([CONNECTOR, JOIN])]
    tied = network.points["node"] >= 0
    off = network.points.loc[tied, "off_m"]
    quantiles = np.quantile(off, [0.5, 0.9, 1.0]) if len(off) else np.zeros(3)
    degree = np.bincount(streets[["tail", "head"]].to_numpy().ravel(), minlength=network.graph.n)
    return Audit(
        n_nodes=len(network.component),
        n_edges=len(streets),
        length_km=float(streets["length_m"].sum() / 1000),
        pieces=_pieces(network, streets),
        n_points=len(tied),
        points_unsnapped=int((~tied).sum()),
        off_m=(float(quantiles[0]), float(quantiles[1]), float(quantiles[2])),
        dead_ends=int((degree == 1).sum()),
        joins=len(network.joins),
    )


def describe(found: Audit) -> list[str]:
    """Return the audit as French sentences."""
    pieces, main = len(found.pieces), found.pieces["share"].max() if len(found.pieces) else 0.0
    lines = [
        f"Réseau piéton : {found.length_km:.1f} km de rues, {found.n_nodes} carrefours et bouts.",
        f"{pieces} morceaux séparés ; le plus grand tient {100 * main:.1f} % de la longueur.",
        f"{found.dead_ends} impasses ou bouts de rue ; {found.joins} trous refermés sur demande.",
    ]
    if found.points_unsnapped:
        lines.append(
            f"{found.points_unsnapped} points sur {found.n_points} sont trop loin d'une rue du "
            "plus grand morceau : ils comptent comme hors d'atteinte."
        )
    return [line.replace(".", ",", 1) if " km" in line or " %" in line else line for line in lines]


def _pieces(network: WalkNetwork, streets: pd.DataFrame) -> pd.DataFrame:
    """Sum nodes and street length by piece, the largest first."""
    n = len(network.component)
    nodes = pd.DataFrame(
        {"piece": network.component, "x": network.graph.x[:n], "y": network.graph.y[:n]}
    )
    grouped = nodes.groupby("piece").agg(nodes=("x", "size"), x=("x", "mean"), y=("y", "mean"))
    whole = np.full(network.graph.n, -1)
    whole[:n] = network.component
    end = np.minimum(streets["tail"].to_numpy(), streets["head"].to_numpy())
    piece = pd.Series(np.where(whole[end] >= 0, whole[end], 0), index=streets.index)
    km = streets["length_m"].groupby(piece).sum() / 1000
    grouped["length_km"] = km.reindex(grouped.index).fillna(0.0)
    grouped["share"] = grouped["length_km"] / max(grouped["length_km"].sum(), 1e-9)
    return grouped[["nodes", "length_km", "share", "x", "y"]]
