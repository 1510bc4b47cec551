"""
Twelve weeks planned in a row: spacing, fairness of workers and zones, an absence in week 3.

Run: python benchmarks/season.py [--tries 1500] [--seeds 3] [--json FILE]. The town of
tests/planning/season.py; each week is taken as done and feeds the ledgers of the next. « fair »:
the planner as it is; « anyone »: evenings, difficult places and walks by whoever; « myopic »: zones
worth the same whatever they saw before; « careless »: no debts at all, hours neither. Same seeds
and tries, same figures.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from territory.planning.zone_debts import presence_gini
from tests.planning.season import (
    WITHIN,
    faults,
    outings,
    season,
    spread_h,
    spread_of,
    zone_days,
)

if TYPE_CHECKING:
    import pandas as pd

    from tests.planning.season import Season

TURNS = ("evenings", "difficult", "walk_m")
ANYONE = {"evening_turns": 0.0, "difficult_turns": 0.0, "walk_turns": 0.0}
WAYS: dict[str, dict[str, float]] = {
    "fair": {},
    "myopic": {"zone_debts": 0.0},
    "anyone": ANYONE,
    "careless": {"zone_debts": 0.0, "unfairness": 0.0, **ANYONE},
}


def figures(found: Season) -> dict[str, Any]:
    """Return what a season is judged by; days and hours as named."""
    gaps = [(b - a).days for days in zone_days(found).values() for a, b in pairwise(days)]
    walked = {(n, t.zone_id) for n, plan in enumerate(found.plans) for s in outings(plan)
              for t in s.stops if t.place_id is None}  # fmt: skip
    asked = {(n, zone) for n, asks in enumerate(found.asked) for zone in asks.required}
    spreads = [round(spread_h(table), 2) for table in found.ledgers]
    last = found.ledgers[-1]
    return {
        "outings": sum(len(outings(plan)) for plan in found.plans),
        "contacts": round(found.contacts, 1),
        "gini": round(presence_gini(found.presence), 3),
        "least_days_apart": min(gaps),
        "spread_h_by_week": spreads,
        "spread_h_week_6": spreads[5],
        "spread_h_end": spreads[-1],
        "hours": last["hours"].round(1).to_dict(),
        "faults": len(faults(found)),
        "full_time_apart": {c: [round(spread_of(t, c)) for t in found.ledgers] for c in TURNS},
        "by_share_apart": {c: round(_by_share(last, c), 2) for c in TURNS},
        "evenings": last["evenings"].to_dict(),
        "difficult": last["difficult"].to_dict(),
        f"required_within_{WITHIN}_weeks": len(asked),
        "required_missed": len(asked - walked),
        "zone_hours": found.presence["hours"].round(1).to_dict(),
    }


def _by_share(ledger: pd.DataFrame, column: str) -> float:
    """Return how far apart workers are in a column scaled to the mean contract."""
    scaled = ledger[column] / (ledger["share"] * len(ledger))
    return float(scaled.max() - scaled.min())


def main() -> int:
    """Measure each way for each seed, print and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=1500)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows: list[dict[str, Any]] = []
    for seed in range(options.seeds):
        for way, values in WAYS.items():
            begun = time.process_time()
            found = season(seed=seed, iterations=options.tries, **values)
            spent = round(time.process_time() - begun, 1)
            rows.append({"way": way, "seed": seed, **figures(found), "cpu_s": spent})
            print(json.dumps(rows[-1], ensure_ascii=False), flush=True)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
