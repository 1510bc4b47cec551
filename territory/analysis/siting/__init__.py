"""Where to open a permanence, and on which half-day."""

from territory.analysis.siting.center import p_center
from territory.analysis.siting.cover import max_cover
from territory.analysis.siting.suggest import suggest_sites

__all__ = ["max_cover", "p_center", "suggest_sites"]
