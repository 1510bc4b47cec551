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
    Figures of a network: `components` (largest first) has nodes, length_km, share of length, x, y.

    `x`, `y` are the middle of a piece's nodes, metres in the metric CRS. `off_m` holds the 50 %, 90
    % and 100 % quantiles of the metres from the tied points to their street, `dead_ends` counts the
    nodes with one street, `joins` the gaps closed on request.
    """

    n_nodes: int
    n_edges: int
    length_km: float
    components: pd.DataFrame
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
        components=_components(network, streets),
        n_points=len(tied),
        points_unsnapped=int((~tied).sum()),
        off_m=(float(quantiles[0]), float(quantiles[1]), float(quantiles[2])),
        dead_ends=int((degree == 1).sum()),
        joins=len(network.joins),
    )


def describe(found: Audit) -> list[str]:
    """Return the audit as French sentences: kilometres of streets, pieces, metres to a street."""
    streets = f"Réseau piéton : {_comma(found.length_km)} km de rues, {found.n_nodes} carrefours"
    lines = [f"{streets} et bouts, dont {found.dead_ends} sans suite.", _pieces_told(found)]
    if found.joins:
        lines.append(f"Raccords ajoutés sur demande entre morceaux voisins : {found.joins}.")
    if found.n_points > found.points_unsnapped:
        half, most, worst = (round(m) for m in found.off_m)
        lines.append(
            f"Des points à la rue : {half} m pour la moitié, {most} m ou moins pour 9 sur 10, "
            f"{worst} m au plus."
        )
    if found.points_unsnapped:
        lines.append(
            f"Points trop loin d'une rue du plus grand morceau : {found.points_unsnapped} sur "
            f"{found.n_points}. Ils comptent comme hors d'atteinte."
        )
    return lines


def _pieces_told(found: Audit) -> str:
    if not len(found.components):
        return "Aucune rue : rien n'est à portée à pied."
    if len(found.components) == 1:
        return "Toutes les rues se tiennent, en un seul morceau."
    share = 100 * float(found.components["share"].iloc[0])
    return (
        f"{len(found.components)} morceaux séparés ; le plus grand tient {_comma(share)} % de la "
        "longueur. Les autres ne servent pas."
    )


def _comma(figure: float) -> str:
    return f"{figure:.1f}".replace(".", ",")


def _components(network: WalkNetwork, streets: pd.DataFrame) -> pd.DataFrame:
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
