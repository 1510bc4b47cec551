"""One `territory build` in a process of its own: seconds, memory and bytes of each step."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
MEGABYTE = 1e6


@dataclass
class Meter:
    """A progress reporter that notes, at each new step, what the one before has cost."""

    stopped: bool = False
    steps: list[dict[str, Any]] = field(default_factory=list)

    def tell(self, step: str, done: float | None = None) -> None:  # noqa: ARG002
        """End the step before when another begins; what a step tells of its inside is its own."""
        if step[:2].isdigit():
            self.end()
            self.steps.append({"step": step, **_now()})

    def end(self) -> None:
        """Note what the step under way has cost, and forget the peak of memory."""
        if self.steps and "peak_mb" not in self.steps[-1]:
            row, now = self.steps[-1], _now()
            row |= {key: round(now[key] - row[key], 3) for key in now}
            row["peak_mb"] = round(peak_mb(), 1)
        forget_peak()


def peak_mb() -> float:
    """Return the most memory held by this process since the last `forget_peak`."""
    try:
        line = next(one for one in STATUS.read_text().splitlines() if one.startswith("VmHWM"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE
    return int(line.split()[1]) * 1024 / MEGABYTE


def forget_peak() -> None:
    """Begin a new peak of memory; where the system cannot, peaks only grow."""
    try:
        CLEAR.write_text("5")
    except OSError:
        return


def _now() -> dict[str, float]:
    return {"cpu_s": sum(os.times()[:4]), "wall_s": time.perf_counter()}


def measured(folder: Path) -> dict[str, Any]:
    """Build the territory of `folder` from nothing and return what each step cost."""
    from territory.pipeline.steps import build
    from territory.pipeline.workspace import open_territory

    begun = _now()
    meter = Meter()
    built = build(open_territory(folder), progress=meter)
    meter.end()
    whole = {key: round(value - begun[key], 3) for key, value in _now().items()}
    written = {name: _bytes(folder / "data" / "processed" / name) for name in built.products}
    whole |= {"peak_mb": max(row["peak_mb"] for row in meter.steps), "bytes": sum(written.values())}
    return {
        "steps": meter.steps,
        "whole": whole,
        "bytes": written,
        "size": _size(built),
        "digest": built.digest,
    }


def _bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _size(built: Any) -> dict[str, int]:  # noqa: ANN401
    held = {name: table for one in built.products.values() for name, table in one.tables.items()}
    names = ("graph_nodes", "edges", "segments", "points", "cells", "zones", "places", "activities")
    return {name: len(held[name]) for name in names if name in held}


if __name__ == "__main__":
    print(json.dumps(measured(Path(sys.argv[1])), ensure_ascii=False))
