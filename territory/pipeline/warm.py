"""Compile once, at the set-up, every loop that the commands use."""

from __future__ import annotations

from territory.analysis.scan import warm as scan
from territory.analysis.siting import median_warm as median
from territory.network import warm as network


def warm() -> None:
    """Compile the walking engine, the scan of zones, then the searches of sites."""
    network.warm()
    scan.warm()
    median.warm()


if __name__ == "__main__":
    warm()
