"""What this process weighs in memory, as the system tells it."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

_STATM = Path("/proc/self/statm")
_MIB = 1024 * 1024
_PEAK_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes, or thousands of them


def resident_mib(statm: Path = _STATM) -> float:
    """
    Return the memory held by this process (MiB), NaN where the system does not tell.

    Linux tells that of now (`statm`, pages); elsewhere the most there ever was stands for it.
    """
    with suppress(ImportError, OSError, ValueError, IndexError):
        import resource  # noqa: PLC0415 - Windows has none

        if statm.exists():
            pages = int(statm.read_text(encoding="ascii").split()[1])
            return pages * resource.getpagesize() / _MIB
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _PEAK_UNIT / _MIB
    return float("nan")
