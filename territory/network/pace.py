"""How somebody walks: what a street takes depends on speed, stairs, slope, light, and detours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from territory.errors import WrongUsage
from territory.network.snap import CONNECTOR

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

STREET, STEPS = "rue", "escalier"


@dataclass(frozen=True, slots=True)
class Pace:
    """
    Walking speed on the flat (km/h), and how many times as long what hinders takes.

    `steps_factor`: stairs; `unlit_factor`: streets known to be unlit (unknown counts as lit);
    `avoid_factor`: what lies in areas drawn by the user, infinite = never through them; `slopes`:
    whether hills count, where heights are known. Raises WrongUsage (French) for a speed that is not
    positive or a factor below 1.
    """

    speed_kmh: float = 4.5
    steps_factor: float = 2.0
    unlit_factor: float = 1.0
    avoid_factor: float = 3.0
    slopes: bool = True

    def __post_init__(self) -> None:
        """Refuse nonsense."""
        if not 0 < self.speed_kmh < np.inf:
            raise WrongUsage("La vitesse de marche doit être positive.")
        if not (1 <= self.steps_factor < np.inf and 1 <= self.unlit_factor < np.inf):
            raise WrongUsage("Les facteurs des escaliers et du noir valent au moins 1.")
        if not self.avoid_factor >= 1:
            raise WrongUsage("Le facteur des secteurs à éviter vaut au moins 1.")


USUAL = Pace()


def edge_seconds(
    edges: pd.DataFrame, pace: Pace
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Return the seconds of each edge walked from tail to head, and back: [edges], inf = forbidden.

    `edges` has length_m (metres), kind, one_way, lit, slope_forth and slope_back (times as long as
    on the flat), avoided (share of its length in areas to avoid). Ways to a door (raccord) are
    walked at the plain speed: a door can always be reached.
    """
    street = (edges["kind"] != CONNECTOR).to_numpy()
    factor = np.where(edges["kind"] == STEPS, pace.steps_factor, 1.0)
    unlit = edges["lit"].eq(False).fillna(value=False).to_numpy(bool)
    factor = np.where(unlit, factor * pace.unlit_factor, factor)
    avoided = edges["avoided"].to_numpy(float)
    with np.errstate(invalid="ignore"):
        factor = np.where(avoided > 0, factor * (1 + avoided * (pace.avoid_factor - 1)), factor)
    plain = edges["length_m"].to_numpy(float) / (pace.speed_kmh / 3.6)
    sense = edges["one_way"].to_numpy()
    both = []
    for slope, forbidden in (("slope_forth", sense < 0), ("slope_back", sense > 0)):
        steep = edges[slope].to_numpy(float) if pace.slopes else 1.0
        seconds = np.where(street, plain * factor * steep, plain)
        both.append(np.where(forbidden & street, np.inf, seconds))
    return both[0], both[1]


def avoided_share(lines: NDArray[np.object_], areas: BaseGeometry | None) -> NDArray[np.float64]:
    """
    Return the share (0 to 1) [lines] of each length inside `areas` (polygons, same metric CRS).

    A line of no length counts as inside when it touches.
    """
    share = np.zeros(len(lines))
    if areas is None or areas.is_empty:
        return share
    shapely.prepare(areas)
    inside = np.flatnonzero(shapely.intersects(areas, lines))
    length = shapely.length(lines[inside])
    common = shapely.length(shapely.intersection(lines[inside], areas))
    share[inside] = np.where(length > 0, common / np.maximum(length, 1e-9), 1.0)
    return np.clip(share, 0.0, 1.0)
