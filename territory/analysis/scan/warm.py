"""Compile the loops of the scan once, in the forms that the commands use."""

from __future__ import annotations

import numpy as np

from territory.analysis.scan.missed import missed_scan


def warm() -> None:
    """Scan a row of cells of which two are missed: what is compiled is kept on disk by numba."""
    at = np.arange(8.0)
    contacts, far = np.array([9, 9, 9, 9, 0, 0, 9, 9.0]), np.full(8, 20.0)
    between = np.abs(at[:, None] - at)
    missed_scan(
        contacts, np.ones(8), between, far, eligible=np.ones(8), max_share=0.5, simulations=2
    )
