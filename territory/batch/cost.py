"""What one territory costs the process that computes it: time, processor, memory."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_PEAK_ONLY = "5"  # forget the highest memory seen, nothing else
_KIBI = 1024


@dataclass(frozen=True, slots=True)
class Started:
    """The clocks of this process when a territory began."""

    wall_s: float
    processor_s: float

    def cost(self) -> dict[str, float | int | None]:
        """Return seconds, cpu_seconds and peak_bytes since then (None: the system hides it)."""
        return {
            "seconds": round(time.monotonic() - self.wall_s, 3),
            "cpu_seconds": round(time.process_time() - self.processor_s, 3),
            "peak_bytes": peak_bytes(),
        }


def start() -> Started:
    """Start counting; the memory held now is where the peak begins."""
    with suppress(OSError):
        _RESET.write_text(_PEAK_ONLY, encoding="ascii")
    return Started(time.monotonic(), time.process_time())


def peak_bytes() -> int | None:
    """Return the most memory held since `start`, None where the system does not tell."""
    try:
        lines = _STATUS.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(found[0]) * _KIBI if found else None
