"""Compiled loops of the p-median: interchange of sites, and the worth of every site at prices."""

from __future__ import annotations

import numpy as np

from territory.network.hierarchy.kernel import Ints, Lists, Reals, inner, kernel


@inner
def _two_nearest(table: Reals, sites: Ints, i: int, far: float) -> tuple[int, int, float, float]:
    """Return the two nearest sites of demand `i` (places in `sites`) and their costs."""
    a, b, first, second = 0, 0, far, far
    for k in range(len(sites)):
        value = table[sites[k], i]
        if value < first:
            a, b, first, second = k, a, value, first
        elif value < second:
            b, second = k, value
    return a, b, first, second


@kernel
def attach(table: Reals, sites: Ints, near: Lists, costs: Reals, loss: Reals, far: float) -> float:
    """
    Attach every demand to its two nearest `sites`; return the objective.

    `table` [candidates, demand]; `near` and `costs` [2, demand] and `loss` [p], what closing a site
    costs, are filled. A demand that nothing serves costs `far`.
    """
    for k in range(len(loss)):
        loss[k] = 0.0
    total = 0.0
    for i in range(table.shape[1]):
        a, b, first, second = _two_nearest(table, sites, i, far)
        near[0, i], near[1, i], costs[0, i], costs[1, i] = a, b, first, second
        loss[a] += second - first
        total += first
    return total


@inner
def _best_exit(
    table: Reals, candidate: int, near: Lists, costs: Reals, loss: Reals, net: Reals, held: int
) -> tuple[float, int]:
    """Return what opening a candidate brings with the best site to close, and that site."""
    gain = 0.0
    for k in range(len(net)):
        net[k] = loss[k]
    for i in range(table.shape[1]):
        value = table[candidate, i]
        if value < costs[1, i]:
            first = costs[0, i]
            if value < first:
                gain += first - value
                net[near[0, i]] -= costs[1, i] - first
            else:
                net[near[0, i]] -= costs[1, i] - value
    leaving = held
    for k in range(held + 1, len(net)):
        if net[k] < net[leaving]:
            leaving = k
    return gain - net[leaving], leaving


@inner
def _exchange(
    table: Reals, sites: Ints, near: Lists, costs: Reals, loss: Reals, leaving: int, far: float
) -> None:
    """Attach again the demands that the new site at place `leaving` of `sites` changes."""
    for i in range(table.shape[1]):
        value = table[sites[leaving], i]
        if near[0, i] == leaving or near[1, i] == leaving:
            loss[near[0, i]] -= costs[1, i] - costs[0, i]
            a, b, first, second = _two_nearest(table, sites, i, far)
            near[0, i], near[1, i], costs[0, i], costs[1, i] = a, b, first, second
            loss[a] += second - first
        elif value < costs[1, i]:
            loss[near[0, i]] -= costs[1, i] - costs[0, i]
            if value < costs[0, i]:
                near[1, i], costs[1, i] = near[0, i], costs[0, i]
                near[0, i], costs[0, i] = leaving, value
            else:
                near[1, i], costs[1, i] = leaving, value
            loss[near[0, i]] += costs[1, i] - costs[0, i]


@kernel
def descend(
    table: Reals,
    order: Ints,
    sites: Ints,
    place: Ints,
    near: Lists,
    costs: Reals,
    loss: Reals,
    held: int,
    far: float,
    least: float,
    begin: int,
    trials: int,
) -> int:
    """
    Exchange sites while the objective falls by more than `least` (Whitaker 1983).

    First improvement, candidates tried in a ring along `order`; the first `held` sites stay.
    `place` [candidates] is the place in `sites`, -1 when closed. Return -1 when no exchange is
    left, else, after `trials` candidates, where in `order` to go on.
    """
    net = np.zeros(len(loss))
    failed, at, tried = 0, begin, 0
    while failed < len(order):
        if tried >= trials:
            return at
        candidate = order[at]
        at = at + 1 if at + 1 < len(order) else 0
        tried += 1
        failed += 1
        if place[candidate] >= 0:
            continue
        gain, leaving = _best_exit(table, candidate, near, costs, loss, net, held)
        if gain > least:
            place[sites[leaving]] = -1
            place[candidate] = leaving
            sites[leaving] = candidate
            _exchange(table, sites, near, costs, loss, leaving, far)
            failed = 0
    return -1


@kernel
def site_worth(nearest: Lists, costs: Reals, reach: Ints, prices: Reals, worth: Reals) -> None:
    """
    Fill `worth` [candidates]: what each would earn, every demand paying up to its price.

    `nearest` and `costs` [demand, k] are the candidates of each demand by growing cost, the first
    `reach` [demand] of them allowed.
    """
    for j in range(len(worth)):
        worth[j] = 0.0
    for i in range(len(prices)):
        price = prices[i]
        for k in range(reach[i]):
            gain = price - costs[i, k]
            if gain <= 0.0:
                break
            worth[nearest[i, k]] += gain
