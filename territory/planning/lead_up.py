"""Streets walked shortly before a permanence near by: people met can be told to come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.planning.legs import on_streets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from territory.planning.calendar import Appointment
    from territory.planning.visit_options import Option
    from territory.planning.walks import Walks

DAYS, NEAR_MIN = 3, 10.0


@dataclass(frozen=True, slots=True)
class LeadUp:
    """
    Permanences near each point, (day, start minute), and the share more that a round is worth.

    A round that ends before one of them, in the three days before it, is worth more.
    """

    near: dict[str, tuple[tuple[date, int], ...]]
    share: float

    def more(self, point_id: str, on: date, finish_min: int) -> float:
        """Return the share more of a round from `point_id` on day `on` that ends by a minute."""
        coming = self.near.get(point_id, ())
        soon = any(
            0 <= (day - on).days <= DAYS and (day > on or start >= finish_min)
            for day, start in coming
        )
        return self.share if soon else 0.0


def lead_up(
    options: Sequence[Option], coming: Sequence[Appointment], walks: Walks, share: float
) -> LeadUp:
    """Return which permanences of `coming` are within ten minutes on foot of each round."""
    points = sorted({on_streets(o.point_id) for o in options if o.place is None})
    places = sorted({f"p:{a.place_id}" for a in coming if a.place_id})
    if not points or not places or share <= 0:
        return LeadUp({}, share)
    table = np.asarray(walks.minutes(points, places), dtype=float)
    near = {
        point: tuple(
            sorted(
                (a.on, a.start_min)
                for a in coming
                if a.place_id and table[i, places.index(f"p:{a.place_id}")] <= NEAR_MIN
            )
        )
        for i, point in enumerate(points)
    }
    return LeadUp({p: found for p, found in near.items() if found}, share)
