"""
Machine code that numba keeps beside the sources, taken away when it may be that of other sources.

numba looks at the date of the file of a function, not at those of the functions that it calls nor
of their constants: after an upgrade, a caller left as it was would go on with the old ones.
"""

from __future__ import annotations

import hashlib
import sys
from contextlib import suppress
from pathlib import Path

import territory

PACKAGE = Path(territory.__file__).parent
LOOPS = b"territory.network.hierarchy.kernel"  # named by every source that is compiled
DECORATORS = ("network/hierarchy/kernel.py", "network/hierarchy/joined.py")
STAMP = "__pycache__/compiled.sha256"


def fresh(package: Path = PACKAGE) -> bool:
    """Return whether the machine code kept under `package` is that of its sources of now."""
    stamp = package / STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii") == _sources(package)


def forget_stale(package: Path = PACKAGE) -> int:
    """
    Take away the machine code kept under `package` unless `remember` saw the same sources.

    Return how many files were taken away. Raises OSError when one cannot be.
    """
    if fresh(package):
        return 0
    (package / STAMP).unlink(missing_ok=True)
    kept = [path for end in ("nbi", "nbc") for path in package.rglob(f"__pycache__/*.{end}")]
    for path in kept:
        path.unlink(missing_ok=True)
    return len(kept)


def remember(package: Path = PACKAGE) -> None:
    """Note which sources the machine code kept under `package` is that of."""
    stamp = package / STAMP
    with suppress(OSError):  # a folder that cannot be written holds no machine code either
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(_sources(package), encoding="ascii")


def _sources(package: Path) -> str:
    """Return the digest of the sources that are compiled: their places and their contents."""
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        content, name = path.read_bytes(), path.relative_to(package).as_posix()
        if LOOPS in content or name in DECORATORS:
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


if __name__ == "__main__":  # asked by the set-up, which compiles anew when the answer is 1
    sys.exit(not fresh())
