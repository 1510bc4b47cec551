"""The textbook low-rate scan over walking windows: Poisson likelihood, Poisson null."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.scan.kernel import LOW, window_scores
from territory.analysis.scan.leading import cover_scores
from territory.analysis.scan.poisson import clusters_among
from territory.analysis.scan.windows import nearest_windows
from territory.simulate.answer import Answer, Claim
from territory.simulate.zone_builder import ZONES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.simulate.truth import PlantedTruth

WINDOW_MIN, WINDOW_SHARE = 12.0, 0.05  # of all expected contacts
SIMULATIONS = 199


def poisson_scan_gated(truth: PlantedTruth, among: NDArray[np.bool_]) -> Answer:
    """
    Return cell scores [n] (the best window that holds the cell) and windows that do not overlap.

    Windows are the nearest cells of `among` (bool [n]) within 12 minutes on foot, of 5 % of the
    expected contacts at most; p-values by 199 multinomial draws. Source: Kulldorff 1997.
    """
    met, need = truth.contacts.astype(float), truth.need.astype(float)
    expected = need * met.sum() / max(float(need.sum()), 1e-300)
    windows = nearest_windows(
        truth.minutes, expected, eligible=among, limit=WINDOW_MIN, max_share=WINDOW_SHARE
    )
    shape = (windows.order, windows.sizes, windows.closes)
    cover = cover_scores(windows, window_scores(*shape, met, expected, LOW, 0.0))
    found = clusters_among(windows, met, expected, "low", simulations=SIMULATIONS, seed=0)
    zones = (Claim(np.array(c.members), c.llr, p_value=c.p_value) for c in found[: 2 * ZONES])
    return Answer(np.where(among, cover, -1.0), tuple(zones))
