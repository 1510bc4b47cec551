"""Who covers what: contiguous sectors of equal load, and the least change when posts change."""

from territory.analysis.sectors.balanced import balanced_sectors
from territory.analysis.sectors.communes import commune_neighbours, commune_sectors

__all__ = ["balanced_sectors", "commune_neighbours", "commune_sectors"]
