"""Compile once, at the set-up, every loop that the commands use."""

from __future__ import annotations

from territory.analysis.scan import warm as scan
from territory.analysis.sectors import warm as sectors
from territory.network import warm as network


def warm() -> None:
    """Compile the walking engine, then the scan of zones and the sectors."""
    network.warm()
    scan.warm()
    sectors.warm()


if __name__ == "__main__":
    warm()
