"""Which candidate rounds make the week: a small 0/1 program solved exactly by HiGHS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from territory.model.results import Ending

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from territory.planning.rounds import Round

ZONE_VALUE, PLACES_VALUE, SPREAD_COST, TIE = 100.0, 10.0, 0.5, 1e-3
TIME_LIMIT_S = 20.0
HALF = 0.5  # 0/1 values come back as floats


def choose_rounds(
    rounds: Sequence[Round], quotas: Mapping[str, int], *, one_a_day: bool = False
) -> tuple[tuple[int, ...], Ending]:
    """
    Return the positions of the rounds chosen and how the search ended.

    Each zone at most once; each agent at most one outing per half-day (per day when `one_a_day`)
    and at most `quotas[agent]` in all (KeyError without one). Value: the zone's score first, then
    the places of the round, then an even number of outings among agents, then the earliest in the
    list given. A 0/1 program solved by HiGHS, optimal unless 20 s are up.
    """
    if not rounds:
        return (), Ending.OPTIMAL
    n, agents = len(rounds), sorted({a for r in rounds for a in r.agents})
    rows = [(_ones(members, n), 1.0) for members in _exclusive(rounds, one_a_day=one_a_day)]
    for agent in agents:
        outings = _ones([i for i, r in enumerate(rounds) if agent in r.agents], n)
        rows.append((outings, float(quotas[agent])))
        rows.append((outings - _ones([n], n), 0.0))  # outings <= most
        rows.append((_ones([n + 1], n) - outings, 0.0))  # least <= outings
    found = milp(
        np.array([*(-v for v in _values(rounds)), SPREAD_COST, -SPREAD_COST]),
        constraints=LinearConstraint(
            csr_array(np.array([r for r, _ in rows])), ub=[b for _, b in rows]
        ),
        integrality=np.array([1] * n + [0, 0]),
        bounds=Bounds(0, np.array([1.0] * n + [np.inf, np.inf])),
        options={"mip_rel_gap": 0.0, "time_limit": TIME_LIMIT_S},
    )
    return _answer(found.x, int(found.status), n)


def _ones(members: Sequence[int], n: int) -> NDArray[np.float64]:
    """Return a row over the n rounds, the most and the least outings, with 1 at `members`."""
    row = np.zeros(n + 2)
    row[list(members)] = 1.0
    return row


def _exclusive(rounds: Sequence[Round], *, one_a_day: bool) -> list[list[int]]:
    groups: dict[tuple[str, ...], list[int]] = {}
    for i, r in enumerate(rounds):
        groups.setdefault(("zone", r.zone.gap.zone_id), []).append(i)
        for agent in r.agents:
            when = (r.on.isoformat(),) if one_a_day else (r.on.isoformat(), r.half_day)
            groups.setdefault(("agent", agent, *when), []).append(i)
    return [groups[key] for key in sorted(groups)]


def _values(rounds: Sequence[Round]) -> list[float]:
    top = max([1e-9, *(r.zone.gap.score for r in rounds)])
    return [
        1.0
        + ZONE_VALUE * max(r.zone.gap.score, 0.0) / top
        + PLACES_VALUE * r.bonus / (r.bonus + r.zone.missing)
        - TIE * i / len(rounds)
        for i, r in enumerate(rounds)
    ]


def _answer(
    values: NDArray[np.float64] | None, status: int, n: int
) -> tuple[tuple[int, ...], Ending]:
    endings = {0: Ending.OPTIMAL, 1: Ending.TIME_UP}
    chosen = () if values is None else tuple(np.flatnonzero(values[:n] > HALF).tolist())
    return chosen, endings.get(status, Ending.FAILED)
