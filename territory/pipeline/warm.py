"""Compile once, at the set-up, every loop that the commands use."""

from __future__ import annotations

from territory.analysis.routing import orienteering_warm, street_warm
from territory.analysis.routing import warm as routing
from territory.analysis.scan import warm as scan
from territory.analysis.sectors import warm as sectors
from territory.analysis.siting import cover_warm, median_warm, slot_warm
from territory.io.machine_code import forget_stale, remember
from territory.network import warm as network

ROOMS = (network, scan, cover_warm, median_warm, slot_warm, routing, orienteering_warm,
         street_warm, sectors)  # fmt: skip


def warm() -> None:
    """
    Compile the walking engine, the scan of zones, then what sites, weeks and sectors need.

    What was compiled from other sources, before an upgrade, is taken away first.
    """
    forget_stale()
    for room in ROOMS:
        room.warm()
    remember()


if __name__ == "__main__":
    warm()
