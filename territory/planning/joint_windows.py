"""Free time of a team spent with another team: a route of its own, and what it excludes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from territory.planning.joint_wishes import JointWish
    from territory.planning.team_windows import Minutes, TeamWindow


def with_partners(
    whole: TeamWindow, wishes: Sequence[JointWish], base_kmh: float
) -> Iterator[TeamWindow]:
    """
    Yield the parts of a free time that other teams can share, one for each outing still wanted.

    All of the outing, the way there and back too, lies in the time the other team is free; the
    slowest of all sets the pace.
    """
    for wish in wishes:
        for slot in wish.slots:
            begin = max(whole.earliest_min, slot.span[0])
            end = min(whole.latest_min, slot.span[1])
            ours = not slot.agents or bool(set(slot.agents) & set(whole.agents))
            if slot.on != whole.on or not ours or begin >= end:
                continue
            slow = max(whole.slowness, base_kmh / (wish.partner.walk_kmh or base_kmh))
            for turn in range(1, wish.left + 1):
                yield replace(
                    whole, earliest_min=begin, latest_min=end, slowness=slow,
                    partner=wish.partner.code, turn=turn,
                )  # fmt: skip


def joint_clashes(routes: Sequence[TeamWindow], minutes: Minutes) -> np.ndarray:
    """
    Return which windows [routes, routes] cannot both be walked because of the other team.

    The n outings wanted are n turns, each walked once at most: two windows of one partner clash in
    the same turn, and in two turns when it would be in two places. So a plan holds up to n, and
    every n that can be held are in turns of their own: nothing is lost.
    """
    who = np.array([w.partner for w in routes], object)
    turn = np.array([w.turn for w in routes], np.int64)
    on = np.array([w.on.toordinal() for w in routes], np.int64)
    same: np.ndarray = np.equal.outer(who, who).astype(bool) & (who != "")[:, None]
    clash: np.ndarray = same & np.equal.outer(turn, turn)
    for a, b in np.argwhere(np.triu(same & ~clash & np.equal.outer(on, on))):
        clash[a, b] = clash[b, a] = not _in_time(routes[a], routes[b], minutes)
    np.fill_diagonal(clash, val=False)
    return clash


def _in_time(a: TeamWindow, b: TeamWindow, minutes: Minutes) -> bool:
    """Whether somebody can be in both windows of a day, one after the other."""
    first, then = sorted((a, b), key=lambda w: w.begin_min)
    free = then.begin_min - first.finish_min
    slow = max(a.slowness, b.slowness)
    return free >= 0 and minutes(first.end_id, then.start_id, slow) <= free
