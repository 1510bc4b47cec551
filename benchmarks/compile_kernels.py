"""
What compiling costs: CPU seconds without any machine code kept, then from what was kept.

Each family of kernels is warmed in a process of its own, with a folder of machine code of its own:
once empty, once full. Both times count what importing numba and the kernels takes; « plain » is a
third process, where the same call is made a second time. `--json FILE` writes the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from machine_load import pace_s

ROOT = Path(__file__).resolve().parents[1]
FAMILIES = {
    "week": "territory.analysis.routing.warm",
    "orienteering": "territory.analysis.routing.orienteering_warm",
    "streets": "territory.analysis.routing.street_warm",
    "all": "territory.pipeline.warm",
}
ASKED = """
import importlib, sys, time
from territory.io import machine_code
machine_code.forget_stale = machine_code.remember = lambda: 0  # the installed code stays
began = time.process_time()
room = importlib.import_module(sys.argv[1])
room.warm()
first = time.process_time()
room.warm()
print(first - began, time.process_time() - first)
"""


def main() -> None:
    """Measure each family asked for, print and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--families", nargs="+", choices=FAMILIES, default=list(FAMILIES))
    asked = parser.parse_args()
    found = {name: measured(FAMILIES[name]) for name in asked.families}
    print(json.dumps(found, indent=1))
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def measured(module: str) -> dict[str, float]:
    """Return the CPU seconds to compile a family, those it adds once kept, the pace then."""
    with tempfile.TemporaryDirectory() as folder:
        compiled, plain = _spent(module, folder)
        read, again = _spent(module, folder)
    pace = round(pace_s(), 3)
    return {
        "compiled_s": round(compiled - plain, 2),
        "kept_s": round(read - again, 2),
        "pace_s": pace,
    }


def _spent(module: str, folder: str) -> tuple[float, float]:
    """Return the CPU seconds of a first call in a new process, and of a second."""
    env = {**os.environ, "NUMBA_CACHE_DIR": folder, "PYTHONPATH": str(ROOT)}
    told = subprocess.run([sys.executable, "-c", ASKED, module], env=env, check=True,
                          capture_output=True, text=True)  # fmt: skip
    first, second = told.stdout.split()
    return float(first), float(second)


if __name__ == "__main__":
    main()
