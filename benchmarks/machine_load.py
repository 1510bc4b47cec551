"""How much the machine works, and how fast it is at the moment: what a measure was made on."""

from __future__ import annotations

import os
import time
from pathlib import Path


def busy_s() -> float:
    """Return the seconds that all cores of the machine have worked; 0 where Linux is not."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return 0.0
    user, nice, system, _, _, irq, soft = map(int, stat.read_text().split()[1:8])
    return (user + nice + system + irq + soft) / os.sysconf("SC_CLK_TCK")


def pace_s() -> float:
    """Return the seconds of processor that a fixed loop takes now: about 0.1 on a usual laptop."""
    begun, total = time.process_time(), 0
    for i in range(1_000_000):
        total += i * i % 7
    return time.process_time() - begun
