"""The concrete offer of an outing: the next permanence near the streets or places it goes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.planning import explain
from territory.planning.legs import on_streets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from territory.planning.calendar import Appointment
    from territory.planning.outings import Visit
    from territory.planning.walks import Walks

ANNOUNCE_DAYS, ANNOUNCE_MIN = 7, 10.0


def announcement(
    visits: Sequence[Visit],
    on: date,
    end_min: int,
    coming: Sequence[Appointment],
    walks: Walks,
) -> str:
    """
    Return the sentence of the first permanence near a stop in the next seven days, "" for none.

    `end_min` is when the outing of day `on` ends, minutes after midnight.
    """
    soon = [
        a
        for a in coming
        if 0 <= (a.on - on).days <= ANNOUNCE_DAYS and (a.on > on or a.start_min >= end_min)
    ]
    if not soon:
        return ""
    ids = sorted({f"p:{a.place_id}" for a in soon})
    points = sorted({on_streets(v.door.option.point_id) for v in visits})
    table = np.asarray(walks.minutes(points, ids), dtype=float).min(axis=0)
    minutes = dict(zip(ids, table.tolist(), strict=True))
    near = [a for a in soon if minutes[f"p:{a.place_id}"] <= ANNOUNCE_MIN]
    if not near:
        return ""
    first = min(near, key=lambda a: (a.on, a.start_min, a.place_id or ""))
    walk = round(minutes[f"p:{first.place_id}"])
    return explain.announce(first.on, first.start_min, first.place_name, walk)
