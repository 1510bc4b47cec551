"""Compiled loops of the p-median with capacities: knapsacks of sites, clients moved about."""

from __future__ import annotations

import numpy as np

from territory.network.hierarchy.kernel import Ints, Longs, Reals, inner, kernel


@inner
def _largest(rooms: Ints) -> int:
    largest = 0
    for j in range(len(rooms)):
        largest = max(largest, rooms[j])
    return largest


@kernel
def knapsack_worth(table: Reals, loads: Ints, rooms: Ints, prices: Reals, worth: Reals) -> None:
    """
    Fill `worth` [sites]: the best that clients fitting in its room bring each site.

    `table` [sites, demand] costs; a client of whole `loads` [demand] pays its price at most.
    """
    best = np.zeros(_largest(rooms) + 1)
    for j in range(len(rooms)):
        room = rooms[j]
        for q in range(room + 1):
            best[q] = 0.0
        for i in range(len(prices)):
            gain = prices[i] - table[j, i]
            if gain > 0.0:
                for q in range(room, loads[i] - 1, -1):
                    best[q] = max(best[q], best[q - loads[i]] + gain)
        worth[j] = best[room]


@kernel
def knapsack_served(
    table: Reals, loads: Ints, rooms: Ints, prices: Reals, chosen: Longs, served: Reals
) -> None:
    """Add to `served` [demand] how many `chosen` sites take each client in their best knapsack."""
    best = np.zeros(_largest(rooms) + 1)
    takes = np.zeros((len(prices), len(best)), np.bool_)
    for k in range(len(chosen)):
        j = chosen[k]
        room = rooms[j]
        for q in range(room + 1):
            best[q] = 0.0
        for i in range(len(prices)):
            gain = prices[i] - table[j, i]
            for q in range(room + 1):
                takes[i, q] = False
            if gain > 0.0:
                for q in range(room, loads[i] - 1, -1):
                    if best[q - loads[i]] + gain > best[q]:
                        best[q] = best[q - loads[i]] + gain
                        takes[i, q] = True
        for i in range(len(prices) - 1, -1, -1):
            if takes[i, room]:
                served[i] += 1.0
                room -= loads[i]


@kernel
def fill(cost: Reals, loads: Reals, room: Reals, order: Longs, at: Ints, held: Reals) -> None:
    """
    Give the clients of `order`, in turn, to the nearest site with room, else the emptiest.

    `cost` [sites, demand]; fills `at` [demand] and `held`, the load of each site.
    """
    for k in range(len(held)):
        held[k] = 0.0
    for turn in range(len(order)):
        i = order[turn]
        best, emptiest = -1, 0
        for k in range(len(room)):
            left = room[k] - held[k]
            if left >= loads[i] and (best < 0 or cost[k, i] < cost[best, i]):
                best = k
            if left > room[emptiest] - held[emptiest]:
                emptiest = k
        at[i] = best if best >= 0 else emptiest
        held[at[i]] += loads[i]


@inner
def _over(load: float, room: float) -> float:
    return load - room if load > room else 0.0


@inner
def _shift(
    cost: Reals, loads: Reals, room: Reals, at: Ints, held: Reals, fine: float, i: int
) -> bool:
    """Move client `i` where it costs less, loads above the room being fined."""
    a, load = at[i], loads[i]
    leaving = fine * (_over(held[a] - load, room[a]) - _over(held[a], room[a])) - cost[a, i]
    for k in range(len(room)):
        change = cost[k, i] + fine * (_over(held[k] + load, room[k]) - _over(held[k], room[k]))
        if k != a and leaving + change < -1e-9 * (1.0 + cost[a, i]):
            at[i] = k
            held[a] -= load
            held[k] += load
            return True
    return False


@inner
def _swap(
    cost: Reals, loads: Reals, room: Reals, at: Ints, held: Reals, fine: float, i: int
) -> bool:
    """Exchange client `i` with another where both cost less, loads above the room being fined."""
    for m in range(i):
        a, b = at[i], at[m]
        if a == b:
            continue
        change = cost[b, i] + cost[a, m] - cost[a, i] - cost[b, m]
        more = loads[m] - loads[i]
        change += fine * (_over(held[a] + more, room[a]) - _over(held[a], room[a]))
        change += fine * (_over(held[b] - more, room[b]) - _over(held[b], room[b]))
        if change < -1e-9 * (1.0 + cost[a, i] + cost[b, m]):
            at[i], at[m] = b, a
            held[a] += more
            held[b] -= more
            return True
    return False


@kernel
def rearrange(
    cost: Reals, loads: Reals, room: Reals, at: Ints, held: Reals, fine: float, passes: int
) -> bool:
    """
    Shift and swap clients while it costs less; false when `passes` over them were not enough.

    `cost` [sites, demand], `fine` for each unit of load above a room; `at` and `held` as in `fill`.
    """
    for _ in range(passes):
        moved = False
        for i in range(len(at)):
            moved |= _shift(cost, loads, room, at, held, fine, i)
            moved |= _swap(cost, loads, room, at, held, fine, i)
        if not moved:
            return True
    return False
