"""What really runs on one day: every hop of every vehicle, in order of departure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.network.transit_days import running

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray

    from territory.model.timetable import Timetable

_WORDS = ["line", "mode", "direction"]


@dataclass(frozen=True, slots=True, eq=False)
class DayHops:
    """
    One day of a timetable: arrays [hops] sorted by departure, and `runs` (line, mode, direction).

    `depart_s`, `arrive_s` are seconds after midnight, `tail` and `head` positions of stops, `run` a
    row of `runs`; `board` and `alight` say where passengers may.
    """

    depart_s: NDArray[np.float64]
    arrive_s: NDArray[np.float64]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    run: NDArray[np.int32]
    board: NDArray[np.bool_]
    alight: NDArray[np.bool_]
    runs: pd.DataFrame


def day_hops(timetable: Timetable, on: date) -> DayHops:
    """Return the hops of `on`, those of the night before that go past midnight included."""
    rows = timetable.passages
    trip, stop = rows["trip"].to_numpy(np.int64), rows["stop"].to_numpy(np.int32)
    arrive, depart = (rows[c].to_numpy(np.float64) for c in ("arrive_s", "depart_s"))
    board, alight = (rows[c].to_numpy(bool) for c in ("board", "alight"))
    first = np.searchsorted(trip, np.arange(len(timetable.trips) + 1))
    going, _, shift, _ = running(timetable, (on,))
    hops = np.maximum(first[going + 1] - first[going] - 1, 0)
    run = np.repeat(np.arange(len(going)), hops)
    here = first[going][run] + np.arange(len(run)) - np.repeat(np.cumsum(hops) - hops, hops)
    order = np.lexsort((here, arrive[here + 1] + shift[run], depart[here] + shift[run]))
    run, here = run[order], here[order]
    return DayHops(
        depart[here] + shift[run], arrive[here + 1] + shift[run], stop[here], stop[here + 1],
        run.astype(np.int32), board[here], alight[here + 1],
        timetable.trips.iloc[going][_WORDS].reset_index(drop=True),
    )  # fmt: skip


def together(feeds: Sequence[DayHops]) -> DayHops:
    """Return the hops of one day of several feeds as one."""
    if len(feeds) == 1:
        return feeds[0]
    before = np.cumsum([0, *(len(f.runs) for f in feeds)])
    columns = [
        (f.depart_s, f.arrive_s, f.tail, f.head, f.run + int(n), f.board, f.alight)
        for f, n in zip(feeds, before, strict=False)
    ]
    stacked = [np.concatenate(c) for c in zip(*columns, strict=True)]
    order = np.lexsort((stacked[4], stacked[1], stacked[0]))
    runs = pd.concat([f.runs for f in feeds], ignore_index=True)
    depart_s, arrive_s, tail, head, run, board, alight = (c[order] for c in stacked)
    return DayHops(depart_s, arrive_s, tail, head, run, board, alight, runs)
