"""
Read the published files of team orienteering with time windows, one window a place or several.

Formats and origins: README.md beside the files (Righini & Salani 2009, Vansteenwegen et al. 2009,
Souffriau et al. 2013). Distances are truncated to one decimal (Solomon) or two (Cordeau), so that
times in tenths, or hundredths, are whole and exact.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
INSTANCES = ROOT.parent / "shared" / "benchmarks" / "toptw"
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Case:
    """
    One file, times in `unit`-ths: `travel` [n, n], `prize`, `service`, `opens`, `closes` [n].

    Point 0 is the start and the end. `best` [tours] holds the published values, where known.
    """

    name: str
    unit: int
    travel: Ints
    prize: Ints
    service: Ints
    opens: Ints
    closes: Ints
    best: dict[int, int]


@dataclass(frozen=True, slots=True)
class ManyWindows:
    """
    One file of the multi-window kind (MCTOPMTW), times in `unit`-ths.

    `opens`, `closes` [n, windows] (a window never open has closes < opens); `even` [n, windows]
    and `odd` [n, windows]: open in the tours of even, odd number (from 1). `fee` [n], all tours
    together at most `budget`; `kind` [n, kinds], at most `most` [kinds] places of each in all.
    """

    name: str
    tours: int
    unit: int
    travel: Ints
    prize: Ints
    service: Ints
    opens: Ints
    closes: Ints
    odd: NDArray[np.bool_]
    even: NDArray[np.bool_]
    fee: Ints
    budget: int
    kind: NDArray[np.bool_]
    most: Ints


def read_case(name: str, folder: Path = INSTANCES) -> Case:
    """Read one file of one window a place; a window is cut where no tour could be back in time."""
    lines = (folder / f"{name}.txt").read_text(encoding="utf-8").splitlines()[2:]
    rows = [list(map(float, line.split())) for line in lines if line.strip()]
    unit = unit_of(name)
    rest = np.array([[row[3], row[4], row[-2], row[-1]] for row in rows])
    service, opens, closes = (whole(rest[:, k] * unit) for k in (0, 2, 3))
    travel = truncated(np.array([row[1:3] for row in rows]), unit)
    return Case(name, unit, travel, whole(rest[:, 1]), service, opens, closes, best(name, folder))


def read_many_windows(name: str, folder: Path = INSTANCES / "multi_window") -> ManyWindows:
    """Read one file of four windows a place; the first line after the header is the start."""
    lines = (folder / f"{name}.txt").read_text(encoding="utf-8").split("\n")
    tours, _, budget, *most = map(int, lines[0].split())
    rows = [list(map(float, line.split())) for line in lines[1:] if line.strip()]
    unit = unit_of(name.rpartition("-")[2])
    start, places = rows[0], rows[1:]
    four = whole(np.array([row[5:10] for row in places]) * unit)
    opens = np.vstack([np.full(4, whole(start[-2] * unit)), four[:, :4]])
    closes = np.vstack([np.full(4, whole(start[-1] * unit)), four[:, 1:]])
    which = np.array([int(row[10]) for row in places])
    odd = np.vstack([np.ones(4, bool), [windows_open(e)[0] for e in which]])
    even = np.vstack([np.ones(4, bool), [windows_open(e)[1] for e in which]])
    rest = np.array([[row[3], row[4], row[11]] for row in places])
    rest = np.vstack([np.zeros(3), rest])
    kind = np.vstack([np.zeros(len(most), bool), [[x > 0 for x in row[12:]] for row in places]])
    travel = truncated(np.array([row[1:3] for row in rows]), unit)
    return ManyWindows(
        name, tours, unit, travel, whole(rest[:, 1]), whole(rest[:, 0] * unit), opens, closes,
        odd, even, whole(rest[:, 2]), budget, kind, np.array(most),
    )  # fmt: skip


def windows_open(which: int) -> tuple[list[bool], list[bool]]:
    """
    Return the windows open in odd tours and in even ones, as `which` (the E of a file) says.

    The files count tours from 0: their first one is even to them, odd here. The other way round
    the published values of one tour cannot be reached, not even without any budget.
    """
    first, second = [True, False, True, False], [False, True, False, True]
    return (first, second) if which == 1 else (second, first)


def unit_of(name: str) -> int:
    """Return how many units of time there are in one of the file."""
    return 100 if name.startswith("pr") else 10


def whole(values: NDArray[np.float64] | float) -> Ints:
    """Return `values` as the nearest whole numbers, same shape [...]."""
    return np.rint(np.asarray(values)).astype(np.int64)


def truncated(xy: NDArray[np.float64], unit: int) -> Ints:
    """Return the distances between points `xy` [n, 2] in whole `unit`-ths, truncated, exactly."""
    fine = whole(xy * 1000).tolist()  # coordinates have three decimals at most
    scale = 1000 // unit
    return np.array(
        [[math.isqrt((a - c) ** 2 + (b - d) ** 2) // scale for c, d in fine] for a, b in fine]
    )


def best(name: str, folder: Path) -> dict[int, int]:
    """Return the best published value for each number of tours, of a file."""
    with (folder / "best_known.csv").open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["instance"] == name]
    found = {int(r["tours"]): r["literature_best"] or r["ils_2009_best"] for r in rows}
    return {tours: int(value) for tours, value in found.items() if value}


def faults(case: Case, routes: tuple[tuple[int, ...], ...], tours: int) -> list[str]:
    """Return what is wrong with an answer, read from the file alone (nothing: it is kept)."""
    wrong = [] if len(routes) <= tours else [f"{len(routes)} tours instead of {tours}"]
    visited = [place for route in routes for place in route]
    if len(set(visited)) != len(visited) or 0 in visited:
        wrong.append("a place visited twice, or the start")
    for route in routes:
        now, at = int(case.opens[0]), 0
        for place in (*route, 0):
            now = max(now + int(case.travel[at, place]), int(case.opens[place]))
            if now > case.closes[place]:
                wrong.append(f"place {place} reached at {now}, closed at {case.closes[place]}")
            now += int(case.service[place])
            at = place
    return wrong


def value(case: Case, routes: tuple[tuple[int, ...], ...]) -> int:
    """Return the prize of an answer."""
    return int(sum(case.prize[place] for route in routes for place in route))
