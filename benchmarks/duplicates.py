"""
How many places written twice are found among all France services, and how many are wrong.

Duplicates (typing faults, abbreviations, capitals, moved by up to 60 m) and as many other offices
of one network (same name and SIRET, 90 to 400 m away) are put in; seeds 900 and after were never
looked at while the rules were written. Beside it, in the same run, the peer: places within 80 m
(a ball tree) whose names are alike at 85 by token_sort_ratio. Run: python benchmarks/duplicates.py
[SEEDS [NUMBER]].
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz
from sklearn.neighbors import BallTree

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from territory.analysis.duplicates import Proposal, propose
from territory.io.official_places import read_france_services
from tests.analysis.injected import evaluate
from tests.real_data import real_file

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

FIRST_SEED, NEAR_M, ALIKE = 900, 80.0, 85.0


def near_and_alike(places: gpd.GeoDataFrame) -> list[Proposal]:
    """Return the pairs a careful script would propose."""
    located = places[places.geometry.notna()]
    xy = np.column_stack([located.geometry.x, located.geometry.y])
    near = BallTree(xy, metric="euclidean").query_radius(xy, NEAR_M)
    names, keys = located["name"].str.lower().tolist(), located.index.tolist()
    return [
        Proposal(*sorted((keys[i], keys[int(j)])), 1.0, ())
        for i, others in enumerate(near)
        for j in others
        if i < j and fuzz.token_sort_ratio(names[i], names[int(j)]) >= ALIKE
    ]


def scored(
    places: gpd.GeoDataFrame,
    find: Callable[[gpd.GeoDataFrame], list[Proposal]],
    seeds: int,
    number: int,
) -> str:
    """Return recall, precision and CPU seconds of one finder over all seeds, as a row."""
    start = time.process_time()
    scores = [evaluate(places, seed=FIRST_SEED + n, number=number, find=find) for n in range(seeds)]
    seconds = (time.process_time() - start) / seeds
    injected, found, wrong = (sum(getattr(s, f) for s in scores) for f in
                              ("injected", "found", "wrong"))  # fmt: skip
    return f"{found / injected:.1%} | {found / max(found + wrong, 1):.1%} | {seconds:.2f} |"


def main() -> None:
    """Inject, search both ways, print both rows."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    number = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    places, _ = read_france_services(real_file("partners/france_services_2024-08-01.csv"))
    print(f"{len(places)} places, {number} duplicates and {number} other offices, {seeds} seeds")
    print("| | recall | precision | CPU s a search |")
    print("| --- | --- | --- | --- |")
    for name, find in (("territory", propose), ("near and alike", near_and_alike)):
        print(f"| {name} | {scored(places, find, seeds, number)}")


if __name__ == "__main__":
    main()
