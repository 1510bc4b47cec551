"""Where to open a permanence, and on which half-day."""

from territory.analysis.siting.center import p_center
from territory.analysis.siting.cover import max_cover
from territory.analysis.siting.equity import equity_frontier, guarantee_within, price_of_equity
from territory.analysis.siting.median import p_median

__all__ = [
    "equity_frontier",
    "guarantee_within",
    "max_cover",
    "p_center",
    "p_median",
    "price_of_equity",
]
