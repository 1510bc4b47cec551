"""Compile once, at the set-up, every loop that the commands use."""

from __future__ import annotations

from territory.analysis.routing import warm as routing
from territory.analysis.scan import warm as scan
from territory.analysis.sectors import warm as sectors
from territory.analysis.siting import cover_warm, median_warm, slot_warm
from territory.network import warm as network


def warm() -> None:
    """Compile the walking engine, the scan of zones, then what sites, weeks and sectors need."""
    for room in (network, scan, cover_warm, median_warm, slot_warm, routing, sectors):
        room.warm()


if __name__ == "__main__":
    warm()
