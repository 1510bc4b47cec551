"""
Thousands of random weeks of small teams, each judged by an independent reader of the rules.

Prints how many weeks hold, what the judge says of the others with their seed, and whether plans
depend on the order of rows (one week in ten) and locks hold (one in five). Both cores are used.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CHUNK = 50
TOLD = 40  # faults shown one by one
RULES = {
    "dropped appointments": "rendez-vous",
    "visits past closing": "n’est pas ouvert",
    "outings on public holidays": "jour férié.",
    "broken shifts": "ne travaille pas",
    "absences": "est absent.",
    "broken lunches": "pause de midi",
    "pair visits without two people": "ne se visite qu’à deux",
    "two places at once": "deux endroits",
    "impossible legs or transfers": "impossible en",
    "no time between": "n’a pas le temps",
    "walks of a day": "marche de",
    "pairs of the week unsaid": "en binôme au lieu",
    "locks": "verrouillée",
    "order of rows": "ordre des lignes",
}


def main() -> int:
    """Plan and judge the weeks; the exit code is 1 when one of them breaks a rule."""
    asked = _arguments()
    seeds = range(asked.first, asked.first + asked.count)
    chunks = [seeds[n : n + CHUNK] for n in range(0, len(seeds), CHUNK)]
    begun, found = time.perf_counter(), []
    with ProcessPoolExecutor(asked.cores) as pool:
        for n, weeks in enumerate(pool.map(_judged, chunks), 1):
            found += weeks
            if time.perf_counter() - begun > asked.seconds:
                pool.shutdown(wait=True, cancel_futures=True)
                break
            if n % 10 == 0:
                print(f"{len(found)} weeks, {time.perf_counter() - begun:.0f} s", flush=True)
                _told(found, time.perf_counter() - begun, asked.json)
    figures = _told(found, time.perf_counter() - begun, asked.json)
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    return int(bool(figures["weeks_with_faults"]))


def _told(weeks: list[dict[str, Any]], seconds: float, path: Path | None) -> dict[str, Any]:
    """Return the figures of the weeks judged so far; keep them in `path`: a stop loses little."""
    figures = _figures(weeks, seconds)
    if path is not None:
        path.write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")
    return figures


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after that")
    parser.add_argument("--json", type=Path, default=None)
    return parser.parse_args()


def _judged(seeds: range) -> list[dict[str, Any]]:
    sys.path.insert(0, str(ROOT))
    from tests.planning.random_weeks import random_weeks

    return [_week(drawn) for drawn in random_weeks(list(seeds))]


def _week(drawn: Any) -> dict[str, Any]:  # noqa: ANN401 - of the tests
    plan = drawn.planned()
    faults = drawn.faults(plan)
    outings = [s for s in plan.sessions if not s.fixed]
    asks = drawn.locked(plan) if drawn.seed % 5 == 0 else None
    if asks is not None:
        faults += [f"[verrou] {f}" for f in drawn.faults(drawn.planned(asks=asks), asks)]
    if drawn.seed % 10 == 0 and drawn.planned(**drawn.shuffled()) != plan:
        faults.append("le plan change avec l’ordre des lignes.")
    return {
        "seed": drawn.seed,
        "faults": faults,
        "appointments": sum(s.fixed for s in plan.sessions),
        "lost": sum(" à " in item.name for item in plan.left_out if item.zone_id is None),
        "outings": len(outings),
        "visits": sum(len(s.stops) for s in outings),
        "in_pairs": sum(len(s.agents) == 2 for s in outings),
        "locks": int(asks is not None),
        "shuffled": int(drawn.seed % 10 == 0),
    }


def _figures(weeks: list[dict[str, Any]], seconds: float) -> dict[str, Any]:
    sums = {
        name: sum(w[name] for w in weeks) for name in weeks[0] if name not in {"seed", "faults"}
    }
    faults = [(w["seed"], f) for w in weeks for f in w["faults"]]
    kinds = Counter(
        next((name for name, words in RULES.items() if words in f), "other") for _, f in faults
    )
    return {
        "weeks": len(weeks),
        "seconds": round(seconds),
        **sums,
        "weeks_with_faults": sum(bool(w["faults"]) for w in weeks),
        "faults": {name: kinds.get(name, 0) for name in (*RULES, "other")},
        "told": [f"{seed}: {fault}" for seed, fault in faults[:TOLD]],
    }


if __name__ == "__main__":
    sys.exit(main())
