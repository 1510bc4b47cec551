"""Compiled loops of covering: dominated candidates, and the search by dropping and adding."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from territory.network.hierarchy.kernel import Ints, Longs, Marks, Reals, inner, kernel

# Of each candidate its demands (starts, places), of each demand its candidates, then weights of
# demands, what a candidate brings alone, and its cost.
Table: TypeAlias = tuple[Ints, Ints, Ints, Ints, Reals, Reals, Reals]
# Chosen or not, changed or not [candidates]; open places covering each demand, the sum of their
# numbers; what each candidate would add, and takes away alone; figures; draw and moves made.
State: TypeAlias = tuple[Marks, Marks, Ints, Longs, Reals, Reals, Reals, Longs]
VALUE, USED, OPEN, WORK, BEST, STALE, FIGURES = 0, 1, 2, 3, 4, 5, 6
DRAW, MOVES = 0, 1
NOISE = 0.3  # how far below the best addition a drawn one may be, at most


@kernel
def dominated(cptr: Ints, cidx: Ints, rptr: Ints, ridx: Ints, cost: Reals, smaller: int) -> Marks:
    """
    Mark the columns whose rows another column holds too, at no more cost (first of equals).

    Without `smaller`, mark the columns that hold all rows of another one instead.
    """
    n = len(cptr) - 1
    worse = np.zeros(n, np.bool_)
    for j in range(n):
        start, end = cptr[j], cptr[j + 1]
        if start == end:
            worse[j] = smaller
        if start == end or worse[j]:
            continue
        rare = cidx[start]
        for q in range(start, end):
            if rptr[cidx[q] + 1] - rptr[cidx[q]] < rptr[rare + 1] - rptr[rare]:
                rare = cidx[q]
        for q in range(rptr[rare], rptr[rare + 1]):
            k = ridx[q]
            size = cptr[k + 1] - cptr[k]
            if k == j or size < end - start or cost[k] > cost[j]:
                continue
            equal = size == end - start and cost[k] == cost[j]
            if worse[k] or (equal and (k > j) == (smaller > 0)):
                continue
            at, stop, held = cptr[k], cptr[k + 1], True
            for r in range(start, end):
                while at < stop and cidx[at] < cidx[r]:
                    at += 1
                if at == stop or cidx[at] != cidx[r]:
                    held = False
                    break
            if held and smaller:
                worse[j] = True
                break
            if held:
                worse[k] = True
    return worse


@inner
def _chance(longs: Longs) -> float:
    """Draw a number in [0, 1) (xorshift of Marsaglia), going on where the last one was."""
    x = longs[DRAW]
    x ^= x << 13
    x ^= (x >> 7) & 0x01FFFFFFFFFFFFFF
    x ^= x << 17
    longs[DRAW] = x
    drawn: float = ((x >> 11) & 0x1FFFFFFFFFFFFF) / 9007199254740992.0
    return drawn


@inner
def _flip(table: Table, state: State, j: int) -> None:
    """Open `j`, or close it when it is open; what each candidate adds or takes follows."""
    cptr, cidx, rptr, ridx, weight, own, cost = table
    chosen, _, count, who, gain, loss, figures, _ = state
    step = -1 if chosen[j] else 1
    last = 0 if step > 0 else 1  # how many cover a demand that `j` alone makes covered or not
    work = cptr[j + 1] - cptr[j]
    for q in range(cptr[j], cptr[j + 1]):
        i = cidx[q]
        change = step * weight[i]
        if count[i] == last:
            for r in range(rptr[i], rptr[i + 1]):
                gain[ridx[r]] -= change
            loss[j] += change
            figures[VALUE] += change
            work += rptr[i + 1] - rptr[i]
        elif count[i] == last + 1:
            loss[who[i] - (j if step < 0 else 0)] -= change
        count[i] += step
        who[i] += step * j
    chosen[j] = step > 0
    gain[j] -= step * own[j]
    figures[VALUE] += step * own[j]
    figures[USED] += step * cost[j]
    figures[OPEN] += step
    figures[WORK] += work


@inner
def _move(table: Table, state: State, moves: Ints, j: int) -> None:
    """Open or close `j`, and write it down so that it can be undone."""
    longs = state[7]
    if longs[MOVES] < len(moves):
        moves[longs[MOVES]] = j
    longs[MOVES] += 1
    _flip(table, state, j)


@inner
def _soil(table: Table, state: State, j: int) -> None:
    """Mark those whose part alone has changed since `j` was opened or closed."""
    cptr, cidx = table[0], table[1]
    chosen, dirty, count, who = state[0], state[1], state[2], state[3]
    for q in range(cptr[j], cptr[j + 1]):
        i = cidx[q]
        if count[i] == 1:
            dirty[who[i]] = True
        elif count[i] == 2 and chosen[j]:  # noqa: PLR2004 - j and another
            dirty[who[i] - j] = True


@inner
def _best(
    table: Table, state: State, most: float, budget: float, barred: Marks, noise: float, rate: int
) -> int:
    """Return the closed candidate adding most (for its cost if `rate`), -1 when none may open."""
    cost, (chosen, gain, figures, longs) = table[6], (state[0], state[4], state[6], state[7])
    figures[WORK] += len(chosen)
    best, at = -1.0, -1
    if figures[OPEN] >= most:
        return at
    for j in range(len(chosen)):
        score = gain[j] / max(cost[j], 1e-12) if rate else gain[j]
        if score <= best or chosen[j] or barred[j] or figures[USED] + cost[j] > budget:
            continue
        if noise > 0:
            score *= 1.0 - noise * _chance(longs)
        if score > best:
            best, at = score, j
    return at


@inner
def _fill(
    table: Table, state: State, moves: Ints, most: float, budget: float, barred: Marks, noise: float
) -> bool:
    """Open those that add most for their cost while one may open and adds; tell if any did."""
    opened = False
    while True:
        f = _best(table, state, most, budget, barred, noise, 1)
        if f < 0 or state[4][f] <= 0:
            return opened
        _move(table, state, moves, f)
        state[1][f] = True
        _soil(table, state, f)
        opened = True


@inner
def _swap(
    table: Table, state: State, moves: Ints, o: int, most: float, budget: float, none: Marks,
    least: float,
) -> bool:  # fmt: skip
    """Close `o` and open the best other one; return whether more than `least` was won."""
    dirty, gain, longs = state[1], state[4], state[7]
    _move(table, state, moves, o)
    f = _best(table, state, most, budget, none, 0.0, 0)
    won = f >= 0 and gain[f] > gain[o] + least
    if won:
        _soil(table, state, o)
    else:
        f = o
    _move(table, state, moves, f)
    if won:
        _soil(table, state, f)
        dirty[o], dirty[f] = False, True
    else:
        longs[MOVES] -= 2
    return won


@inner
def _settle(
    table: Table, state: State, moves: Ints, most: float, budget: float, none: Marks, least: float
) -> None:
    """Swap one for another while it helps: round those that changed, then the weakest of all."""
    chosen, dirty, gain, loss = state[0], state[1], state[4], state[5]
    n, at, quiet = len(chosen), 0, 0
    while n > 0:
        o, last = at, quiet == n
        if last:
            o, strong = -1, 0.0
            for j in range(n):
                if chosen[j] and (o < 0 or loss[j] < loss[o]):
                    o = j
                elif not chosen[j]:
                    strong = max(strong, gain[j])
            if o < 0 or strong <= loss[o] + least:
                return
        at, quiet = (at + 1) % n, quiet + 1
        if last or (chosen[o] and dirty[o]):
            dirty[o] = False
            if _swap(table, state, moves, o, most, budget, none, least):
                quiet = 0
            elif last:
                return


@inner
def _near(table: Table, state: State, o: int) -> int:
    """Return an open candidate met by a short walk at random from `o` (perhaps `o` itself)."""
    cptr, cidx, rptr, ridx = table[0], table[1], table[2], table[3]
    chosen, longs = state[0], state[7]
    at: int = o
    for _ in range(12):
        if cptr[at + 1] == cptr[at]:
            return o
        i = cidx[cptr[at] + int(_chance(longs) * (cptr[at + 1] - cptr[at]))]
        at = int(ridx[rptr[i] + int(_chance(longs) * (rptr[i + 1] - rptr[i]))])
        if chosen[at] and at != o:
            return at
    return o


@inner
def _any_open(state: State) -> int:
    chosen, longs = state[0], state[7]
    skip = int(_chance(longs) * state[6][OPEN])
    for j in range(len(chosen)):
        if chosen[j]:
            if skip == 0:
                return j
            skip -= 1
    return -1


@inner
def _shake(table: Table, state: State, moves: Ints, barred: Marks) -> None:
    """Close some open candidates, neighbours or not; bar them or not from opening at once."""
    longs, figures = state[7], state[6]
    for j in range(len(barred)):
        barred[j] = False
    size = min(int(figures[OPEN]), 2 + int(_chance(longs) * 4))
    together, kept_out = _chance(longs) < 0.7, _chance(longs) < 0.5  # noqa: PLR2004 - shares
    o = _any_open(state)
    for _ in range(size):
        if o < 0:
            break
        _move(table, state, moves, o)
        _soil(table, state, o)
        state[1][o] = False
        barred[o] = kept_out
        o = _near(table, state, o) if together else o
        if not state[0][o]:
            o = _any_open(state)


@kernel
def load(table: Table, state: State) -> None:
    """Count again, from the chosen ones alone, what every array of a search says."""
    chosen, dirty, count, who, gain, loss, figures, _ = state
    cptr, cidx, _, _, weight, own, _ = table
    for i in range(len(count)):
        count[i], who[i] = 0, 0
    figures[VALUE], figures[USED], figures[OPEN] = 0.0, 0.0, 0.0
    for j in range(len(chosen)):
        dirty[j], chosen[j] = chosen[j], False
        gain[j], loss[j] = own[j], own[j]
        for q in range(cptr[j], cptr[j + 1]):
            gain[j] += weight[cidx[q]]
    for j in range(len(chosen)):
        if dirty[j]:
            _flip(table, state, j)


@kernel
def walk(
    table: Table, state: State, best: Marks, hands: tuple[Marks, Marks, Ints], most: float,
    budget: float, slack: float, least: float, work: float, patience: float, target: float,
) -> None:  # fmt: skip
    """
    Search for about `work` steps from the chosen ones, writing the best met into `best`.

    Stops before after `patience` changes without anything better, or once `target` is reached.

    Fill, swap, then shake and settle again and again; a change that leaves more than `slack` (a
    share) below the best is undone (record to record, Dueck 1993). Nothing is known as best while
    figures[BEST] is negative; winning `least` or less is not better. `hands` holds marks all false,
    marks to write on, and room for the moves.
    """
    chosen, dirty, figures, longs = state[0], state[1], state[6], state[7]
    none, barred, moves = hands
    figures[WORK] = 0.0
    before = -1.0
    while before < 0 or (
        figures[WORK] < work and figures[STALE] < patience and figures[BEST] < target
    ):
        longs[MOVES] = 0
        figures[WORK] += 100.0  # the loops that are not counted
        noise = 0.0
        if before >= 0:
            _shake(table, state, moves, barred)
            noise = NOISE * _chance(longs)
        first = True
        while _fill(table, state, moves, most, budget, barred, noise) or first:
            _settle(table, state, moves, most, budget, none, least)
            noise, first = 0.0, False
            for j in range(len(barred)):
                barred[j] = False
        figures[STALE] += 1
        if figures[VALUE] > figures[BEST] + least:
            figures[BEST], figures[STALE] = figures[VALUE], 0.0
            for j in range(len(best)):
                best[j] = chosen[j]
        low = min(before, figures[BEST] * (1.0 - slack)) - least
        if figures[VALUE] < low and longs[MOVES] <= len(moves):
            for k in range(longs[MOVES] - 1, -1, -1):
                _flip(table, state, moves[k])
            for j in range(len(dirty)):
                dirty[j] = False
        before = figures[VALUE]
