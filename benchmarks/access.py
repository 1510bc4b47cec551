"""
Floating catchments measured beside the package `access` (PySAL) where it is installed.

Run: python benchmarks/access.py [--peers FOLDER] [--json FILE] [CELLSxPLACES ...]. A drawn town of
200 m cells; people, places and their hours drawn; walks along the grid, out of reach beyond an
hour or across a river. Gaussian of 10 min cut at 25 for ours and for the peer, 15 min for its step
function. Seconds of processor, best of three, in one run; the peer is given the long table it
wants, made before the clock starts. Then: how far figures differ, and what the peer answers for
cells that nothing serves. Peer: pip install --target FOLDER --no-deps access libpysal.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path[:] = [str(ROOT), *(p for p in sys.path if Path(p) != ROOT / "benchmarks")]  # not ourselves

from territory.analysis.access_catchment import METHODS, catchment_access, gaussian, within

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS, LONG_S = 3, 20.0
HALF_MIN, CUT_MIN, STEP_MIN, FAR_MIN = 10.0, 25.0, 15.0, 60.0
METRES_A_MIN, DETOUR = 75.0, 1.15
SIZES = ("1000x30", "5000x500")
PEER_OF = {"2sfca": "two_stage_fca", "e2sfca": "two_stage_fca", "3sfca": "three_stage_fca"}


def cpu_s(task: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds of processor of the best of three (one if long), and the answer."""
    best, answer = float("inf"), None
    for _ in range(ROUNDS):
        start = time.process_time()
        answer = task()
        best = min(best, time.process_time() - start)
        if best > LONG_S:
            break
    return best, answer


def town(cells: int, places: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return people [cells], hours [places] and minutes [cells, places], inf = out of reach."""
    draw = np.random.default_rng(cells + places)
    side = int(np.ceil(np.sqrt(cells)))
    xy = 200.0 * np.column_stack(np.divmod(np.arange(cells), side))
    doors = xy[draw.choice(cells, places)] + draw.uniform(-90, 90, (places, 2))
    minutes = np.abs(xy[:, None] - doors[None]).sum(axis=2) * DETOUR / METRES_A_MIN
    river = 0.8 * 200 * side
    minutes[(xy[:, 0] > river)[:, None] | (doors[:, 0] > river)[None]] = np.inf
    minutes[minutes > FAR_MIN] = np.inf
    return draw.poisson(40, cells).astype(float), draw.integers(2, 20, places) * 0.5, minutes


def weights(method: str) -> Callable[[np.ndarray], np.ndarray]:
    """Return the weight a method is measured with."""
    return within(STEP_MIN) if method == "2sfca" else gaussian(HALF_MIN, CUT_MIN)


def one_weight(method: str) -> Callable[[float], float]:
    """Return the same for one walk at a time, as the peer wants it."""
    if method == "2sfca":
        return lambda t: float(t <= STEP_MIN)
    return lambda t: 0.5 ** ((t / HALF_MIN) ** 2) if t <= CUT_MIN else 0.0


def peer() -> Any | None:  # noqa: ANN401 - a module that may not be there
    """Return the functions of the peer, None when it is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from access import fca
    except ImportError:
        return None
    return fca


def peer_answer(
    fca: Any,  # noqa: ANN401
    method: str,
    people: np.ndarray,
    hours: np.ndarray,
    minutes: np.ndarray,
) -> tuple[float, np.ndarray]:
    """Return seconds of the peer, and its figures [cells] (NaN where it says nothing)."""
    row, column = np.nonzero(np.isfinite(minutes))
    cost = pd.DataFrame({"origin": row, "dest": column, "cost": minutes[row, column]})
    demand = pd.DataFrame({"demand": people}, index=pd.RangeIndex(len(people), name="geoid"))
    supply = pd.DataFrame({"supply": hours}, index=pd.RangeIndex(len(hours), name="geoid"))
    limit = STEP_MIN if method == "2sfca" else CUT_MIN

    def task() -> pd.Series:
        return getattr(fca, PEER_OF[method])(
            demand, supply, cost, limit, demand_index=True, weight_fn=one_weight(method)
        )

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        seconds, answer = cpu_s(task)
    return seconds, answer.reindex(range(len(people))).to_numpy(float)


def measure(size: str) -> dict[str, Any]:
    """Measure one size: ours by method, and the peer where it has the method."""
    cells, places = map(int, size.split("x"))
    people, hours, minutes = town(cells, places)
    fca, found = peer(), {"size": size, "in_reach": float(np.isfinite(minutes).mean())}
    for method in METHODS:
        ours_s, ours = cpu_s(
            lambda m=method: catchment_access(people, hours, minutes, weight=weights(m), method=m)
        )
        found[method] = {"ours_s": ours_s, "ours_nan": int(np.isnan(ours).sum()),
                         "ours_zero": int((ours == 0).sum())}  # fmt: skip
        if fca is not None and method in PEER_OF:
            theirs_s, theirs = peer_answer(fca, method, people, hours, minutes)
            gap = np.abs(theirs - ours)[np.isfinite(theirs)].max(initial=0.0) / ours.max()
            found[method] |= {"peer_s": theirs_s, "ratio": theirs_s / ours_s, "gap": float(gap),
                              "peer_nan": int(np.isnan(theirs).sum())}  # fmt: skip
    return found


def told(found: dict[str, Any]) -> list[str]:
    """Return the lines that show one size."""
    lines = [f"{found['size']} (cells x places, {found['in_reach']:.0%} of pairs in reach)"]
    for method in METHODS:
        m = found[method]
        line = f"  {method:13s} ours {m['ours_s']:7.3f} s, {m['ours_zero']} cells at 0"
        line += f", {m['ours_nan']} NaN"
        if "peer_s" in m:
            line += (
                f" | access {m['peer_s']:7.3f} s (x {m['ratio']:.0f}), largest gap {m['gap']:.1e}, "
                f"{m['peer_nan']} cells NaN"
            )
        elif method in PEER_OF:
            line += " | access : pas installé"
        lines.append(line)
    return lines


def main() -> None:
    """Measure the sizes asked for and print them; write them with --json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", default=list(SIZES))
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    if asked.peers:
        sys.path.append(str(asked.peers))
    found = [measure(size) for size in asked.sizes]
    print("\n".join(line for one in found for line in told(one)))
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
