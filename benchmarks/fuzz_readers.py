"""
Damage small valid files many times and count what each reader does with them.

Run: python benchmarks/fuzz_readers.py [INPUTS per reader]. An unhandled error is printed with the
seed that shows it again; memory is bounded to 4 GB where the system allows.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from territory.errors import TerritoryError
from territory.io.recognise import recognise
from tests.robustness.mutations import damaged, seeds


def bounded() -> None:
    """Bound the memory of this process; nothing where the system has no such limit."""
    try:
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    except (ImportError, ValueError):
        print("memory not bounded here")


def fuzz(name: str, inputs: int, folder: Path) -> Counter[str]:
    """Return how many damaged inputs were read, refused in French, or broke something."""
    file, content, read = seeds()[name]
    path, found = folder / file, Counter[str]()
    for seed in range(inputs):
        path.write_bytes(damaged(content, random.Random(f"{name}{seed}")))  # noqa: S311
        for step in (recognise, read):
            try:
                step(path)
                found["read"] += 1
            except TerritoryError:
                found["refused"] += 1
            except BaseException as error:  # noqa: BLE001 - any other ending is a fault
                found["UNHANDLED"] += 1
                print(f"{name}, seed {seed}, {step.__name__}: {type(error).__name__} {error}")
    return found


def main() -> None:
    """Fuzz every reader and print a table."""
    inputs = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    warnings.simplefilter("ignore")
    bounded()
    print("| reader | inputs | calls read | refused in French | unhandled | CPU s |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name in seeds():
        with tempfile.TemporaryDirectory() as folder:
            started = time.process_time()
            found = fuzz(name, inputs, Path(folder))
            seconds = time.process_time() - started
        counts = f"{found['read']} | {found['refused']} | {found['UNHANDLED']}"
        print(f"| {name} | {inputs} | {counts} | {seconds:.0f} |", flush=True)


if __name__ == "__main__":
    main()
