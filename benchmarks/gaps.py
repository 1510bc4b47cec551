"""
How long the search for underserved zones takes, whole: scan, null, names, opinions, variants.

Run: python benchmarks/gaps.py [SIDE ...] (cells a side: 32 and 71, about 1,000 and 5,000 cells, by
default). The town is drawn (`territory.simulate`), 199 draws of chance; seconds of clock, of
processor, and the most memory held. Bars (METHODS): 10 s for 1,000 cells, 30 s for 5,000.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from territory.analysis.gaps import cell_scores, described, gap_scan
from territory.analysis.opinions import cell_opinions, with_opinions
from territory.analysis.sensitivity import variants, with_stability
from territory.model.tables import COMMUNES, IRIS, ZONES, empty_table
from territory.settings import Gaps
from territory.simulate import plant
from territory.simulate.product import product_table

if TYPE_CHECKING:
    from collections.abc import Callable

SIDES, HALF_M = (32, 71), 100.0


def timed(name: str, work: Callable[[], object]) -> object:
    """Do `work`, print its seconds of clock and of processor, return what it returns."""
    clock, cpu = time.perf_counter(), time.process_time()
    found = work()
    seconds = time.perf_counter() - clock, time.process_time() - cpu
    print(f"  {name:32s} {seconds[0]:6.2f} s   {seconds[1]:6.2f} s CPU", flush=True)
    return found


def search(side: int) -> None:
    """Search the zones of a drawn town of `side` x `side` cells, one part after the other."""
    truth, settings = plant(1, side_cells=side), Gaps()
    table = product_table(truth).assign(months_since=float("nan"))
    x, y = truth.xy.T
    squares = shapely.box(x - HALF_M, y - HALF_M, x + HALF_M, y + HALF_M)
    cells = gpd.GeoDataFrame({"commune_code": ["00000"] * truth.n}, geometry=squares, crs=2154)
    walks = pd.DataFrame(truth.minutes.astype(float))
    layers = cells, empty_table(ZONES), empty_table(COMMUNES)
    iris = empty_table(IRIS)
    start = time.perf_counter()
    print(f"{truth.n} cells, {int(truth.contacts.sum())} contacts")
    scan = timed("scan and 199 draws", lambda: gap_scan(table, walks, settings=settings))
    gaps = timed("names, reasons", lambda: described(scan, table, layers, settings=settings))
    timed("scores of cells", lambda: cell_scores(table, scan, settings=settings))
    opinions = timed("second opinions", lambda: cell_opinions(table, walks))
    found = timed("variants", lambda: variants(gaps, table, walks, cells, iris, settings=settings))
    with_stability(with_opinions(gaps, opinions), found)
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {'whole':32s} {time.perf_counter() - start:6.2f} s, {memory_mb:.0f} MB at most")


if __name__ == "__main__":
    for wanted in map(int, sys.argv[1:] or map(str, SIDES)):
        search(wanted)
