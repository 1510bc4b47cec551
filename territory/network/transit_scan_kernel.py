"""Earliest arrivals by a timetable, compiled: one scan of the departures for each moment."""

from __future__ import annotations

import numpy as np

from territory.network.hierarchy.kernel import Ints, Longs, Reals, kernel


@kernel
def arrivals(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 - arrays of a kernel, one loop nest
    moments: Reals,
    paces: Reals,  # seconds walked for one at the usual pace, to board, ahead
    reach_s: Reals,
    hours: Reals,  # departures then arrivals of the hops
    hops: Ints,  # tail, head, run, board, alight of each
    begin: Longs,  # of the changes of each stop, then of the stops near each end
    near: Ints,
    near_s: Reals,
    at: Reals,
    foot: Reals,
    aboard: Longs,
    carried: Reals,
    lasts_s: Reals,
    foot_s: Reals,
) -> None:
    """
    Write the quickest rides from one place to many (connection scan, Dibbelt et al. 2013).

    `reach_s` [stops] is on foot from the place at the usual pace, inf when far; `at`, `foot`
    [stops], `aboard`, `carried` [runs] are room to work in (`aboard` -1). `lasts_s` and `foot_s`
    [moments x ends, flat] are the seconds from each moment, inf without a ride, and those of them
    on foot, at the usual pace.
    """
    slow, kerb_s, ahead_s = paces[0], paces[1], paces[2]
    stops, many = len(reach_s), len(hours) // 2
    ends = len(begin) - 1 - stops
    for m in range(len(moments)):
        now = moments[m]
        for s in range(stops):
            at[s], foot[s] = now + reach_s[s] * slow, reach_s[s]
        low, high = 0, many
        while low < high:
            middle = (low + high) // 2
            if hours[middle] < now:
                low = middle + 1
            else:
                high = middle
        for h in range(low, many):
            if hours[h] > now + ahead_s:
                break
            tail, run = hops[5 * h], hops[5 * h + 2]
            if aboard[run] != m:
                if hops[5 * h + 3] == 0 or at[tail] + kerb_s > hours[h]:
                    continue
                aboard[run], carried[run] = m, foot[tail]
            head, off = hops[5 * h + 1], hours[many + h]
            if hops[5 * h + 4] == 0 or off >= at[head]:
                continue
            at[head], foot[head] = off, carried[run]
            for k in range(begin[head], begin[head + 1]):
                reached = off + near_s[k] * slow
                if reached < at[near[k]]:
                    at[near[k]], foot[near[k]] = reached, carried[run] + near_s[k]
        for q in range(ends):
            best, walked = np.inf, 0.0
            for k in range(begin[stops + q], begin[stops + q + 1]):
                reached = at[near[k]] + near_s[k] * slow
                if reached < best:
                    best, walked = reached, foot[near[k]] + near_s[k]
            lasts_s[m * ends + q], foot_s[m * ends + q] = best - now, walked
