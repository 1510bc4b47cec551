"""Compiled search of a week: take visits out, put better ones in, keep what chance accepts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from territory.analysis.routing.dice_kernel import Dice, drawn
from territory.analysis.routing.removal_kernel import remove
from territory.analysis.routing.repair_kernel import Spots, cut, empty, repair
from territory.analysis.routing.route_kernel import Plan, Scene, timed
from territory.analysis.routing.tally_kernel import Rules, Tally, opens, put, walks, worth
from territory.network.hierarchy.kernel import Longs, Marks, Reals, inner, kernel

HOT, COLD = 0.5, 0.02  # mean values: the losses accepted first and last, as of simulated annealing


class Kept(NamedTuple):
    """The routes of a plan kept beside the one that changes."""

    order: Longs
    size: Longs
    lunch_after: Longs


@inner
def _keep(r: int, plan: Plan, kept: Kept) -> None:
    kept.size[r], kept.lunch_after[r] = plan.size[r], plan.lunch_after[r]
    for k in range(plan.size[r]):
        kept.order[r, k] = plan.order[r, k]


@inner
def _back(
    touched: Marks, kept: Kept, scene: Scene, plan: Plan, rules: Rules, tally: Tally, spots: Spots
) -> None:
    """Make the routes `touched` again what was kept of them."""
    for r in range(len(touched)):
        if touched[r]:
            cut(0, plan.size[r], r, scene, plan, rules, tally, spots)
    for r in range(len(touched)):
        if not touched[r]:
            continue
        spots.stale[r] = True
        empty(r, scene, plan)
        if kept.size[r] == 0:
            continue
        plan.size[r], plan.lunch_after[r] = kept.size[r], kept.lunch_after[r]
        for k in range(kept.size[r]):
            plan.order[r, k] = kept.order[r, k]
            put(kept.order[r, k], r, rules, tally)
        timed(r, scene, plan)
        opens(r, 1, rules, tally)
        walks(r, 1, plan, rules, tally)


@inner
def _differs(touched: Marks, plan: Plan, kept: Kept) -> bool:
    """Say whether the plan is another one than kept; mark in `touched` the routes that are."""
    differs = False
    for r in range(len(touched)):
        if plan.size[r] == 0 and kept.size[r] == 0:
            touched[r] = False
            continue
        touched[r] = plan.size[r] != kept.size[r] or plan.lunch_after[r] != kept.lunch_after[r]
        for k in range(plan.size[r]):
            touched[r] |= plan.order[r, k] != kept.order[r, k]
        differs |= touched[r]
    return differs


@inner
def _loosened(touched: Marks, rules: Rules, spots: Spots) -> None:
    """Look again where the walking cap refused a place and a route of the same day has changed."""
    for r in range(len(touched)):
        if spots.tight[r] and not spots.stale[r]:
            for other in range(len(touched)):
                if touched[other] and rules.route_day[other] == rules.route_day[r]:
                    spots.stale[r] = True


@kernel
def improve(
    scene: Scene, plan: Plan, rules: Rules, tally: Tally, spots: Spots, kept: Kept, best: Kept,
    values: Reals, dice: Dice, iterations: int, share: Reals,
) -> None:  # fmt: skip
    """
    Make `iterations` more of the search, in place, from the plan `kept`.

    `values` are those of the plans kept and best, and the mean of a visit; `share` [2] of the whole
    search done before and after these iterations. Each one takes visits out and repairs (large
    neighbourhoods: Pisinger and Ropke 2007, « A general heuristic for vehicle routing problems »).
    """
    touched = np.ones(len(plan.size), np.bool_)
    _back(touched, kept, scene, plan, rules, tally, spots)
    values[0] = worth(plan, rules, tally)
    for i in range(iterations):
        done = share[0] + (share[1] - share[0]) * i / iterations
        heat = values[2] * HOT * (COLD / HOT) ** done
        touched[:] = False
        remove(touched, scene, plan, rules, tally, spots, dice)
        _loosened(touched, rules, spots)
        power, noise = 0.5 + 1.0 * drawn(dice), 0.6 * drawn(dice)
        repair(power, noise, scene, plan, rules, tally, spots, dice)
        if not _differs(touched, plan, kept):
            continue
        value = worth(plan, rules, tally)
        if value < values[0] and drawn(dice) >= np.exp((value - values[0]) / heat):
            _back(touched, kept, scene, plan, rules, tally, spots)
            _loosened(touched, rules, spots)
            continue
        values[0] = value
        for r in range(len(touched)):
            if touched[r]:
                _keep(r, plan, kept)
        if value > values[1]:
            values[1] = value
            for r in range(len(touched)):
                _keep(r, plan, best)
