"""Compiled loops of sectors: units of the borders change sides, and small cases are enumerated."""

from __future__ import annotations

import numpy as np

from territory.network.hierarchy.kernel import Ints, Lists, Longs, Reals, inner, kernel

EPS = 1e-9


@inner
def _holds(i: int, starts: Ints, heads: Ints, sector: Ints, seen: Ints, stack: Ints) -> bool:
    """Say whether the sector of `i` stays in as few pieces without `i`."""
    mine, near, first = sector[i], 0, -1
    for e in range(starts[i], starts[i + 1]):
        if sector[heads[e]] == mine:
            near += 1
            first = heads[e]
    if near <= 1:
        return True
    seen[:] = 0
    seen[i], seen[first], stack[0] = 1, 1, first
    top = 1
    while top > 0:
        top -= 1
        u = stack[top]
        for e in range(starts[u], starts[u + 1]):
            v = heads[e]
            if seen[v] == 0 and sector[v] == mine:
                seen[v] = 1
                stack[top] = v
                top += 1
    for e in range(starts[i], starts[i + 1]):
        if sector[heads[e]] == mine and seen[heads[e]] == 0:
            return False
    return True


@inner
def _beside(i: int, starts: Ints, heads: Ints, sector: Ints, other: int) -> bool:
    found = False
    for e in range(starts[i], starts[i + 1]):
        found |= sector[heads[e]] == other
    return found


@inner
def _beyond(load: float, share: float, slack: float) -> float:
    """Return the square of what a sector's deviation has beyond the slack."""
    gap = abs(load / share - 1.0) - slack
    return gap * gap if gap > 0 else 0.0


@inner
def _splits(g: int, a: int, b: int, present: Lists) -> int:
    """Count the splits that moving one unit of bound `g` from `a` to `b` adds."""
    added = 1 if present[b, g] == 0 else 0
    return added - 1 if present[a, g] == 1 else added


@inner
def _gain(
    i: int,
    a: int,
    b: int,
    more: float,
    terms: Reals,
    cost: Reals,
    sums: Reals,
    group: Ints,
    present: Lists,
) -> float:
    """Return what changes when `i` goes from `a` to `b`, and `more` load with it."""
    share, slack, force, split = terms[0], terms[1], terms[2], terms[3]
    before = _beyond(sums[a], share, slack) + _beyond(sums[b], share, slack)
    after = _beyond(sums[a] - more, share, slack) + _beyond(sums[b] + more, share, slack)
    added = split * _splits(group[i], a, b, present) if split > 0 else 0.0
    return float(force * (after - before) + cost[i, b] - cost[i, a] + added)


@inner
def _move(
    i: int,
    b: int,
    load: Reals,
    sector: Ints,
    sums: Reals,
    sizes: Ints,
    group: Ints,
    present: Lists,
) -> None:
    a = sector[i]
    sector[i] = b
    sums[a] -= load[i]
    sums[b] += load[i]
    sizes[a] -= 1
    sizes[b] += 1
    present[a, group[i]] -= 1
    present[b, group[i]] += 1


@inner
def _swap(
    i: int,
    b: int,
    starts: Ints,
    heads: Ints,
    load: Reals,
    cost: Reals,
    locks: Ints,
    group: Ints,
    sector: Ints,
    sums: Reals,
    sizes: Ints,
    present: Lists,
    terms: Reals,
    seen: Ints,
    stack: Ints,
) -> bool:
    """Exchange `i` with the first unit of `b` that is worth it."""
    a, limit = sector[i], -EPS * (1.0 + terms[4])
    for j in range(len(sector)):
        if sector[j] != b or locks[j] >= 0 or not _beside(j, starts, heads, sector, a):
            continue
        more = load[i] - load[j]
        change = _gain(i, a, b, more, terms, cost, sums, group, present)
        change += cost[j, a] - cost[j, b]
        if terms[3] > 0:
            _move(i, b, load, sector, sums, sizes, group, present)
            change += terms[3] * _splits(group[j], b, a, present)
            _move(i, a, load, sector, sums, sizes, group, present)
        if change >= limit:
            continue
        _move(i, b, load, sector, sums, sizes, group, present)
        if _beside(j, starts, heads, sector, a) and _holds(j, starts, heads, sector, seen, stack):
            _move(j, a, load, sector, sums, sizes, group, present)
            return True
        _move(i, a, load, sector, sums, sizes, group, present)
    return False


@kernel
def sweep(
    starts: Ints,
    heads: Ints,
    load: Reals,
    cost: Reals,
    locks: Ints,
    group: Ints,
    sector: Ints,
    sums: Reals,
    sizes: Ints,
    present: Lists,
    terms: Reals,
) -> int:
    """
    Move or exchange every unit of a border once where it is worth it; count the changes.

    `terms`: equal share, slack of the deviation, price of its square beyond, price of a split,
    scale of the costs. `sector`, `sums`, `sizes`, `present` are kept up to date.
    """
    n, changes, limit = len(sector), 0, -EPS * (1.0 + terms[4])
    seen, stack = np.zeros(n, np.int32), np.empty(n, np.int32)
    for i in range(n):
        if locks[i] >= 0 or sizes[sector[i]] <= 1:
            continue
        able = -1  # not yet asked
        for e in range(starts[i], starts[i + 1]):
            a, b = sector[i], sector[heads[e]]
            if a == b or sizes[a] <= 1:
                continue
            if able < 0:
                able = 1 if _holds(i, starts, heads, sector, seen, stack) else 0
            if able == 0:
                break
            if _gain(i, a, b, load[i], terms, cost, sums, group, present) < limit:
                _move(i, b, load, sector, sums, sizes, group, present)
                changes, able = changes + 1, -1
            elif _swap(
                i, b, starts, heads, load, cost, locks, group, sector, sums, sizes, present,
                terms, seen, stack,
            ):  # fmt: skip
                changes, able = changes + 1, -1
    return changes


@kernel
def shake(
    starts: Ints,
    heads: Ints,
    load: Reals,
    cost: Reals,
    locks: Ints,
    group: Ints,
    sector: Ints,
    sums: Reals,
    sizes: Ints,
    present: Lists,
    terms: Reals,
    draws: Reals,
    heat: float,
) -> int:
    """
    Move units by chance, losses accepted less and less (annealing from `heat`); count the moves.

    `draws` [steps, 3] from 0 to 1: which unit, which of its neighbours, and the luck of a loss.
    """
    n, changes, steps = len(sector), 0, len(draws)
    seen, stack = np.zeros(n, np.int32), np.empty(n, np.int32)
    for step in range(steps):
        i = int(draws[step, 0] * n)
        if locks[i] >= 0 or starts[i] == starts[i + 1] or sizes[sector[i]] <= 1:
            continue
        e = starts[i] + int(draws[step, 1] * (starts[i + 1] - starts[i]))
        a, b = sector[i], sector[heads[e]]
        if a == b:
            continue
        loss = _gain(i, a, b, load[i], terms, cost, sums, group, present)
        warmth = heat * (1.0 - step / steps) + EPS * terms[4]
        if loss > 0 and draws[step, 2] > np.exp(-loss / warmth):
            continue
        if _holds(i, starts, heads, sector, seen, stack):
            _move(i, b, load, sector, sums, sizes, group, present)
            changes += 1
    return changes


@inner
def _pieces(mask: int, near: Longs) -> int:
    """Count the connected pieces of a set of units given as bits."""
    count, left = 0, mask
    while left:
        front = left & -left
        seen = front
        while front:
            reached = 0
            for i in range(len(near)):
                if front >> i & 1:
                    reached |= near[i]
            front = reached & mask & ~seen
            seen |= front
        left &= ~seen
        count += 1
    return count


@kernel
def all_pieces(near: Longs) -> Ints:
    """Return how many pieces every subset of units [2 ** units] is in; `near` are bits."""
    found = np.zeros(1 << len(near), np.int32)
    for mask in range(1, len(found)):
        found[mask] = _pieces(mask, near)
    return found


@inner
def _better(p: int, v: float, pieces: int, value: float) -> bool:
    return p < pieces or (p == pieces and v < value)


@kernel
def best_parts(pieces: Ints, value: Reals, allowed: Lists, k: int, summed: int) -> Longs:
    """
    Cut all units into `k` allowed parts: fewest pieces, then the least sum or largest of `value`.

    `pieces` is given for every subset [2 ** units], as bits; `value` and `allowed` too [1, 2 **
    units], or by part when parts differ [k, 2 ** units]; `summed` 1 adds values, 0 takes the
    largest. Returns the parts [k], empty when nothing is allowed.
    """
    whole, differ = len(pieces), len(value) > 1
    least, best = np.full((k + 1, whole), 1 << 30, np.int32), np.full((k + 1, whole), np.inf)
    part = np.zeros((k + 1, whole), np.int64)
    least[0, 0], best[0, 0] = 0, 0.0
    for c in range(1, k + 1):
        r = c - 1 if differ else 0
        for mask in range(1, whole):
            low = 0 if differ else mask & -mask  # alike, parts come by their first unit
            rest = mask ^ low
            sub = rest
            while True:
                one = sub | low
                other = mask ^ one
                if one and allowed[r, one] and least[c - 1, other] < 1 << 30:
                    p = least[c - 1, other] + pieces[one]
                    tail = best[c - 1, other]
                    v = tail + value[r, one] if summed else max(tail, value[r, one])
                    if _better(p, v, least[c, mask], best[c, mask]):
                        least[c, mask], best[c, mask], part[c, mask] = p, v, one
                if sub == 0:
                    break
                sub = (sub - 1) & rest
    if least[k, whole - 1] == 1 << 30:
        return np.zeros(0, np.int64)
    parts, mask = np.zeros(k, np.int64), whole - 1
    for c in range(k, 0, -1):
        parts[c - 1] = part[c, mask]
        mask ^= part[c, mask]
    return parts
