"""
Every search of sites beside its peers: p-median, covering, p-center, places with half-days.

Run: python benchmarks/siting.py [--peers FOLDER] [PART ...]. Each part is a run of another script
of this folder with the sizes and limits that docs/permanences.md speaks of; its figures go to
benchmarks/siting_measured/PART.json, from which scripts/siting_page.py makes the page. Nothing else
may work on the machine meanwhile: limits are seconds of wall.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
MEASURED = HERE / "siting_measured"
PMEDIAN = HERE.parents[1] / "shared" / "benchmarks" / "pmedian"
CITIES = ("Manhattan2713", "SanFrancisco5137")
SMALL = ("SJC324", "SJC500", "SJC708")
CENTERS = ("pmed1", "pmed6", "pmed16")


def parts(peers: list[str]) -> dict[str, list[str]]:
    """Return the command line of each part."""
    cases = sorted(path.stem for path in PMEDIAN.glob("pmed*.txt"))
    plain = [c for c in cases if not c.startswith("pmedcap")]
    rooms = [c for c in cases if c.startswith("pmedcap")]
    drawn = ["1000x200p10", "2000x300p10", "5000x1000p20"]
    beside = ["pmed1", "pmed6", "pmed16"]
    return {
        "median": ["siting_median.py", "--limit", "4", "--only", *plain, *drawn],
        "median_rooms": ["siting_median.py", "--limit", "10", "--only", *rooms],
        "median_peers": ["siting_median.py", "--limit", "20", "--peer-limit", "20", *peers,
                         "--only", *beside],
        "cover": ["siting_cover.py", *SMALL, "5000x1000", "--limit", "15"],
        "cover_cities": ["siting_cover.py", *CITIES, "--limit", "20"],
        "cover_peers": ["siting_cover.py", *peers, "2000x300", "SJC708", "pmed1", "--limit", "30"],
        "center": ["siting_cover.py", *CENTERS, "--limit", "20"],
        "slots": ["siting_slots.py", "--seeds", "3"],
        "slots_peer": ["siting_slots.py", "--seeds", "1", "--plain", "60"],
    }  # fmt: skip


def main() -> int:
    """Run the parts asked for (all of them by default), one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--peers", type=Path)
    asked = parser.parse_args()
    known = parts(["--peers", str(asked.peers)] if asked.peers else [])
    MEASURED.mkdir(exist_ok=True)
    failed = 0
    for name in asked.names or known:
        script, *options = known[name]
        answer = ["--json", str(MEASURED / f"{name}.json")]
        failed += bool(subprocess.call([sys.executable, str(HERE / script), *options, *answer]))
    return failed


if __name__ == "__main__":
    sys.exit(main())
