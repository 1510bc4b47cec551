"""
How pages answer when many people read them at once, and what the server weighs.

Serves a copy of a built folder (`territory demo`, or scripts/bondy.py and `territory build`) in a
process of its own; `--people` readers open one page after the other on loopback, each after a pause
of a reader's kind. Prints, page by page, the time until the whole answer is there.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from random import Random
from typing import Any

import httpx
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from machine_load import busy_s, pace_s

PAGES = ("/", "/zones", "/semaine", "/permanences", "/secteurs", "/bilan", "/saisie", "/travaux")
PAUSE_S = 1.0  # mean, between two pages of one reader: quicker than anybody reads
START_S = 60.0


def main() -> int:
    """Measure and print; the exit code is 1 when an answer failed."""
    asked = _arguments()
    with tempfile.TemporaryDirectory() as beside:
        folder = Path(beside) / "territoire"
        shutil.copytree(asked.folder, folder)
        figures = _measured(folder, asked)
    print(json.dumps(figures, indent=1))
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return int(figures["failed"] > 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a built territory folder")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--port", type=int, default=8377)
    parser.add_argument("--json", type=Path, default=None)
    return parser.parse_args()


def _measured(folder: Path, asked: argparse.Namespace) -> dict[str, Any]:
    command = [sys.executable, "-m", "territory", "serve", str(folder), "--no-open"]
    begun = time.perf_counter()
    server = subprocess.Popen(
        [*command, "--port", str(asked.port)], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        base = f"http://127.0.0.1:{asked.port}"
        first = _first_page(base, begun)
        alone = {page: _alone(base + page) for page in PAGES}
        busy = busy_s()
        times, failed = asyncio.run(_crowd(base, asked.people, asked.seconds))
        everyone = np.concatenate([np.array(t) for t in times.values()])
        return {
            "people": asked.people, "seconds": asked.seconds, "pace_s": pace_s(),
            "start_to_first_page_s": first, "alone_s": alone, "answers": len(everyone),
            "failed": failed, "p50_s": _quantile(everyone, 0.5), "p95_s": _quantile(everyone, 0.95),
            "worst_s": _quantile(everyone, 1.0), "busy_s": round(busy_s() - busy, 1),
            "p95_by_page_s": {page: _quantile(np.array(t), 0.95) for page, t in times.items()},
            "server_mb": _rss_mb(server.pid),
            "workers_mb": [_rss_mb(p) for p in _below(server.pid)],
        }  # fmt: skip
    finally:
        server.terminate()
        server.wait(20)


def _first_page(base: str, begun: float) -> float:
    while time.perf_counter() - begun < START_S:
        try:
            if httpx.get(base + "/", timeout=START_S).status_code == httpx.codes.OK:
                return round(time.perf_counter() - begun, 2)
        except httpx.TransportError:
            time.sleep(0.05)
    raise SystemExit("the server does not answer")


def _alone(address: str) -> dict[str, float]:
    """Return the seconds of the first and of the second reading of a page, nobody else there."""
    took = []
    for _ in range(2):
        begun = time.perf_counter()
        httpx.get(address, timeout=START_S, follow_redirects=True).raise_for_status()
        took.append(round(time.perf_counter() - begun, 3))
    return {"first": took[0], "again": took[1]}


async def _crowd(base: str, people: int, seconds: float) -> tuple[dict[str, list[float]], int]:
    times: dict[str, list[float]] = defaultdict(list)
    failed, ends = 0, time.perf_counter() + seconds

    async def reader(seed: int) -> None:
        nonlocal failed
        rng = Random(seed)  # noqa: S311 - nothing secret is drawn
        async with httpx.AsyncClient(
            base_url=base, timeout=START_S, follow_redirects=True
        ) as browser:
            await asyncio.sleep(rng.random() * PAUSE_S)
            while time.perf_counter() < ends:
                page, begun = rng.choice(PAGES), time.perf_counter()
                answer = await browser.get(page)
                times[page].append(time.perf_counter() - begun)
                failed += answer.status_code != httpx.codes.OK
                await asyncio.sleep(rng.expovariate(1 / PAUSE_S))

    await asyncio.gather(*(reader(seed) for seed in range(people)))
    return dict(sorted(times.items())), failed


def _quantile(times: np.ndarray, share: float) -> float:
    return round(float(np.quantile(times, share)), 3)


def _rss_mb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS"))


def _below(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8")
    others = {int(p) for t in Path(f"/proc/{pid}/task").iterdir()
              for p in (t / "children").read_text(encoding="utf-8").split()}  # fmt: skip
    return sorted(others | {int(p) for p in told.split()})


if __name__ == "__main__":
    sys.exit(main())
