"""
Damage small valid files many times and count what each reader does with them.

Run: python benchmarks/fuzz_readers.py [INPUTS per reader [PART of a reader's name]]. Each reader
runs in a process of its own, memory bounded to 4 GB where the system allows, so that a library that
brings the whole process down is seen and counted. An unhandled error is printed with the seed that
shows it again; the exit code is 1 when there was one.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from territory.errors import TerritoryError
from territory.io.recognise import recognise
from tests.robustness.mutations import damaged, seeds

ALONE = "--alone"


def bounded() -> None:
    """Bound the memory of this process; nothing where the system has no such limit."""
    with suppress(ImportError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))


def fuzz(name: str, inputs: int, folder: Path) -> Counter[str]:
    """Return how many damaged inputs were read, refused in French, or broke something."""
    file, content, read = seeds()[name]
    path, found = folder / file, Counter[str]()
    for seed in range(inputs):
        path.write_bytes(damaged(content, random.Random(f"{name}{seed}")))  # noqa: S311
        (folder / "seed").write_text(str(seed), encoding="utf-8")
        for step in (recognise, read):
            try:
                step(path)
                found["read"] += 1
            except TerritoryError:
                found["refused"] += 1
            except BaseException as error:  # noqa: BLE001 - any other ending is a fault
                found["unhandled"] += 1
                told = f"{name}, seed {seed}, {step.__name__}: {type(error).__name__} {error}"
                print(told, file=sys.stderr)
    return found


def alone(name: str, inputs: int, folder: Path) -> None:
    """Fuzz one reader in this process and print what was found as JSON."""
    warnings.simplefilter("ignore")
    bounded()
    started = time.process_time()
    found = fuzz(name, inputs, folder)
    print(json.dumps({**found, "seconds": time.process_time() - started, "peak_mb": peak_mb()}))


def peak_mb() -> float:
    """Return the largest memory this process held, MB; 0 where the system does not tell."""
    with suppress(ImportError):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return 0.0


def line(name: str, inputs: int) -> tuple[str, bool]:
    """Fuzz one reader in a process of its own; return its line and whether all ended well."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, ALONE, name, str(inputs), folder]
        ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        if ran.returncode:
            seed = (Path(folder) / "seed").read_text(encoding="utf-8")
            return f"| {name} | DIED with {ran.returncode} at seed {seed} | | | | | |", False
    found = json.loads(ran.stdout.splitlines()[-1])
    counts = [found.get(key, 0) for key in ("read", "refused", "unhandled")]
    figures = " | ".join(map(str, counts))
    told = f"| {name} | {inputs} | {figures} | {found['peak_mb']:.0f} | {found['seconds']:.0f} |"
    return told, not counts[2]


def main() -> None:
    """Fuzz every reader and print a table."""
    if ALONE in sys.argv:
        alone(sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
        return
    inputs = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    part = sys.argv[2] if len(sys.argv) > 2 else ""
    print("| reader | inputs | calls read | refused in French | unhandled | peak MB | CPU s |")
    print("| --- | --- | --- | --- | --- | --- | --- |", flush=True)
    endings = []
    for name in (n for n in seeds() if part in n):
        told, well = line(name, inputs)
        print(told, flush=True)
        endings.append(well)
    sys.exit(0 if all(endings) else 1)


if __name__ == "__main__":
    main()
