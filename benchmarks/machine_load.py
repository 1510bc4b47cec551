"""How much the machine works, to say of a measure whether other work went on meanwhile."""

from __future__ import annotations

import os
from pathlib import Path


def busy_s() -> float:
    """Return the seconds that all cores of the machine have worked; 0 where Linux is not."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return 0.0
    user, nice, system, _, _, irq, soft = map(int, stat.read_text().split()[1:8])
    return (user + nice + system + irq + soft) / os.sysconf("SC_CLK_TCK")
